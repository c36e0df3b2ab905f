package bolt

import (
	"encoding/binary"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.etcd.io/bbolt"

	"motcua"
	"motcua/store"
	"motcua/store/dossier"
	"motcua/store/storetest"
)

func TestExam(t *testing.T) {
	storetest.Run(t, func(t *testing.T) store.Store { return open(t, t.TempDir()) })
}

func wantCode(t *testing.T, err error, want motcua.Code) {
	t.Helper()
	if motcua.CodeOf(err) != want {
		t.Fatalf("error is %v, want %s", err, want)
	}
}

// raw opens the database without the store.
func raw(t *testing.T, dir string, fn func(*bbolt.Tx) error) {
	t.Helper()
	db, err := bbolt.Open(filepath.Join(dir, dbName), 0o600, nil)
	ok(t, err)
	ok(t, errors.Join(db.Update(fn), db.Close()))
}

func TestEverythingSurvivesReopening(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	f, err := s.Put(ctx, strings.NewReader("trang"), "a.pdf", "application/pdf")
	ok(t, err)
	d := storetest.Dossier(1)
	d.Components = []dossier.Component{{Key: "a", Name: "Tờ khai", Files: []dossier.File{f}}}
	d, err = s.Keep(ctx, change(d, store.Create))
	ok(t, err)
	keepN(t, s, 2, store.Create)
	es, err := s.Lease(ctx, storetest.Day, storetest.Day, 1)
	ok(t, err)
	ok(t, s.Settle(ctx, es[0].Seq, store.Outcome{
		State: store.Sent, Try: store.Try{At: storetest.Day}, Portal: dossier.Portal{Code: "A-260302-0001"},
	}))
	_, err = s.Next(ctx, "Q1")
	ok(t, err)
	ok(t, s.Check(ctx))
	ok(t, s.Close())

	s = open(t, dir)
	ok(t, s.Check(ctx))
	if got, err := s.Find(ctx, "a-260302-0001"); err != nil || got.ID != d.ID || len(store.Files(&got)) != 1 {
		t.Error("dossier:", err)
	}
	if n, err := s.Next(ctx, "Q1"); n != 2 || err != nil {
		t.Error("counter:", n, err)
	}
	if q, err := s.Queue(ctx); q.Sent != 1 || q.Ready != 1 || err != nil {
		t.Errorf("queue: %+v %v", q, err)
	}
	if n, err := s.VerifyJournal(ctx); n != 4 || err != nil {
		t.Error("journal:", n, err)
	}
	if p, err := s.List(ctx, store.Query{Unsent: true}); len(p.Dossiers) != 1 || err != nil {
		t.Error("list:", len(p.Dossiers), err)
	}
}

func TestSecondInstance(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	_, err := Open(dir, Options{})
	wantCode(t, err, motcua.StoreLocked)
	out, err := child("other", dir).CombinedOutput()
	if err != nil {
		t.Fatalf("another process: %s %v", out, err)
	}
	keepN(t, s, 1, store.Create)
	ok(t, s.Close())
	open(t, dir)
}

// openOther is a second instance: it must be told that the store is locked.
func openOther(dir string) error {
	if _, err := Open(dir, Options{}); motcua.CodeOf(err) != motcua.StoreLocked {
		return motcua.Fail(motcua.Internal, "opened, or told something else", err)
	}
	return nil
}

func TestOwnerOnly(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new")
	s := open(t, dir)
	_, err := s.Put(ctx, strings.NewReader("x"), "a", "b")
	ok(t, err)
	keepN(t, s, 1, store.Create)
	ok(t, filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		ok(t, err)
		info, err := d.Info()
		ok(t, err)
		if info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s is %v", path, info.Mode())
		}
		return nil
	}))
}

func TestLeftoversOfACrashedStart(t *testing.T) {
	dir := t.TempDir()
	ok(t, os.WriteFile(filepath.Join(dir, "motcua.db.new-123"), []byte("half"), 0o600))
	ok(t, os.MkdirAll(filepath.Join(dir, attached), 0o700))
	ok(t, os.WriteFile(filepath.Join(dir, attached, "put-1.tmp"), []byte("half"), 0o600))
	s := open(t, dir)
	keepN(t, s, 1, store.Nothing)
	ok(t, s.Close())
	names, err := filepath.Glob(filepath.Join(dir, "*"))
	ok(t, err)
	if len(names) != 2 {
		t.Errorf("left: %v", names)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, attached, "*")); len(left) != 0 {
		t.Errorf("left: %v", left)
	}
}

// TestManyFirstStarts: whoever loses the race to make the file finds the
// winner's.
func TestManyFirstStarts(t *testing.T) {
	dir := t.TempDir()
	done := make(chan error, 8)
	for range cap(done) {
		go func() {
			s := &Store{dir: dir}
			done <- s.prepare()
		}()
	}
	for range cap(done) {
		ok(t, <-done)
	}
	keepN(t, open(t, dir), 1, store.Create)
}

func TestNewerFormat(t *testing.T) {
	dir := t.TempDir()
	ok(t, open(t, dir).Close())
	raw(t, dir, func(tx *bbolt.Tx) error {
		return tx.Bucket(bMeta).Put(kFormat, binary.BigEndian.AppendUint32(nil, format+1))
	})
	_, err := Open(dir, Options{})
	wantCode(t, err, motcua.StoreNewer)
	raw(t, dir, func(tx *bbolt.Tx) error { return tx.Bucket(bMeta).Delete(kFormat) })
	_, err = Open(dir, Options{})
	wantCode(t, err, motcua.StoreDamaged)
}

func TestMissingBucket(t *testing.T) {
	dir := t.TempDir()
	ok(t, open(t, dir).Close())
	raw(t, dir, func(tx *bbolt.Tx) error { return tx.DeleteBucket(bWays) })
	_, err := Open(dir, Options{})
	wantCode(t, err, motcua.StoreDamaged)
}

func TestNewerRecord(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	d := keepN(t, s, 1, store.Nothing)
	ok(t, s.Close())
	raw(t, dir, func(tx *bbolt.Tx) error {
		b := append([]byte(nil), tx.Bucket(bDossiers).Get([]byte(d.ID))...)
		b[0]++
		return tx.Bucket(bDossiers).Put([]byte(d.ID), b)
	})
	_, err := open(t, dir).Get(ctx, d.ID)
	wantCode(t, err, motcua.StoreNewer)
}

// TestSwappedRecord: a value under another's key is not taken for its own.
func TestSwappedRecord(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	one, two := keepN(t, s, 1, store.Nothing), keepN(t, s, 2, store.Nothing)
	ok(t, s.Close())
	raw(t, dir, func(tx *bbolt.Tx) error {
		b := tx.Bucket(bDossiers)
		return b.Put([]byte(one.ID), append([]byte(nil), b.Get([]byte(two.ID))...))
	})
	_, err := open(t, dir).Get(ctx, one.ID)
	wantCode(t, err, motcua.StoreDamaged)
}

func TestUnusablePlaces(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	ok(t, os.WriteFile(file, nil, 0o600))
	_, err := Open(filepath.Join(file, "dir"), Options{})
	wantCode(t, err, motcua.StoreUnreadable)
	dir := t.TempDir()
	ok(t, os.Mkdir(filepath.Join(dir, dbName), 0o700))
	_, err = Open(dir, Options{})
	wantCode(t, err, motcua.StoreUnreadable)
}

// TestRefusalAfterWriting: of a batch in one transaction, the change that is
// refused in its middle leaves nothing and the others stay.
func TestRefusalAfterWriting(t *testing.T) {
	s := open(t, t.TempDir())
	no := errors.New("no")
	put := func(key string, refuse error) *job {
		return &job{ctx, func(w *writer) error {
			if err := w.put(bCounters, []byte(key), 1); err != nil {
				return err
			}
			return refuse
		}, make(chan error, 1)}
	}
	s.closing.Lock() // stop the committer: the test is it now
	close(s.jobs)
	<-s.idle
	s.closed = true
	s.closing.Unlock()
	batch := []*job{put("a", nil), put("b", no), put("c", nil)}
	s.commit(batch)
	for i, want := range []error{nil, no, nil} {
		if err := <-batch[i].done; !errors.Is(err, want) {
			t.Errorf("job %d: %v", i, err)
		}
	}
	ok(t, s.db.View(func(tx *bbolt.Tx) error {
		for key, want := range map[string]bool{"a": true, "b": false, "c": true} {
			if got := tx.Bucket(bCounters).Get([]byte(key)) != nil; got != want {
				t.Errorf("%s is there: %v", key, got)
			}
		}
		return nil
	}))
	ok(t, s.db.Close())
}

// TestPanicInside: after a panic in a transaction nothing more is written, and
// Close returns.
func TestPanicInside(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	keepN(t, s, 1, store.Nothing)
	err := s.update(ctx, func(*writer) error { panic("a page is not what it should be") })
	wantCode(t, err, motcua.StoreDamaged)
	_, err = s.Keep(ctx, change(storetest.Dossier(2), store.Nothing))
	wantCode(t, err, motcua.StoreDamaged)
	ok(t, s.Close())
	ok(t, open(t, dir).Check(ctx))
}
