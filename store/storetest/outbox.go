package storetest

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"motcua"
	"motcua/store"
	"motcua/store/dossier"
)

var outbox = map[string]func(*bench){
	"an entry carries the dossier as kept": func(b *bench) {
		d := b.keep(Dossier(1), store.Create)
		es := b.lease(0, 10)
		if len(es) != 1 {
			b.Fatalf("%d entries", len(es))
		}
		e := es[0]
		body, _ := json.Marshal(d)
		sum := sha256.Sum256(e.Body)
		if !bytes.Equal(e.Body, body) || e.SHA256 != hex.EncodeToString(sum[:]) {
			b.Fatalf("body is %s", e.Body)
		}
		if e.Dossier != d.ID || e.Order != 1 || e.Seq != 1 || e.Kind != store.Create || e.Revision != 1 ||
			!e.KeptAt.Equal(d.ReceivedAt) || e.State != store.Taken || !e.LeaseUntil.Equal(clock(5)) {
			b.Fatalf("entry is %+v", e)
		}
	},
	"a body never changes": func(b *bench) {
		d := b.keep(Dossier(1), store.Create)
		before, err := b.Entries(b.ctx, d.ID)
		b.ok(err)
		d.Summary = "đổi"
		b.keep(d, store.Update)
		b.ok(b.Hear(b.ctx, d.ID, dossier.Portal{Code: "X-1"}))
		after, err := b.Entries(b.ctx, d.ID)
		b.ok(err)
		if !bytes.Equal(before[0].Body, after[0].Body) || before[0].Key() != after[0].Key() || len(after) != 2 {
			b.Fatal("the first entry changed")
		}
		if after[0].Key() == after[1].Key() {
			b.Fatal("two revisions share a key")
		}
	},
	"nothing to send writes no entry": func(b *bench) {
		b.keep(Dossier(1), store.Nothing)
		if es := b.lease(0, 10); len(es) != 0 {
			b.Fatalf("leased %d", len(es))
		}
		queue(b, store.Queue{})
	},
	"order is strict within a dossier": func(b *bench) {
		d := b.keep(Dossier(1), store.Create)
		d = b.keep(d, store.Update)
		b.keep(d, store.Progress)
		for order := 1; order <= 3; order++ {
			es := b.lease(order*10, 10)
			if len(es) != 1 || es[0].Order != order {
				b.Fatalf("leased %d entries at step %d", len(es), order)
			}
			if more := b.lease(order*10+1, 10); len(more) != 0 {
				b.Fatal("a second entry of the dossier is out")
			}
			b.ok(b.Settle(b.ctx, es[0].Seq, sent(order*10, "", dossier.Received)))
		}
		queue(b, store.Queue{Sent: 3})
	},
	"one entry per dossier, oldest first": func(b *bench) {
		for i := 1; i <= 4; i++ {
			b.keep(Dossier(i), store.Create)
		}
		var got []int
		for _, e := range append(b.lease(0, 3), b.lease(0, 3)...) {
			got = append(got, int(e.Seq))
		}
		expect(b, got, 1, 2, 3, 4)
	},
	"a lease that ran out is offered again": func(b *bench) {
		b.keep(Dossier(1), store.Create)
		first := b.lease(0, 1)
		if es := b.lease(4, 1); len(es) != 0 {
			b.Fatal("a live lease was given away")
		}
		again := b.lease(5, 1)
		if len(again) != 1 || again[0].Key() != first[0].Key() {
			b.Fatal("a lease that ran out was not offered with the same key")
		}
	},
	"a failed try waits for its time": func(b *bench) {
		b.keep(Dossier(1), store.Create)
		e := b.lease(0, 1)[0]
		b.ok(b.Settle(b.ctx, e.Seq, failed(1, store.Ready, 30)))
		if len(b.lease(29, 1)) != 0 || len(b.lease(30, 1)) != 1 {
			b.Fatal("offered at another time")
		}
	},
	"tries are numbered and bounded": func(b *bench) {
		d := b.keep(Dossier(1), store.Create)
		for i := 1; i <= store.MaxTries+5; i++ {
			e := b.lease(i*10, 1)[0]
			b.ok(b.Settle(b.ctx, e.Seq, failed(i*10, store.Ready, i*10)))
		}
		es, err := b.Entries(b.ctx, d.ID)
		b.ok(err)
		tries := es[0].Tries
		if len(tries) != store.MaxTries || tries[0].N != 6 || tries[len(tries)-1].N != store.MaxTries+5 {
			b.Fatalf("%d tries from %d", len(tries), tries[0].N)
		}
	},
	"a held entry blocks its dossier only": func(b *bench) {
		d := b.keep(Dossier(1), store.Create)
		b.keep(d, store.Update)
		b.keep(Dossier(2), store.Create)
		b.ok(b.Settle(b.ctx, b.lease(0, 1)[0].Seq, failed(0, store.Held, 0)))
		es := b.lease(60, 10)
		if len(es) != 1 || es[0].Dossier != Dossier(2).ID {
			b.Fatalf("leased %d entries", len(es))
		}
		queue(b, store.Queue{Ready: 1, Taken: 1, Held: 1})
	},
	"resend frees a held entry": func(b *bench) {
		b.keep(Dossier(1), store.Create)
		e := b.lease(0, 1)[0]
		b.ok(b.Settle(b.ctx, e.Seq, failed(0, store.Held, 0)))
		b.ok(b.Resend(b.ctx, e.Seq, clock(7)))
		if len(b.lease(6, 1)) != 0 || len(b.lease(7, 1)) != 1 {
			b.Fatal("not ready at the time of resending")
		}
	},
	"resend shortens a wait, leaves a live lease and refuses what was sent": func(b *bench) {
		b.keep(Dossier(1), store.Create)
		e := b.lease(0, 1)[0]
		b.ok(b.Resend(b.ctx, e.Seq, clock(1)))
		if len(b.lease(2, 1)) != 0 {
			b.Fatal("resend took the lease away")
		}
		b.ok(b.Settle(b.ctx, e.Seq, failed(2, store.Ready, 500)))
		b.ok(b.Resend(b.ctx, e.Seq, clock(3)))
		b.ok(b.Settle(b.ctx, b.lease(3, 1)[0].Seq, sent(4, "", 0)))
		b.code(b.Resend(b.ctx, e.Seq, clock(5)), motcua.StoreConflict)
		b.code(b.Resend(b.ctx, 99, clock(5)), motcua.StoreNotFound)
	},
	"settling is not undone": func(b *bench) {
		b.keep(Dossier(1), store.Create)
		e := b.lease(0, 1)[0]
		b.ok(b.Settle(b.ctx, e.Seq, sent(1, "", dossier.Received)))
		b.code(b.Settle(b.ctx, e.Seq, failed(2, store.Ready, 9)), motcua.StoreConflict)
		b.ok(b.Settle(b.ctx, e.Seq, sent(3, "H29-260302-0001", dossier.Received)))
		if got := b.get(Dossier(1).ID); got.Code != "H29-260302-0001" {
			b.Fatalf("the later word was lost: %q", got.Code)
		}
		b.code(b.Settle(b.ctx, 99, sent(3, "", 0)), motcua.StoreNotFound)
		queue(b, store.Queue{Sent: 1})
	},
	"only a lease is settled, and only with an outcome": func(b *bench) {
		d := b.keep(Dossier(1), store.Create)
		b.keep(d, store.Update)
		b.code(b.Settle(b.ctx, 1, failed(0, store.Held, 0)), motcua.StoreConflict)
		b.code(b.Settle(b.ctx, 2, sent(0, "", 0)), motcua.StoreConflict)
		e := b.lease(0, 1)[0]
		b.code(b.Settle(b.ctx, e.Seq, failed(0, store.Taken, 0)), motcua.StoreInvalid)
	},
	"sent writes code, status and time, not a revision": func(b *bench) {
		d := b.keep(Dossier(1), store.Create)
		b.ok(b.Settle(b.ctx, b.lease(0, 1)[0].Seq, sent(3, "H29-260302-0001", dossier.Processing)))
		got := b.get(d.ID)
		if got.Code != "H29-260302-0001" || got.Portal.Code != got.Code || got.Portal.Status != dossier.Processing ||
			got.Status != d.Status || got.Revision != 1 {
			b.Fatalf("dossier is %+v", got)
		}
		if got.SynchronisedAt == nil || !got.SynchronisedAt.Equal(clock(3)) {
			b.Fatalf("synchronised at %v", got.SynchronisedAt)
		}
		if found, err := b.Find(b.ctx, "h29-260302-0001"); err != nil || found.ID != d.ID {
			b.Fatal("the code does not find it", err)
		}
		if found, err := b.Find(b.ctx, d.Number); err != nil || found.ID != d.ID {
			b.Fatal("the number does not find it any more", err)
		}
	},
	"an officer's copy from before the portal's word is not stale": func(b *bench) {
		mine := b.keep(Dossier(1), store.Create)
		b.ok(b.Settle(b.ctx, b.lease(0, 1)[0].Seq, sent(3, "H29-260302-0001", dossier.Processing)))
		mine.Summary = "sửa"
		kept := b.keep(mine, store.Nothing)
		if kept.Revision != 2 || kept.Code != "H29-260302-0001" || kept.Portal.Status != dossier.Processing ||
			kept.SynchronisedAt == nil || kept.Summary != "sửa" {
			b.Fatalf("kept %+v", kept)
		}
	},
	"synchronised means the newest entry": func(b *bench) {
		d := b.keep(Dossier(1), store.Create)
		first := b.lease(0, 1)[0]
		b.keep(d, store.Update)
		b.ok(b.Settle(b.ctx, first.Seq, sent(1, "", dossier.Received)))
		if b.get(d.ID).SynchronisedAt != nil {
			b.Fatal("an older entry synchronised the dossier")
		}
		b.ok(b.Settle(b.ctx, b.lease(2, 1)[0].Seq, sent(3, "", dossier.Received)))
		d = b.get(d.ID)
		if d.SynchronisedAt == nil {
			b.Fatal("not synchronised")
		}
		if d = b.keep(d, store.Progress); d.SynchronisedAt != nil {
			b.Fatal("a new revision to send is synchronised already")
		}
	},
	"the first code stays": func(b *bench) {
		d := b.keep(Dossier(1), store.Create)
		b.ok(b.Settle(b.ctx, b.lease(0, 1)[0].Seq, sent(1, "A-260302-0001", dossier.Received)))
		at := clock(9)
		b.ok(b.Hear(b.ctx, d.ID, dossier.Portal{Code: "B-260302-0001", At: &at}))
		got := b.get(d.ID)
		if got.Code != "A-260302-0001" || got.Portal.Code != "B-260302-0001" {
			b.Fatalf("code %q, portal's %q", got.Code, got.Portal.Code)
		}
		js, err := b.JournalAfter(b.ctx, 0, 100)
		b.ok(err)
		if last := js[len(js)-1]; last.By != "portal" || last.Detail == "" {
			b.Fatalf("the journal says %+v", last)
		}
		if found, err := b.Find(b.ctx, "B-260302-0001"); err != nil || found.ID != d.ID {
			b.Fatal("the portal's code does not find it", err)
		}
	},
	"a code is bound to one dossier": func(b *bench) {
		b.keep(Dossier(1), store.Nothing)
		b.keep(Dossier(2), store.Nothing)
		b.ok(b.Hear(b.ctx, Dossier(1).ID, dossier.Portal{Code: "A-260302-0001"}))
		b.ok(b.Hear(b.ctx, Dossier(2).ID, dossier.Portal{Code: "a-260302-0001"}))
		if got := b.get(Dossier(2).ID); got.Code != "" || got.Portal.Code != "a-260302-0001" {
			b.Fatalf("bound %q", got.Code)
		}
		if found, err := b.Find(b.ctx, "A-260302-0001"); err != nil || found.ID != Dossier(1).ID {
			b.Fatal("the code finds the other", err)
		}
	},
	"an empty or old word erases nothing": func(b *bench) {
		d := b.keep(Dossier(1), store.Nothing)
		at, old := clock(9), clock(2)
		b.ok(b.Hear(b.ctx, d.ID, dossier.Portal{Code: "A-260302-0001", Status: dossier.Processing, At: &at}))
		b.ok(b.Hear(b.ctx, d.ID, dossier.Portal{}))
		b.ok(b.Hear(b.ctx, d.ID, dossier.Portal{Status: dossier.Received, At: &old}))
		if got := b.get(d.ID).Portal; got.Code != "A-260302-0001" || got.Status != dossier.Processing {
			b.Fatalf("portal is %+v", got)
		}
		b.code(b.Hear(b.ctx, "nobody", dossier.Portal{}), motcua.StoreNotFound)
	},
	"a code that is none is ignored": func(b *bench) {
		d := b.keep(Dossier(1), store.Nothing)
		for _, code := range []string{"\xff\xfe", fmt.Sprintf("%0300d", 1)} {
			b.ok(b.Hear(b.ctx, d.ID, dossier.Portal{Code: code, Status: 99}))
		}
		if got := b.get(d.ID); got.Code != "" || got.Portal.Code != "" || got.Portal.Status != 0 {
			b.Fatalf("kept %+v", got.Portal)
		}
	},
	"unheard are the sent without a code or an end, longest silence first": func(b *bench) {
		for i := 1; i <= 4; i++ {
			b.keep(Dossier(i), store.Create)
		}
		es := b.lease(0, 3)
		b.ok(b.Settle(b.ctx, es[0].Seq, sent(9, "A-260302-0001", dossier.Processing)))
		b.ok(b.Settle(b.ctx, es[1].Seq, sent(2, "", dossier.ResultDelivered)))
		b.ok(b.Settle(b.ctx, es[2].Seq, sent(3, "A-260302-0003", dossier.ResultDelivered)))
		unheard(b, 10, 2, 1)
		unheard(b, 1, 2)
		at := clock(11)
		b.ok(b.Hear(b.ctx, Dossier(2).ID, dossier.Portal{At: &at}))
		unheard(b, 10, 1, 2)
		b.ok(b.Hear(b.ctx, Dossier(1).ID, dossier.Portal{Status: dossier.Stopped, At: &at}))
		unheard(b, 10, 2)
		unheard(b, 0)
	},
	"the queue counts and knows the oldest": func(b *bench) {
		for i := 1; i <= 3; i++ {
			b.keep(Dossier(i), store.Create)
		}
		es := b.lease(0, 2)
		b.ok(b.Settle(b.ctx, es[0].Seq, sent(1, "", 0)))
		queue(b, store.Queue{Ready: 1, Taken: 1, Sent: 1, Oldest: Dossier(2).ReceivedAt})
	},
	"many senders never hold the same entry": func(b *bench) {
		for i := 1; i <= 20; i++ {
			b.keep(Dossier(i), store.Create)
		}
		var mu sync.Mutex
		out := map[uint64]bool{}
		together(8, func(int) error {
			for range 10 {
				es, err := b.Lease(b.ctx, clock(0), clock(5), 3)
				if err != nil {
					return err
				}
				mu.Lock()
				for _, e := range es {
					if out[e.Seq] {
						err = fmt.Errorf("entry %d leased twice", e.Seq)
					}
					out[e.Seq] = true
				}
				mu.Unlock()
				if err != nil {
					return err
				}
			}
			return nil
		}, b.ok)
		if len(out) != 20 {
			b.Fatalf("%d entries leased", len(out))
		}
	},
}

func unheard(b *bench, limit int, want ...int) {
	b.Helper()
	ds, err := b.Unheard(b.ctx, limit)
	b.ok(err)
	var got []int
	for _, d := range ds {
		got = append(got, int(d.ReceivedAt.Sub(Day)/time.Minute))
	}
	expect(b, got, want...)
}

// queue compares the counts, and the oldest if want names it.
func queue(b *bench, want store.Queue) {
	b.Helper()
	got, err := b.Queue(b.ctx)
	b.ok(err)
	if !want.Oldest.IsZero() && !got.Oldest.Equal(want.Oldest) {
		b.Fatalf("oldest is %v, want %v", got.Oldest, want.Oldest)
	}
	got.Oldest, want.Oldest = time.Time{}, time.Time{}
	if got != want {
		b.Fatalf("queue is %+v, want %+v", got, want)
	}
}
