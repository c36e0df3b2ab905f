// Package deadline reckons appointments: from the moment a dossier was found
// complete, a legal limit and a calendar, to the hour printed on the receipt.
//
// It never guesses. Holidays and swapped days come from yearly files, hours
// from the reception point, the cut-off from the procedure; where one of them
// is missing or undecided the appointment carries a flag that a person must
// see, and every step taken is told as a Reason.
package deadline

import (
	"fmt"
	"strings"
	"time"
)

// Zone is Asia/Ho_Chi_Minh: seven hours ahead of UTC and without summer time
// since 1975. It is fixed here because Windows ships no zone database.
var Zone = time.FixedZone("Asia/Ho_Chi_Minh", 7*60*60)

// Unit is what a limit is counted in. The national catalogue says
// WORKING_DAY, DAY, HOUR, MONTH and OTHER; same-day is what most OTHER means.
type Unit string

// The units.
const (
	WorkingHour Unit = "working-hour"
	WorkingDay  Unit = "working-day"
	CalendarDay Unit = "day"
	Month       Unit = "month"
	SameDay     Unit = "same-day" // Count is 0
)

// Limit is the legal time for a procedure.
type Limit struct {
	Count int  `json:"count,omitempty"`
	Unit  Unit `json:"unit"`
}

// maxCount bounds a limit; the longest published ones are some hundred days.
const maxCount = 1000

// Check reports whether l can be reckoned with.
func (l Limit) Check() error {
	switch l.Unit {
	case SameDay:
		if l.Count != 0 {
			return fmt.Errorf("count is %d for a limit within the day", l.Count)
		}
	case WorkingHour, WorkingDay, CalendarDay, Month:
		if l.Count < 1 || l.Count > maxCount {
			return fmt.Errorf("count is %d, want 1 to %d", l.Count, maxCount)
		}
	default:
		return fmt.Errorf("unit %q is none of ours", l.Unit)
	}
	return nil
}

// Words is the key of the sentence for l in ui/words, and its arguments.
func (l Limit) Words() (key string, args []any) {
	if l.Unit == SameDay {
		return "limit.same-day", nil
	}
	key = "limit." + string(l.Unit)
	if l.Count == 1 {
		key += ".one"
	}
	return key, []any{"count", l.Count}
}

// CutKind is what a late hour does to the clock. Three rules are in force side
// by side, so each procedure names its own.
type CutKind string

// The kinds of cut-off.
const (
	// NoCut: the hour of receipt does not matter.
	NoCut CutKind = ""
	// ResultNext: a same-day procedure received after At gives its result the
	// next working day (civil status, certification).
	ResultNext CutKind = "result-next-day"
	// StartNext: what is received after At counts as received the next working
	// day (NĐ 63/2024).
	StartNext CutKind = "start-next-day"
	// LastHour: what arrives in the last hour of office time counts as
	// received the next working day (NĐ 297/2025).
	LastHour CutKind = "last-hour"
)

// CutOff is the cut-off of a procedure. At is read for ResultNext and
// StartNext: the hour itself is still in time, a minute later is not.
type CutOff struct {
	Kind CutKind `json:"kind,omitempty"`
	At   Clock   `json:"at,omitempty"`
}

// Check reports whether the cut-off is complete.
func (c CutOff) Check() error {
	switch c.Kind {
	case NoCut, LastHour:
		if c.At != 0 {
			return fmt.Errorf("an hour stands beside the kind %q, which has none", c.Kind)
		}
	case ResultNext, StartNext:
		if c.At <= 0 || c.At >= dayEnd {
			return fmt.Errorf("hour of the cut-off is %v", c.At)
		}
	default:
		return fmt.Errorf("kind %q is none of ours", c.Kind)
	}
	return nil
}

// Reason is one step of a reckoning: a code with arguments in pairs of name
// and value, for the sentence deadline.reason.<code> of ui/words.
type Reason struct {
	Code string
	Args []string
}

// Words is the key of the sentence and its arguments.
func (r Reason) Words() (key string, args []any) {
	for _, a := range r.Args {
		args = append(args, a)
	}
	return "deadline.reason." + r.Code, args
}

// String is the form kept in dossier.Appointment: code|name=value|name=value.
// ParseReason reads it back, so that it can be said in any language later.
func (r Reason) String() string {
	var b strings.Builder
	b.WriteString(r.Code)
	for i := 0; i+1 < len(r.Args); i += 2 {
		b.WriteString("|" + r.Args[i] + "=" + strings.ReplaceAll(r.Args[i+1], "|", "/"))
	}
	return b.String()
}

// ParseReason reads what String wrote. Any text gives some reason: what has no
// arguments is a code alone.
func ParseReason(s string) Reason {
	parts := strings.Split(s, "|")
	r := Reason{Code: parts[0]}
	for _, p := range parts[1:] {
		name, value, _ := strings.Cut(p, "=")
		r.Args = append(r.Args, name, value)
	}
	return r
}
