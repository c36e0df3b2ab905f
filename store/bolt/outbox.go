package bolt

import (
	"bytes"
	"context"
	"encoding/binary"
	"time"

	"motcua"
	"motcua/store"
	"motcua/store/dossier"
)

func stepKey(id dossier.ID, order int) []byte {
	return binary.BigEndian.AppendUint32(append([]byte(id), 0), uint32(order))
}

func dueKey(at time.Time, seq uint64) []byte { return append(millis(at), be64(seq)...) }

// enqueue writes a new entry behind the others of its dossier.
func (w *writer) enqueue(from way, e store.Entry) (way, error) {
	to := from
	to.Last++
	seq, err := w.tx.Bucket(bOutbox).NextSequence()
	if err != nil {
		return to, err
	}
	e.Seq, e.Order = seq, to.Last
	if err := w.putRaw(bBodies, be64(seq), sealBytes(bBodies, be64(seq), e.Body)); err != nil {
		return to, err
	}
	if err := w.put(bSteps, stepKey(e.Dossier, e.Order), seq); err != nil {
		return to, err
	}
	if to.Head == 0 {
		to.Head = seq
		if err := w.putRaw(bDue, dueKey(e.NextTry, seq), nil); err != nil {
			return to, err
		}
	}
	return to, w.putEntry(&e)
}

// putEntry writes an entry's state; its body stands apart and never changes.
func (w *writer) putEntry(e *store.Entry) error {
	key := be64(e.Seq)
	short := *e
	short.Body = nil
	if err := w.put(bOutbox, key, &short); err != nil {
		return err
	}
	if e.State == store.Sent {
		return w.drop(bUnsent, key)
	}
	return w.put(bUnsent, key, e.State)
}

// moveDue keeps the due list true for the first unsent entry of a dossier.
func (w *writer) moveDue(before, after *store.Entry) error {
	if at, ok := before.Due(); ok {
		if err := w.drop(bDue, dueKey(at, before.Seq)); err != nil {
			return err
		}
	}
	if at, ok := after.Due(); ok {
		return w.putRaw(bDue, dueKey(at, after.Seq), nil)
	}
	return nil
}

// entry reads an entry, with its body if asked. Entries are never deleted: one
// whose number was given and that is not there is lost.
func (r reader) entry(seq uint64, whole bool) (*store.Entry, error) {
	var e store.Entry
	key := be64(seq)
	found, err := r.get(bOutbox, key, &e)
	switch {
	case err != nil:
		return nil, err
	case !found && seq != 0 && seq <= r.tx.Bucket(bOutbox).Sequence():
		return nil, damaged("an outbox entry is lost")
	case !found:
		return nil, motcua.Fail(motcua.StoreNotFound, "outbox entry", nil)
	case whole:
		content, err := unsealBytes(bBodies, key, r.tx.Bucket(bBodies).Get(key))
		if err != nil {
			return nil, err
		}
		e.Body = bytes.Clone(content)
	}
	return &e, nil
}

// due is up to n entries that may be sent at now, the longest due first.
func (r reader) due(now time.Time, n int, whole bool) (out []*store.Entry, err error) {
	c := r.tx.Bucket(bDue).Cursor()
	last := millis(now)
	for k, _ := c.First(); k != nil && len(out) < n; k, _ = c.Next() {
		if len(k) != 16 || bytes.Compare(k[:8], last) > 0 {
			break
		}
		e, err := r.entry(binary.BigEndian.Uint64(k[8:]), whole)
		if err != nil {
			return nil, err
		}
		if at, ok := e.Due(); ok && !at.After(now) {
			out = append(out, e)
		}
	}
	return out, nil
}

// Lease takes entries. It looks first, so that an idle sender costs no commit.
func (s *Store) Lease(ctx context.Context, now, until time.Time, n int) ([]store.Entry, error) {
	any := false
	err := s.view(ctx, func(r reader) error {
		due, err := r.due(now, min(n, 1), false)
		any = len(due) > 0
		return err
	})
	if err != nil || !any {
		return nil, err
	}
	var out []store.Entry
	err = s.update(ctx, func(w *writer) error {
		out = nil
		due, err := w.due(now, n, true)
		if err != nil {
			return err
		}
		for _, e := range due {
			before := *e
			e.Take(until)
			if err := w.move(&before, e); err != nil {
				return err
			}
			out = append(out, *e)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// move writes an entry that is the first unsent of its dossier.
func (w *writer) move(before, after *store.Entry) error {
	if err := w.moveDue(before, after); err != nil {
		return err
	}
	w.tell(after.Dossier, store.Moved)
	return w.putEntry(after)
}

// Settle ends a lease.
func (s *Store) Settle(ctx context.Context, seq uint64, o store.Outcome) error {
	now := s.now()
	return s.update(ctx, func(w *writer) error { return w.settle(seq, o, now) })
}

func (w *writer) settle(seq uint64, o store.Outcome, now time.Time) error {
	e, err := w.entry(seq, false)
	if err != nil {
		return err
	}
	from, err := w.way(e.Dossier)
	if err != nil {
		return err
	}
	if e.State == store.Sent && o.State == store.Sent {
		return w.hear(e.Dossier, o.Portal, now, from, from, nil)
	}
	before := *e
	if err := e.End(o, from.Head == seq); err != nil {
		return err
	}
	if o.State != store.Ready {
		if err := w.note(store.JournalEntry{
			At: o.Confirmed(now), By: "portal", Action: string(o.State), Dossier: e.Dossier, Body: e.SHA256,
		}); err != nil {
			return err
		}
	}
	if err := w.move(&before, e); err != nil || o.State != store.Sent {
		return err
	}
	to, err := w.pass(from, e)
	if err != nil {
		return err
	}
	var confirmed *time.Time
	if to.Head == 0 {
		at := o.Confirmed(now)
		confirmed = &at
	}
	return w.hear(e.Dossier, o.Portal, now, from, to, confirmed)
}

// pass makes the entry behind the sent one the first of its dossier.
func (w *writer) pass(from way, sent *store.Entry) (way, error) {
	to := from
	to.Sent, to.Head = sent.Order, 0
	if sent.Order == from.Last {
		return to, nil
	}
	found, err := w.get(bSteps, stepKey(sent.Dossier, sent.Order+1), &to.Head)
	if err != nil || !found {
		return to, motcua.Fail(motcua.StoreDamaged, "outbox order", err)
	}
	next, err := w.entry(to.Head, false)
	if err != nil {
		return to, err
	}
	return to, w.moveDue(&store.Entry{}, next)
}

// Hear records what the portal says.
func (s *Store) Hear(ctx context.Context, id dossier.ID, p dossier.Portal) error {
	now := s.now()
	return s.update(ctx, func(w *writer) error {
		at, err := w.way(id)
		if err != nil {
			return err
		}
		return w.hear(id, p, now, at, at, nil)
	})
}

// hear writes the portal's word without a new revision, and when it confirmed
// the newest one.
func (w *writer) hear(
	id dossier.ID, p dossier.Portal, now time.Time, from, to way, confirmed *time.Time,
) error {
	old, err := w.dossier(id)
	if err != nil {
		return err
	}
	if old == nil {
		return motcua.Fail(motcua.StoreNotFound, "dossier", nil)
	}
	d := *old
	var lookup error
	news := store.Learn(&d, p, now, func(code string) bool {
		other, err := w.alias(code)
		lookup = err
		return other != "" && other != id
	})
	if lookup != nil {
		return lookup
	}
	if confirmed != nil {
		d.SynchronisedAt = confirmed
	}
	if news.Changed {
		if err := w.note(store.JournalEntry{
			At: *d.Portal.At, By: "portal", Action: news.Action, Dossier: id, Detail: news.Detail,
		}); err != nil {
			return err
		}
		w.tell(id, store.Learned)
	}
	return w.save(old, &d, from, to)
}

// Resend makes an entry ready.
func (s *Store) Resend(ctx context.Context, seq uint64, now time.Time) error {
	return s.update(ctx, func(w *writer) error {
		e, err := w.entry(seq, false)
		if err != nil {
			return err
		}
		before := *e
		if err := e.Again(now); err != nil {
			return err
		}
		if e.State == before.State && e.NextTry.Equal(before.NextTry) {
			return nil
		}
		at, err := w.way(e.Dossier)
		if err != nil {
			return err
		}
		if at.Head == seq {
			return w.move(&before, e)
		}
		w.tell(e.Dossier, store.Moved)
		return w.putEntry(e)
	})
}

// Entries is every entry of a dossier.
func (s *Store) Entries(ctx context.Context, id dossier.ID) ([]store.Entry, error) {
	var out []store.Entry
	err := s.view(ctx, func(r reader) error {
		at, err := r.way(id)
		if err != nil {
			return err
		}
		for order := 1; order <= at.Last; order++ {
			var seq uint64
			if _, err := r.get(bSteps, stepKey(id, order), &seq); err != nil {
				return err
			}
			e, err := r.entry(seq, true)
			if err != nil {
				return err
			}
			out = append(out, *e)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// Unheard is the dossiers to ask the portal about.
func (s *Store) Unheard(ctx context.Context, limit int) ([]dossier.Dossier, error) {
	var out []dossier.Dossier
	start := prefix(listUnheard, "")
	err := s.view(ctx, func(r reader) error {
		c := r.tx.Bucket(bList).Cursor()
		for k, _ := c.Seek(start); bytes.HasPrefix(k, start) && len(out) < limit; k, _ = c.Next() {
			d, err := r.listed(store.PlaceID(string(k[len(start):])))
			if err != nil {
				return err
			}
			out = append(out, *d)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// Queue counts the entries. What is not in the unsent bucket was sent.
func (s *Store) Queue(ctx context.Context) (store.Queue, error) {
	var q store.Queue
	err := s.view(ctx, func(r reader) error {
		c := r.tx.Bucket(bUnsent).Cursor()
		for k, v := c.First(); k != nil; k, v = c.Next() {
			var state store.State
			if err := unseal(bUnsent, k, v, &state); err != nil {
				return err
			}
			q.Count(state)
			if q.Waiting() == 1 {
				e, err := r.entry(binary.BigEndian.Uint64(k), false)
				if err != nil {
					return err
				}
				q.Oldest = e.KeptAt
			}
		}
		q.Sent = int(r.tx.Bucket(bOutbox).Sequence()) - q.Waiting()
		return nil
	})
	return q, err
}
