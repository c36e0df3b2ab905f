package bolt

import (
	"context"
	"maps"
	"slices"
	"time"

	"motcua"
	"motcua/store"
	"motcua/store/dossier"
)

// Keep writes one change in one transaction.
func (s *Store) Keep(ctx context.Context, c store.Change) (dossier.Dossier, error) {
	if c.At.IsZero() {
		c.At = s.now()
	}
	put := s.putFiles(&c.Dossier)
	var kept *dossier.Dossier
	err := s.update(ctx, func(w *writer) (err error) {
		kept, err = w.keep(c, put)
		return err
	})
	if err != nil {
		return dossier.Dossier{}, err
	}
	return *kept, nil
}

// keep checks everything before it writes anything.
func (w *writer) keep(c store.Change, put map[string]int64) (*dossier.Dossier, error) {
	old, d, err := w.advance(c, put)
	if err != nil {
		return nil, err
	}
	body, sum, err := store.Body(d)
	if err != nil {
		return nil, err
	}
	note := store.JournalEntry{At: c.At, By: c.By, Action: c.Action, Dossier: d.ID, Body: sum}
	if err := w.note(note); err != nil {
		return nil, err
	}
	from, err := w.way(d.ID)
	if err != nil {
		return nil, err
	}
	to := from
	if c.Send != store.Nothing {
		if to, err = w.enqueue(from, store.NewEntry(c, d, body, sum)); err != nil {
			return nil, err
		}
	}
	if err := w.linkFiles(d); err != nil {
		return nil, err
	}
	if err := w.save(old, d, from, to); err != nil {
		return nil, err
	}
	w.tell(d.ID, store.Kept)
	return w.dossier(d.ID) // what was written, sharing no memory with the caller
}

// advance is the stored dossier and the one that c makes of it, if it may.
func (w *writer) advance(c store.Change, put map[string]int64) (old, d *dossier.Dossier, err error) {
	if old, err = w.dossier(c.Dossier.ID); err != nil {
		return nil, nil, err
	}
	next, err := store.Advance(old, c)
	if err == nil {
		err = w.checkNames(&next)
	}
	if err == nil {
		err = w.checkFiles(&next, put)
	}
	return old, &next, err
}

// checkNames refuses a number or code that finds another dossier.
func (w *writer) checkNames(d *dossier.Dossier) error {
	for _, name := range []string{d.Number, d.Code} {
		ref := dossier.FoldCode(name)
		if len(ref) > maxRef {
			return motcua.Fail(motcua.StoreInvalid, "code is too long", nil)
		}
		id, err := w.alias(ref)
		if err != nil {
			return err
		}
		if id != "" && id != d.ID {
			return motcua.Fail(motcua.StoreInvalid, "number or code of another dossier", nil)
		}
	}
	return nil
}

// maxRef keeps a reference far below the greatest key of bbolt (32 KiB).
const maxRef = 11_000

// save writes the record d in place of old, with every key that leads to it.
// Only the keys that differ are touched.
func (w *writer) save(old, d *dossier.Dossier, from, to way) error {
	before := map[string]bool{}
	if old != nil {
		before = listKeys(old, &from)
	}
	after := listKeys(d, &to)
	for _, key := range slices.Sorted(maps.Keys(before)) {
		if !after[key] {
			if err := w.drop(bList, []byte(key)); err != nil {
				return err
			}
		}
	}
	for _, key := range slices.Sorted(maps.Keys(after)) {
		if !before[key] {
			if err := w.putRaw(bList, []byte(key), nil); err != nil {
				return err
			}
		}
	}
	if old == nil || from != to {
		if err := w.put(bWays, []byte(d.ID), to); err != nil {
			return err
		}
	}
	if err := w.saveAlias(old, d); err != nil {
		return err
	}
	return w.put(bDossiers, []byte(d.ID), d)
}

// saveAlias binds the references of d. One that another dossier holds stays
// the other's.
func (w *writer) saveAlias(old, d *dossier.Dossier) error {
	refs := store.References(d)
	if old != nil {
		for _, r := range store.References(old) {
			id, err := w.alias(r)
			if err != nil {
				return err
			}
			if id == d.ID && !slices.Contains(refs, r) {
				if err := w.drop(bAlias, []byte(r)); err != nil {
					return err
				}
			}
		}
	}
	for _, r := range refs {
		id, err := w.alias(r)
		if err != nil {
			return err
		}
		if id == "" {
			if err := w.put(bAlias, []byte(r), d.ID); err != nil {
				return err
			}
		}
	}
	return nil
}

// Get is the newest revision.
func (s *Store) Get(ctx context.Context, id dossier.ID) (dossier.Dossier, error) {
	return s.one(ctx, func(r reader) (*dossier.Dossier, error) { return r.dossier(id) })
}

// Find is the dossier of a number or code. A reference that is known must lead
// to a dossier.
func (s *Store) Find(ctx context.Context, reference string) (dossier.Dossier, error) {
	return s.one(ctx, func(r reader) (*dossier.Dossier, error) {
		id, err := r.alias(dossier.FoldCode(reference))
		if err != nil || id == "" {
			return nil, err
		}
		return r.listed(id)
	})
}

// one reads one dossier.
func (s *Store) one(ctx context.Context, read func(reader) (*dossier.Dossier, error)) (dossier.Dossier, error) {
	var found *dossier.Dossier
	err := s.view(ctx, func(r reader) (err error) {
		found, err = read(r)
		return err
	})
	switch {
	case err != nil:
		return dossier.Dossier{}, err
	case found == nil:
		return dossier.Dossier{}, motcua.Fail(motcua.StoreNotFound, "dossier", nil)
	}
	return *found, nil
}

// Next counts.
func (s *Store) Next(ctx context.Context, counter string) (int, error) {
	if !store.ValidCounter(counter) {
		return 0, motcua.Fail(motcua.StoreInvalid, "counter", nil)
	}
	var n int
	err := s.update(ctx, func(w *writer) error {
		n = 0
		if _, err := w.get(bCounters, []byte(counter), &n); err != nil {
			return err
		}
		n++
		return w.put(bCounters, []byte(counter), n)
	})
	if err != nil {
		return 0, err
	}
	return n, nil
}

func (s *Store) now() time.Time { return s.options.Now() }
