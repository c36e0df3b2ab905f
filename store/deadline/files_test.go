package deadline_test

import (
	"encoding/json"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"motcua"
	"motcua/store/deadline"
)

const day23 = `{"date":"2026-11-24","kind":"holiday","note":"n","status":"decided","source":"s","certainty":"S"}`

func yearFile(days string) fstest.MapFS {
	text := `{"schema":1,"year":2026,"status":"decided","source":"s","days":[` + days + `]}`
	return fstest.MapFS{"holidays/2026.json": {Data: []byte(text)}}
}

func TestBadFilesAreNamed(t *testing.T) {
	replaced := func(old, new string) string { return strings.Replace(day23, old, new, 1) }
	for _, tt := range []struct{ name, days, want string }{
		{"another year", replaced("2026-11-24", "2025-11-24"), "2025-11-24"},
		{"no such day", replaced("2026-11-24", "2026-02-30"), "days[0]"},
		{"twice", day23 + "," + day23, "days[1]"},
		{"a kind of nobody", replaced(`"holiday"`, `"feast"`), "feast"},
		{"a worked Tuesday", replaced(`"kind":"holiday"`, `"kind":"worked","for":"2026-11-23"`), "worked anyway"},
		{"worked for nothing", replaced(`"kind":"holiday"`, `"kind":"worked"`), "makes up"},
		{"worked for no swap", strings.NewReplacer(`"kind":"holiday"`, `"kind":"worked","for":"2026-11-23"`, "2026-11-24", "2026-11-21").Replace(day23), "2026-11-21"},
		{"swapped and never made up", replaced(`"holiday"`, `"swap-off"`), "never made up"},
		{"compensation on Sunday", strings.NewReplacer(`"holiday"`, `"compensation"`, "2026-11-24", "2026-11-22").Replace(day23), "weekend"},
		{"without source", replaced(`"source":"s",`, ``), "lacks"},
		{"a status of nobody", replaced(`"decided"`, `"perhaps"`), "perhaps"},
		{"an unknown field", replaced(`"note"`, `"nota"`), "nota"},
		{"not JSON", "{", "2026.json"},
	} {
		_, err := deadline.Load(yearFile(tt.days), "holidays")
		if motcua.CodeOf(err) != motcua.CatalogueBad || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want a word of %q", tt.name, err, tt.want)
		}
	}
	if _, err := deadline.Load(yearFile(day23), "holidays"); err != nil {
		t.Errorf("the good file: %v", err)
	}
	if _, err := deadline.Load(fstest.MapFS{}, "holidays"); motcua.CodeOf(err) != motcua.CatalogueBad {
		t.Errorf("no folder: %v", err)
	}
}

func TestHoursAsText(t *testing.T) {
	var h deadline.Hours
	text := `{"weekly":{"mon":["07:30-11:30","13:30-17:00"]},"exceptions":[{"from":"2026-11-24","to":"2026-11-25"}]}`
	if err := json.Unmarshal([]byte(text), &h); err != nil || h.Check() != nil || !h.Set() {
		t.Fatal(err, h.Check())
	}
	if back, err := json.Marshal(h); err != nil || string(back) != text {
		t.Errorf("written back as %s, %v", back, err)
	}
	for _, bad := range []string{
		`{"weekly":{"mon":["11:30-07:30"]}}`, `{"weekly":{"mon":["7:30-11:30"]}}`, `{"weekly":{"mon":["24:00-25:00"]}}`,
		`{"weekly":{"mon":["07:30-11:30","11:00-17:00"]}}`, `{"weekly":{"moon":["07:30-11:30"]}}`, `{"weekly":{"sat":["07:30-11:30"]}}`,
		`{"weekly":{"mon":["07:30-11:30"]},"exceptions":[{"from":"2026-11-25","to":"2026-11-24"}]}`,
		`{"weekly":{"mon":["07:30-11:30"]},"exceptions":[{"from":"x","to":"2026-11-24"}]}`,
	} {
		var h deadline.Hours
		if err := json.Unmarshal([]byte(bad), &h); err == nil && h.Check() == nil {
			t.Errorf("accepted %s", bad)
		}
	}
}

func FuzzSession(f *testing.F) {
	for _, s := range []string{"07:30-11:30", "", "-", "99:99-99:99", "07:30-07:30", "０7:30-11:30"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var s deadline.Session
		if s.UnmarshalText([]byte(text)) == nil && (s.Open >= s.Close || s.String() != text) {
			t.Errorf("%q was read as %v", text, s)
		}
	})
}

func FuzzParseReason(f *testing.F) {
	for _, s := range []string{"holiday|day=24/11/2026|note=x", "", "|", "a|b", "a|=|=="} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		r := deadline.ParseReason(text)
		again := deadline.ParseReason(r.String())
		if again.Code != r.Code || len(again.Args) != len(r.Args) {
			t.Errorf("%q: %v became %v", text, r, again)
		}
	})
}

func FuzzReckon(f *testing.F) {
	c := shipped(f)
	f.Add(3, "working-day", "start-next-day", 900, int64(1795000000), "07:30-11:30")
	f.Add(0, "same-day", "result-next-day", 900, int64(1795000000), "")
	f.Fuzz(func(t *testing.T, n int, unit, cut string, hour int, second int64, session string) {
		h := deadline.Usual()
		var s deadline.Session
		if s.UnmarshalText([]byte(session)) == nil {
			h.Weekly = map[string][]deadline.Session{"wed": {s}}
		}
		received := time.Unix(second%(1<<33), 0)
		l := deadline.Limit{Count: n, Unit: deadline.Unit(unit)}
		a := c.Reckon(l, deadline.CutOff{Kind: deadline.CutKind(cut), At: deadline.Clock(hour)}, h, received)
		if !a.Due.IsZero() && a.Due.Before(received.Truncate(time.Minute)) {
			t.Errorf("due %v before %v", a.Due, received)
		}
	})
}
