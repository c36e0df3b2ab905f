// Package outbox brings what the centre keeps to the portal: each dossier's
// messages in order, dossiers beside each other, each message until the portal
// has said in a known form that it holds it.
//
// The queue and its schedule live in the store, so a restart forgets nothing.
// What lives here is the judgement of the moment: is the portal up? While it
// is not, one message at a time goes out to find out, with growing, random
// pauses, and not one per dossier. An error is treated by its class, see
// portal.Classify and settle.go; a dossier in trouble waits by itself and the
// others pass it.
//
// The portal is also asked, with growing pauses, about dossiers whose official
// code or end is not known yet.
package outbox

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"

	"motcua"
	"motcua/store"
	"motcua/store/dossier"
	"motcua/sync/portal"
)

// Store is the part of store.Store that the outbox needs.
type Store interface {
	store.Outbox
	Get(ctx context.Context, id dossier.ID) (dossier.Dossier, error)
	Watch(tell func(store.Event)) (stop func())
}

// Config of an outbox.
type Config struct {
	Store  Store
	Portal portal.Portal
	Now    func() time.Time // nil means time.Now
	Rand   func() float64   // from 0 to below 1; nil means math/rand
	Wait   Wait
	// Workers is how many dossiers are sent at once; zero means 4.
	Workers int
	Log     *slog.Logger // gets no personal data; nil means none
}

// Wait is how long the outbox waits for what. Zero fields take the default.
type Wait struct {
	Start time.Duration // spread of the first message after Run: 30 s, none when negative
	Floor time.Duration // the least pause after a failure: 1 s
	Base  time.Duration // pause after the first failure, doubled with each: 5 s
	Cap   time.Duration // the greatest pause: 5 min
	Lease time.Duration // how long a message may be out: 5 min
	Tick  time.Duration // how often the queue is looked at unasked: 15 s
	// PollMin and PollMax bound the pause between two questions about one
	// dossier: 10 s and 1 h. In between it is half of how long the dossier
	// has been at the portal.
	PollMin, PollMax time.Duration
}

func (w Wait) withDefaults() Wait {
	set := func(d *time.Duration, v time.Duration) {
		if *d == 0 {
			*d = v
		}
	}
	set(&w.Start, 30*time.Second)
	set(&w.Floor, time.Second)
	set(&w.Base, 5*time.Second)
	set(&w.Cap, 5*time.Minute)
	set(&w.Lease, 5*time.Minute)
	set(&w.Tick, 15*time.Second)
	set(&w.PollMin, 10*time.Second)
	set(&w.PollMax, time.Hour)
	return w
}

// Outbox is the sender. Make one with New, start it with Run.
type Outbox struct {
	store   Store
	portal  portal.Portal
	now     func() time.Time
	wait    Wait
	workers int
	log     *slog.Logger

	kick chan struct{} // a person wants it tried now
	woke chan struct{} // something in the store moved
	done chan bool     // a worker ended, or the poll (true)

	mu      sync.Mutex
	gate    gate
	waiting map[uint64]time.Time // next tries we know of
	strikes map[uint64]*strike
	missing map[dossier.ID]time.Time // unknown to the portal; when to ask again
	fresh   map[dossier.ID]bool      // sent since the start, perhaps without a code yet
	state   State
	tells   map[int]func(State)
	nextID  int

	// Only the goroutine of Run uses these.
	flying    int
	polling   bool
	nextPoll  time.Time
	recovered bool // an earlier process left messages out: their outcome is unknown
	began     time.Time
}

// New makes an outbox. Nothing happens before Run.
func New(c Config) *Outbox {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Rand == nil {
		c.Rand = rand.Float64
	}
	if c.Workers <= 0 {
		c.Workers = 4
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	wait := c.Wait.withDefaults()
	return &Outbox{
		store: c.Store, portal: c.Portal, now: c.Now, wait: wait, workers: c.Workers, log: c.Log,
		kick: make(chan struct{}, 1), woke: make(chan struct{}, 1), done: make(chan bool, c.Workers+1),
		gate:    newGate(wait, c.Rand, c.Now()),
		waiting: map[uint64]time.Time{}, strikes: map[uint64]*strike{}, missing: map[dossier.ID]time.Time{},
		fresh: map[dossier.ID]bool{},
		tells: map[int]func(State){},
	}
}

// Kick says that a person wants the portal tried now: pauses end, and a
// refused sign-in is tried once more.
func (o *Outbox) Kick() { signal(o.kick) }

func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default: // it was told already
	}
}

// Run sends until ctx ends, then waits for the calls at work to be given up
// and settled. It may run once.
func (o *Outbox) Run(ctx context.Context) error {
	stop := o.store.Watch(func(store.Event) { signal(o.woke) })
	defer stop()
	o.start(ctx)
	for ctx.Err() == nil {
		o.fill(ctx)
		o.publish(ctx)
		o.rest(ctx)
	}
	for o.flying > 0 || o.polling {
		o.landed(<-o.done)
	}
	return nil
}

// start looks whether an earlier process ended with messages out. Those may
// have arrived, and no try in the store tells of it.
func (o *Outbox) start(ctx context.Context) {
	o.began = o.now()
	if q, err := o.store.Queue(ctx); err == nil {
		o.recovered = q.Taken > 0
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.gate.begin(o.began)
}

// rest waits for the next thing to do.
func (o *Outbox) rest(ctx context.Context) {
	timer := time.NewTimer(o.pause())
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	case <-o.woke:
	case poll := <-o.done:
		o.landed(poll)
	case <-o.kick:
		o.kicked(ctx)
	}
}

// pause is how long nothing can happen unasked.
func (o *Outbox) pause() time.Duration {
	o.mu.Lock()
	defer o.mu.Unlock()
	now := o.now()
	next := now.Add(o.wait.Tick)
	sooner := func(at time.Time) {
		if at.Before(next) {
			next = at
		}
	}
	switch room := o.gate.room(now, o.flying, o.workers); {
	case room > 0:
		for _, at := range o.waiting {
			sooner(at)
		}
		if !o.polling && !o.nextPoll.IsZero() {
			sooner(o.nextPoll)
		}
	case o.gate.until.After(now):
		sooner(o.gate.until)
	}
	return max(next.Sub(now), 0)
}

// kicked makes every message ready whose pause we know of.
func (o *Outbox) kicked(ctx context.Context) {
	o.mu.Lock()
	o.gate.kick(o.now())
	seqs := make([]uint64, 0, len(o.waiting))
	for seq := range o.waiting {
		seqs = append(seqs, seq)
	}
	clear(o.waiting)
	o.mu.Unlock()
	for _, seq := range seqs {
		if err := o.store.Resend(ctx, seq, o.now()); err != nil {
			o.log.Warn("outbox: make ready", "seq", seq, "code", motcua.CodeOf(err))
		}
	}
	o.nextPoll = o.now()
}
