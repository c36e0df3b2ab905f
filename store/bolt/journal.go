package bolt

import (
	"context"

	"motcua"
	"motcua/store"
)

// Note appends to the journal.
func (s *Store) Note(ctx context.Context, e store.JournalEntry) error {
	if e.At.IsZero() {
		e.At = s.now()
	}
	return s.update(ctx, func(w *writer) error { return w.note(e) })
}

// note chains e to the newest entry.
func (w *writer) note(e store.JournalEntry) error {
	var t tip
	if _, err := w.get(bMeta, kTip, &t); err != nil {
		return err
	}
	if err := e.Chain(t.Seq, t.Hash); err != nil {
		return err
	}
	if err := w.put(bJournal, be64(e.Seq), &e); err != nil {
		return err
	}
	return w.put(bMeta, kTip, tip{e.Seq, e.Hash})
}

// JournalAfter reads the journal.
func (s *Store) JournalAfter(ctx context.Context, seq uint64, limit int) ([]store.JournalEntry, error) {
	out, err := s.journalPart(ctx, seq, limit)
	if err != nil {
		return nil, err
	}
	return out, nil
}

// journalPart is also what could be read before an error.
func (s *Store) journalPart(ctx context.Context, seq uint64, limit int) (out []store.JournalEntry, err error) {
	if seq+1 == 0 {
		return nil, nil
	}
	err = s.view(ctx, func(r reader) error {
		c := r.tx.Bucket(bJournal).Cursor()
		for k, v := c.Seek(be64(seq + 1)); k != nil && len(out) < limit; k, v = c.Next() {
			var e store.JournalEntry
			if err := unseal(bJournal, k, v, &e); err != nil {
				return err
			}
			out = append(out, e)
		}
		return nil
	})
	return out, err
}

// verifyStep is how many entries are read in one transaction.
const verifyStep = 1000

// VerifyJournal walks the chain in short reads. The newest entry must be the
// one that meta names: a chain whose end was cut off is whole in itself.
func (s *Store) VerifyJournal(ctx context.Context) (int, error) {
	var end tip
	if err := s.view(ctx, func(r reader) error {
		_, err := r.get(bMeta, kTip, &end)
		return err
	}); err != nil {
		return 0, err
	}
	n, prev := uint64(0), ""
	for n < end.Seq {
		part, err := s.journalPart(ctx, n, verifyStep)
		for i := range part {
			if !part[i].Follows(n, prev) {
				return int(n), motcua.Fail(motcua.StoreDamaged, "journal", nil)
			}
			n, prev = part[i].Seq, part[i].Hash
			if n == end.Seq && prev != end.Hash {
				return int(n - 1), motcua.Fail(motcua.StoreDamaged, "journal", nil)
			}
		}
		if err != nil {
			return int(n), err
		}
		if len(part) == 0 {
			return int(n), motcua.Fail(motcua.StoreDamaged, "the journal's end is missing", nil)
		}
	}
	return int(n), nil
}
