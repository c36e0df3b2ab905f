package bolt

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"motcua"
	"motcua/store"
	"motcua/store/dossier"
)

// place is the file of an attachment. sum must be a SHA-256 in hex.
func (s *Store) place(sum string) string { return s.path(attached, sum[:2], sum) }

func hashOf(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// Put streams r to a temporary file and gives it the name of its content when
// it is durable. An equal file that is there already is read again first: one
// that rotted is replaced.
func (s *Store) Put(ctx context.Context, r io.Reader, name, mime string) (dossier.File, error) {
	if err := store.CheckFileNames(name, mime); err != nil {
		return dossier.File{}, err
	}
	s.closing.RLock()
	defer s.closing.RUnlock()
	if s.closed {
		return dossier.File{}, errClosed()
	}
	sum, size, err := s.put(ctx, r)
	if err != nil {
		return dossier.File{}, toFault(err)
	}
	return dossier.File{SHA256: sum, Name: name, MIME: mime, Size: size}, nil
}

func (s *Store) put(ctx context.Context, r io.Reader) (sum string, size int64, err error) {
	temp, err := os.CreateTemp(s.path(attached), putName) // 0600
	if err != nil {
		return "", 0, err
	}
	defer os.Remove(temp.Name()) // gone already when all went well
	h := sha256.New()
	size, err = s.copy(ctx, io.MultiWriter(temp, h), r)
	if err == nil {
		err = temp.Sync()
	}
	if err = errors.Join(err, temp.Close()); err != nil {
		return "", 0, err
	}
	sum = hex.EncodeToString(h.Sum(nil))
	return sum, size, s.settleFile(temp.Name(), sum, size)
}

// copy copies at most what an attachment may hold, until ctx ends.
func (s *Store) copy(ctx context.Context, w io.Writer, r io.Reader) (int64, error) {
	src := &source{ctx: ctx, r: r}
	n, err := io.Copy(w, io.LimitReader(src, s.options.MaxAttachment+1))
	switch {
	case ctx.Err() != nil:
		return n, motcua.Fail(motcua.Cancelled, "", ctx.Err())
	case src.err != nil:
		return n, motcua.Fail(motcua.StoreInvalid, "attachment could not be read", src.err)
	case err == nil && n > s.options.MaxAttachment:
		return n, motcua.Fail(motcua.StoreInvalid, "attachment is too large", nil)
	}
	return n, err
}

// source tells a failure to read from a failure to write, and stops with ctx.
type source struct {
	ctx context.Context
	r   io.Reader
	err error
}

func (s *source) Read(p []byte) (int, error) {
	if err := s.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := s.r.Read(p)
	if err != nil && err != io.EOF {
		s.err = err
	}
	return n, err
}

// settleFile names a finished file, and forces the names to the disk.
func (s *Store) settleFile(temp, sum string, size int64) error {
	path := s.place(sum)
	if s.holds(path, sum, size) {
		return nil
	}
	if err := os.Mkdir(filepath.Dir(path), 0o700); err == nil {
		if err := syncDir(s.path(attached)); err != nil {
			return err
		}
	} else if !errors.Is(err, fs.ErrExist) {
		return err
	}
	if err := os.Rename(temp, path); err != nil {
		return err
	}
	return syncDir(filepath.Dir(path))
}

// holds reports whether the file at path is the content.
func (s *Store) holds(path, sum string, size int64) bool {
	info, err := os.Stat(path)
	if err != nil || info.Size() != size {
		return false
	}
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	r := store.Verified(f, sum)
	defer r.Close()
	_, err = io.Copy(io.Discard, r)
	return err == nil
}

// Open reads an attachment back.
func (s *Store) Open(ctx context.Context, sha256 string) (io.ReadCloser, error) {
	if !store.IsSHA256(sha256) {
		return nil, motcua.Fail(motcua.StoreInvalid, "attachment reference", nil)
	}
	if err := ctx.Err(); err != nil {
		return nil, motcua.Fail(motcua.Cancelled, "", err)
	}
	f, err := os.Open(s.place(sha256))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, motcua.Fail(motcua.StoreNotFound, "attachment", nil)
	}
	if err != nil {
		return nil, toFault(err)
	}
	return store.Verified(f, sha256), nil
}

// putFiles is the sizes of the attachments of d that are on the disk. It is
// read before the transaction, which must not wait for a folder.
func (s *Store) putFiles(d *dossier.Dossier) map[string]int64 {
	sizes := map[string]int64{}
	for _, f := range store.Files(d) {
		if !store.IsSHA256(f.SHA256) {
			continue
		}
		if info, err := os.Stat(s.place(f.SHA256)); err == nil && info.Mode().IsRegular() {
			sizes[f.SHA256] = info.Size()
		}
	}
	return sizes
}

func fileKey(id dossier.ID, sum string) []byte { return append(append([]byte(id), 0), sum...) }

// checkFiles refuses a reference to what was never put. What the dossier
// referred to before is not asked again: a lost attachment must not stop the
// dossier's life.
func (w *writer) checkFiles(d *dossier.Dossier, put map[string]int64) error {
	for _, f := range store.Files(d) {
		if !store.IsSHA256(f.SHA256) {
			return motcua.Fail(motcua.StoreInvalid, "attachment reference", nil)
		}
		var size int64
		had, err := w.get(bFiles, fileKey(d.ID, f.SHA256), &size)
		if err != nil {
			return err
		}
		if had && size == f.Size {
			continue
		}
		if size, ok := put[f.SHA256]; !ok || size != f.Size {
			return motcua.Fail(motcua.StoreInvalid, "attachment was never put", nil)
		}
	}
	return nil
}

// linkFiles writes the references of d in place of those it had.
func (w *writer) linkFiles(d *dossier.Dossier) error {
	stale := map[string]bool{}
	start := fileKey(d.ID, "")
	c := w.tx.Bucket(bFiles).Cursor()
	for k, _ := c.Seek(start); bytes.HasPrefix(k, start); k, _ = c.Next() {
		stale[string(k)] = true
	}
	for _, f := range store.Files(d) {
		key := fileKey(d.ID, f.SHA256)
		if stale[string(key)] {
			delete(stale, string(key))
			continue
		}
		if err := w.put(bFiles, key, f.Size); err != nil {
			return err
		}
	}
	for k := range stale {
		if err := w.drop(bFiles, []byte(k)); err != nil {
			return err
		}
	}
	return nil
}
