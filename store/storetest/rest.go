package storetest

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing/iotest"
	"time"

	"motcua"
	"motcua/store"
	"motcua/store/dossier"
)

var journal = map[string]func(*bench){
	"every keeping is noted and the chain holds": func(b *bench) {
		d := b.keep(Dossier(1), store.Create)
		b.ok(b.Note(b.ctx, store.JournalEntry{At: clock(0), By: "cb02", Action: "look", Dossier: d.ID}))
		b.ok(b.Settle(b.ctx, b.lease(1, 1)[0].Seq, sent(1, "A-260302-0001", dossier.Received)))
		js, err := b.JournalAfter(b.ctx, 0, 100)
		b.ok(err)
		var said []string
		for _, j := range js {
			said = append(said, fmt.Sprint(j.Seq, j.By, j.Action))
		}
		want := "1 cb01 receive,2 cb02 look,3 portal sent,4 portal portal"
		if got := strings.Join(said, ","); strings.ReplaceAll(got, " ", "") != strings.ReplaceAll(want, " ", "") {
			b.Fatalf("the journal says %s", got)
		}
		if js[0].Body != sumOf(b, d.ID) || js[1].Prev != js[0].Hash {
			b.Fatalf("entries are not bound: %+v", js[:2])
		}
		if n, err := b.VerifyJournal(b.ctx); n != 4 || err != nil {
			b.Fatal(n, err)
		}
	},
	"the journal is read on from where one was": func(b *bench) {
		for i := range 7 {
			b.ok(b.Note(b.ctx, store.JournalEntry{At: clock(i), By: "cb01", Action: "look"}))
		}
		js, err := b.JournalAfter(b.ctx, 3, 2)
		b.ok(err)
		if len(js) != 2 || js[0].Seq != 4 || js[1].Seq != 5 {
			b.Fatalf("read %+v", js)
		}
		for _, after := range []uint64{7, 99, ^uint64(0)} {
			if js, err := b.JournalAfter(b.ctx, after, 2); len(js) != 0 || err != nil {
				b.Fatal(after, js, err)
			}
		}
	},
	"a note needs who and what": func(b *bench) {
		b.code(b.Note(b.ctx, store.JournalEntry{At: clock(0), By: "cb01"}), motcua.StoreInvalid)
		b.code(b.Note(b.ctx, store.JournalEntry{At: clock(0), Action: "look"}), motcua.StoreInvalid)
		b.code(b.Note(b.ctx, store.JournalEntry{At: clock(0), By: "a", Action: "b", Detail: "\xff"}), motcua.StoreInvalid)
		nothingElse(b, "x", 0)
	},
	"a changed field breaks the chain": func(b *bench) {
		one := store.JournalEntry{At: clock(0), By: "cb01", Action: "look", Dossier: "D", Detail: "x", Body: "00"}
		b.ok(one.Chain(0, ""))
		for name, spoil := range map[string]func(*store.JournalEntry){
			"seq":     func(e *store.JournalEntry) { e.Seq++ },
			"at":      func(e *store.JournalEntry) { e.At = e.At.Add(1) },
			"by":      func(e *store.JournalEntry) { e.By = "cb02" },
			"action":  func(e *store.JournalEntry) { e.Action = "" },
			"dossier": func(e *store.JournalEntry) { e.Dossier = "" },
			"detail":  func(e *store.JournalEntry) { e.Detail, e.Body = e.Detail+e.Body, "" },
			"prev":    func(e *store.JournalEntry) { e.Prev = "0" },
			"hash":    func(e *store.JournalEntry) { e.Hash = "0" + e.Hash[1:] },
		} {
			e := one
			spoil(&e)
			if e == one || e.Follows(0, "") {
				b.Errorf("a changed %s is not seen", name)
			}
		}
		if !one.Follows(0, "") {
			b.Error("the unchanged entry does not follow")
		}
	},
	"the hash does not depend on the zone": func(b *bench) {
		e := store.JournalEntry{At: clock(0), By: "cb01", Action: "look"}
		f := e
		f.At = e.At.UTC()
		if e.Sum() != f.Sum() {
			b.Fatal("two zones, two hashes")
		}
	},
}

// sumOf is the SHA-256 of a dossier's first entry.
func sumOf(b *bench, id dossier.ID) string {
	b.Helper()
	es, err := b.Entries(b.ctx, id)
	b.ok(err)
	return es[0].SHA256
}

var attachments = map[string]func(*bench){
	"what was put is opened again": func(b *bench) {
		content := bytes.Repeat([]byte("trang quét "), 100_000)
		f, err := b.Put(b.ctx, iotest.OneByteReader(bytes.NewReader(content[:1000])), "nhỏ.pdf", "application/pdf")
		b.ok(err)
		g, err := b.Put(b.ctx, bytes.NewReader(content), "quét.pdf", "application/pdf")
		b.ok(err)
		if f.Size != 1000 || g.Size != int64(len(content)) || g.Name != "quét.pdf" || g.MIME != "application/pdf" {
			b.Fatalf("references %+v %+v", f, g)
		}
		r, err := b.Open(b.ctx, g.SHA256)
		b.ok(err)
		got, err := io.ReadAll(r)
		b.ok(err)
		b.ok(r.Close())
		if !bytes.Equal(got, content) {
			b.Fatal("other content")
		}
	},
	"the same content is one attachment": func(b *bench) {
		f, err := b.Put(b.ctx, strings.NewReader("x"), "a.txt", "text/plain")
		b.ok(err)
		g, err := b.Put(b.ctx, strings.NewReader("x"), "b.txt", "text/plain")
		b.ok(err)
		if f.SHA256 != g.SHA256 || f.Name == g.Name {
			b.Fatal(f, g)
		}
	},
	"a reference without an attachment is refused": func(b *bench) {
		f, err := b.Put(b.ctx, strings.NewReader("x"), "a.txt", "text/plain")
		b.ok(err)
		for name, bad := range map[string]dossier.File{
			"never put":  {SHA256: strings.Repeat("0", 64), Size: 1},
			"other size": {SHA256: f.SHA256, Size: 2},
			"upper case": {SHA256: strings.ToUpper(f.SHA256), Size: 1},
			"a path":     {SHA256: "../../../../etc/passwd", Size: 1},
			"nothing":    {},
		} {
			d := Dossier(1)
			d.Components = []dossier.Component{{Key: "a", Name: "Tờ khai", Files: []dossier.File{f, bad}}}
			if _, err := b.Keep(b.ctx, b.change(d, store.Create)); motcua.CodeOf(err) != motcua.StoreInvalid {
				b.Errorf("%s: %v", name, err)
			}
		}
		nothingElse(b, Dossier(1).ID, 0)
		d := Dossier(1)
		d.Components = []dossier.Component{{Key: "a", Name: "Tờ khai", Files: []dossier.File{f}}}
		d.Papers = []dossier.Paper{{Form: "mau-01", File: f, At: Day}}
		b.keep(d, store.Create)
	},
	"what is not there does not open": func(b *bench) {
		_, err := b.Open(b.ctx, strings.Repeat("0", 64))
		b.code(err, motcua.StoreNotFound)
		_, err = b.Open(b.ctx, "../secret")
		b.code(err, motcua.StoreInvalid)
	},
	"a broken source stores nothing": func(b *bench) {
		broken := io.MultiReader(strings.NewReader("half"), iotest.ErrReader(errors.New("scanner unplugged")))
		_, err := b.Put(b.ctx, broken, "a.pdf", "application/pdf")
		b.code(err, motcua.StoreInvalid)
		for _, name := range []string{"../a", `c:\a`, "a\x00", "\xff", strings.Repeat("a", 300)} {
			_, err := b.Put(b.ctx, strings.NewReader("x"), name, "text/plain")
			b.code(err, motcua.StoreInvalid)
		}
	},
}

var watching = map[string]func(*bench){
	"watchers hear of what happened, in order": func(b *bench) {
		heard := make(chan store.Event, 20)
		stop := b.Watch(func(e store.Event) { heard <- e })
		d := b.keep(Dossier(1), store.Create)
		e := b.lease(0, 1)[0]
		b.ok(b.Settle(b.ctx, e.Seq, sent(1, "A-260302-0001", dossier.Received)))
		b.ok(b.Hear(b.ctx, d.ID, dossier.Portal{Status: dossier.Stopped}))
		for _, want := range []store.EventKind{store.Kept, store.Moved, store.Moved, store.Learned, store.Learned} {
			if got := next(b, heard); got != (store.Event{Dossier: d.ID, Kind: want}) {
				b.Fatalf("heard %v, want %s", got, want)
			}
		}
		stop()
		b.keep(b.get(d.ID), store.Nothing)
		select {
		case e := <-heard:
			b.Fatalf("heard %v after stop", e)
		case <-time.After(20 * time.Millisecond):
		}
	},
	"what a watcher hears of is there": func(b *bench) {
		got := make(chan int, 1)
		defer b.Watch(func(e store.Event) {
			d, err := b.Get(b.ctx, e.Dossier)
			if err != nil {
				d.Revision = -1
			}
			got <- d.Revision
		})()
		b.keep(Dossier(1), store.Nothing)
		if n := next(b, got); n != 1 {
			b.Fatalf("revision %d", n)
		}
	},
	"a watcher may keep": func(b *bench) {
		done := make(chan error, 1)
		defer b.Watch(func(e store.Event) {
			if e.Dossier == Dossier(1).ID {
				_, err := b.Keep(b.ctx, b.change(Dossier(2), store.Nothing))
				done <- err
			}
		})()
		b.keep(Dossier(1), store.Nothing)
		b.ok(next(b, done))
	},
	"a refused keeping is not told": func(b *bench) {
		heard := make(chan store.Event, 9)
		defer b.Watch(func(e store.Event) { heard <- e })()
		d := Dossier(1)
		d.Revision = 9
		_, err := b.Keep(b.ctx, b.change(d, store.Nothing))
		b.code(err, motcua.StoreConflict)
		b.keep(Dossier(2), store.Nothing)
		if e := next(b, heard); e.Dossier != Dossier(2).ID {
			b.Fatalf("heard %v", e)
		}
	},
}

// next waits for one thing to come.
func next[T any](b *bench, from <-chan T) T {
	b.Helper()
	select {
	case v := <-from:
		return v
	case <-time.After(10 * time.Second):
		b.Fatal("nothing came")
		panic("unreachable")
	}
}
