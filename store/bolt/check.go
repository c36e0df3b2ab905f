package bolt

import (
	"bytes"
	"context"

	"motcua/store"
	"motcua/store/dossier"
)

// checkStep is how many keys are checked in one read transaction.
const checkStep = 500

// surveyLive surveys the file under a read transaction, which keeps the pages
// of the newest meta page from being written anew.
func (s *Store) surveyLive(ctx context.Context) error {
	return s.view(ctx, func(reader) error { return surveyFile(s.path(dbName), false) })
}

// checkRecords reads every dossier, its way, its entries and all that leads to
// it, and then every list entry, which must belong to a dossier.
func (s *Store) checkRecords(ctx context.Context) error {
	if err := s.each(ctx, bDossiers, func(r reader, k []byte) error {
		return r.checkDossier(dossier.ID(k))
	}); err != nil {
		return err
	}
	return s.each(ctx, bList, reader.checkListed)
}

// each calls fn with every key of a bucket, in short transactions.
func (s *Store) each(ctx context.Context, bucket []byte, fn func(reader, []byte) error) error {
	var from []byte
	for more := true; more; {
		err := s.view(ctx, func(r reader) error {
			c := r.tx.Bucket(bucket).Cursor()
			k, _ := c.Seek(from)
			for n := 0; k != nil && n < checkStep; n++ {
				if err := fn(r, k); err != nil {
					return err
				}
				k, _ = c.Next()
			}
			from, more = bytes.Clone(k), k != nil
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// checkListed makes sure that a list entry leads to a dossier that is so.
func (r reader) checkListed(key []byte) error {
	cut := 2
	if key[0] == listWord {
		cut = bytes.IndexByte(key, 0) + 1
	} else if len(key) > 1 {
		cut += int(key[1])
	}
	if cut < 1 || cut > len(key) {
		return damaged("a list entry without a place")
	}
	id := store.PlaceID(string(key[cut:]))
	d, err := r.listed(id)
	if err != nil {
		return err
	}
	w, err := r.way(id)
	if err == nil && !listKeys(d, &w)[string(key)] {
		return damaged("a list entry that is not true")
	}
	return err
}

func (r reader) checkDossier(id dossier.ID) error {
	d, err := r.listed(id) // by Get, not by the cursor: damage above a key hides it from one only
	if err != nil {
		return err
	}
	w, err := r.way(id)
	if err != nil {
		return err
	}
	for key := range listKeys(d, &w) {
		if r.tx.Bucket(bList).Get([]byte(key)) == nil {
			return damaged("a dossier is missing in a list")
		}
	}
	for _, ref := range []string{d.Number, d.Code} {
		if ref == "" {
			continue
		}
		if other, err := r.alias(dossier.FoldCode(ref)); err != nil || other != id {
			return damaged("a dossier's number or code does not lead to it")
		}
	}
	return r.checkWay(id, w)
}

// checkWay reads a dossier's entries and compares their bodies' hashes.
func (r reader) checkWay(id dossier.ID, w way) error {
	for order := 1; order <= w.Last; order++ {
		var seq uint64
		if found, err := r.get(bSteps, stepKey(id, order), &seq); err != nil || !found {
			return damaged("an outbox entry is missing")
		}
		e, err := r.entry(seq, true)
		if err != nil {
			return err
		}
		if hashOf(e.Body) != e.SHA256 || (e.State == store.Sent) != (order <= w.Sent) {
			return damaged("an outbox entry is not the one that was kept")
		}
	}
	return nil
}
