package store

import (
	"slices"
	"sync"
)

// Watchers tells events to who watches. Both rooms have one. Events are told
// in order on a goroutine that lives only while there is something to tell, so
// a watcher that keeps a dossier cannot block the one it is told of. The zero
// value is ready for use.
type Watchers struct {
	mu     sync.Mutex
	tells  []*watcher
	events []Event
	busy   bool
}

type watcher struct{ tell func(Event) }

// Watch adds tell until stop is called.
func (w *Watchers) Watch(tell func(Event)) (stop func()) {
	one := &watcher{tell}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.tells = append(w.tells, one)
	return func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.tells = slices.DeleteFunc(w.tells, func(o *watcher) bool { return o == one })
	}
}

// Tell queues events for everybody who watches when their turn comes.
func (w *Watchers) Tell(events ...Event) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.tells) == 0 || len(events) == 0 {
		return
	}
	w.events = append(w.events, events...)
	if !w.busy {
		w.busy = true
		go w.run()
	}
}

func (w *Watchers) run() {
	for {
		e, tells, more := w.next()
		if !more {
			return
		}
		for _, one := range tells {
			one.tell(e)
		}
	}
}

// next takes one event and those to tell it to.
func (w *Watchers) next() (e Event, tells []*watcher, more bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.events) == 0 {
		w.busy = false
		return e, nil, false
	}
	e, w.events = w.events[0], w.events[1:]
	return e, slices.Clone(w.tells), true
}
