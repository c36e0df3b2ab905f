package window

import (
	"sync"
	"time"

	"motcua/ui/flow"
)

// idle measures how long nobody has touched anything.
type idle struct {
	mu      sync.Mutex
	touched time.Time
	told    bool // that time is shrinking
	over    bool
}

func (i *idle) touch(now time.Time) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.touched, i.over = now, false
}

// step is what is left of the time, and whether there is something to tell:
// from 1 down to 0 once, and 1 again after a touch in between.
func (i *idle) step(now time.Time, after, during time.Duration) (part float64, tell bool) {
	i.mu.Lock()
	defer i.mu.Unlock()
	gone := now.Sub(i.touched) - after
	if gone < 0 {
		tell, i.told = i.told, false
		return 1, tell
	}
	if i.over {
		return 0, false
	}
	i.told = true
	if during > 0 {
		part = 1 - float64(gone)/float64(during)
	}
	if part <= 0 {
		i.over, i.told = true, false
		return 0, true
	}
	return part, true
}

// watch looks four times a second: the bar shrinks without a jump, and the
// machine does nothing in between.
func (w *Window) watch() {
	if w.IdleAfter <= 0 {
		return
	}
	w.Touched()
	t := time.NewTicker(time.Second / 4)
	done := make(chan struct{})
	w.win.SetOnClosed(func() { close(done) })
	go func() {
		defer t.Stop()
		for {
			select {
			case <-done:
				return
			case <-t.C:
				if part, tell := w.idle.step(w.Now(), w.IdleAfter, w.IdleFor); tell {
					w.post(flow.Idle{Part: part})
				}
			}
		}
	}()
}
