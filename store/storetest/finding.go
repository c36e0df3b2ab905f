package storetest

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"motcua"
	"motcua/store"
	"motcua/store/dossier"
)

var finding = map[string]func(*bench){
	"what is not there is not found": func(b *bench) {
		_, err := b.Get(b.ctx, "01KJN0000000000000000000ZZ")
		b.code(err, motcua.StoreNotFound)
		_, err = b.Find(b.ctx, "TAM/Q1/260302/0001")
		b.code(err, motcua.StoreNotFound)
		_, err = b.Find(b.ctx, " ")
		b.code(err, motcua.StoreNotFound)
	},
	"number and code find it in any case": func(b *bench) {
		d := Dossier(1)
		d.Code = "H29.19-260302-0007"
		b.keep(d, store.Nothing)
		for _, name := range []string{d.Number, strings.ToLower(d.Number), " h29.19-260302-0007 "} {
			if got, err := b.Find(b.ctx, name); err != nil || got.ID != d.ID {
				b.Errorf("%q finds %q, %v", name, got.ID, err)
			}
		}
		_, err := b.Find(b.ctx, d.Lookup)
		b.code(err, motcua.StoreNotFound)
	},
	"pages are newest first, whole and without repetition": func(b *bench) {
		b.many(23)
		got := b.list(store.Query{Limit: 5})
		want := make([]int, 23)
		for i := range want {
			want[i] = 23 - i
		}
		expect(b, got, want...)
	},
	"a page does not shift when a newer dossier comes": func(b *bench) {
		b.many(6)
		p, err := b.List(b.ctx, store.Query{Limit: 3})
		b.ok(err)
		b.keep(Dossier(7), store.Nothing)
		expect(b, b.list(store.Query{Limit: 3, Cursor: p.Next}), 3, 2, 1)
	},
	"equal reception times have an order": func(b *bench) {
		for i := 1; i <= 5; i++ {
			d := Dossier(i)
			d.ReceivedAt = Day
			b.keep(d, store.Nothing)
		}
		expect(b, b.list(store.Query{Limit: 2}), 5, 4, 3, 2, 1)
	},
	"limits hold": func(b *bench) {
		b.many(60)
		for limit, want := range map[int]int{0: 50, -1: 50, 1: 1, 9999: 60} {
			p, err := b.List(b.ctx, store.Query{Limit: limit})
			b.ok(err)
			if len(p.Dossiers) != want || (p.Next == "") != (want == 60) {
				b.Errorf("limit %d: %d dossiers, next %q", limit, len(p.Dossiers), p.Next)
			}
		}
	},
	"a strange cursor is refused": func(b *bench) {
		for _, c := range []string{"x", "00", strings.Repeat("ab", 500)} {
			_, err := b.List(b.ctx, store.Query{Cursor: c})
			b.code(err, motcua.StoreInvalid)
		}
	},
	"stage, status, procedure, person and time narrow": func(b *bench) {
		for i := 1; i <= 6; i++ {
			d := Dossier(i)
			if i%2 == 0 {
				d.Stage, d.Status = dossier.Transferred, dossier.Processing
			}
			if i > 3 {
				d.Procedure.Code = "1.004873"
			}
			if i == 5 {
				d.Owner = &dossier.Person{Name: "Phạm Thị Chủ", Number: "001090000001"}
			}
			b.keep(d, store.Nothing)
		}
		expect(b, b.list(store.Query{Stage: dossier.Transferred}), 6, 4, 2)
		expect(b, b.list(store.Query{Status: dossier.Received, Procedure: "1.004873"}), 5)
		expect(b, b.list(store.Query{Status: dossier.Received}), 5, 3, 1)
		expect(b, b.list(store.Query{Status: dossier.Processing}), 6, 4, 2)
		expect(b, b.list(store.Query{Status: dossier.Stopped}))
		expect(b, b.list(store.Query{Procedure: "1.004873"}), 6, 5, 4)
		expect(b, b.list(store.Query{Procedure: "1.00487"}))
		expect(b, b.list(store.Query{Person: "001090000001"}), 5, 1)
		expect(b, b.list(store.Query{Person: "00109000000"}))
		expect(b, b.list(store.Query{From: Day.Add(2 * time.Minute), To: Day.Add(4 * time.Minute)}), 3, 2)
	},
	"a moved dossier leaves its old lists": func(b *bench) {
		d := b.keep(Dossier(1), store.Nothing)
		d.Stage, d.Status, d.Applicant.Name = dossier.Transferred, dossier.Processing, "Đỗ Mới"
		b.keep(d, store.Nothing)
		expect(b, b.list(store.Query{Stage: dossier.Accepted}))
		expect(b, b.list(store.Query{Status: dossier.Received}))
		expect(b, b.list(store.Query{Text: "mẫu"}))
		expect(b, b.list(store.Query{Text: "do moi", Stage: dossier.Transferred}), 1)
	},
	"drafts come last and have no reception": func(b *bench) {
		b.many(1)
		b.keep(dossier.Dossier{
			ID: "01KJN000000000000000000002", Schema: dossier.Schema, Stage: dossier.Draft,
			Procedure: dossier.Procedure{Code: "2.000815"},
		}, store.Nothing)
		expect(b, b.list(store.Query{}), 1, 2)
		expect(b, b.list(store.Query{To: Day.AddDate(1, 0, 0)}), 1)
		expect(b, b.list(store.Query{Stage: dossier.Draft}), 2)
	},
	"text finds names with and without marks": func(b *bench) {
		names := []string{"Nguyễn Văn Á", "Nguyễn Vân Anh", "Đặng Hoà", "Đặng Hòa", "Dang Van Bay"}
		for i, name := range names {
			d := Dossier(i + 1)
			d.Applicant.Name = name
			b.keep(d, store.Nothing)
		}
		for text, want := range map[string][]int{
			"nguyen van a":       {2, 1},
			"NGUYỄN VĂN Á":       {1},
			"nguyê":              {2, 1}, // on the way to nguyễn
			"vân":                {2},
			"văn":                {1},
			"van":                {5, 2, 1},
			"hòa":                {4, 3},
			"hoà":                {4, 3},
			"dang":               {5, 4, 3},
			"đặng":               {4, 3},
			"van nguyen":         {2, 1},
			"guyen":              nil,
			"van x":              nil,
			" ":                  {5, 4, 3, 2, 1},
			"nguye\u0302\u0303n": {2, 1}, // decomposed input
		} {
			if got := b.list(store.Query{Text: text, Limit: 2}); !slices.Equal(got, want) {
				b.Errorf("%q finds %v, want %v", text, got, want)
			}
		}
	},
	"text finds number, code and telephone": func(b *bench) {
		for i := 1; i <= 3; i++ {
			d := Dossier(i)
			d.Code = fmt.Sprintf("H29.19-260302-000%d", 4+i)
			d.Applicant.Phone = fmt.Sprintf("0900 000 00%d", i)
			b.keep(d, store.Nothing)
		}
		for text, want := range map[string][]int{
			"tam/q1/260302/0002": {2},
			"tam/q1":             {3, 2, 1},
			"0002":               {2},
			"260302-0005":        {1},
			"h29.19":             {3, 2, 1},
			"0900000003":         {3},
			"0900 000 003":       {3},
			"+84 900 000 003":    {3},
			"09000":              {3, 2, 1},
			"mau 0003":           {3},
			"K00001":             nil, // the lookup secret is no name
			"001090000001":       nil, // nor is the personal number
		} {
			if got := b.list(store.Query{Text: text}); !slices.Equal(got, want) {
				b.Errorf("%q finds %v, want %v", text, got, want)
			}
		}
	},
	"unsent lists what waits": func(b *bench) {
		b.keep(Dossier(1), store.Create)
		b.keep(Dossier(2), store.Create)
		b.keep(Dossier(3), store.Nothing)
		expect(b, b.list(store.Query{Unsent: true}), 2, 1)
		expect(b, b.list(store.Query{Unsent: true, Text: "0001"}), 1)
		for _, e := range b.lease(0, 1) {
			b.ok(b.Settle(b.ctx, e.Seq, sent(1, "", dossier.Received)))
		}
		expect(b, b.list(store.Query{Unsent: true}), 2)
	},
}

func expect(b *bench, got []int, want ...int) {
	b.Helper()
	if !slices.Equal(got, want) {
		b.Fatalf("found %v, want %v", got, want)
	}
}
