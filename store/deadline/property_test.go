package deadline_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"motcua/store/deadline"
)

var (
	limits = rapid.Custom(func(t *rapid.T) deadline.Limit {
		u := rapid.SampledFrom([]deadline.Unit{deadline.SameDay, deadline.WorkingHour, deadline.WorkingDay,
			deadline.CalendarDay, deadline.Month}).Draw(t, "unit")
		if u == deadline.SameDay {
			return deadline.Limit{Unit: u}
		}
		return deadline.Limit{Unit: u, Count: rapid.IntRange(1, 40).Draw(t, "count")}
	})
	cuts = rapid.Custom(func(t *rapid.T) deadline.CutOff {
		k := rapid.SampledFrom([]deadline.CutKind{deadline.NoCut, deadline.ResultNext, deadline.StartNext,
			deadline.LastHour}).Draw(t, "cut")
		c := deadline.CutOff{Kind: k}
		if k == deadline.ResultNext || k == deadline.StartNext {
			c.At = deadline.Clock(rapid.IntRange(8*60, 20*60).Draw(t, "at"))
		}
		return c
	})
	officeHours = rapid.Custom(func(t *rapid.T) deadline.Hours {
		h := deadline.Usual()
		if rapid.Bool().Draw(t, "saturday") {
			h.Weekly["sat"] = []deadline.Session{{Open: 450, Close: 690}}
		}
		if rapid.Bool().Draw(t, "closed") {
			from := moments.Draw(t, "from")
			to := from.AddDate(0, 0, rapid.IntRange(0, 9).Draw(t, "days"))
			h.Exceptions = []deadline.Exception{{From: from.Format(time.DateOnly), To: to.Format(time.DateOnly)}}
		}
		return h
	})
	// From the first file to beyond the last.
	moments = rapid.Custom(func(t *rapid.T) time.Time {
		start := time.Date(2024, 12, 20, 0, 0, 0, 0, deadline.Zone)
		return start.Add(time.Duration(rapid.IntRange(0, 4*366*24*60).Draw(t, "minutes")) * time.Minute)
	})
)

func TestDueIsKept(t *testing.T) {
	c := shipped(t)
	rapid.Check(t, func(t *rapid.T) {
		l, cut, h, received := limits.Draw(t, "limit"), cuts.Draw(t, "cut"), officeHours.Draw(t, "hours"), moments.Draw(t, "received")
		a := c.Reckon(l, cut, h, received)
		switch {
		case a.Due.Before(received):
			t.Errorf("due %v lies before %v", a.Due, received)
		case !c.Works(a.Due):
			t.Errorf("due %v is a rest day", a.Due)
		case closedOn(h, a.Due):
			t.Errorf("due %v while the point is closed", a.Due)
		case a.Due.Second() != 0 || a.Due.Location() != deadline.Zone:
			t.Errorf("due %v is not a minute of the zone", a.Due)
		case l.Unit != deadline.WorkingHour && a.Due.Hour() != 17:
			t.Errorf("due %v is not the close of a day", a.Due)
		case a.Due.Year() > c.LastYear() && !a.Flagged(deadline.FlagBeyond):
			t.Errorf("due %v lies beyond the calendar without a flag", a.Due)
		}
	})
}

func closedOn(h deadline.Hours, t time.Time) bool {
	day := t.Format(time.DateOnly)
	for _, e := range h.Exceptions {
		if e.From <= day && day <= e.To {
			return true
		}
	}
	return false
}

// Who comes later is never promised something earlier.
func TestDueIsMonotone(t *testing.T) {
	c := shipped(t)
	rapid.Check(t, func(t *rapid.T) {
		l, cut, h := limits.Draw(t, "limit"), cuts.Draw(t, "cut"), officeHours.Draw(t, "hours")
		first := moments.Draw(t, "first")
		second := first.Add(time.Duration(rapid.IntRange(0, 12*24*60).Draw(t, "later")) * time.Minute)
		a, b := c.Reckon(l, cut, h, first), c.Reckon(l, cut, h, second)
		if b.Due.Before(a.Due) {
			t.Errorf("%v gives %v, but %v gives %v", first, a.Due, second, b.Due)
		}
	})
}

// One more of a unit is never earlier, and the zone of the clock that read the
// time does not matter.
func TestDueGrowsWithTheLimit(t *testing.T) {
	c := shipped(t)
	rapid.Check(t, func(t *rapid.T) {
		l, cut, received := limits.Draw(t, "limit"), cuts.Draw(t, "cut"), moments.Draw(t, "received")
		a := c.Reckon(l, cut, deadline.Usual(), received)
		if b := c.Reckon(l, cut, deadline.Usual(), received.UTC()); !b.Due.Equal(a.Due) {
			t.Errorf("in UTC due %v, else %v", b.Due, a.Due)
		}
		if l.Unit == deadline.SameDay {
			return
		}
		l.Count++
		if b := c.Reckon(l, cut, deadline.Usual(), received); b.Due.Before(a.Due) {
			t.Errorf("%v gives %v, one less %v", l, b.Due, a.Due)
		}
	})
}

// Counting working days one at a time comes to the same.
func TestWorkingDaysAgreeWithCounting(t *testing.T) {
	c := shipped(t)
	rapid.Check(t, func(t *rapid.T) {
		n, received := rapid.IntRange(1, 60).Draw(t, "n"), moments.Draw(t, "received")
		due := c.Reckon(limit(n, deadline.WorkingDay), none, deadline.Usual(), received).Due
		counted := 0
		for day := deadline.StartOf(received).AddDate(0, 0, 1); !day.After(due); day = day.AddDate(0, 0, 1) {
			if c.Works(day) {
				counted++
			}
		}
		if counted != n {
			t.Errorf("%d working days lie between %v and %v, want %d", counted, received, due, n)
		}
	})
}
