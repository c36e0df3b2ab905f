package store_test

import (
	"strings"
	"testing"
	"time"

	"motcua"
	"motcua/store"
	"motcua/store/dossier"
)

func TestFoldWord(t *testing.T) {
	for in, want := range map[string]string{
		"Nguyễn": "nguyen", "ĐẶNG": "dang", "Hoà": "hoa", "ưỡn": "uon", "TAM/Q1": "tam/q1", "a\x00b": "ab", "": "", "\u0301": "",
		strings.Repeat("ố", 100): strings.Repeat("o", 48),
	} {
		if got := store.FoldWord(in).Plain; got != want {
			t.Errorf("%q is %q, want %q", in, got, want)
		}
	}
}

func TestBegins(t *testing.T) {
	for _, c := range []struct {
		typed, word string
		want        bool
	}{
		{"ngu", "Nguyễn", true}, {"nguyên", "Nguyễn", true}, {"nguyễn", "Nguyen", false}, {"nguyẽn", "Nguyễn", true},
		{"đ", "Dũng", false}, {"d", "Đặng", true}, {"hoà", "Hòa", true}, {"hoá", "Hòa", false},
		{"hoa\u0300", "Hòa", true}, {"uơ", "ươ", true}, {"ươ", "ưo", false}, {"nguyenx", "Nguyễn", false}, {"", "x", true},
	} {
		if got := store.FoldWord(c.typed).Begins(store.FoldWord(c.word)); got != c.want {
			t.Errorf("%q begins %q: %v", c.typed, c.word, got)
		}
	}
}

// TestWordsAreBounded: a hostile name does not fill the lists.
func TestWordsAreBounded(t *testing.T) {
	d := dossier.Dossier{Number: "TAM/Q1/260302/0001", Applicant: dossier.Person{Name: strings.Repeat("a b c đ e1 ", 900)}}
	if n := len(store.Words(&d)); n > 64 {
		t.Errorf("%d words", n)
	}
}

func TestPlaceOrder(t *testing.T) {
	at := time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)
	rows := []dossier.Dossier{
		{ID: "z"}, {ID: "a", ReceivedAt: time.Unix(-5, 0)}, {ID: "a", ReceivedAt: at}, {ID: "b", ReceivedAt: at},
		{ID: "a", ReceivedAt: at.Add(time.Millisecond)},
	}
	for i := 1; i < len(rows); i++ {
		if a, b := store.Place(&rows[i-1]), store.Place(&rows[i]); a >= b || store.PlaceID(b) != rows[i].ID {
			t.Errorf("row %d does not stand above row %d", i, i-1)
		}
	}
}

func TestLate(t *testing.T) {
	at := time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)
	old := at.Add(-time.Hour)
	d := dossier.Dossier{Portal: dossier.Portal{Status: dossier.Processing, At: &at}}
	news := store.Learn(&d, dossier.Portal{Code: "A-260302-0001", Status: dossier.Received, At: &old}, at, func(string) bool { return false })
	if d.Code != "A-260302-0001" || d.Portal.Status != dossier.Processing || !d.Portal.At.Equal(at) || !news.Changed {
		t.Errorf("%+v %+v", d.Portal, news)
	}
	news = store.Learn(&d, dossier.Portal{Code: "A-260302-0001", Status: dossier.Processing}, at, func(string) bool { return false })
	if news.Changed || news.Action != "" {
		t.Error("the same word again is news")
	}
}

// FuzzQuery puts arbitrary text and cursors to a query: an answer or
// StoreInvalid, bounded work, no panic.
func FuzzQuery(f *testing.F) {
	f.Add("nguyễn a", "8000000000000000ff", "Nguyễn Văn Á")
	f.Add("+84 900", "zz", "\xff\u0301")
	f.Fuzz(func(t *testing.T, text, cursor, name string) {
		q := store.Query{Text: text, Cursor: cursor}
		if _, err := q.After(); err != nil && motcua.CodeOf(err) != motcua.StoreInvalid {
			t.Fatal(err)
		}
		d := dossier.Dossier{Applicant: dossier.Person{Name: name, Phone: text}}
		_ = q.Match(&d)
		for _, w := range store.Words(&d) {
			if !w.Begins(w) || strings.ContainsRune(w.Plain, 0) {
				t.Fatalf("%q does not begin itself", w.Plain)
			}
			if again := store.FoldWord(w.Plain); !again.Begins(w) {
				t.Fatalf("%q folded again is %q and does not find it", w.Plain, again.Plain)
			}
		}
	})
}
