package bolt

import (
	"testing"

	"go.etcd.io/bbolt"

	"motcua"
	"motcua/store"
)

// TestTamperedJournal: who can write the file can write a checksum as well, so
// every change here is well-formed. The chain finds it.
func TestTamperedJournal(t *testing.T) {
	forge := func(tx *bbolt.Tx, seq uint64, change func(*store.JournalEntry)) error {
		var e store.JournalEntry
		b := tx.Bucket(bJournal)
		if err := unseal(bJournal, be64(seq), b.Get(be64(seq)), &e); err != nil {
			return err
		}
		change(&e)
		sealed, err := seal(bJournal, be64(seq), &e)
		if err != nil {
			return err
		}
		return b.Put(be64(seq), sealed)
	}
	for name, c := range map[string]struct {
		tamper func(*bbolt.Tx) error
		holds  int
	}{
		"untouched": {func(*bbolt.Tx) error { return nil }, 9},
		"another officer": {func(tx *bbolt.Tx) error {
			return forge(tx, 5, func(e *store.JournalEntry) { e.By = "cb02" })
		}, 4},
		"another officer, hashed anew": {func(tx *bbolt.Tx) error {
			return forge(tx, 5, func(e *store.JournalEntry) { e.By = "cb02"; e.Hash = e.Sum() })
		}, 5},
		"the last, hashed anew": {func(tx *bbolt.Tx) error {
			return forge(tx, 9, func(e *store.JournalEntry) { e.By = "cb02"; e.Hash = e.Sum() })
		}, 8},
		"one taken out":  {func(tx *bbolt.Tx) error { return tx.Bucket(bJournal).Delete(be64(3)) }, 2},
		"the end cut":    {func(tx *bbolt.Tx) error { return tx.Bucket(bJournal).Delete(be64(9)) }, 8},
		"a broken value": {func(tx *bbolt.Tx) error { return tx.Bucket(bJournal).Put(be64(7), []byte("x")) }, 6},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			s := open(t, dir)
			for range 9 {
				ok(t, s.Note(ctx, store.JournalEntry{By: "cb01", Action: "look"}))
			}
			ok(t, s.Close())
			raw(t, dir, c.tamper)
			n, err := open(t, dir).VerifyJournal(ctx)
			if n != c.holds || (err == nil) != (c.holds == 9) {
				t.Fatalf("%d hold, %v", n, err)
			}
			if err != nil {
				wantCode(t, err, motcua.StoreDamaged)
			}
		})
	}
}
