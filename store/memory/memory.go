// Package memory is the store that forgets: the stand-in for bolt in tests, in
// demonstrations and on a bench without a disk. It keeps every promise of the
// contract but durability, and sits the same exam (storetest).
package memory

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"sync"
	"time"

	"motcua"
	"motcua/store"
	"motcua/store/dossier"
)

// Store keeps everything in maps. Make one with New.
type Store struct {
	// Now is the clock for what comes without a time of its own.
	Now func() time.Time

	watchers store.Watchers

	mu       sync.Mutex
	closed   bool
	dossiers map[dossier.ID][]byte // canonical JSON: nobody shares a dossier with us
	alias    map[string]dossier.ID
	counters map[string]int
	files    map[string][]byte
	outbox   []store.Entry // by Seq-1
	ways     map[dossier.ID][]uint64
	journal  []store.JournalEntry
}

var _ store.Store = (*Store)(nil)

// New is an empty store.
func New() *Store {
	return &Store{
		Now:      time.Now,
		dossiers: map[dossier.ID][]byte{},
		alias:    map[string]dossier.ID{},
		counters: map[string]int{},
		files:    map[string][]byte{},
		ways:     map[dossier.ID][]uint64{},
	}
}

// enter takes the lock for one call, unless the store is closed or the caller
// has given up.
func (s *Store) enter(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return motcua.Fail(motcua.Cancelled, "", err)
	}
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return motcua.Fail(motcua.StoreUnreadable, "closed", nil)
	}
	return nil
}

// Keep writes one change.
func (s *Store) Keep(ctx context.Context, c store.Change) (dossier.Dossier, error) {
	if err := s.enter(ctx); err != nil {
		return dossier.Dossier{}, err
	}
	defer s.mu.Unlock()
	old := s.load(c.Dossier.ID)
	d, err := store.Advance(old, c)
	if err != nil {
		return dossier.Dossier{}, err
	}
	if err := s.checkLinks(old, &d); err != nil {
		return dossier.Dossier{}, err
	}
	body, sum, err := store.Body(&d)
	if err != nil {
		return dossier.Dossier{}, err
	}
	if c.At.IsZero() {
		c.At = s.Now()
	}
	note := store.JournalEntry{At: c.At, By: c.By, Action: c.Action, Dossier: d.ID, Body: sum}
	if err := s.note(note); err != nil {
		return dossier.Dossier{}, err
	}
	s.save(old, &d, body)
	if c.Send != store.Nothing {
		e := store.NewEntry(c, &d, body, sum)
		e.Seq, e.Order = uint64(len(s.outbox)+1), len(s.ways[d.ID])+1
		s.outbox = append(s.outbox, e)
		s.ways[d.ID] = append(s.ways[d.ID], e.Seq)
	}
	s.watchers.Tell(store.Event{Dossier: d.ID, Kind: store.Kept})
	return *s.load(d.ID), nil
}

// checkLinks refuses a reference that is another dossier's and an attachment
// that nobody put.
func (s *Store) checkLinks(old, d *dossier.Dossier) error {
	for _, name := range []string{d.Number, d.Code} {
		if id, ok := s.alias[dossier.FoldCode(name)]; ok && id != d.ID {
			return motcua.Fail(motcua.StoreInvalid, "number or code of another dossier", nil)
		}
	}
	var had []dossier.File
	if old != nil {
		had = store.Files(old)
	}
	for _, f := range store.Files(d) {
		same := func(o dossier.File) bool { return o.SHA256 == f.SHA256 && o.Size == f.Size }
		content, ok := s.files[f.SHA256]
		if !slices.ContainsFunc(had, same) && (!ok || f.Size != int64(len(content))) {
			return motcua.Fail(motcua.StoreInvalid, "attachment was never put", nil)
		}
	}
	return nil
}

func (s *Store) load(id dossier.ID) *dossier.Dossier {
	b, ok := s.dossiers[id]
	if !ok {
		return nil
	}
	var d dossier.Dossier
	if err := json.Unmarshal(b, &d); err != nil {
		panic(err) // written by this process from the same type
	}
	return &d
}

// save writes d and its references; a reference that another dossier holds
// stays the other's.
func (s *Store) save(old, d *dossier.Dossier, body []byte) {
	if old != nil {
		for _, r := range store.References(old) {
			if s.alias[r] == d.ID {
				delete(s.alias, r)
			}
		}
	}
	for _, r := range store.References(d) {
		if _, taken := s.alias[r]; !taken {
			s.alias[r] = d.ID
		}
	}
	s.dossiers[d.ID] = body
}

// Get is the newest revision.
func (s *Store) Get(ctx context.Context, id dossier.ID) (dossier.Dossier, error) {
	if err := s.enter(ctx); err != nil {
		return dossier.Dossier{}, err
	}
	defer s.mu.Unlock()
	return s.get(id)
}

func (s *Store) get(id dossier.ID) (dossier.Dossier, error) {
	if d := s.load(id); d != nil {
		return *d, nil
	}
	return dossier.Dossier{}, motcua.Fail(motcua.StoreNotFound, "dossier", nil)
}

// Find is the dossier of a number or code.
func (s *Store) Find(ctx context.Context, reference string) (dossier.Dossier, error) {
	if err := s.enter(ctx); err != nil {
		return dossier.Dossier{}, err
	}
	defer s.mu.Unlock()
	return s.get(s.alias[dossier.FoldCode(reference)])
}

// List pages through dossiers.
func (s *Store) List(ctx context.Context, q store.Query) (store.Page, error) {
	after, err := q.After()
	if err != nil {
		return store.Page{}, err
	}
	if err := s.enter(ctx); err != nil {
		return store.Page{}, err
	}
	defer s.mu.Unlock()
	var found []dossier.Dossier
	for id := range s.dossiers {
		d := s.load(id)
		if q.Match(d) && (!q.Unsent || s.head(id) != nil) && (after == "" || store.Place(d) < after) {
			found = append(found, *d)
		}
	}
	slices.SortFunc(found, func(a, b dossier.Dossier) int {
		return strings.Compare(store.Place(&b), store.Place(&a))
	})
	p := store.Page{Dossiers: found}
	if n := q.Size(); len(found) > n {
		p.Dossiers, p.Next = found[:n], store.CursorAt(store.Place(&found[n-1]))
	}
	return p, nil
}

// Next counts.
func (s *Store) Next(ctx context.Context, counter string) (int, error) {
	if !store.ValidCounter(counter) {
		return 0, motcua.Fail(motcua.StoreInvalid, "counter", nil)
	}
	if err := s.enter(ctx); err != nil {
		return 0, err
	}
	defer s.mu.Unlock()
	s.counters[counter]++
	return s.counters[counter], nil
}

// Watch tells of changes.
func (s *Store) Watch(tell func(store.Event)) (stop func()) { return s.watchers.Watch(tell) }

// Close ends the store; later calls fail.
func (s *Store) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	return nil
}
