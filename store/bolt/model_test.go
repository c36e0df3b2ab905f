package bolt

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"motcua"
	"motcua/store"
	"motcua/store/dossier"
	"motcua/store/memory"
	"motcua/store/storetest"
)

// twins are bolt and its model under the same calls. Everything that one says
// the other must say.
type twins struct {
	t     *rapid.T
	dir   string
	bolt  *Store
	model *memory.Store
	now   time.Time
	files []dossier.File
}

// TestModel compares bolt with memory over random lives.
func TestModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		dir, err := os.MkdirTemp("", "motcua-model-")
		if err != nil {
			t.Fatal(err)
		}
		defer os.RemoveAll(dir)
		w := &twins{t: t, dir: dir, now: storetest.Day}
		w.model = memory.New()
		w.model.Now = func() time.Time { return w.now }
		w.open()
		defer func() { w.bolt.Close() }()
		t.Repeat(map[string]func(*rapid.T){
			"keep": w.keep, "again": w.again, "put": w.put, "next": w.next, "lease": w.lease, "settle": w.settle,
			"hear": w.hear, "resend": w.resend, "list": w.list, "reopen": w.reopen, "": w.compare,
		})
		if err := w.bolt.Check(ctx); err != nil {
			t.Fatal(err)
		}
	})
}

func (w *twins) open() {
	s, err := Open(w.dir, Options{Now: func() time.Time { return w.now }})
	if err != nil {
		w.t.Fatal(err)
	}
	s.db.NoSync = true // the disk is not what is asked here
	w.bolt = s
}

func (w *twins) reopen(t *rapid.T) {
	if err := w.bolt.Close(); err != nil {
		t.Fatal(err)
	}
	w.open()
}

// same demands the same answer and the same code of error from both.
func same[T any](w *twins, what string, ask func(store.Store) (T, error)) T {
	w.t.Helper()
	a, errA := ask(w.bolt)
	b, errB := ask(w.model)
	x, y := spell(a), spell(b)
	if motcua.CodeOf(errA) != motcua.CodeOf(errB) || x != y {
		w.t.Fatalf("%s:\nbolt   %s %v\nmemory %s %v", what, x, errA, y, errB)
	}
	return a
}

func spell(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	return strings.ReplaceAll(string(b), "null", "[]") // no list and an empty one are the same answer
}

func pick[T any](t *rapid.T, label string, from ...T) T {
	return rapid.SampledFrom(from).Draw(t, label)
}

func (w *twins) tick(t *rapid.T) time.Time {
	w.now = w.now.Add(time.Duration(rapid.IntRange(0, 3).Draw(t, "minutes")) * time.Minute)
	return w.now
}

func (w *twins) keep(t *rapid.T) {
	d := storetest.Dossier(rapid.IntRange(1, 6).Draw(t, "dossier"))
	d.Revision = rapid.IntRange(0, 2).Draw(t, "revision")
	w.dress(t, &d)
	w.keepBoth(t, d)
}

// again keeps what is there, with a change: most random revisions are stale.
func (w *twins) again(t *rapid.T) {
	id := storetest.Dossier(rapid.IntRange(1, 6).Draw(t, "dossier")).ID
	if d, err := w.model.Get(ctx, id); err == nil {
		w.dress(t, &d)
		w.keepBoth(t, d)
	}
}

func (w *twins) keepBoth(t *rapid.T, d dossier.Dossier) {
	c := store.Change{Dossier: d, By: "cb01", Action: "receive", At: w.tick(t)}
	c.Send = pick(t, "send", store.Nothing, store.Create, store.Update, store.Progress)
	same(w, "keep", func(s store.Store) (dossier.Dossier, error) { return s.Keep(ctx, c) })
}

// dress changes a dossier in everything that leads to it.
func (w *twins) dress(t *rapid.T, d *dossier.Dossier) {
	d.Stage = pick(t, "stage", dossier.Accepted, dossier.Transferred, dossier.Draft)
	d.Status = pick(t, "status", dossier.Received, dossier.Processing)
	d.Applicant.Name = pick(t, "name", "Nguyễn Văn Á", "Đặng Hoà", "Trần A")
	d.Applicant.Number = pick(t, "person", "001090000001", "001090000002")
	d.Code = pick(t, "code", "", "A-260302-0001", "B-260302-0002")
	if pick(t, "owner", true, false) {
		d.Owner = &dossier.Person{Name: "Phạm Thị Chủ", Number: "001090000003", Phone: "0900000001"}
	}
	d.Components = nil
	for _, f := range w.files {
		if pick(t, "file", true, false) {
			d.Components = append(d.Components, dossier.Component{Key: "k", Name: "Tờ", Files: []dossier.File{f}})
		}
	}
}

func (w *twins) put(t *rapid.T) {
	text := pick(t, "content", "một", "hai", "ba")
	f := same(w, "put", func(s store.Store) (dossier.File, error) {
		return s.Put(ctx, strings.NewReader(text), "a.txt", "text/plain")
	})
	if len(w.files) < 3 {
		w.files = append(w.files, f)
	}
}

func (w *twins) next(t *rapid.T) {
	name := pick(t, "counter", "a", "b", "")
	same(w, "next", func(s store.Store) (int, error) { return s.Next(ctx, name) })
}

func (w *twins) lease(t *rapid.T) {
	now, n := w.tick(t), rapid.IntRange(0, 3).Draw(t, "n")
	same(w, "lease", func(s store.Store) ([]store.Entry, error) {
		return s.Lease(ctx, now, now.Add(2*time.Minute), n)
	})
}

func (w *twins) seq(t *rapid.T) uint64 { return rapid.Uint64Range(0, 12).Draw(t, "seq") }

func (w *twins) settle(t *rapid.T) {
	seq, at := w.seq(t), w.tick(t)
	o := store.Outcome{
		State:   pick(t, "state", store.Sent, store.Sent, store.Ready, store.Held, store.Taken),
		NextTry: at.Add(time.Minute), Try: store.Try{At: at, Said: "ok\xff"}, Portal: w.word(t),
	}
	same(w, "settle", func(s store.Store) (int, error) { return 0, s.Settle(ctx, seq, o) })
}

// word is something a portal says.
func (w *twins) word(t *rapid.T) dossier.Portal {
	p := dossier.Portal{
		Code:   pick(t, "code", "", "A-260302-0001", "B-260302-0002", "C-260302-0003"),
		Status: pick(t, "status", dossier.Status(0), dossier.Processing, dossier.ResultDelivered, dossier.Status(77)),
	}
	if pick(t, "dated", true, false) {
		at := w.now.Add(-time.Duration(rapid.IntRange(0, 2).Draw(t, "late")) * time.Minute)
		p.At = &at
	}
	return p
}

func (w *twins) hear(t *rapid.T) {
	id := storetest.Dossier(rapid.IntRange(1, 7).Draw(t, "dossier")).ID
	w.tick(t)
	p := w.word(t)
	same(w, "hear", func(s store.Store) (int, error) { return 0, s.Hear(ctx, id, p) })
}

func (w *twins) resend(t *rapid.T) {
	seq, now := w.seq(t), w.tick(t)
	same(w, "resend", func(s store.Store) (int, error) { return 0, s.Resend(ctx, seq, now) })
}

func (w *twins) list(t *rapid.T) {
	q := store.Query{
		Text:   pick(t, "text", "", "", "nguyen a", "đặng", "hòa", "0003", "0900 000", "zz"),
		Stage:  pick(t, "stage", "", dossier.Transferred),
		Status: pick(t, "status", dossier.Status(0), dossier.Processing),
		Person: pick(t, "person", "", "001090000003"),
		Unsent: pick(t, "unsent", false, true),
		Limit:  rapid.IntRange(1, 4).Draw(t, "limit"),
	}
	if pick(t, "from", false, true) {
		q.From = storetest.Day.Add(3 * time.Minute)
	}
	for more := true; more; more = q.Cursor != "" {
		q.Cursor = same(w, fmt.Sprintf("list %+v", q), func(s store.Store) (store.Page, error) { return s.List(ctx, q) }).Next
	}
}

// compare asks both for everything, after every step.
func (w *twins) compare(*rapid.T) {
	same(w, "all", func(s store.Store) (store.Page, error) { return s.List(ctx, store.Query{}) })
	same(w, "queue", func(s store.Store) (store.Queue, error) { return s.Queue(ctx) })
	same(w, "unheard", func(s store.Store) ([]dossier.Dossier, error) { return s.Unheard(ctx, 3) })
	same(w, "journal", func(s store.Store) ([]store.JournalEntry, error) { return s.JournalAfter(ctx, 0, 10_000) })
	same(w, "chain", func(s store.Store) (int, error) { return s.VerifyJournal(ctx) })
	for n := 1; n <= 6; n++ {
		same(w, "entries", func(s store.Store) ([]store.Entry, error) {
			return s.Entries(ctx, storetest.Dossier(n).ID)
		})
	}
	for _, ref := range []string{"a-260302-0001", "B-260302-0002", "C-260302-0003", "TAM/Q1/260302/0002"} {
		same(w, "find "+ref, func(s store.Store) (dossier.Dossier, error) { return s.Find(ctx, ref) })
	}
}
