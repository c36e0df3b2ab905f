package bolt

import (
	"bytes"
	"context"
	"slices"

	"motcua"
	"motcua/store"
	"motcua/store/dossier"
)

// List pages through dossiers. One list is walked from its newest end, the
// narrowest that the query names; the record decides the rest.
func (s *Store) List(ctx context.Context, q store.Query) (store.Page, error) {
	after, err := q.After()
	if err != nil {
		return store.Page{}, err
	}
	var page store.Page
	err = s.view(ctx, func(r reader) error {
		places := r.walk(narrowest(&q), after)
		if terms := store.Terms(q.Text); len(terms) > 0 {
			places = r.worded(terms, after)
		}
		page, err = r.page(&q, places)
		return err
	})
	return page, err
}

// narrowest is the prefix of the list to walk.
func narrowest(q *store.Query) []byte {
	switch {
	case q.Person != "":
		return prefix(listPerson, q.Person)
	case q.Unsent:
		return prefix(listUnsent, "")
	case q.Procedure != "":
		return prefix(listProcedure, q.Procedure)
	case q.Stage != "":
		return prefix(listStage, string(q.Stage))
	case q.Status != 0:
		return prefix(listStatus, string(rune(q.Status)))
	}
	return prefix(listAll, "")
}

// walk yields the places of one list from the newest down, below after. The
// function it returns ends with an empty place.
func (r reader) walk(start []byte, after string) func() string {
	c := r.tx.Bucket(bList).Cursor()
	end := append(slices.Clone(start), after...)
	if after == "" {
		end = append(slices.Clone(start), bytes.Repeat([]byte{0xff}, 9)...)
	}
	k, _ := c.Seek(end)
	if k == nil {
		k, _ = c.Last()
	}
	for k != nil && bytes.Compare(k, end) >= 0 {
		k, _ = c.Prev()
	}
	return func() string {
		if !bytes.HasPrefix(k, start) {
			return ""
		}
		place := string(k[len(start):])
		k, _ = c.Prev()
		return place
	}
}

// worded yields the places of the dossiers that have a word which begins like
// the rarest of the terms, from the newest down.
func (r reader) worded(terms []store.Word, after string) func() string {
	rarest, least := []byte(nil), -1
	for _, t := range terms {
		start := wordPrefix(t.Plain)
		if n := r.count(start, least); least < 0 || n < least {
			rarest, least = start, n
		}
	}
	seen := map[string]bool{}
	c := r.tx.Bucket(bList).Cursor()
	for k, _ := c.Seek(rarest); bytes.HasPrefix(k, rarest); k, _ = c.Next() {
		if cut := bytes.IndexByte(k, 0); cut > 0 {
			if place := string(k[cut+1:]); after == "" || place < after {
				seen[place] = true
			}
		}
	}
	places := make([]string, 0, len(seen))
	for p := range seen {
		places = append(places, p)
	}
	slices.Sort(places)
	return func() string {
		if len(places) == 0 {
			return ""
		}
		last := places[len(places)-1]
		places = places[:len(places)-1]
		return last
	}
}

// count is how many keys begin like start, but not above most unless that is
// negative.
func (r reader) count(start []byte, most int) (n int) {
	c := r.tx.Bucket(bList).Cursor()
	for k, _ := c.Seek(start); bytes.HasPrefix(k, start) && n != most; k, _ = c.Next() {
		n++
	}
	return n
}

// page fills a page from places; one dossier more tells whether there is a
// next page.
func (r reader) page(q *store.Query, places func() string) (store.Page, error) {
	var p store.Page
	from := ""
	if !q.From.IsZero() {
		from = string(millis(q.From))
	}
	for place := places(); place != "" && place >= from; place = places() {
		d, err := r.matching(q, store.PlaceID(place))
		if err != nil {
			return store.Page{}, err
		}
		if d == nil {
			continue
		}
		if n := len(p.Dossiers); n == q.Size() {
			p.Next = store.CursorAt(store.Place(&p.Dossiers[n-1]))
			return p, nil
		}
		p.Dossiers = append(p.Dossiers, *d)
	}
	return p, nil
}

// matching is the dossier when q asks for it, else nil.
func (r reader) matching(q *store.Query, id dossier.ID) (*dossier.Dossier, error) {
	d, err := r.listed(id)
	if err != nil || !q.Match(d) {
		return nil, err
	}
	if q.Unsent {
		at, err := r.way(id)
		if err != nil || at.Head == 0 {
			return nil, err
		}
	}
	return d, nil
}

// listed is a dossier that a list names: it must exist.
func (r reader) listed(id dossier.ID) (*dossier.Dossier, error) {
	d, err := r.dossier(id)
	if err == nil && d == nil {
		return nil, motcua.Fail(motcua.StoreDamaged, "a list names a dossier that is not there", nil)
	}
	return d, err
}
