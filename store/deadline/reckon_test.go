package deadline_test

import (
	"slices"
	"testing"
	"time"

	"motcua/assets"
	"motcua/store/deadline"
)

func shipped(t testing.TB) *deadline.Calendar {
	t.Helper()
	c, err := deadline.Load(assets.FS, "holidays")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func at(t testing.TB, s string) time.Time {
	t.Helper()
	m, err := time.ParseInLocation("2006-01-02 15:04", s, deadline.Zone)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func limit(n int, u deadline.Unit) deadline.Limit { return deadline.Limit{Count: n, Unit: u} }

var (
	sameDay    = deadline.Limit{Unit: deadline.SameDay}
	none       = deadline.CutOff{}
	resultNext = deadline.CutOff{Kind: deadline.ResultNext, At: 15 * 60}
	startNext  = deadline.CutOff{Kind: deadline.StartNext, At: 15 * 60}
	lastHour   = deadline.CutOff{Kind: deadline.LastHour}
)

func TestReckon(t *testing.T) {
	c := shipped(t)
	for _, tt := range []struct {
		name     string
		limit    deadline.Limit
		cut      deadline.CutOff
		received string
		due      string
		flags    []string
	}{
		// 2026-11-12 is a Thursday.
		{"same day in the morning", sameDay, resultNext, "2026-11-12 08:10", "2026-11-12 17:00", nil},
		{"same day at 15:00 sharp", sameDay, resultNext, "2026-11-12 15:00", "2026-11-12 17:00", nil},
		{"same day a minute later", sameDay, resultNext, "2026-11-12 15:01", "2026-11-13 17:00", nil},
		{"same day, Friday late", sameDay, resultNext, "2026-11-13 15:01", "2026-11-16 17:00", nil},
		{"same day without cut-off", sameDay, none, "2026-11-12 16:59", "2026-11-12 17:00", nil},
		{"same day after the close", sameDay, none, "2026-11-12 17:30", "2026-11-13 17:00", nil},
		{"same day on a Saturday", sameDay, resultNext, "2026-11-14 09:00", "2026-11-16 17:00", nil},
		{"the cut-off of same day does not touch days", limit(1, deadline.WorkingDay), resultNext, "2026-11-12 16:00", "2026-11-13 17:00", nil},

		{"three working days", limit(3, deadline.WorkingDay), none, "2026-11-12 08:00", "2026-11-17 17:00", nil},
		{"three working days, start moved", limit(3, deadline.WorkingDay), startNext, "2026-11-12 15:01", "2026-11-18 17:00", nil},
		{"three working days, in time", limit(3, deadline.WorkingDay), startNext, "2026-11-12 15:00", "2026-11-17 17:00", nil},
		{"the last hour begins", limit(1, deadline.WorkingDay), lastHour, "2026-11-12 16:00", "2026-11-16 17:00", nil},
		{"before the last hour", limit(1, deadline.WorkingDay), lastHour, "2026-11-12 15:59", "2026-11-13 17:00", nil},

		// Tết Bính Ngọ: Monday 16 to Friday 20 February 2026.
		{"over Tết", limit(1, deadline.WorkingDay), none, "2026-02-13 09:00", "2026-02-23 17:00", nil},
		{"a calendar limit ending in Tết", limit(5, deadline.CalendarDay), none, "2026-02-13 09:00", "2026-02-23 17:00", nil},
		{"same day on the eve of Tết", sameDay, resultNext, "2026-02-13 15:30", "2026-02-23 17:00", nil},
		{"four hours over Tết", limit(4, deadline.WorkingHour), none, "2026-02-13 15:00", "2026-02-23 09:30", nil},

		// Swaps: 2 January off, Saturday 10 worked; 31 August off, Saturday 22 worked.
		{"over New Year", limit(1, deadline.WorkingDay), none, "2025-12-31 09:00", "2026-01-05 17:00", nil},
		{"to a worked Saturday", limit(1, deadline.WorkingDay), none, "2026-01-09 09:00", "2026-01-10 17:00", nil},
		{"over Quốc khánh", limit(1, deadline.WorkingDay), none, "2026-08-28 09:00", "2026-09-03 17:00", nil},
		{"received on a worked Saturday", sameDay, resultNext, "2026-08-22 10:00", "2026-08-22 17:00", nil},
		{"hours on a worked Saturday", limit(8, deadline.WorkingHour), none, "2026-08-21 16:00", "2026-08-22 16:30", nil},
		{"2025: over the swapped Friday", limit(1, deadline.WorkingDay), none, "2025-04-29 09:00", "2025-05-05 17:00", nil},
		{"2025: worked 26 April", limit(1, deadline.WorkingDay), none, "2025-04-25 09:00", "2025-04-26 17:00", nil},
		{"2025: over Tết Ất Tỵ", limit(2, deadline.WorkingDay), none, "2025-01-24 09:00", "2025-02-04 17:00", nil},
		{"2025: over Quốc khánh", limit(1, deadline.WorkingDay), none, "2025-08-29 09:00", "2025-09-03 17:00", nil},
		{"Giỗ Tổ made up on Monday", limit(1, deadline.WorkingDay), none, "2026-04-24 09:00", "2026-04-28 17:00", nil},

		// 24 November 2026 is a holiday; Monday 23 is under consultation.
		{"to the undecided Monday", limit(1, deadline.WorkingDay), none, "2026-11-20 09:00", "2026-11-23 17:00", []string{deadline.FlagUndecided}},
		{"over the undecided Monday", limit(2, deadline.WorkingDay), none, "2026-11-20 09:00", "2026-11-25 17:00", []string{deadline.FlagUndecided}},
		{"a calendar limit on the new holiday", limit(10, deadline.CalendarDay), none, "2026-11-14 09:00", "2026-11-25 17:00", nil},
		{"received on the undecided Monday", sameDay, resultNext, "2026-11-23 09:00", "2026-11-23 17:00", nil},
		{"same day late before the undecided Monday", sameDay, resultNext, "2026-11-20 15:30", "2026-11-23 17:00", []string{deadline.FlagUndecided}},

		{"calendar days", limit(15, deadline.CalendarDay), none, "2026-10-01 09:00", "2026-10-16 17:00", nil},
		{"calendar days to a Saturday", limit(15, deadline.CalendarDay), none, "2026-10-02 09:00", "2026-10-19 17:00", nil},
		{"a month", limit(1, deadline.Month), none, "2026-10-06 09:00", "2026-11-06 17:00", nil},
		{"a month without that day", limit(1, deadline.Month), none, "2025-08-31 09:00", "2025-09-30 17:00", nil},
		{"a month to February", limit(1, deadline.Month), none, "2026-01-30 09:00", "2026-03-02 17:00", nil},

		{"an hour", limit(1, deadline.WorkingHour), none, "2026-11-12 08:07", "2026-11-12 09:07", nil},
		{"an hour over noon", limit(1, deadline.WorkingHour), none, "2026-11-12 11:00", "2026-11-12 14:00", nil},
		{"an hour to the close", limit(1, deadline.WorkingHour), none, "2026-11-12 10:30", "2026-11-12 11:30", nil},
		{"an hour from before the opening", limit(1, deadline.WorkingHour), none, "2026-11-12 06:00", "2026-11-12 08:30", nil},
		{"eight hours", limit(8, deadline.WorkingHour), none, "2026-11-12 16:00", "2026-11-13 16:30", nil},
		{"an hour on Sunday", limit(1, deadline.WorkingHour), none, "2026-11-15 10:00", "2026-11-16 08:30", nil},

		{"into the year without decision", limit(5, deadline.WorkingDay), none, "2026-12-29 09:00", "2027-01-06 17:00", []string{deadline.FlagProjected}},
		{"into the projected Tết", limit(3, deadline.WorkingDay), none, "2027-02-03 09:00", "2027-02-15 17:00", []string{deadline.FlagProjected, deadline.FlagUndecided}},
		{"beyond every file", limit(10, deadline.WorkingDay), none, "2027-12-27 09:00", "2028-01-10 17:00", []string{deadline.FlagProjected, deadline.FlagBeyond}},
		{"far beyond", limit(24, deadline.Month), none, "2026-10-05 09:00", "2028-10-05 17:00", []string{deadline.FlagBeyond}},
		{"before every file", limit(1, deadline.WorkingDay), none, "2019-06-03 09:00", "2019-06-04 17:00", []string{deadline.FlagBeyond}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a := c.Reckon(tt.limit, tt.cut, deadline.Usual(), at(t, tt.received))
			if got := a.Due.Format("2006-01-02 15:04"); got != tt.due {
				t.Errorf("due %s, want %s\nreasons %v", got, tt.due, a.Reasons)
			}
			if !slices.Equal(a.Flags, tt.flags) {
				t.Errorf("flags %v, want %v", a.Flags, tt.flags)
			}
		})
	}
}

func TestReasonsTellEachStep(t *testing.T) {
	a := shipped(t).Reckon(limit(2, deadline.WorkingDay), none, deadline.Usual(), at(t, "2026-11-20 09:00"))
	var got []string
	for _, r := range a.Reasons {
		got = append(got, r.String())
	}
	want := []string{
		"receipt-not-counted|day=20/11/2026",
		"undecided|day=23/11/2026|note=Đang lấy ý kiến về việc hoán đổi ngày làm việc; chưa rõ kết quả",
		"holiday|day=24/11/2026|note=Ngày Văn hóa Việt Nam",
		"rest-days|count=2",
	}
	if !slices.Equal(got, want) {
		t.Errorf("reasons\n got %q\nwant %q", got, want)
	}
	for i, r := range a.Reasons {
		if back := deadline.ParseReason(got[i]); back.Code != r.Code || !slices.Equal(back.Args, r.Args) {
			t.Errorf("%q came back as %v", got[i], back)
		}
	}
}

func TestOtherHours(t *testing.T) {
	c := shipped(t)
	h := deadline.Usual()
	h.Weekly["sat"] = []deadline.Session{{Open: 450, Close: 690}}
	h.Exceptions = []deadline.Exception{
		{From: "2026-11-13", To: "2026-11-13", Sessions: []deadline.Session{{Open: 480, Close: 660}}},
		{From: "2026-11-16", To: "2026-11-17"},
	}
	for _, tt := range []struct {
		name     string
		limit    deadline.Limit
		cut      deadline.CutOff
		received string
		due      string
	}{
		{"a short Friday", limit(1, deadline.WorkingDay), none, "2026-11-12 09:00", "2026-11-13 11:00"},
		{"Saturday receives but is no working day", limit(1, deadline.WorkingDay), none, "2026-11-13 09:00", "2026-11-18 17:00"},
		{"a closed day is not promised", limit(3, deadline.CalendarDay), none, "2026-11-13 09:00", "2026-11-18 17:00"},
		{"hours pass over the closed days", limit(1, deadline.WorkingHour), none, "2026-11-13 10:30", "2026-11-18 08:00"},
		{"the last hour of a short day", limit(1, deadline.WorkingDay), lastHour, "2026-11-13 10:00", "2026-11-18 17:00"},
	} {
		a := c.Reckon(tt.limit, tt.cut, h, at(t, tt.received))
		if got := a.Due.Format("2006-01-02 15:04"); got != tt.due || len(a.Flags) > 0 {
			t.Errorf("%s: due %s, want %s; flags %v", tt.name, got, tt.due, a.Flags)
		}
	}
}

func TestWhatIsMissingIsFlagged(t *testing.T) {
	c := shipped(t)
	received := at(t, "2026-11-12 09:00")
	unset := c.Reckon(limit(1, deadline.WorkingDay), none, deadline.Hours{}, received)
	if !unset.Flagged(deadline.FlagHours) || unset.Due.Hour() != 17 {
		t.Errorf("without hours: %v", unset)
	}
	for _, l := range []deadline.Limit{{}, {Unit: "fortnight", Count: 1}, {Unit: deadline.WorkingDay}, {Unit: deadline.SameDay, Count: 2}} {
		if a := c.Reckon(l, none, deadline.Usual(), received); !a.Flagged(deadline.FlagLimit) || !a.Due.IsZero() {
			t.Errorf("limit %v: %v", l, a)
		}
	}
	closed := deadline.Usual()
	closed.Exceptions = []deadline.Exception{{From: "2026-01-01", To: "2199-12-31"}}
	for _, l := range []deadline.Limit{sameDay, limit(1, deadline.WorkingHour), limit(1, deadline.WorkingDay)} {
		if a := c.Reckon(l, none, closed, received); !a.Flagged(deadline.FlagHours) {
			t.Errorf("a point closed for ever: %v", a)
		}
	}
}

func TestEndsMovesOffRestDays(t *testing.T) {
	c := shipped(t)
	// 60 days after 18 December 2025 is 16 February 2026, in Tết.
	if got := c.Ends(at(t, "2025-12-18 00:00"), 60).Format(time.DateOnly); got != "2026-02-23" {
		t.Errorf("ends %s", got)
	}
}

func BenchmarkReckon(b *testing.B) {
	c, h := shipped(b), deadline.Usual()
	received := at(b, "2026-11-12 09:00")
	for b.Loop() {
		c.Reckon(limit(30, deadline.WorkingDay), startNext, h, received)
	}
}
