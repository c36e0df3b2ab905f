package dossier_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"motcua/store/dossier"
)

func TestCheck(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(*dossier.Dossier)
		want  string
	}{
		"whole":             {func(*dossier.Dossier) {}, ""},
		"no id":             {func(d *dossier.Dossier) { d.ID = " " }, "id: missing"},
		"no procedure":      {func(d *dossier.Dossier) { d.Procedure.Code = "" }, "procedure.code: missing"},
		"another schema":    {func(d *dossier.Dossier) { d.Schema = 9 }, "schema: is 9"},
		"no number":         {func(d *dossier.Dossier) { d.Number = "" }, "number: missing"},
		"no secret":         {func(d *dossier.Dossier) { d.Lookup = "" }, "lookup: missing"},
		"nobody":            {func(d *dossier.Dossier) { d.Applicant.Name = "" }, "applicant.name: missing"},
		"no officer":        {func(d *dossier.Dossier) { d.Officer.Name = "" }, "officer.name: missing"},
		"no reception":      {func(d *dossier.Dossier) { d.ReceivedAt = time.Time{} }, "receivedAt: missing"},
		"due before":        {func(d *dossier.Dossier) { d.Appointment.Due = at(8) }, "appointment.due: order"},
		"declined, no due":  {func(d *dossier.Dossier) { d.Stage, d.Appointment.Due = dossier.Declined, time.Time{} }, ""},
		"no status":         {func(d *dossier.Dossier) { d.Status = 0 }, "status: form"},
		"status beyond":     {func(d *dossier.Dossier) { d.Status = 11 }, "status: form"},
		"a foreign number":  {func(d *dossier.Dossier) { d.Number = d.Code }, "number: form"},
		"a long summary":    {func(d *dossier.Dossier) { d.Summary = strings.Repeat("ă", 6000) }, "summary: too-long"},
		"bytes for a code":  {func(d *dossier.Dossier) { d.Code = "\xff" }, "code: form"},
		"a negative fee":    {func(d *dossier.Dossier) { d.Fees[0].Amount = -1 }, "fees[0]: form"},
		"a step out of row": {func(d *dossier.Dossier) { d.Steps[0].Seq = 2 }, "steps[0]: order"},
		"a step of nothing": {func(d *dossier.Dossier) { d.Steps[0].What = "" }, "steps[0]: order"},
	} {
		d := invented()
		c.spoil(&d)
		got := ""
		if err := d.Check(); err != nil {
			got = err.Error()
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// TestCheckOrder: the problems come in the order of the screen, every time.
func TestCheckOrder(t *testing.T) {
	bad := strings.Repeat("\xff", 10_001)
	d := invented()
	d.ID, d.Applicant.Name, d.Applicant.Address, d.Summary, d.Code = "", bad, bad, bad, bad
	want := []string{
		"id: missing",
		"applicant.name: too-long", "applicant.name: form", "applicant.address: too-long", "applicant.address: form",
		"summary: too-long", "summary: form", "code: too-long", "code: form",
	}
	for range 50 {
		if got := strings.Split(d.Check().Error(), ", "); !slices.Equal(got, want) {
			t.Fatalf("got %q", got)
		}
	}
}

func TestDraftNeedsLittle(t *testing.T) {
	d := dossier.Dossier{ID: "x", Schema: dossier.Schema, Stage: dossier.Draft, Procedure: dossier.Procedure{Code: "1"}}
	if err := d.Check(); err != nil {
		t.Error(err)
	}
}
