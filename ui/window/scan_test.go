package window

import (
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"motcua/ui/screen"
)

const qr = "001190000017||Nguyễn Thị Ượng|02091990|Nữ|Hà Nội|01012021"

// hand sets the clock between two letters.
func (d *desk) hand(step time.Duration) {
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	d.Now = func() time.Time { now = now.Add(step); return now }
}

func TestAScanKeepsEveryLetter(t *testing.T) {
	d := newDesk(t, screen.Counter)
	d.hand(time.Millisecond)
	d.Draw(form("a", "scan", screen.Field{Key: "scan", Kind: screen.Scan}))
	d.write("12") // left over from before
	d.hand(time.Second)
	d.write("3")
	d.hand(time.Millisecond)
	raw := "Nguye\u0302\u0303n|001190000017" // as the scanner sent it, not as we would write it
	d.write(raw)
	d.raised()
	d.key(fyne.KeyReturn)
	if got := d.raised(); len(got) != 1 || got[0] != "Field:scan Value:3"+raw+"}" && got[0] != "Field:scan Value:"+raw+"}" {
		t.Errorf("the scan raised %q", got)
	}
}

func TestAScanFindsItsField(t *testing.T) {
	d := newDesk(t, screen.Counter)
	d.Draw(form("a", "name", screen.Field{Key: "name", Value: "Ng"}, screen.Field{Key: "scan", Kind: screen.Scan}))
	d.hand(2 * time.Millisecond)
	d.write(qr)
	d.events = nil
	d.key(fyne.KeyReturn)
	d.want("a scan into a name", "Field:scan Value:"+qr+"}", "Field:name Value:Ng}")
	if got := d.text("name"); got != "Ng" {
		t.Errorf("the name is %q", got)
	}
}

func TestAHandIsNoScanner(t *testing.T) {
	d := newDesk(t, screen.Counter)
	d.Draw(form("a", "name", screen.Field{Key: "name"}, screen.Field{Key: "scan", Kind: screen.Scan}))
	d.hand(60 * time.Millisecond)
	d.write("Nguyễn Thị Ượng")
	d.events = nil
	d.key(fyne.KeyReturn)
	d.want("Enter after typing", "Field:name Value:Nguyễn Thị Ượng}")
	d.focusedOn("scan")
}

func TestIdleShrinksOnce(t *testing.T) {
	var i idle
	start := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	i.touch(start)
	steps := []struct {
		at    time.Duration
		touch bool
		part  float64
		tell  bool
	}{
		{at: 10 * time.Second, part: 1},
		{at: 60 * time.Second, part: 1, tell: true},
		{at: 70 * time.Second, part: 0.5, tell: true},
		{at: 71 * time.Second, touch: true, part: 1, tell: true}, // the bar goes away
		{at: 72 * time.Second, part: 1},
		{at: 141 * time.Second, part: 0.5, tell: true},
		{at: 151 * time.Second, part: 0, tell: true},
		{at: 160 * time.Second, part: 0}, // told once
		{at: 161 * time.Second, touch: true, part: 1},
	}
	for _, s := range steps {
		now := start.Add(s.at)
		if s.touch {
			i.touch(now)
		}
		part, tell := i.step(now, time.Minute, 20*time.Second)
		if part != s.part || tell != s.tell {
			t.Errorf("after %v: %.2f %v, want %.2f %v", s.at, part, tell, s.part, s.tell)
		}
	}
}
