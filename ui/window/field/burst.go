package field

import "time"

// A scanner that types sends its letters faster than any hand, and ends with
// Enter. The limits leave room for a slow machine: a fast typist needs 60 ms a
// letter.
const (
	burstStep   = 30 * time.Millisecond // at most, between two letters
	burstEnd    = 120 * time.Millisecond
	burstLength = 10 // at least, in letters
)

// burst collects letters that came too fast for a hand.
type burst struct {
	raw    []rune
	last   time.Time
	before string // the text when it began
}

func (b *burst) add(r rune, now time.Time, text string) {
	if len(b.raw) == 0 || now.Sub(b.last) > burstStep {
		b.raw, b.before = b.raw[:0], text
	}
	b.raw, b.last = append(b.raw, r), now
}

// end says whether Enter closed a burst, and what came in it.
func (b *burst) end(now time.Time) (string, bool) {
	raw := string(b.raw)
	ok := len(b.raw) >= burstLength && now.Sub(b.last) <= burstEnd
	b.raw = b.raw[:0]
	return raw, ok
}
