// Package bolt is the store of the product: one bbolt file and a folder of
// attachments, in a directory of its own.
//
//	DIR/motcua.db            dossiers, lists, outbox, journal, counters
//	DIR/motcua.open          there while the store is open; left behind by a crash
//	DIR/attachments/ab/abcd  one file per content, named by its SHA-256
//
// The files are plain in this version, readable by their owner only (0600,
// directories 0700): whoever can read the disk can read the dossiers.
//
// bbolt is imported by this package only, and version 1.5 or newer is needed.
package bolt

import (
	"context"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"go.etcd.io/bbolt"

	"motcua"
	"motcua/store"
)

// Options of a store. The zero value is usable.
type Options struct {
	// Now is the clock for what comes without a time of its own: time.Now
	// when nil.
	Now func() time.Time
	// MaxAttachment bounds one attachment, in bytes: 256 MiB when zero.
	MaxAttachment int64
}

// Store is a store.Store in one directory. Make one with Open.
type Store struct {
	dir      string
	options  Options
	db       *bbolt.DB
	file     *os.File // of db: closing it gives the lock back even when db cannot
	watchers store.Watchers

	jobs   chan *job
	idle   chan struct{} // closed when the committer has ended
	broken atomic.Pointer[motcua.Fault]

	closing sync.RWMutex // held for reading by every call
	closed  bool
}

var _ store.Store = (*Store)(nil)

// Open opens the store in dir, and makes it when there is none. StoreLocked
// when another instance has it open for longer than a second, StoreNewer when
// a newer program wrote it, StoreDamaged when a file does not hold what it
// should, StoreUnreadable when the system refuses.
//
// Open does not trust the file: survey.go looks at what bbolt.Open touches
// before bbolt maps it, and at every page before anything else is read (of a
// file above 256 MiB only after a crash).
func Open(dir string, o Options) (*Store, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.MaxAttachment == 0 {
		o.MaxAttachment = 256 << 20
	}
	s := &Store{dir: dir, options: o, jobs: make(chan *job, maxBatch), idle: make(chan struct{})}
	if err := s.prepare(); err != nil {
		return nil, toFault(err)
	}
	if err := s.openFile(); err != nil {
		return nil, toFault(err)
	}
	if err := s.enter(); err != nil {
		s.closeFile()
		return nil, toFault(err)
	}
	go s.run()
	return s, nil
}

// Close waits for changes under way and closes the files. Later calls fail.
func (s *Store) Close() error {
	s.closing.Lock()
	defer s.closing.Unlock()
	if s.closed {
		return nil
	}
	s.closed = true
	close(s.jobs)
	<-s.idle
	if f := s.broken.Load(); f != nil {
		s.closeFile()
		return nil // the mark stays: the next Open looks closely
	}
	if err := s.db.Close(); err != nil {
		return toFault(err)
	}
	return toFault(s.unmark())
}

// Watch tells of changes after they are durable.
func (s *Store) Watch(tell func(store.Event)) (stop func()) { return s.watchers.Watch(tell) }

// closeFile gives the lock back when bbolt may not be able to: after a panic
// inside it, its own Close could wait for ever.
func (s *Store) closeFile() {
	done := make(chan struct{})
	go func() {
		defer close(done)
		if s.db != nil {
			_ = guard(s.db.Close)
		}
	}()
	select {
	case <-done:
	case <-time.After(time.Second):
	}
	if s.file != nil {
		_ = s.file.Close()
	}
}

// Check reads everything: the pages of the file, every record, the journal's
// chain, and that each dossier is found by every list and reference that
// should lead to it. It returns the first damage as StoreDamaged.
func (s *Store) Check(ctx context.Context) error {
	if err := s.surveyLive(ctx); err != nil {
		return err
	}
	if err := s.checkRecords(ctx); err != nil {
		return err
	}
	_, err := s.VerifyJournal(ctx)
	return err
}

func (s *Store) path(name ...string) string {
	return filepath.Join(append([]string{s.dir}, name...)...)
}
