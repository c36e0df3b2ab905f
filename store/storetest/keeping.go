package storetest

import (
	"context"
	"fmt"
	"reflect"
	"sync"
	"time"

	"motcua"
	"motcua/store"
	"motcua/store/dossier"
)

var keeping = map[string]func(*bench){
	"keep then get is the same": func(b *bench) {
		d := Dossier(1)
		d.Remarks = []string{"ghi chú"}
		d.Identity.Checks = map[string]string{"passive": "verified"}
		kept := b.keep(d, store.Nothing)
		d.Revision = 1
		sameDossier(b, kept, d)
		sameDossier(b, b.get(d.ID), d)
	},
	"times keep their zone and nanoseconds": func(b *bench) {
		d := Dossier(1)
		d.ReceivedAt = time.Date(2026, 3, 2, 8, 1, 2, 345678901, zone)
		got := b.keep(d, store.Nothing).ReceivedAt
		if _, offset := got.Zone(); !got.Equal(d.ReceivedAt) || offset != 7*3600 {
			b.Fatalf("time came back as %v", got)
		}
	},
	"revisions grow by one": func(b *bench) {
		d := b.keep(Dossier(1), store.Nothing)
		d.Summary = "lần hai"
		if d = b.keep(d, store.Nothing); d.Revision != 2 || d.Summary != "lần hai" {
			b.Fatalf("revision %d, summary %q", d.Revision, d.Summary)
		}
	},
	"a stale revision is a conflict": func(b *bench) {
		first := b.keep(Dossier(1), store.Nothing)
		b.keep(first, store.Nothing)
		first.Summary = "stale"
		_, err := b.Keep(b.ctx, b.change(first, store.Update))
		b.code(err, motcua.StoreConflict)
		if got := b.get(first.ID); got.Revision != 2 || got.Summary != "" {
			b.Fatal("a refused keeping left traces")
		}
		nothingElse(b, first.ID, 2)
	},
	"a second first revision is a conflict": func(b *bench) {
		b.keep(Dossier(1), store.Nothing)
		_, err := b.Keep(b.ctx, b.change(Dossier(1), store.Nothing))
		b.code(err, motcua.StoreConflict)
	},
	"a revision of nothing is a conflict": func(b *bench) {
		d := Dossier(1)
		d.Revision = 3
		_, err := b.Keep(b.ctx, b.change(d, store.Nothing))
		b.code(err, motcua.StoreConflict)
	},
	"of many keepers at once one wins": func(b *bench) {
		d := b.keep(Dossier(1), store.Nothing)
		won := 0
		together(20, func(i int) error {
			mine := d
			mine.Summary = fmt.Sprint(i)
			_, err := b.Keep(b.ctx, b.change(mine, store.Nothing))
			return err
		}, func(err error) {
			if err == nil {
				won++
				return
			}
			b.code(err, motcua.StoreConflict)
		})
		if won != 1 || b.get(d.ID).Revision != 2 {
			b.Fatalf("%d keepers won", won)
		}
	},
	"a dossier that breaks its rules is refused whole": func(b *bench) {
		d := Dossier(1)
		d.Applicant.Name = ""
		_, err := b.Keep(b.ctx, b.change(d, store.Create))
		b.code(err, motcua.StoreInvalid)
		_, err = b.Get(b.ctx, d.ID)
		b.code(err, motcua.StoreNotFound)
		nothingElse(b, d.ID, 0)
	},
	"what cannot be kept is refused": func(b *bench) {
		for name, spoil := range map[string]func(*store.Change){
			"no identity":     func(c *store.Change) { c.Dossier.ID = "" },
			"strange id":      func(c *store.Change) { c.Dossier.ID = "a/../b" },
			"not UTF-8":       func(c *store.Change) { c.Dossier.Units.Resolving.Name = "\xff" },
			"a sent draft":    func(c *store.Change) { c.Dossier.Stage, c.Send = dossier.Draft, store.Create },
			"unknown kind":    func(c *store.Change) { c.Send = "fax" },
			"nobody":          func(c *store.Change) { c.By = "" },
			"no action":       func(c *store.Change) { c.Action = "" },
			"a year too far":  func(c *store.Change) { c.Dossier.SubmittedAt = time.Date(10000, 1, 1, 0, 0, 0, 0, zone) },
			"a newer schema":  func(c *store.Change) { c.Dossier.Schema = dossier.Schema + 1 },
			"beyond any form": func(c *store.Change) { c.Dossier.Remarks = []string{string(make([]byte, 5<<20))} },
		} {
			c := b.change(Dossier(1), store.Nothing)
			spoil(&c)
			if _, err := b.Keep(b.ctx, c); motcua.CodeOf(err) != motcua.StoreInvalid {
				b.Errorf("%s: %v", name, err)
			}
		}
	},
	"a draft needs little and is accepted later": func(b *bench) {
		d := dossier.Dossier{
			ID: "01KJN000000000000000009999", Schema: dossier.Schema, Stage: dossier.Draft,
			Procedure: dossier.Procedure{Code: "2.000815"},
		}
		d = b.keep(d, store.Nothing)
		full := Dossier(1)
		full.ID, full.Revision = d.ID, d.Revision
		if got := b.keep(full, store.Create); got.Revision != 2 || got.Number != full.Number {
			b.Fatalf("accepted as revision %d", got.Revision)
		}
	},
	"a printed number stays": func(b *bench) {
		d := b.keep(Dossier(1), store.Nothing)
		d.Number = Dossier(2).Number
		_, err := b.Keep(b.ctx, b.change(d, store.Nothing))
		b.code(err, motcua.StoreInvalid)
	},
	"a number belongs to one dossier": func(b *bench) {
		b.keep(Dossier(1), store.Nothing)
		d := Dossier(2)
		d.Number = Dossier(1).Number
		_, err := b.Keep(b.ctx, b.change(d, store.Nothing))
		b.code(err, motcua.StoreInvalid)
	},
	"nobody shares memory with the store": func(b *bench) {
		d := Dossier(1)
		d.Remarks = []string{"a"}
		kept := b.keep(d, store.Nothing)
		d.Remarks[0], kept.Remarks[0] = "b", "c"
		if got := b.get(d.ID).Remarks[0]; got != "a" {
			b.Fatalf("the kept remark became %q", got)
		}
	},
	"a cancelled keeping keeps nothing": func(b *bench) {
		ctx, cancel := context.WithCancel(b.ctx)
		cancel()
		_, err := b.Keep(ctx, b.change(Dossier(1), store.Nothing))
		b.code(err, motcua.Cancelled)
		_, err = b.Get(b.ctx, Dossier(1).ID)
		b.code(err, motcua.StoreNotFound)
	},
	"a counter never gives a number twice": func(b *bench) {
		const writers, each = 8, 25
		var mu sync.Mutex
		seen := map[int]bool{}
		together(writers, func(int) error {
			for range each {
				n, err := b.Next(b.ctx, "Q1/260302")
				if err != nil {
					return err
				}
				mu.Lock()
				if seen[n] {
					err = fmt.Errorf("%d was given twice", n)
				}
				seen[n] = true
				mu.Unlock()
				if err != nil {
					return err
				}
			}
			return nil
		}, b.ok)
		if !seen[1] || !seen[writers*each] || len(seen) != writers*each {
			b.Fatalf("%d numbers, from 1: %v", len(seen), seen[1])
		}
	},
	"counters do not know of each other": func(b *bench) {
		_, err := b.Next(b.ctx, "a")
		b.ok(err)
		if n, err := b.Next(b.ctx, "b"); n != 1 || err != nil {
			b.Fatal(n, err)
		}
		_, err = b.Next(b.ctx, "")
		b.code(err, motcua.StoreInvalid)
	},
	"a closed store says so": func(b *bench) {
		b.ok(b.Close())
		_, err := b.Get(b.ctx, "x")
		b.code(err, motcua.StoreUnreadable)
		_, err = b.Keep(b.ctx, b.change(Dossier(1), store.Nothing))
		b.code(err, motcua.StoreUnreadable)
		b.ok(b.Close())
	},
}

// nothingElse demands that a refusal left no entry and no note: the journal
// still has n entries and the outbox none for the dossier.
func nothingElse(b *bench, id dossier.ID, n int) {
	b.Helper()
	es, err := b.Entries(b.ctx, id)
	b.ok(err)
	if got, err := b.VerifyJournal(b.ctx); err != nil || got != n || len(es) != 0 {
		b.Fatalf("%d outbox entries, %d notes (%v)", len(es), got, err)
	}
}

// sameDossier compares what two dossiers say.
func sameDossier(b *bench, got, want dossier.Dossier) {
	b.Helper()
	x, _, err := store.Body(&got)
	b.ok(err)
	y, _, err := store.Body(&want)
	b.ok(err)
	if !reflect.DeepEqual(x, y) {
		b.Fatalf("got\n%s\nwant\n%s", x, y)
	}
}

// together runs n of do at once and gives their errors to see, one by one.
func together(n int, do func(i int) error, see func(error)) {
	errs := make(chan error, n)
	for i := range n {
		go func() { errs <- do(i) }()
	}
	for range n {
		see(<-errs)
	}
}
