package bolt

import (
	"encoding/binary"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"go.etcd.io/bbolt"

	"motcua"
)

// The names in the store's directory.
const (
	dbName   = "motcua.db"
	newName  = "motcua.db.new-*"
	markName = "motcua.open"
	attached = "attachments"
	putName  = "put-*.tmp"
)

// prepare makes the directories and, when there is none, the database. It is
// filled under a temporary name and linked to its own only when it is whole: a
// crash inside bbolt's first pages would leave a file that never opens.
func (s *Store) prepare() error {
	if err := os.MkdirAll(s.path(attached), 0o700); err != nil {
		return err
	}
	switch _, err := os.Stat(s.path(dbName)); {
	case err == nil:
		return nil
	case !errors.Is(err, fs.ErrNotExist):
		return err
	}
	temp, err := os.CreateTemp(s.dir, newName)
	if err != nil {
		return err
	}
	defer os.Remove(temp.Name())
	if err := temp.Close(); err != nil {
		return err
	}
	if err := fill(temp.Name()); err != nil {
		return err
	}
	if err := publish(temp.Name(), s.path(dbName)); err != nil {
		return err
	}
	return syncDir(s.dir)
}

// fill makes an empty database and forces it to the disk.
func fill(path string) error {
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{Timeout: time.Second})
	if err != nil {
		return err
	}
	err = db.Update(func(tx *bbolt.Tx) error {
		for _, name := range buckets {
			if _, err := tx.CreateBucket(name); err != nil {
				return err
			}
		}
		return tx.Bucket(bMeta).Put(kFormat, binary.BigEndian.AppendUint32(nil, format))
	})
	return errors.Join(err, db.Sync(), db.Close())
}

// publish gives the finished file its name, unless another instance was
// faster: a link never replaces a file, a rename would. Where the file system
// knows no links, rename it is.
func publish(temp, path string) error {
	err := os.Link(temp, path)
	if err == nil || errors.Is(err, fs.ErrExist) {
		return nil
	}
	if _, err := os.Stat(path); err == nil {
		return nil
	}
	return os.Rename(temp, path)
}

// syncDir makes names in dir durable. Windows has no such call: NTFS journals
// names itself.
func syncDir(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// initialMap is how much address space bbolt maps at once, so that a reader
// does not hold up a writer that makes the file grow. Windows makes the file
// as large as the map.
func initialMap() int {
	if runtime.GOOS == "windows" || ^uint(0)>>32 == 0 {
		return 16 << 20
	}
	return 256 << 20
}

// openFile looks at the first pages, then lets bbolt take the lock and map the
// file. Its panics become StoreDamaged and leave no lock behind.
func (s *Store) openFile() error {
	path := s.path(dbName)
	if err := glance(path); err != nil {
		return err
	}
	err := guard(func() (err error) {
		s.db, err = bbolt.Open(path, 0o600, &bbolt.Options{
			Timeout:         time.Second,
			FreelistType:    bbolt.FreelistMapType,
			InitialMmapSize: initialMap(),
			NoStatistics:    true,
			OpenFile: func(name string, flag int, mode os.FileMode) (*os.File, error) {
				f, err := os.OpenFile(name, flag&^os.O_CREATE, mode)
				s.file = f
				return f, err
			},
		})
		return err
	})
	if err != nil && s.file != nil {
		_ = s.file.Close()
	}
	return err
}

// alwaysSurveyed is the size in bytes up to which every Open looks at every
// page; a larger file is read whole after a crash only.
const alwaysSurveyed = 256 << 20

// enter is what happens under the lock: the pages are looked at, the format is
// compared, the mark is set and leftovers are removed.
func (s *Store) enter() error {
	info, err := s.file.Stat()
	if err != nil {
		return err
	}
	_, err = os.Stat(s.path(markName))
	crashed := err == nil
	if crashed || info.Size() <= alwaysSurveyed {
		if err := surveyFile(s.path(dbName), !crashed); err != nil {
			return err
		}
	}
	if err := guard(s.checkFormat); err != nil {
		return err
	}
	if err := os.WriteFile(s.path(markName), nil, 0o600); err != nil {
		return err
	}
	for _, pattern := range []string{newName, filepath.Join(attached, putName)} {
		left, _ := filepath.Glob(s.path(pattern))
		for _, name := range left {
			_ = os.Remove(name)
		}
	}
	return syncDir(s.dir)
}

// unmark says that the store was closed in order.
func (s *Store) unmark() error { return os.Remove(s.path(markName)) }

// checkFormat refuses a newer layout, and one with a bucket missing.
func (s *Store) checkFormat() error {
	return s.db.View(func(tx *bbolt.Tx) error {
		meta := tx.Bucket(bMeta)
		if meta == nil {
			return motcua.Fail(motcua.StoreDamaged, "no format", nil)
		}
		v := meta.Get(kFormat)
		switch {
		case len(v) != 4 || binary.BigEndian.Uint32(v) == 0:
			return motcua.Fail(motcua.StoreDamaged, "no format", nil)
		case binary.BigEndian.Uint32(v) > format:
			return motcua.Fail(motcua.StoreNewer, "", nil)
		}
		for _, name := range buckets {
			if tx.Bucket(name) == nil {
				return motcua.Fail(motcua.StoreDamaged, "no bucket "+string(name), nil)
			}
		}
		return nil
	})
}
