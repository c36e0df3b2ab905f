package dossier_test

import (
	"strings"
	"testing"
	"time"

	"motcua/store/dossier"
)

var stages = []dossier.Stage{
	dossier.Draft, dossier.Accepted, dossier.Transferred, dossier.Waiting, dossier.Decided,
	dossier.AtDesk, dossier.Delivered, dossier.Declined, dossier.Ended,
}

// TestLife draws the whole life cycle: a row for each stage, an x for each
// stage it may become.
func TestLife(t *testing.T) {
	want := map[dossier.Stage]string{ // D A T W d K L r e
		dossier.Draft:       "xx.....x.",
		dossier.Accepted:    ".xxxxx..x",
		dossier.Transferred: "..xxxx..x",
		dossier.Waiting:     ".xxxx...x",
		dossier.Decided:     "....xxx..",
		dossier.AtDesk:      ".....xx..",
		dossier.Delivered:   "......x..",
		dossier.Declined:    ".......x.",
		dossier.Ended:       "........x",
	}
	for _, from := range stages {
		var row strings.Builder
		for _, to := range stages {
			row.WriteString(map[bool]string{true: "x", false: "."}[from.MayBecome(to)])
		}
		if row.String() != want[from] {
			t.Errorf("%-11s %s, want %s", from, row.String(), want[from])
		}
	}
}

func TestStatus(t *testing.T) {
	final := map[dossier.Status]bool{dossier.Refused: true, dossier.Stopped: true, dossier.ResultDelivered: true}
	for s := dossier.Status(-1); s <= 12; s++ {
		if s.Valid() != (s >= 1 && s <= 10) || s.Final() != final[s] {
			t.Errorf("%d: valid %v, final %v", s, s.Valid(), s.Final())
		}
	}
}

func TestNumber(t *testing.T) {
	day := time.Date(2026, 11, 3, 23, 0, 0, 0, zone)
	for seq, want := range map[int]string{1: "TAM/Q1/261103/0001", 9999: "TAM/Q1/261103/9999", 12345: "TAM/Q1/261103/12345"} {
		got := dossier.FormatNumber("Q1", day, seq)
		if got != want || !dossier.IsNumber(got) || dossier.LooksOfficial(got) {
			t.Errorf("%d is %q", seq, got)
		}
	}
	for _, s := range []string{"", "TAM/q1/261103/0001", "TAM/Q1/261103/001", "TAM//261103/0001", "TAM/Q1/261103/0001 ", "H29-261103-0001"} {
		if dossier.IsNumber(s) {
			t.Errorf("%q is a number", s)
		}
	}
}

// TestNeverMistaken: nothing is both a provisional number and an official code.
func TestNeverMistaken(t *testing.T) {
	for _, s := range []string{"H29.19-260302-0007", "000.00.19.H29-260302-0007", "G01.899.105-20260302-00001234"} {
		if !dossier.LooksOfficial(s) || dossier.IsNumber(s) {
			t.Errorf("%q: official %v", s, dossier.LooksOfficial(s))
		}
	}
}

func TestFoldCode(t *testing.T) {
	if got := dossier.FoldCode(" h29.19-260302-0007\n"); got != "H29.19-260302-0007" {
		t.Error(got)
	}
}

func TestMaskNumber(t *testing.T) {
	for in, want := range map[string]string{
		"001090000001": "001••••••001", "123456789": "123•••789", "12345678": "••••••••", "": "",
	} {
		if got := dossier.MaskNumber(in); got != want {
			t.Errorf("%q is %q, want %q", in, got, want)
		}
	}
}
