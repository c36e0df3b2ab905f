package deadline

import (
	"fmt"
	"time"
)

// Clock is a time of day in minutes after midnight.
type Clock int

const dayEnd Clock = 24 * 60

// String is the clock as 15:04.
func (c Clock) String() string { return fmt.Sprintf("%02d:%02d", int(c)/60, int(c)%60) }

// MarshalText writes 15:04.
func (c Clock) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// UnmarshalText reads 15:04, two digits each.
func (c *Clock) UnmarshalText(text []byte) error {
	t, err := time.Parse("15:04", string(text))
	if err != nil || len(text) != 5 {
		return fmt.Errorf("%.20q is not an hour like 15:00", text)
	}
	*c = Clock(t.Hour()*60 + t.Minute())
	return nil
}

// on is the moment the clock shows c on the day that starts at d.
func (c Clock) on(d time.Time) time.Time { return d.Add(time.Duration(c) * time.Minute) }

// Session is a stretch of office time within one day, written 07:30-11:30.
type Session struct{ Open, Close Clock }

// String is the session as 07:30-11:30.
func (s Session) String() string { return s.Open.String() + "-" + s.Close.String() }

// MarshalText writes 07:30-11:30.
func (s Session) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads 07:30-11:30.
func (s *Session) UnmarshalText(text []byte) error {
	if len(text) != 11 || text[5] != '-' {
		return fmt.Errorf("%.20q is not a session like 07:30-11:30", text)
	}
	if err := s.Open.UnmarshalText(text[:5]); err != nil {
		return err
	}
	if err := s.Close.UnmarshalText(text[6:]); err != nil {
		return err
	}
	if s.Open >= s.Close {
		return fmt.Errorf("%s closes before it opens", text)
	}
	return nil
}

// Hours are the office hours of one reception point. There is no national
// clock: each province or centre sets its own, so this is configuration.
type Hours struct {
	// Weekly maps mon, tue, wed, thu, fri, sat and sun to that day's sessions
	// in order. A session on Saturday lets the point receive dossiers; it does
	// not make Saturday a working day, which only the calendar can.
	Weekly map[string][]Session `json:"weekly" toml:"weekly"`
	// Exceptions replace the weekly hours on some days; the first match holds.
	Exceptions []Exception `json:"exceptions,omitempty" toml:"exceptions"`
}

// Exception is other hours from one day to another, both included and written
// 2006-01-02. No sessions means closed.
type Exception struct {
	From     string    `json:"from" toml:"from"`
	To       string    `json:"to" toml:"to"`
	Sessions []Session `json:"sessions,omitempty" toml:"sessions"`
	Note     string    `json:"note,omitempty" toml:"note"`
}

var weekdays = [...]string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

// Usual is Monday to Friday, 07:30-11:30 and 13:30-17:00: the most common
// hours, for a point that has not set its own.
func Usual() Hours {
	day := []Session{{7*60 + 30, 11*60 + 30}, {13*60 + 30, 17 * 60}}
	return Hours{Weekly: map[string][]Session{"mon": day, "tue": day, "wed": day, "thu": day, "fri": day}}
}

// Set reports whether any hours were given.
func (h Hours) Set() bool { return len(h.Weekly) > 0 }

// Check reports what is wrong with the hours: an unknown day, sessions that
// overlap, an exception that ends before it starts, a week without office time.
func (h Hours) Check() error {
	var week Clock
	for name, sessions := range h.Weekly {
		total, err := checkSessions(sessions)
		if err != nil {
			return fmt.Errorf("weekly.%s: %w", name, err)
		}
		switch i := indexOf(name); {
		case i < 0:
			return fmt.Errorf("weekly.%.20s: no such day of the week", name)
		case i >= 1 && i <= 5:
			week += total
		}
	}
	if week < 60 {
		return fmt.Errorf("weekly: less than an hour from Monday to Friday")
	}
	for i, e := range h.Exceptions {
		if _, err := checkSessions(e.Sessions); err != nil {
			return fmt.Errorf("exceptions[%d]: %w", i, err)
		}
		from, errFrom := ParseDay(e.From)
		to, errTo := ParseDay(e.To)
		if errFrom != nil || errTo != nil || to.Before(from) {
			return fmt.Errorf("exceptions[%d]: from %.20q to %.20q", i, e.From, e.To)
		}
	}
	return nil
}

func checkSessions(sessions []Session) (total Clock, err error) {
	var last Clock
	for _, s := range sessions {
		if s.Open < last || s.Close <= s.Open || s.Close > dayEnd {
			return 0, fmt.Errorf("%v is out of order", s)
		}
		last = s.Close
		total += s.Close - s.Open
	}
	return total, nil
}

func indexOf(name string) int {
	for i, w := range weekdays {
		if w == name {
			return i
		}
	}
	return -1
}

// sessions is the office time on the day that starts at d, which has the
// rhythm of the weekday like: a worked Saturday keeps the hours of the Monday
// it replaces.
func (h Hours) sessions(d time.Time, like time.Weekday) []Session {
	day := d.Format(time.DateOnly)
	for _, e := range h.Exceptions {
		if e.From <= day && day <= e.To {
			return e.Sessions
		}
	}
	return h.Weekly[weekdays[like]]
}
