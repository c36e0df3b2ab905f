package reference

import (
	"context"
	"errors"
	"net"
	"sync"
	"sync/atomic"
)

// Pipe is a network inside the process, for tests under a fake clock: a
// listener and the dial that reaches it. While Refuse is set, dialling fails
// as it does where nobody listens.
type Pipe struct {
	Refuse atomic.Bool
	Dials  atomic.Int64

	conns chan net.Conn
	once  sync.Once
	ended chan struct{}
}

// NewPipe is a pipe that nobody has dialled yet.
func NewPipe() *Pipe { return &Pipe{conns: make(chan net.Conn), ended: make(chan struct{})} }

// Dial reaches the listener.
func (p *Pipe) Dial(ctx context.Context, _, _ string) (net.Conn, error) {
	p.Dials.Add(1)
	if p.Refuse.Load() {
		return nil, errors.New("connection refused")
	}
	near, far := net.Pipe()
	select {
	case p.conns <- far:
		return near, nil
	case <-p.ended:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Accept, Close and Addr make a Pipe a net.Listener.
func (p *Pipe) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.ended:
		return nil, net.ErrClosed
	}
}

// Close ends Accept.
func (p *Pipe) Close() error { p.once.Do(func() { close(p.ended) }); return nil }

// Addr is a name without meaning.
func (p *Pipe) Addr() net.Addr { return pipeAddr{} }

type pipeAddr struct{}

func (pipeAddr) Network() string { return "pipe" }
func (pipeAddr) String() string  { return "pipe" }
