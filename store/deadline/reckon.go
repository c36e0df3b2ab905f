package deadline

import (
	"fmt"
	"slices"
	"time"
)

// Appointment is the promise printed on the receipt.
type Appointment struct {
	Due     time.Time // to the minute, in Zone
	Limit   Limit     // its Words say it
	Reasons []Reason  // each step, in order
	Flags   []string  // what a person must see before the promise is made
}

// The flags. Each has a sentence deadline.flag.<flag> in ui/words.
const (
	FlagBeyond    = "beyond-calendar" // a day of a year whose file is not loaded was counted
	FlagUndecided = "undecided-day"   // a day that is unknown or projected was counted
	FlagProjected = "projected-year"  // a day of a year without its decision was counted
	FlagHours     = "hours-unset"     // no usable office hours: the usual ones were taken
	FlagLimit     = "limit-unset"     // the limit cannot be reckoned with: Due is zero
)

// Flagged reports whether the appointment carries the flag.
func (a Appointment) Flagged(flag string) bool { return slices.Contains(a.Flags, flag) }

// Reckon is the appointment for a dossier found complete at received.
//
// The day of receipt is not counted (BLDS 2015 Điều 147.2), hours run from the
// moment itself (Điều 147.1), a month ends on the day of the same number or
// its last (Điều 148.3), and what ends on a rest day ends with the next working
// day (Điều 148.5). A limit in days ends with the day, so Due is the close of
// that day's last session; a limit in hours ends to the minute.
func (c *Calendar) Reckon(l Limit, cut CutOff, h Hours, received time.Time) Appointment {
	w := &walk{cal: c, hours: h, told: map[string]bool{}}
	w.out.Limit = l
	if l.Check() != nil || cut.Check() != nil {
		w.flag(FlagLimit)
		return w.out
	}
	if h.Check() != nil {
		w.hours = Usual()
		w.flag(FlagHours)
	}
	w.out.Due = w.due(l, w.start(l, cut, received.In(Zone).Truncate(time.Minute)))
	if w.rest > 0 {
		w.say("rest-days", "count", fmt.Sprint(w.rest))
	}
	return w.out
}

// walk is one reckoning under way.
type walk struct {
	cal   *Calendar
	hours Hours
	out   Appointment
	told  map[string]bool // days already explained
	rest  int             // weekend days passed over
}

func (w *walk) due(l Limit, start time.Time) time.Time {
	switch l.Unit {
	case SameDay:
		return w.sameDay(start)
	case WorkingHour:
		return w.afterHours(start, time.Duration(l.Count)*time.Hour)
	case WorkingDay:
		w.say("receipt-not-counted", "day", shown(start))
		return w.closeOn(w.afterDays(StartOf(start), l.Count))
	case Month:
		w.say("receipt-not-counted", "day", shown(start))
		return w.closeOn(addMonths(StartOf(start), l.Count))
	default:
		w.say("receipt-not-counted", "day", shown(start))
		return w.closeOn(StartOf(start).AddDate(0, 0, l.Count))
	}
}

// start is the moment that counts as receipt: received itself, or the opening
// of the next working day when the cut-off has passed. Without that second
// reading "counted from the next working day" would change nothing, because
// the day of receipt is not counted anyway.
func (w *walk) start(l Limit, cut CutOff, received time.Time) time.Time {
	day := StartOf(received)
	switch cut.Kind {
	case NoCut:
		return received
	case ResultNext:
		if l.Unit != SameDay || !received.After(cut.At.on(day)) {
			return received
		}
	case StartNext:
		if w.cal.Works(day) && !received.After(cut.At.on(day)) {
			return received
		}
	case LastHour:
		if w.cal.Works(day) && received.Before(w.close(day).Add(-time.Hour)) {
			return received
		}
	}
	next := w.afterDays(day, 1)
	w.say("cut-off."+string(cut.Kind), "at", cut.At.String(), "day", shown(next))
	return w.open(next)
}

// sameDay ends with the day of start, or with the next working day when the
// office is closed for the day by then.
func (w *walk) sameDay(start time.Time) time.Time {
	day := StartOf(start)
	if w.receives(day) && len(w.sessions(day)) > 0 && !start.After(w.close(day)) {
		w.say("same-day", "day", shown(day))
		return w.close(day)
	}
	next := w.nextOpen(day)
	w.say("after-hours", "day", shown(next))
	return w.close(next)
}

// afterDays is the n-th working day after day.
func (w *walk) afterDays(day time.Time, n int) time.Time {
	for n > 0 {
		day = day.AddDate(0, 0, 1)
		if w.counts(day) {
			n--
		}
	}
	return day
}

// horizon bounds the search for office time, in days: exceptions can close a
// point for ever.
const horizon = 10_000

// afterHours spends left on office time from start.
func (w *walk) afterHours(start time.Time, left time.Duration) time.Time {
	day := StartOf(start)
	for range horizon {
		first := day.Equal(StartOf(start))
		if first && w.receives(day) || !first && w.counts(day) {
			for _, s := range w.sessions(day) {
				from, end := later(start, s.Open.on(day)), s.Close.on(day)
				if !from.Before(end) {
					continue
				}
				if from.Add(left).After(end) {
					left -= end.Sub(from)
					continue
				}
				return from.Add(left)
			}
		}
		day = day.AddDate(0, 0, 1)
	}
	w.flag(FlagHours)
	return day
}

// closeOn is the close of day, or of the next day with office time when day is
// a rest day (Điều 148.5) or the point is closed.
func (w *walk) closeOn(day time.Time) time.Time {
	works := w.counts(day)
	if works && len(w.sessions(day)) > 0 {
		return w.close(day)
	}
	next := w.nextOpen(day)
	if works {
		w.say("moved-closed", "from", shown(day), "to", shown(next))
	} else {
		w.say("moved", "from", shown(day), "to", shown(next))
	}
	return w.close(next)
}

// nextOpen is the first working day after day on which the point has hours.
func (w *walk) nextOpen(day time.Time) time.Time {
	for range horizon {
		day = day.AddDate(0, 0, 1)
		if w.counts(day) && len(w.sessions(day)) > 0 {
			return day
		}
	}
	w.flag(FlagHours)
	return day
}

func (w *walk) sessions(day time.Time) []Session {
	return w.hours.sessions(day, w.cal.rhythm(day))
}

func (w *walk) open(day time.Time) time.Time {
	if s := w.sessions(day); len(s) > 0 {
		return s[0].Open.on(day)
	}
	return day
}

// close is the end of the day's last session; a day without any ends as it
// starts.
func (w *walk) close(day time.Time) time.Time {
	if s := w.sessions(day); len(s) > 0 {
		return s[len(s)-1].Close.on(day)
	}
	return day
}

// receives is counts for the day of receipt. That the point received on it is
// proof enough that it is worked: no flag when it was undecided.
func (w *walk) receives(day time.Time) bool {
	if !w.cal.Works(day) {
		return w.counts(day)
	}
	w.checkYear(day)
	return true
}

// counts reports whether day is a working day, and tells what is special
// about it, once.
func (w *walk) counts(day time.Time) bool {
	works := w.cal.Works(day)
	d, named := w.cal.Of(day)
	if key := day.Format(time.DateOnly); !w.told[key] {
		w.told[key] = true
		w.tell(day, d, named, works)
	}
	return works
}

func (w *walk) tell(day time.Time, d Day, named, works bool) {
	w.checkYear(day)
	switch {
	case !named && !works:
		w.rest++
	case !named:
	case d.Status == Unknown:
		w.flag(FlagUndecided)
		w.say("undecided", "day", shown(day), "note", d.Note)
	default:
		if d.Status == Projected {
			w.flag(FlagUndecided)
		}
		w.say(string(d.Kind), "day", shown(day), "note", d.Note)
	}
}

func (w *walk) checkYear(day time.Time) {
	switch status, loaded := w.cal.years[day.Year()]; {
	case !loaded:
		w.flag(FlagBeyond)
	case status == Projected:
		w.flag(FlagProjected)
	}
}

func (w *walk) say(code string, args ...string) {
	w.out.Reasons = append(w.out.Reasons, Reason{Code: code, Args: args})
}

func (w *walk) flag(f string) {
	if !w.out.Flagged(f) {
		w.out.Flags = append(w.out.Flags, f)
	}
}

// addMonths is the day of the same number n months on, or that month's last.
func addMonths(day time.Time, n int) time.Time {
	y, m, d := day.Date()
	first := time.Date(y, m+time.Month(n), 1, 0, 0, 0, 0, Zone)
	last := first.AddDate(0, 1, -1).Day()
	return first.AddDate(0, 0, min(d, last)-1)
}

// Ends is the last day of a limit of n calendar days from the event's day,
// moved to a working day where the law says so (Điều 148.5): a birth is on
// time until the end of it.
func (c *Calendar) Ends(event time.Time, n int) time.Time {
	day := StartOf(event).AddDate(0, 0, n)
	for !c.Works(day) {
		day = day.AddDate(0, 0, 1)
	}
	return day
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func shown(t time.Time) string { return t.Format("02/01/2006") }
