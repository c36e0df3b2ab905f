package memory

import (
	"cmp"
	"context"
	"slices"
	"time"

	"motcua"
	"motcua/store"
	"motcua/store/dossier"
)

// way is the entries of a dossier, in order.
func (s *Store) way(id dossier.ID) (out []*store.Entry) {
	for _, seq := range s.ways[id] {
		out = append(out, &s.outbox[seq-1])
	}
	return out
}

// head is the first entry of the dossier that is not sent.
func (s *Store) head(id dossier.ID) *store.Entry {
	for _, e := range s.way(id) {
		if e.State != store.Sent {
			return e
		}
	}
	return nil
}

// entry is the entry with a number.
func (s *Store) entry(seq uint64) (*store.Entry, error) {
	if seq == 0 || seq > uint64(len(s.outbox)) {
		return nil, motcua.Fail(motcua.StoreNotFound, "outbox entry", nil)
	}
	return &s.outbox[seq-1], nil
}

func copyOf(e *store.Entry) store.Entry {
	c := *e
	c.Body, c.Tries = slices.Clone(e.Body), slices.Clone(e.Tries)
	return c
}

// Lease takes entries, the longest due first.
func (s *Store) Lease(ctx context.Context, now, until time.Time, n int) ([]store.Entry, error) {
	if err := s.enter(ctx); err != nil {
		return nil, err
	}
	defer s.mu.Unlock()
	var due []*store.Entry
	for i := range s.outbox {
		e := &s.outbox[i]
		if at, ok := e.Due(); ok && !at.After(now) && s.head(e.Dossier) == e {
			due = append(due, e)
		}
	}
	slices.SortStableFunc(due, func(a, b *store.Entry) int {
		x, _ := a.Due()
		y, _ := b.Due()
		return cmp.Compare(x.UnixMilli(), y.UnixMilli())
	})
	var out []store.Entry
	for _, e := range due[:min(len(due), max(n, 0))] {
		e.Take(until)
		out = append(out, copyOf(e))
		s.watchers.Tell(store.Event{Dossier: e.Dossier, Kind: store.Moved})
	}
	return out, nil
}

// Settle ends a lease.
func (s *Store) Settle(ctx context.Context, seq uint64, o store.Outcome) error {
	if err := s.enter(ctx); err != nil {
		return err
	}
	defer s.mu.Unlock()
	e, err := s.entry(seq)
	if err != nil {
		return err
	}
	if e.State == store.Sent && o.State == store.Sent {
		return s.hear(e.Dossier, o.Portal, nil)
	}
	changed := *e
	if err := changed.End(o, s.head(e.Dossier) == e); err != nil {
		return err
	}
	if o.State != store.Ready {
		note := store.JournalEntry{
			At: o.Confirmed(s.Now()), By: "portal", Action: string(o.State), Dossier: e.Dossier, Body: e.SHA256,
		}
		if err := s.note(note); err != nil {
			return err
		}
	}
	*e = changed
	s.watchers.Tell(store.Event{Dossier: e.Dossier, Kind: store.Moved})
	if o.State != store.Sent {
		return nil
	}
	var confirmed *time.Time
	if s.head(e.Dossier) == nil {
		at := o.Confirmed(s.Now())
		confirmed = &at
	}
	return s.hear(e.Dossier, o.Portal, confirmed)
}

// Hear records what the portal says.
func (s *Store) Hear(ctx context.Context, id dossier.ID, p dossier.Portal) error {
	if err := s.enter(ctx); err != nil {
		return err
	}
	defer s.mu.Unlock()
	return s.hear(id, p, nil)
}

// hear writes the portal's word, and when it confirmed the newest revision.
func (s *Store) hear(id dossier.ID, p dossier.Portal, confirmed *time.Time) error {
	old := s.load(id)
	if old == nil {
		return motcua.Fail(motcua.StoreNotFound, "dossier", nil)
	}
	d := *old
	now := s.Now()
	news := store.Learn(&d, p, now, func(code string) bool {
		other, ok := s.alias[code]
		return ok && other != id
	})
	if confirmed != nil {
		d.SynchronisedAt = confirmed
	}
	body, _, err := store.Body(&d)
	if err != nil {
		return err
	}
	if news.Changed {
		note := store.JournalEntry{At: *d.Portal.At, By: "portal", Action: news.Action, Dossier: id, Detail: news.Detail}
		if err := s.note(note); err != nil {
			return err
		}
		s.watchers.Tell(store.Event{Dossier: id, Kind: store.Learned})
	}
	s.save(old, &d, body)
	return nil
}

// Resend makes an entry ready.
func (s *Store) Resend(ctx context.Context, seq uint64, now time.Time) error {
	if err := s.enter(ctx); err != nil {
		return err
	}
	defer s.mu.Unlock()
	e, err := s.entry(seq)
	if err != nil {
		return err
	}
	before := *e
	if err := e.Again(now); err != nil {
		return err
	}
	if e.State != before.State || !e.NextTry.Equal(before.NextTry) {
		s.watchers.Tell(store.Event{Dossier: e.Dossier, Kind: store.Moved})
	}
	return nil
}

// Entries is every entry of a dossier.
func (s *Store) Entries(ctx context.Context, id dossier.ID) ([]store.Entry, error) {
	if err := s.enter(ctx); err != nil {
		return nil, err
	}
	defer s.mu.Unlock()
	var out []store.Entry
	for _, e := range s.way(id) {
		out = append(out, copyOf(e))
	}
	return out, nil
}

// Unheard is the dossiers to ask the portal about.
func (s *Store) Unheard(ctx context.Context, limit int) ([]dossier.Dossier, error) {
	if err := s.enter(ctx); err != nil {
		return nil, err
	}
	defer s.mu.Unlock()
	var out []dossier.Dossier
	for id := range s.dossiers {
		way := s.way(id)
		if d := s.load(id); len(way) > 0 && way[0].State == store.Sent && store.Unknown(d) {
			out = append(out, *d)
		}
	}
	slices.SortFunc(out, func(a, b dossier.Dossier) int {
		return cmp.Or(
			cmp.Compare(store.Heard(&a).UnixMilli(), store.Heard(&b).UnixMilli()), cmp.Compare(a.ID, b.ID))
	})
	return out[:min(len(out), max(limit, 0))], nil
}

// Queue counts the entries.
func (s *Store) Queue(ctx context.Context) (store.Queue, error) {
	var q store.Queue
	if err := s.enter(ctx); err != nil {
		return q, err
	}
	defer s.mu.Unlock()
	for i := range s.outbox {
		e := &s.outbox[i]
		q.Count(e.State)
		if e.State != store.Sent && q.Oldest.IsZero() {
			q.Oldest = e.KeptAt
		}
	}
	return q, nil
}
