package pcsc

import (
	"bytes"
	"context"
	"errors"
	"sync"
	"time"

	"github.com/ebfe/scard"

	"motcua"
	"motcua/devices"
)

const (
	// Windows itself holds a new card for 100 to 500 ms to look for a driver.
	busyPatience = 2 * time.Second
	// A driver notices a removal by polling, pcscd every 400 ms.
	removalNotice = time.Second
	// How long Close waits for a card that does not let go.
	closePatience = 3 * time.Second
)

// card is a connection with a context of its own.
type card struct {
	service *Service
	reader  string
	atr     []byte
	context *scard.Context
	handle  *scard.Card

	mu     sync.Mutex
	err    error         // the first fault: the card is unusable after it
	busy   chan struct{} // closed when the running command has come back
	once   sync.Once
	closed chan struct{} // closed when the card is released
}

// Connect takes the card exclusively. Another program's hold is waited for,
// for up to two seconds; then it is CardBusy.
func (s *Service) Connect(ctx context.Context, reader string) (devices.Card, error) {
	deadline := time.Now().Add(busyPatience)
	for pause := 50 * time.Millisecond; ; pause = min(2*pause, 400*time.Millisecond) {
		c, err := s.try(ctx, reader)
		if err == nil {
			return c, nil
		}
		if motcua.CodeOf(err) != motcua.CardBusy || time.Now().Add(pause).After(deadline) {
			return nil, err
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// try is one attempt. A connection that comes after ctx has ended is closed.
func (s *Service) try(ctx context.Context, reader string) (*card, error) {
	type result struct {
		card *card
		err  error
	}
	done := make(chan result)
	go func() {
		c, err := s.connect(reader)
		select {
		case done <- result{c, err}:
		case <-ctx.Done():
			if err == nil {
				_ = c.Close()
			}
		}
	}()
	select {
	case r := <-done:
		return r.card, r.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (s *Service) connect(reader string) (*card, error) {
	context, err := scard.EstablishContext()
	if err != nil {
		return nil, serviceFault(err)
	}
	handle, err := context.Connect(reader, scard.ShareExclusive, scard.ProtocolAny)
	if err != nil {
		_ = context.Release()
		return nil, connectFault(err)
	}
	s.hold(reader, +1)
	c := &card{service: s, reader: reader, context: context, handle: handle, closed: make(chan struct{})}
	status, err := handle.Status()
	if err != nil {
		_ = c.Close()
		return nil, fault(err)
	}
	c.atr = bytes.Clone(status.Atr)
	return c, nil
}

// connectFault knows that a card cannot be removed before it is connected.
func connectFault(err error) error {
	if errors.Is(err, scard.ErrRemovedCard) {
		return motcua.Fail(motcua.CardAbsent, "", err)
	}
	return fault(err)
}

// ATR is the answer to reset of this connection.
func (c *card) ATR() []byte { return bytes.Clone(c.atr) }

// Transmit sends one command. When ctx ends first the command is abandoned:
// the card is reset and released as soon as the driver comes back.
func (c *card) Transmit(ctx context.Context, command []byte) ([]byte, error) {
	if len(command) < 4 || len(command) > 0xFFFF+9 {
		return nil, motcua.Fail(motcua.BadInput, "not a command APDU", nil)
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	back, err := c.begin()
	if err != nil {
		return nil, err
	}
	type result struct {
		response []byte
		err      error
	}
	done := make(chan result, 1)
	go func() {
		defer close(back)
		response, err := c.handle.Transmit(command)
		done <- result{response, err}
	}()
	select {
	case r := <-done:
		return c.answered(r.response, r.err)
	case <-ctx.Done():
		c.spoil(motcua.Fail(motcua.Cancelled, "the last command was abandoned", nil))
		go c.Close()
		return nil, ctx.Err()
	}
}

// begin claims the connection for one command.
func (c *card) begin() (chan struct{}, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.err != nil {
		return nil, c.err
	}
	c.busy = make(chan struct{})
	return c.busy, nil
}

func (c *card) answered(response []byte, err error) ([]byte, error) {
	switch {
	case err != nil:
		err = c.transmitFault(err)
	case len(response) < 2:
		// Or the card left: vpcd calls that an empty response.
		err = motcua.Fail(motcua.CardBroken, "a response without a status word", nil)
		err = c.look(err, nil)
	default:
		// The library's buffer is 64 KB: a kept response must not keep it.
		return bytes.Clone(response), nil
	}
	c.spoil(err)
	return nil, err
}

func (c *card) spoil(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.err == nil {
		c.err = err
	}
}

// transmitFault looks again when the error leaves open whether the card went:
// drivers call a removal a communication error until they notice.
func (c *card) transmitFault(err error) error {
	switch f := fault(err); motcua.CodeOf(f) {
	case motcua.CardAbsent:
		return motcua.Fail(motcua.CardRemoved, "", err)
	case motcua.CardMute, motcua.ReaderService:
		return c.look(f, err)
	default:
		return f
	}
}

func (c *card) look(otherwise, err error) error {
	states := []scard.ReaderState{{Reader: c.reader}}
	context, e := scard.EstablishContext()
	if e != nil {
		return motcua.Fail(motcua.ReaderService, "", err)
	}
	defer context.Release()
	for end := time.Now().Add(removalNotice); time.Now().Before(end); {
		switch e := context.GetStatusChange(states, time.Until(end)); {
		case errors.Is(e, scard.ErrTimeout):
			return otherwise
		case e != nil && motcua.CodeOf(fault(e)) == motcua.ReaderGone:
			return motcua.Fail(motcua.ReaderGone, "", err)
		case e != nil:
			return motcua.Fail(motcua.ReaderService, "", err)
		}
		switch flags := states[0].EventState; {
		case flags&(scard.StateUnknown|scard.StateUnavailable) != 0:
			return motcua.Fail(motcua.ReaderGone, "", err)
		case flags&scard.StatePresent == 0:
			return motcua.Fail(motcua.CardRemoved, "", err)
		}
		states[0].CurrentState = states[0].EventState &^ scard.StateChanged
	}
	return otherwise
}

// Close resets the card and releases it. It waits for an abandoned command,
// but not for ever: the rest then happens in the background.
func (c *card) Close() error {
	c.spoil(motcua.Fail(motcua.Cancelled, "the card is closed", nil))
	c.once.Do(func() { go c.release() })
	select {
	case <-c.closed:
		return nil
	case <-time.After(closePatience):
		return motcua.Fail(motcua.CardMute, "the card is released later", nil)
	}
}

// release ends the connection. Errors of a card or service that is already
// gone are what closing is for.
func (c *card) release() {
	c.mu.Lock()
	busy := c.busy
	c.mu.Unlock()
	if busy != nil {
		<-busy
	}
	_ = c.handle.Disconnect(scard.ResetCard)
	_ = c.context.Release()
	c.service.hold(c.reader, -1)
	close(c.closed)
}
