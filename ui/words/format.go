package words

import (
	"strconv"
	"time"
)

// Zone is the only zone the product shows: Việt Nam has had no other and no
// summer time since 1975, so a fixed offset is right where the system has no
// zone files.
var Zone = time.FixedZone("Asia/Ho_Chi_Minh", 7*60*60)

// Money writes đồng with dots between thousands: "12.000 đ".
func Money(dong int64) string {
	s := strconv.FormatInt(dong, 10)
	sign := ""
	if s[0] == '-' {
		sign, s = "-", s[1:]
	}
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "." + s[i:]
	}
	return sign + s + " đ"
}

// Date writes dd/mm/yyyy; a zero time is empty.
func Date(t time.Time) string { return form(t, "02/01/2006") }

// Clock writes hours and minutes.
func Clock(t time.Time) string { return form(t, "15:04") }

// DateClock writes both, the time first as it is spoken: "16:30 24/11/2026".
func DateClock(t time.Time) string { return form(t, "15:04 02/01/2006") }

func form(t time.Time, layout string) string {
	if t.IsZero() {
		return ""
	}
	return t.In(Zone).Format(layout)
}
