package outbox

import (
	"context"
	"time"

	"motcua"
)

// State is the quiet line at the foot of the screen.
type State struct {
	Portal Mode        `json:"portal"`
	Since  time.Time   `json:"since"`          // when that mode began
	Code   motcua.Code `json:"code,omitempty"` // why, when it is not up
	Next   time.Time   `json:"next,omitzero"`  // the next probe, when it is down or busy

	Waiting     int       `json:"waiting"` // messages the portal has not confirmed, held ones included
	Held        int       `json:"held"`    // of them, those a person must look at
	Oldest      time.Time `json:"oldest,omitzero"`
	LastSuccess time.Time `json:"lastSuccess,omitzero"` // since the program started
	// Missing is how many dossiers the portal once confirmed and now does not
	// know, or answers strangely about.
	Missing int `json:"missing"`
}

// State is the newest one.
func (o *Outbox) State() State {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.state
}

// Watch calls tell with each new state until stop is called. tell runs on the
// outbox's goroutine: it must return at once.
func (o *Outbox) Watch(tell func(State)) (stop func()) {
	o.mu.Lock()
	defer o.mu.Unlock()
	id := o.nextID
	o.nextID++
	o.tells[id] = tell
	return func() {
		o.mu.Lock()
		defer o.mu.Unlock()
		delete(o.tells, id)
	}
}

// publish makes the state anew and tells it when it changed.
func (o *Outbox) publish(ctx context.Context) {
	q, err := o.store.Queue(ctx)
	o.mu.Lock()
	s := State{
		Portal: o.gate.mode, Since: o.gate.since, Code: o.gate.code,
		Waiting: q.Waiting(), Held: q.Held, Oldest: q.Oldest,
		LastSuccess: o.gate.success, Missing: len(o.missing),
	}
	if o.gate.mode == Down || o.gate.mode == Busy {
		s.Next = o.gate.until
	}
	changed := err == nil && s != o.state
	if changed {
		o.state = s
	}
	tells := make([]func(State), 0, len(o.tells))
	for _, tell := range o.tells {
		tells = append(tells, tell)
	}
	o.mu.Unlock()
	for _, tell := range tells {
		if changed {
			tell(s)
		}
	}
}
