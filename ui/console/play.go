package console

import (
	"context"
	"fmt"
	"io"
	"sync"

	"motcua"
	"motcua/ui/flow"
	"motcua/ui/screen"
)

// Console is a face without a window.
type Console struct {
	// Out is written each screen that differs from the one before; nil keeps
	// silent.
	Out io.Writer
	// Secret gives the PIN that a field asks for, from the environment or a
	// file; the bytes are taken over.
	Secret func(field string) ([]byte, error)

	post func(flow.Event)

	mu    sync.Mutex
	now   screen.Screen
	drawn int
	shown string
	next  chan struct{} // closed at each drawing
}

// New makes a console that raises events through post.
func New(out io.Writer, post func(flow.Event)) *Console {
	return &Console{Out: out, post: post, next: make(chan struct{})}
}

// Draw takes a screen; it is given to flow.NewLoop.
func (c *Console) Draw(s screen.Screen) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = s
	c.drawn++
	c.show(s)
	close(c.next)
	c.next = make(chan struct{})
}

// show writes the screen, once.
func (c *Console) show(s screen.Screen) {
	if c.Out == nil {
		return
	}
	var b text
	_ = Write(&b, s) // a text does not fail
	if string(b) == c.shown {
		return
	}
	c.shown = string(b)
	_, _ = fmt.Fprintln(c.Out, c.shown) // who reads the script's echo misses it, the play goes on
}

type text []byte

func (t *text) Write(p []byte) (int, error) { *t = append(*t, p...); return len(p), nil }

// Play does a script line by line. Each line waits until the screen offers
// what it names, and after each deed for the drawing that answers it. When ctx
// ends first, the error says which line waited before which screen.
func (c *Console) Play(ctx context.Context, script []Line) error {
	for _, l := range script {
		_, drawn, err := c.until(ctx, l, 0)
		if err != nil {
			return err
		}
		if l.Verb == Await {
			continue
		}
		if err := c.do(l); err != nil {
			return err
		}
		if _, _, err := c.until(ctx, Line{Number: l.Number}, drawn+1); err != nil {
			return err
		}
	}
	return nil
}

// until waits for a screen that offers l and is at least the drawn-th.
func (c *Console) until(ctx context.Context, l Line, drawn int) (screen.Screen, int, error) {
	for {
		c.mu.Lock()
		s, n, next := c.now, c.drawn, c.next
		c.mu.Unlock()
		if n >= drawn && n > 0 && offers(s, l) {
			return s, n, nil
		}
		select {
		case <-next:
		case <-ctx.Done():
			return s, n, motcua.Fail(motcua.Cancelled, fmt.Sprintf("script %s waits, the screen is %q", l, s.Name), ctx.Err())
		}
	}
}

func (c *Console) do(l Line) error {
	switch l.Verb {
	case Pick:
		c.post(flow.Picked{Block: l.Key, Key: l.Value})
	case Type:
		c.post(flow.Edited{Field: l.Key, Value: l.Value})
	case Enter:
		c.post(flow.Edited{Field: l.Key, Value: l.Value})
		c.post(flow.Entered{Field: l.Key, Value: l.Value})
	case Tick, Untick:
		c.post(flow.Ticked{Block: l.Key, Key: l.Value, On: l.Verb == Tick})
	case Press:
		c.post(flow.Pressed{Action: l.Key})
	case PIN:
		return c.secret(l)
	}
	return nil
}

func (c *Console) secret(l Line) error {
	if c.Secret == nil {
		return motcua.Fail(motcua.TokenPINNeeded, fmt.Sprintf("script line %d asks for a PIN", l.Number), nil)
	}
	pin, err := c.Secret(l.Key)
	if err != nil {
		return motcua.Fail(motcua.TokenPINNeeded, fmt.Sprintf("script line %d asks for a PIN", l.Number), err)
	}
	c.post(flow.Secret{Field: l.Key, PIN: flow.NewPIN(pin)})
	return nil
}
