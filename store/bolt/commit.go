package bolt

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"
	"syscall"

	"go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"

	"motcua"
)

// maxBatch bounds how many changes share one commit.
const maxBatch = 256

// job is one change on its way through the committer.
type job struct {
	ctx  context.Context
	fn   func(*writer) error
	done chan error
}

// update runs fn in a transaction, together with whatever else waits at that
// moment, and returns when it is durable. fn may run more than once and must
// set its results anew each time. Once the committer has begun, the context
// cannot end the wait: the caller would not know what became of the change.
func (s *Store) update(ctx context.Context, fn func(*writer) error) error {
	j := &job{ctx, fn, make(chan error, 1)}
	s.closing.RLock()
	if s.closed {
		s.closing.RUnlock()
		return errClosed()
	}
	s.jobs <- j
	s.closing.RUnlock()
	return <-j.done
}

func errClosed() error { return motcua.Fail(motcua.StoreUnreadable, "closed", nil) }

// run is the committer: it drains the channel into one transaction. A lone
// writer does not wait for others; others wait only for the commit under way.
func (s *Store) run() {
	defer close(s.idle)
	for first := range s.jobs {
		batch := []*job{first}
	drain:
		for len(batch) < maxBatch {
			select {
			case j, open := <-s.jobs:
				if !open {
					break drain
				}
				batch = append(batch, j)
			default:
				break drain
			}
		}
		s.commit(batch)
	}
}

// errAlone says that one of a batch refused after it had written: each of them
// must run alone, so that a refusal leaves nothing behind.
var errAlone = errors.New("run alone")

// commit runs a batch and answers its callers.
func (s *Store) commit(batch []*job) {
	if f := s.broken.Load(); f != nil {
		answer(batch, f)
		return
	}
	w, refusals, err := s.attempt(batch)
	switch {
	case errors.Is(err, errAlone) && len(batch) > 1:
		for i := range batch {
			s.commit(batch[i : i+1])
		}
		return
	case err != nil && refusals == nil:
		answer(batch, s.failed(err))
		return
	}
	s.watchers.Tell(w.events...)
	for i, j := range batch {
		j.done <- toFault(refusals[i])
	}
}

func answer(batch []*job, err error) {
	for _, j := range batch {
		j.done <- err
	}
}

// attempt runs the batch in one transaction. refusals are what single jobs
// said; they are nil when the whole transaction failed.
func (s *Store) attempt(batch []*job) (w *writer, refusals []error, err error) {
	said := make([]error, len(batch))
	alone := false
	err = guard(func() error {
		return s.db.Update(func(tx *bbolt.Tx) error {
			w = &writer{reader: reader{tx}}
			for i, j := range batch {
				w.wrote = false
				said[i] = runJob(w, j)
				if said[i] != nil && w.wrote {
					alone = true
					return errAlone
				}
			}
			return nil
		})
	})
	if alone && len(batch) == 1 {
		w.events = nil
		return w, said, nil // rolled back: only the refusal remains
	}
	if err != nil {
		return nil, nil, err
	}
	return w, said, nil
}

func runJob(w *writer, j *job) error {
	if err := j.ctx.Err(); err != nil {
		return motcua.Fail(motcua.Cancelled, "", err)
	}
	return j.fn(w)
}

// view runs fn in a read transaction. fn copies out what it needs: a long read
// would hold up writers when the file must grow.
func (s *Store) view(ctx context.Context, fn func(reader) error) error {
	if err := ctx.Err(); err != nil {
		return motcua.Fail(motcua.Cancelled, "", err)
	}
	s.closing.RLock()
	defer s.closing.RUnlock()
	if s.closed {
		return errClosed()
	}
	return toFault(guard(func() error {
		return s.db.View(func(tx *bbolt.Tx) error { return fn(reader{tx}) })
	}))
}

// guard turns a panic of bbolt, or a memory fault in the mapped file, into
// StoreDamaged: bbolt trusts its pages and a damaged file breaks that trust.
func guard(fn func() error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if p := recover(); p != nil {
			err = motcua.Fail(motcua.StoreDamaged, fmt.Sprintf("stopped by %T", p), errPanic)
		}
	}()
	return fn()
}

// errPanic marks the faults made by guard.
var errPanic = errors.New("the database file is not whole")

// failed is what callers are told of a failed transaction. A full disk is
// survived: bbolt rolled back and the file is as it was. After any other
// failure to write nobody knows what the disk holds (a second fsync may
// succeed without the data), and after a panic nobody knows what bbolt holds,
// so no more is written until the store is opened anew.
func (s *Store) failed(err error) *motcua.Fault {
	f := motcua.Fail(motcua.StoreUnreadable, "", err)
	errors.As(toFault(err), &f)
	if f.Code != motcua.StoreFull {
		s.broken.CompareAndSwap(nil, f)
	}
	return f
}

// toFault gives err a code of area G.
func toFault(err error) error {
	var f *motcua.Fault
	switch {
	case err == nil || errors.As(err, &f):
		return err
	case isFull(err):
		return motcua.Fail(motcua.StoreFull, "", err)
	case errors.Is(err, berrors.ErrTimeout):
		return motcua.Fail(motcua.StoreLocked, "", err)
	case errors.Is(err, berrors.ErrInvalid), errors.Is(err, berrors.ErrChecksum),
		errors.Is(err, berrors.ErrVersionMismatch), errors.Is(err, berrors.ErrInvalidMapping):
		return motcua.Fail(motcua.StoreDamaged, "", err)
	}
	return motcua.Fail(motcua.StoreUnreadable, "", err)
}

// fullErrors is how systems say that nothing more fits. 112 and 39 are
// ERROR_DISK_FULL and ERROR_HANDLE_DISK_FULL of Windows.
func fullErrors() []error {
	if runtime.GOOS == "windows" {
		return []error{syscall.Errno(112), syscall.Errno(39)}
	}
	return []error{syscall.ENOSPC, syscall.EDQUOT, syscall.EFBIG}
}

// isFull also reads the text, because bbolt wraps some errors without %w.
func isFull(err error) bool {
	for _, full := range fullErrors() {
		if errors.Is(err, full) || strings.Contains(err.Error(), full.Error()) {
			return true
		}
	}
	return errors.Is(err, berrors.ErrMaxSizeReached)
}
