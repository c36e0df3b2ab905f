package pcsc

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"time"

	"github.com/ebfe/scard"

	"motcua"
	"motcua/devices"
)

const (
	// settle is how long a change has to last to be told (debounce).
	settle = 200 * time.Millisecond
	// tick is how often the list of readers is read again without cause:
	// notifications miss readers that come together.
	tick = time.Second
	// pnp is the reader that stands for the arrival of readers.
	pnp = `\\?PnP?\Notification`
	// counter is the part of the flags that counts insertions and removals.
	counter scard.StateFlag = 0xFFFF0000
)

// Watch tells every change until ctx ends or the Service is closed, and then
// returns nil. tell is called from this goroutine.
func (s *Service) Watch(ctx context.Context, tell func(devices.ReaderEvent)) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(s.end, cancel)()
	w := &watch{service: s, tell: tell, readers: map[string]*sight{}}
	for ctx.Err() == nil {
		err := w.run(ctx)
		if ctx.Err() != nil {
			break
		}
		w.down(err)
		pause(ctx, 300*time.Millisecond)
	}
	return nil
}

func pause(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}

// watch is what one Watch has seen and told.
type watch struct {
	service *Service
	tell    func(devices.ReaderEvent)
	readers map[string]*sight
	isDown  bool // ReaderService was told
	isBare  bool // ReaderNone was told
}

// sight is one reader: what the service said last, and what was told.
type sight struct {
	flags   scard.StateFlag // as the service reported, for its next comparison
	atr     []byte
	state   devices.ReaderState
	since   time.Time // of the last change
	told    bool
	open    bool // something changed since it was told
	toldAs  devices.ReaderState
	atrAs   []byte
	countAs scard.StateFlag
}

// run watches over one context until it breaks.
func (w *watch) run(ctx context.Context) error {
	c, err := scard.EstablishContext()
	if err != nil {
		return serviceFault(err)
	}
	defer c.Release()
	stop := interrupt(ctx, c)
	defer stop()
	for ctx.Err() == nil {
		if err := w.round(c); err != nil {
			return err
		}
	}
	return nil
}

// interrupt cancels the blocking call of c when ctx ends, again and again: a
// cancellation that comes between two calls is lost. Its errors do not matter
// (pcsc-lite 1.9.9 may answer with an invalid handle).
func interrupt(ctx context.Context, c *scard.Context) (stop func()) {
	gone, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		select {
		case <-gone:
			return
		case <-ctx.Done():
		}
		for {
			_ = c.Cancel()
			select {
			case <-gone:
				return
			case <-time.After(20 * time.Millisecond):
			}
		}
	}()
	return func() {
		close(gone)
		<-ended
	}
}

// round lists, waits and tells once.
func (w *watch) round(c *scard.Context) error {
	names, err := readerNames(c)
	if err != nil {
		return err
	}
	w.up()
	w.compare(names)
	states := w.question(names)
	err = c.GetStatusChange(states, w.patience())
	switch {
	case errors.Is(err, scard.ErrTimeout), errors.Is(err, scard.ErrCancelled):
	case errors.Is(err, scard.ErrUnknownReader), errors.Is(err, scard.ErrReaderUnavailable):
		return nil // a reader left between list and question: list again
	case err != nil:
		return serviceFault(err)
	default:
		w.observe(states)
	}
	w.report()
	return nil
}

// up says that the service answers again.
func (w *watch) up() {
	if w.isDown {
		w.isDown = false
		w.tell(devices.ReaderEvent{At: w.service.now()})
	}
}

// down says that every reader, and then the service, is gone.
func (w *watch) down(err error) {
	for _, n := range w.known() {
		w.lose(n)
	}
	w.isBare = false
	if !w.isDown {
		w.isDown = true
		w.tell(devices.ReaderEvent{At: w.service.now(), Fault: err})
	}
}

// compare forgets readers that left, meets new ones, and says when there are
// none.
func (w *watch) compare(names []string) {
	for _, n := range w.known() {
		if !slices.Contains(names, n) {
			w.lose(n)
		}
	}
	for _, n := range names {
		if w.readers[n] == nil {
			w.readers[n] = &sight{}
		}
	}
	if bare := len(names) == 0; bare != w.isBare {
		w.isBare = bare
		if bare && !w.isDown {
			w.tell(devices.ReaderEvent{At: w.service.now(), Fault: motcua.Fail(motcua.ReaderNone, "", nil)})
		}
	}
}

func (w *watch) known() []string {
	var names []string
	for n := range w.readers {
		names = append(names, n)
	}
	slices.Sort(names)
	return names
}

func (w *watch) lose(reader string) {
	if w.readers[reader].told {
		w.tell(devices.ReaderEvent{Reader: reader, Short: shortName(reader), State: devices.ReaderLost, At: w.service.now()})
	}
	delete(w.readers, reader)
}

// question is what GetStatusChange is asked: every reader as it was last
// reported, and new readers. The latter must not start as unaware, or the
// call returns at once for ever: in the high half stands how many there are.
func (w *watch) question(names []string) []scard.ReaderState {
	states := []scard.ReaderState{{Reader: pnp, CurrentState: scard.StateFlag(len(names)) << 16}}
	for _, n := range names {
		states = append(states, scard.ReaderState{Reader: n, CurrentState: w.readers[n].flags &^ scard.StateChanged})
	}
	return states
}

// patience is how long to wait: until the next tick or until a change that has
// not been told settles.
func (w *watch) patience() time.Duration {
	d := tick
	for _, r := range w.readers {
		if r.open {
			d = min(d, max(time.Until(r.since.Add(settle)), time.Millisecond))
		}
	}
	return d
}

func (w *watch) observe(states []scard.ReaderState) {
	for _, st := range states {
		if r := w.readers[st.Reader]; r != nil {
			r.observe(w.service.stateOf(st.Reader, st.EventState), st)
		}
	}
}

// observe notes a report. A card that was taken away and laid down again
// between two reports shows only in the counter.
func (r *sight) observe(state devices.ReaderState, st scard.ReaderState) {
	replaced := r.told && (r.flags^st.EventState)&counter != 0
	if state != r.state || !bytes.Equal(st.Atr, r.atr) || replaced || !r.told && !r.open {
		r.open, r.since = true, time.Now()
	}
	r.flags, r.state, r.atr = st.EventState, state, st.Atr
}

// report tells what has settled. The first sight of a reader is told at once.
func (w *watch) report() {
	for _, n := range w.known() {
		r := w.readers[n]
		// Our own connecting and closing changes the flags' meaning, not the card.
		if now := w.service.stateOf(n, r.flags); now != r.state {
			r.state, r.open, r.since = now, true, time.Now()
		}
		if !r.open || r.told && time.Since(r.since) < settle {
			continue
		}
		w.announce(n, r)
	}
}

// announce tells the settled state. It is told again although it is the same
// when the card was away in between: its sessions are dead. Another program's
// short hold of the card is not worth a word.
func (w *watch) announce(name string, r *sight) {
	r.open = false
	same := r.told && r.state == r.toldAs && bytes.Equal(r.atr, r.atrAs) && !r.moved()
	r.told, r.toldAs, r.atrAs, r.countAs = true, r.state, r.atr, r.flags&counter
	if !same {
		w.tell(devices.ReaderEvent{Reader: name, Short: shortName(name), State: r.state, ATR: bytes.Clone(r.atr), At: w.service.now()})
	}
}

// moved says whether the card was inserted or removed since it was told.
func (r *sight) moved() bool { return r.flags&counter != r.countAs }
