package dossier

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Problem is one rule the dossier breaks, named by field for the screen.
type Problem struct {
	Field  string
	Reason string // a short English word: "missing", "too-long", "order", "form"
}

func (p Problem) String() string { return p.Field + ": " + p.Reason }

// Problems joins several to one error.
type Problems []Problem

func (ps Problems) Error() string {
	out := make([]string, len(ps))
	for i, p := range ps {
		out[i] = p.String()
	}
	return strings.Join(out, ", ")
}

// maxText bounds every text field: longer than any form's line, short enough
// that a hostile record cannot fill the disk.
const maxText = 10_000

// Check reports the rules every kept dossier obeys, whatever its stage. An
// accepted dossier also has a number, a person, a time and an appointment:
// the promise printed on the receipt.
func (d *Dossier) Check() error {
	var ps Problems
	need := func(field, value string) {
		if strings.TrimSpace(value) == "" {
			ps = append(ps, Problem{field, "missing"})
		}
	}
	need("id", string(d.ID))
	need("procedure.code", d.Procedure.Code)
	if d.Schema != Schema {
		ps = append(ps, Problem{"schema", fmt.Sprintf("is %d", d.Schema)})
	}
	if d.Stage != Draft {
		need("number", d.Number)
		need("lookup", d.Lookup)
		need("applicant.name", d.Applicant.Name)
		need("officer.name", d.Officer.Name)
		ps = append(ps, d.checkPromise()...)
	}
	ps = append(ps, d.checkForm()...)
	if len(ps) == 0 {
		return nil
	}
	return ps
}

func (d *Dossier) checkPromise() (ps Problems) {
	if d.ReceivedAt.IsZero() {
		ps = append(ps, Problem{"receivedAt", "missing"})
	}
	if d.Stage != Declined && d.Appointment.Due.Before(d.ReceivedAt) {
		ps = append(ps, Problem{"appointment.due", "order"})
	}
	if !d.Status.Valid() {
		ps = append(ps, Problem{"status", "form"})
	}
	return ps
}

func (d *Dossier) checkForm() (ps Problems) {
	if d.Number != "" && !IsNumber(d.Number) {
		ps = append(ps, Problem{"number", "form"})
	}
	// In the order of the screen: the officer reads the problems from the top.
	for _, t := range []struct{ field, text string }{
		{"applicant.name", d.Applicant.Name},
		{"applicant.address", d.Applicant.Address},
		{"summary", d.Summary},
		{"code", d.Code},
	} {
		if len(t.text) > maxText {
			ps = append(ps, Problem{t.field, "too-long"})
		}
		if !utf8.ValidString(t.text) {
			ps = append(ps, Problem{t.field, "form"})
		}
	}
	for i, f := range d.Fees {
		if f.Amount < 0 {
			ps = append(ps, Problem{fmt.Sprintf("fees[%d]", i), "form"})
		}
	}
	for i, s := range d.Steps {
		if s.Seq != i+1 || s.What == "" {
			ps = append(ps, Problem{fmt.Sprintf("steps[%d]", i), "order"})
		}
	}
	return ps
}
