package procedure_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"motcua"
	"motcua/assets"
	"motcua/store/deadline"
	"motcua/store/dossier"
	"motcua/store/procedure"
)

func get(t testing.TB, code string) *procedure.Procedure {
	t.Helper()
	p, err := shipped(t).At(code, november)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func calendar(t testing.TB) *deadline.Calendar {
	t.Helper()
	c, err := deadline.Load(assets.FS, "holidays")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestFees(t *testing.T) {
	type answers = map[string]string
	for _, tt := range []struct {
		name    string
		code    string
		channel dossier.Channel
		answers answers
		want    []int64
		keys    []string
	}{
		{"one page, one copy", "2.000815", dossier.Direct, answers{"pages": "1"}, []int64{2000}, []string{"pages"}},
		{"two pages", "2.000815", dossier.Direct, answers{"pages": "2"}, []int64{4000}, []string{"pages"}},
		{"three pages", "2.000815", dossier.Direct, answers{"pages": "3"}, []int64{5000}, []string{"pages"}},
		{"three pages, four copies", "2.000815", dossier.Direct, answers{"pages": "3", "copies": "4"}, []int64{20000}, []string{"pages"}},
		{"the last page below the cap", "2.000815", dossier.Direct, answers{"pages": "198"}, []int64{200000}, []string{"pages"}},
		{"the first page above the cap", "2.000815", dossier.Direct, answers{"pages": "199"}, []int64{200000}, []string{"pages-capped"}},
		{"the cap is for each copy", "2.000815", dossier.Direct, answers{"pages": "500", "copies": "3"}, []int64{600000}, []string{"pages-capped"}},
		{"several originals", "2.000815", dossier.Direct, answers{"pages": "1, 3 + 200", "copies": "2"}, []int64{4000, 10000, 400000}, []string{"pages", "pages", "pages-capped"}},
		{"signatures", "2.000884", dossier.Direct, answers{"cases": "3"}, []int64{30000}, []string{"per-case"}},
		{"copies of records", "2.000635", dossier.Online, answers{"copies": "5"}, []int64{40000}, []string{"per-copy"}},
		{"copies by default", "2.000635", dossier.Online, nil, []int64{8000}, []string{"per-copy"}},
		{"birth on time, two copies", "1.001193", dossier.Direct, answers{"birth-date": "13/09/2026", "copies": "2"}, []int64{0, 16000}, []string{"on-time", "per-copy"}},
		{"birth on the very day", "1.001193", dossier.Direct, answers{"birth-date": "12/11/2026"}, []int64{0, 0}, []string{"on-time", "per-copy"}},
		{"residence at the counter", "1.004194", dossier.Direct, nil, []int64{15000}, []string{"fixed"}},
		{"residence online", "1.004194", dossier.Online, nil, []int64{7000}, []string{"fixed"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			lines, err := procedure.Reckon(get(t, tt.code), procedure.Inputs{Channel: tt.channel, Received: november, Answers: tt.answers})
			if err != nil || len(lines) != len(tt.want) {
				t.Fatalf("%d lines, want %d: %v", len(lines), len(tt.want), err)
			}
			for i, l := range lines {
				if l.Amount != tt.want[i] || l.Formula.Key != "fee.formula."+tt.keys[i] || l.Unknown || !l.Undated {
					t.Errorf("line %d: %+v, want %d by %s", i, l, tt.want[i], tt.keys[i])
				}
			}
		})
	}
}

func TestAFeeNobodyPublishedIsAskedFor(t *testing.T) {
	p := get(t, "1.004873")
	in := procedure.Inputs{Channel: dossier.Direct, Received: november}
	lines, err := procedure.Reckon(p, in)
	if err != nil || len(lines) != 1 || !lines[0].Unknown || lines[0].Amount != 0 {
		t.Fatalf("%+v, %v", lines, err)
	}
	if _, err := procedure.Total(lines); motcua.CodeOf(err) != motcua.FeeUnknown {
		t.Errorf("the total of an unknown fee: %v", err)
	}
	in.Manual = map[string]int64{"confirm": 5000}
	lines, err = procedure.Reckon(p, in)
	if sum, errTotal := procedure.Total(lines); err != nil || errTotal != nil || sum != 5000 || lines[0].Formula.Key != "fee.formula.manual" {
		t.Errorf("entered by hand: %+v, %v", lines, err)
	}
	for _, wrong := range []int64{-1, 2_000_000_000} {
		in.Manual["confirm"] = wrong
		if _, err := procedure.Reckon(p, in); motcua.CodeOf(err) != motcua.BadInput {
			t.Errorf("%d entered by hand: %v", wrong, err)
		}
	}
	// An amount that a rule gives is never replaced.
	lines, err = procedure.Reckon(get(t, "2.000884"), procedure.Inputs{Channel: dossier.Direct, Received: november, Manual: map[string]int64{"certify": 1}})
	if err != nil || lines[0].Amount != 10000 {
		t.Errorf("a known fee: %+v, %v", lines, err)
	}
}

func TestExemptionsNameTheirGround(t *testing.T) {
	in := procedure.Inputs{Channel: dossier.Direct, Received: november, Exempt: map[string]string{"confirm": "poor"}}
	lines, err := procedure.Reckon(get(t, "1.004873"), in)
	if err != nil || lines[0].Amount != 0 || lines[0].Unknown || lines[0].Exempt != "Người thuộc hộ nghèo" {
		t.Errorf("%+v, %v", lines, err)
	}
	if kept := lines[0].Dossier("x"); kept.Exempt == "" || kept.Formula != "x" || kept.Kind != "charge" || !kept.Undated {
		t.Errorf("kept as %+v", kept)
	}
	in.Exempt["confirm"] = "friend"
	if _, err := procedure.Reckon(get(t, "1.004873"), in); motcua.CodeOf(err) != motcua.BadInput {
		t.Errorf("a ground of nobody: %v", err)
	}
}

// The sixtieth day after 15 September 2026 is Saturday 14 November: on time
// until Monday.
func TestOnTimeEndsWithAWorkingDay(t *testing.T) {
	p := get(t, "1.001193")
	for _, tt := range []struct {
		received string
		cal      *deadline.Calendar
		late     bool
	}{
		{"2026-11-14", nil, false}, {"2026-11-15", nil, true},
		{"2026-11-16", calendar(t), false}, {"2026-11-17", calendar(t), true},
	} {
		day, err := deadline.ParseDay(tt.received)
		if err != nil {
			t.Fatal(err)
		}
		lines, err := procedure.Reckon(p, procedure.Inputs{Channel: dossier.Direct, Received: day.Add(16 * time.Hour),
			Answers: map[string]string{"birth-date": "15/9/2026"}, Calendar: tt.cal})
		if err != nil || lines[0].Unknown != tt.late {
			t.Errorf("%s: %+v, %v", tt.received, lines, err)
		}
	}
}

func TestUnusableAnswersAreNamedWithoutTheirText(t *testing.T) {
	for _, tt := range []struct {
		code, key, answer string
	}{
		{"2.000815", "pages", ""}, {"2.000815", "pages", "0"}, {"2.000815", "pages", "-3"}, {"2.000815", "pages", "3;secret"},
		{"2.000815", "pages", "99999999999999999999"}, {"2.000815", "copies", "501"}, {"2.000815", "copies", "1e3"},
		{"2.000884", "cases", "two"}, {"1.001193", "birth-date", ""}, {"1.001193", "birth-date", "31/02/2026"},
		{"1.001193", "birth-date", "13/11/2026"}, {"1.001193", "birth-date", "2026-09-15"},
	} {
		answers := map[string]string{"pages": "1", "copies": "1", "birth-date": "1/11/2026"}
		answers[tt.key] = tt.answer
		_, err := procedure.Reckon(get(t, tt.code), procedure.Inputs{Channel: dossier.Direct, Received: november, Answers: answers})
		if motcua.CodeOf(err) != motcua.BadInput {
			t.Errorf("%s %s=%q: %v", tt.code, tt.key, tt.answer, err)
			continue
		}
		if text := err.Error(); len(tt.answer) > 3 && contains(text, tt.answer) || !contains(text, tt.key) {
			t.Errorf("%s %s: the error says %q", tt.code, tt.key, text)
		}
	}
}

func TestAChannelWithoutFeeIsRefused(t *testing.T) {
	_, err := procedure.Reckon(get(t, "1.004194"), procedure.Inputs{Channel: dossier.Postal, Received: november})
	if motcua.CodeOf(err) != motcua.BadInput {
		t.Errorf("by post: %v", err)
	}
}

// The page rule against the sentence of the catalogue, counted page by page.
func TestPageRuleAgreesWithCounting(t *testing.T) {
	p := get(t, "2.000815")
	rapid.Check(t, func(t *rapid.T) {
		pages, copies := rapid.IntRange(1, 5000).Draw(t, "pages"), rapid.IntRange(1, 500).Draw(t, "copies")
		lines, err := procedure.Reckon(p, procedure.Inputs{Channel: dossier.Direct, Received: november,
			Answers: map[string]string{"pages": itoa(pages), "copies": itoa(copies)}})
		if err != nil {
			t.Fatal(err)
		}
		var one int64
		for page := 1; page <= pages && one < 200_000; page++ {
			if page <= 2 {
				one += 2000
			} else {
				one += 1000
			}
		}
		if sum, _ := procedure.Total(lines); sum != one*int64(copies) {
			t.Errorf("%d pages, %d copies: %d, want %d", pages, copies, sum, one*int64(copies))
		}
	})
}

func FuzzAskCheck(f *testing.F) {
	for _, s := range []string{"2 5 1", "1", "24/11/2026", "birth", "", "\xff", ",,,,"} {
		f.Add(s)
	}
	all := shipped(f).Search("", november)
	f.Fuzz(func(t *testing.T, answer string) {
		for _, p := range all {
			for _, a := range p.Asks {
				if err := a.Check(answer); err != nil && motcua.CodeOf(err) != motcua.BadInput {
					t.Errorf("%s %s: %v", p.Code, a.Key, err)
				}
			}
			in := procedure.Inputs{Channel: dossier.Direct, Received: november, Answers: map[string]string{}}
			for _, a := range p.Asks {
				in.Answers[a.Key] = answer
			}
			lines, err := procedure.Reckon(p, in)
			if sum, _ := procedure.Total(lines); err == nil && sum < 0 {
				t.Errorf("%s: the sum is %d", p.Code, sum)
			}
		}
	})
}
