package cccd

import (
	"fmt"
	"strconv"
	"time"

	"motcua"
)

// Date is a day of the calendar without a zone. Month and Day are 0 where only
// the year is known, which happens with births; the zero value is unknown.
type Date struct{ Year, Month, Day int }

// IsZero says that nothing is known.
func (d Date) IsZero() bool { return d == Date{} }

// String is the form of Vietnamese papers: 02/09/1945, or 1945 alone.
func (d Date) String() string {
	switch {
	case d.IsZero():
		return ""
	case d.Month == 0 || d.Day == 0:
		return fmt.Sprintf("%04d", d.Year)
	}
	return fmt.Sprintf("%02d/%02d/%04d", d.Day, d.Month, d.Year)
}

// MarshalText is the form of ISO 8601: 1945-09-02, or 1945 alone.
func (d Date) MarshalText() ([]byte, error) {
	switch {
	case d.IsZero():
		return []byte{}, nil
	case d.Month == 0 || d.Day == 0:
		return fmt.Appendf(nil, "%04d", d.Year), nil
	}
	return fmt.Appendf(nil, "%04d-%02d-%02d", d.Year, d.Month, d.Day), nil
}

// UnmarshalText reads what MarshalText writes; anything else is BadInput.
func (d *Date) UnmarshalText(text []byte) error {
	s := string(text)
	var ok bool
	switch {
	case s == "":
		*d, ok = Date{}, true
	case len(s) == 4:
		*d, ok = yearOnly(s)
	case len(s) == 10 && s[4] == '-' && s[7] == '-':
		*d, ok = day(s[8:], s[5:7], s[:4])
	}
	if !ok {
		return motcua.Fail(motcua.BadInput, "not a date", nil)
	}
	return nil
}

// Time is midnight of the day in zone; false for a date with parts missing.
func (d Date) Time(zone *time.Location) (time.Time, bool) {
	if d.Month == 0 || d.Day == 0 {
		return time.Time{}, false
	}
	return time.Date(d.Year, time.Month(d.Month), d.Day, 0, 0, 0, 0, zone), true
}

// parseDate reads dd/MM/yyyy, dd-MM-yyyy, ddMMyyyy or yyyy.
func parseDate(s string) (Date, bool) {
	switch {
	case len(s) == 10 && s[2] == s[5] && (s[2] == '/' || s[2] == '-'):
		return day(s[:2], s[3:5], s[6:])
	case len(s) == 8:
		return day(s[:2], s[2:4], s[4:])
	case len(s) == 4:
		return yearOnly(s)
	}
	return Date{}, false
}

func yearOnly(s string) (Date, bool) {
	n, _ := strconv.Atoi(s)
	return Date{Year: n}, digits(s) && n >= 1800
}

// day makes a date of three strings of digits; false for one that is not in
// the calendar.
func day(d, m, y string) (Date, bool) {
	if !digits(d) || !digits(m) || !digits(y) {
		return Date{}, false
	}
	dd, _ := strconv.Atoi(d)
	mm, _ := strconv.Atoi(m)
	yyyy, _ := strconv.Atoi(y)
	t := time.Date(yyyy, time.Month(mm), dd, 0, 0, 0, 0, time.UTC)
	if yyyy < 1800 || t.Day() != dd || int(t.Month()) != mm {
		return Date{}, false
	}
	return Date{yyyy, mm, dd}, true
}
