package flow

import (
	"context"
	"sync"

	"motcua/ui/screen"
	"motcua/ui/words"
)

// Hands carry out effects. Do runs on its own goroutine and tells each answer
// as it comes; it returns when the effect is done. It must honour ctx.
type Hands interface {
	Do(ctx context.Context, s State, e Effect, tell func(Event))
}

// Loop runs one flow: events in order, one at a time; effects beside it.
type Loop struct {
	flow  Flow
	hands Hands
	words *words.Words
	draw  func(screen.Screen)

	events chan Event
	done   chan struct{}
	wg     sync.WaitGroup
}

// NewLoop makes a loop that calls draw after every step, always from the same
// goroutine.
func NewLoop(f Flow, h Hands, w *words.Words, draw func(screen.Screen)) *Loop {
	return &Loop{flow: f, hands: h, words: w, draw: draw, events: make(chan Event, 256), done: make(chan struct{})}
}

// Post hands an event to the loop. It waits only while the loop is more than
// 256 events behind, and drops the event when the loop has ended.
func (l *Loop) Post(e Event) {
	select {
	case l.events <- e:
	case <-l.done:
	}
}

// Run steps until ctx ends, then waits for the effects under way.
func (l *Loop) Run(ctx context.Context) {
	defer l.wg.Wait()
	defer close(l.done)
	s, todo := l.flow.Start()
	for {
		for _, e := range todo {
			l.do(ctx, s, e)
		}
		l.draw(l.flow.View(s, l.words))
		select {
		case <-ctx.Done():
			return
		case ev := <-l.events:
			s, todo = l.flow.Step(s, ev)
		}
	}
}

func (l *Loop) do(ctx context.Context, s State, e Effect) {
	l.wg.Add(1)
	go func() {
		defer l.wg.Done()
		l.hands.Do(ctx, s, e, l.Post)
	}()
}
