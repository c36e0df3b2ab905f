package cccd

import (
	"encoding/json"
	"testing"
	"time"

	"motcua"
)

func TestParseNumber(t *testing.T) {
	n, err := ParseNumber("001090000001")
	if err != nil || n.Place() != "001" || n.Sex() != Male || n.Year() != 1990 || n.CAN() != "000001" ||
		n.Document() != "090000001" || n.Masked() != "001******001" {
		t.Errorf("%v %q %q %d", err, n.Place(), n.Sex(), n.Year())
	}
	for s, want := range map[string]struct {
		sex  Sex
		year int
	}{"048185000026": {Female, 1985}, "031312000042": {Female, 2012}, "031200000001": {Male, 2000}} {
		if n, err := ParseNumber(s); s[3] != '2' && (err != nil || n.Sex() != want.sex || n.Year() != want.year) {
			t.Errorf("%s: %v %s %d", s, err, n.Sex(), n.Year())
		}
	}
	for _, s := range []string{"", "00109000001", "0010900000011", "00109000000a", "000090000001", "001490000001", "001990000001", "００１090000001"} {
		if n, err := ParseNumber(s); motcua.CodeOf(err) != motcua.NumberInvalid || n != "" {
			t.Errorf("%d characters: %v", len(s), err)
		}
	}
	var empty Number
	if empty.Year() != 0 || empty.Sex() != "" || empty.CAN() != "" {
		t.Error("the empty number says something")
	}
}

func TestDate(t *testing.T) {
	for in, want := range map[string]Date{
		"02/09/1945": {1945, 9, 2}, "02091945": {1945, 9, 2}, "02-09-1945": {1945, 9, 2}, "1945": {Year: 1945}, "29/02/2012": {2012, 2, 29},
	} {
		if got, ok := parseDate(in); !ok || got != want {
			t.Errorf("%s: %v %v", in, got, ok)
		}
	}
	for _, in := range []string{"", "30/02/2012", "31/04/2000", "00/01/2000", "1/1/2000", "02/09-1945", "0209194x", "+2091945", "0001", "02/13/2000"} {
		if got, ok := parseDate(in); ok {
			t.Errorf("%q is taken for %v", in, got)
		}
	}
	for _, d := range []Date{{1945, 9, 2}, {Year: 1945}, {}} {
		b, _ := json.Marshal(d)
		var back Date
		if err := json.Unmarshal(b, &back); err != nil || back != d {
			t.Errorf("%s: %v", b, err)
		}
	}
	if got := (Date{1945, 9, 2}).String(); got != "02/09/1945" {
		t.Error(got)
	}
	if _, ok := (Date{Year: 1945}).Time(time.UTC); ok {
		t.Error("a year alone has become a day")
	}
}
