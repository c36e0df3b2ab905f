package deadline

import (
	"fmt"
	"io/fs"
	"path"
	"strings"
	"time"

	"motcua/store/pack"
)

// Kind is what a named day is.
type Kind string

// The kinds of day in a yearly file.
const (
	Holiday      Kind = "holiday"      // BLLĐ 2019 Điều 112
	Compensation Kind = "compensation" // for a holiday on a weekly rest day, Điều 111.3
	SwapOff      Kind = "swap-off"     // a working day off, worked on another day
	Worked       Kind = "worked"       // a rest day worked for a SwapOff
)

// Status is how sure a day or a year is.
type Status string

// The statuses. A proposal is never decided.
const (
	Decided   Status = "decided"   // by law or by a signed decision
	Projected Status = "projected" // what the law makes likely; no decision yet
	Unknown   Status = "unknown"   // under discussion: reckoned as an ordinary day, and flagged
)

// Day is one line of a yearly file.
type Day struct {
	Date      string `json:"date"` // 2006-01-02
	Kind      Kind   `json:"kind"`
	Note      string `json:"note"` // its name, in Vietnamese
	Status    Status `json:"status"`
	Source    string `json:"source"`
	Certainty string `json:"certainty"`     // S sourced, M-… remembered, C computed, I inferred
	For       string `json:"for,omitempty"` // on a worked day: the swap-off it makes up
}

// Year is one yearly file.
type Year struct {
	Schema int    `json:"schema"`
	Year   int    `json:"year"`
	Status Status `json:"status"` // projected until the year's decision is signed
	Source string `json:"source"`
	Days   []Day  `json:"days"`
}

// maxDays in a year's file: a file with more is not a list of holidays.
const maxDays = 100

// Calendar knows which days are worked. It is read only once built.
type Calendar struct {
	years map[int]Status
	days  map[string]Day
	last  int
}

// Load builds the calendar from every .json file in dir of fsys. The error is
// a motcua.Fault, CatalogueBad, naming file and field.
func Load(fsys fs.FS, dir string) (*Calendar, error) {
	files, err := fs.ReadDir(fsys, dir)
	if err != nil {
		return nil, pack.Bad(dir, "", "cannot be listed", err)
	}
	var years []Year
	for _, f := range files {
		if f.IsDir() || !strings.HasSuffix(f.Name(), ".json") {
			continue
		}
		var y Year
		name := path.Join(dir, f.Name())
		if err := pack.Read(fsys, name, &y); err != nil {
			return nil, err
		}
		if field, err := y.check(); err != nil {
			return nil, pack.Bad(name, field, err.Error(), nil)
		}
		years = append(years, y)
	}
	return New(years...)
}

// New builds the calendar from years that Load or a test has at hand.
func New(years ...Year) (*Calendar, error) {
	c := &Calendar{years: map[int]Status{}, days: map[string]Day{}}
	for _, y := range years {
		name := fmt.Sprint("year ", y.Year)
		if field, err := y.check(); err != nil {
			return nil, pack.Bad(name, field, err.Error(), nil)
		}
		if _, twice := c.years[y.Year]; twice {
			return nil, pack.Bad(name, "year", "is loaded twice", nil)
		}
		c.years[y.Year] = y.Status
		c.last = max(c.last, y.Year)
		for _, d := range y.Days {
			c.days[d.Date] = d
		}
	}
	return c, c.checkSwaps()
}

// LastYear is the last year loaded, 0 when there is none.
func (c *Calendar) LastYear() int { return c.last }

func (y Year) check() (field string, err error) {
	switch {
	case y.Schema != 1:
		return "schema", fmt.Errorf("is %d, want 1", y.Schema)
	case y.Year < 2000 || y.Year > 2200:
		return "year", fmt.Errorf("is %d", y.Year)
	case y.Status != Decided && y.Status != Projected:
		return "status", fmt.Errorf("is %.20q", y.Status)
	case y.Source == "":
		return "source", fmt.Errorf("is missing")
	case len(y.Days) > maxDays:
		return "days", fmt.Errorf("are %d", len(y.Days))
	}
	seen := map[string]bool{}
	for i, d := range y.Days {
		err := d.check(y.Year)
		if err == nil && seen[d.Date] {
			err = fmt.Errorf("stands there twice")
		}
		if err != nil {
			return fmt.Sprintf("days[%d] %.20s", i, d.Date), err
		}
		seen[d.Date] = true
	}
	return "", nil
}

func (d Day) check(year int) error {
	at, err := ParseDay(d.Date)
	switch {
	case err != nil:
		return err
	case at.Year() != year:
		return fmt.Errorf("is not in %d", year)
	case d.Note == "" || d.Source == "" || d.Certainty == "":
		return fmt.Errorf("lacks note, source or certainty")
	case d.Status != Decided && d.Status != Projected && d.Status != Unknown:
		return fmt.Errorf("has the status %.20q", d.Status)
	case (d.For != "") != (d.Kind == Worked):
		return fmt.Errorf("names the day it makes up exactly when it is worked")
	}
	return d.checkKind(at)
}

func (d Day) checkKind(at time.Time) error {
	switch d.Kind {
	case Holiday:
	case Compensation, SwapOff:
		if weekend(at) {
			return fmt.Errorf("is a weekend and cannot be a %s", d.Kind)
		}
	case Worked:
		if !weekend(at) {
			return fmt.Errorf("is worked anyway")
		}
	default:
		return fmt.Errorf("has the kind %.20q", d.Kind)
	}
	return nil
}

// checkSwaps reports a swap that is decided on one side only.
func (c *Calendar) checkSwaps() error {
	madeUp := map[string]bool{}
	for _, d := range c.days {
		if d.Kind != Worked {
			continue
		}
		madeUp[d.For] = true
		if c.days[d.For].Kind != SwapOff {
			return pack.Bad("holidays", d.Date, "makes up "+d.For+", which is not swapped off", nil)
		}
	}
	for _, d := range c.days {
		if d.Kind == SwapOff && d.Status == Decided && !madeUp[d.Date] {
			return pack.Bad("holidays", d.Date, "is swapped off and never made up", nil)
		}
	}
	return nil
}

// Of is what the files say of the day of t, and whether they say anything.
func (c *Calendar) Of(t time.Time) (Day, bool) {
	d, ok := c.days[t.In(Zone).Format(time.DateOnly)]
	return d, ok
}

// Works reports whether the day of t is a working day: Monday to Friday
// unless the files say otherwise. A day whose status is unknown is what it
// would be without its line: a proposal is not a holiday.
func (c *Calendar) Works(t time.Time) bool {
	d, named := c.Of(t)
	if !named || d.Status == Unknown {
		return !weekend(t.In(Zone))
	}
	return d.Kind == Worked
}

// rhythm is the weekday whose hours hold on the day: its own, or that of the
// day it makes up.
func (c *Calendar) rhythm(day time.Time) time.Weekday {
	if d, named := c.Of(day); named && d.Kind == Worked {
		if off, err := ParseDay(d.For); err == nil {
			return off.Weekday()
		}
	}
	return day.Weekday()
}

func weekend(t time.Time) bool {
	return t.Weekday() == time.Saturday || t.Weekday() == time.Sunday
}

// ParseDay reads 2006-01-02 as the start of that day in Zone.
func ParseDay(s string) (time.Time, error) {
	t, err := time.ParseInLocation(time.DateOnly, s, Zone)
	if err != nil || len(s) != len(time.DateOnly) {
		return time.Time{}, fmt.Errorf("%.20q is not a day like 2026-11-24", s)
	}
	return t, nil
}

// StartOf is the start of t's day in Zone.
func StartOf(t time.Time) time.Time {
	y, m, d := t.In(Zone).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, Zone)
}
