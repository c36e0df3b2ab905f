package trial

import (
	"context"
	"fmt"
	"sync"
	"time"

	"motcua"
	"motcua/ui/flow"
	"motcua/ui/screen"
)

// face is a person who plays by script: it sees the screens that a window
// would draw and does what a hand would do.
type face struct {
	mu   sync.Mutex
	now  screen.Screen
	next chan struct{} // closed at each draw
	post func(flow.Event)
	show func(screen.Screen) // a window that watches; may be nil
}

func newFace(show func(screen.Screen)) *face {
	return &face{next: make(chan struct{}), show: show}
}

// draw is the loop's.
func (f *face) draw(s screen.Screen) {
	if f.show != nil {
		f.show(s)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.now = s
	close(f.next)
	f.next = make(chan struct{})
}

// patience is how long a step of the story may take before it has failed. It
// bounds a hang; it says nothing of speed.
const patience = 60 * time.Second

// until waits for a screen that is right, and says what was on the screen
// when it never came.
func (f *face) until(ctx context.Context, what string, right func(screen.Screen) bool) (screen.Screen, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		f.mu.Lock()
		now, next := f.now, f.next
		f.mu.Unlock()
		if right(now) {
			return now, nil
		}
		select {
		case <-next:
		case <-ctx.Done():
			return now, motcua.Fail(motcua.Internal, fmt.Sprintf("waiting for %s: the screen is %q%s", what, now.Name, complaint(now)), ctx.Err())
		}
	}
}

// named waits for the screen with that name and no work under way.
func (f *face) named(ctx context.Context, name string) (screen.Screen, error) {
	return f.until(ctx, name, func(s screen.Screen) bool { return s.Name == name && !working(s) })
}

func working(s screen.Screen) bool {
	for _, sec := range s.Sections {
		for _, b := range sec.Blocks {
			if _, ok := b.(screen.Progress); ok {
				return true
			}
		}
	}
	return false
}

// complaint is what the screen complains of: codes only, no texts.
func complaint(s screen.Screen) string {
	out := ""
	for _, sec := range s.Sections {
		if sec.Notice != nil {
			out += " [" + sec.Key + " " + sec.Notice.Code + "]"
		}
	}
	if s.Notice != nil {
		out += " [" + s.Notice.Code + "]"
	}
	return out
}

// light is the text of one item of the quiet line.
func light(s screen.Screen, key string) (text string, tone screen.Tone) {
	for _, l := range s.Status {
		if l.Key == key {
			return l.Text, l.Tone
		}
	}
	return "", ""
}

// block is the first block of its kind on the screen.
func block[B screen.Block](s screen.Screen) (B, bool) {
	for _, sec := range s.Sections {
		for _, b := range sec.Blocks {
			if b, ok := b.(B); ok {
				return b, true
			}
		}
	}
	var none B
	return none, false
}
