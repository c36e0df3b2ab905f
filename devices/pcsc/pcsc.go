// Package pcsc is the card readers of this machine, through PC/SC: pcscd on
// Linux, the smart card service on Windows. It is the one package that knows
// github.com/ebfe/scard.
//
// Four things about PC/SC shape it. A context carries one blocking call at a
// time, so watching has one context and each card another. A command cannot be
// cancelled, so it runs in a goroutine that is abandoned and resets the card
// when it comes back. The service may go away with all handles, so every
// context can be made anew. And a contactless card flaps at the edge of the
// field, so a change is told when it has lasted.
package pcsc

import (
	"context"
	"errors"
	"os"
	"sync"
	"time"

	"github.com/ebfe/scard"

	"motcua"
	"motcua/devices"
)

// socketVariable is what libpcsclite asks for the socket of its service
// (pcscd(8)).
const socketVariable = "PCSCLITE_CSOCK_NAME"

// Service is the PC/SC service of this machine, or a private pcscd. Its
// methods may be called from several goroutines.
type Service struct {
	// Now is the clock of the events; time.Now when nil.
	Now func() time.Time

	end    context.Context
	finish context.CancelFunc

	mu   sync.Mutex
	held map[string]int // readers whose card this Service holds
}

var _ devices.Readers = (*Service)(nil)

var opened struct {
	sync.Mutex
	done   bool
	socket string
}

// Open returns the service behind the unix socket, or the machine's own when
// socket is empty. It does not need the service to run yet: List and Watch
// say so. libpcsclite remembers the first socket of a process for good, so a
// second Open with another one fails with BadInput.
func Open(socket string) (*Service, error) {
	opened.Lock()
	defer opened.Unlock()
	if opened.done && opened.socket != socket {
		return nil, motcua.Fail(motcua.BadInput, "this process already speaks to another reader service", nil)
	}
	if socket != "" {
		// With cgo this is setenv(3), which the library's getenv sees.
		if err := os.Setenv(socketVariable, socket); err != nil {
			return nil, motcua.Fail(motcua.BadInput, "the socket of the reader service", err)
		}
	}
	opened.done, opened.socket = true, socket
	s := &Service{held: map[string]int{}}
	s.end, s.finish = context.WithCancel(context.Background())
	return s, nil
}

// Close ends every Watch. Cards that are still connected stay so until their
// own Close.
func (s *Service) Close() error {
	s.finish()
	return nil
}

func (s *Service) now() time.Time {
	if s.Now != nil {
		return s.Now()
	}
	return time.Now()
}

// hold counts this Service's own connections to a reader, whose card is then
// not in use by another program.
func (s *Service) hold(reader string, by int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.held[reader] += by; s.held[reader] <= 0 {
		delete(s.held, reader)
	}
}

func (s *Service) holds(reader string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.held[reader] > 0
}

// List is every reader now.
func (s *Service) List(ctx context.Context) ([]devices.ReaderInfo, error) {
	type result struct {
		list []devices.ReaderInfo
		err  error
	}
	done := make(chan result, 1)
	go func() {
		list, err := s.list()
		done <- result{list, err}
	}()
	select {
	case r := <-done:
		return r.list, r.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (s *Service) list() ([]devices.ReaderInfo, error) {
	c, err := scard.EstablishContext()
	if err != nil {
		return nil, serviceFault(err)
	}
	defer c.Release()
	names, err := readerNames(c)
	if err != nil || len(names) == 0 {
		return nil, err
	}
	states := make([]scard.ReaderState, len(names))
	for i, n := range names {
		states[i].Reader = n
	}
	if err := c.GetStatusChange(states, 0); err != nil && !errors.Is(err, scard.ErrTimeout) {
		return nil, fault(err)
	}
	short := shortNames(names)
	list := make([]devices.ReaderInfo, len(names))
	for i, st := range states {
		list[i] = devices.ReaderInfo{Name: st.Reader, Short: short[i], State: s.stateOf(st.Reader, st.EventState), ATR: st.Atr}
	}
	return list, nil
}

// readerNames is ListReaders with an empty list for no readers.
func readerNames(c *scard.Context) ([]string, error) {
	names, err := c.ListReaders()
	switch {
	case errors.Is(err, scard.ErrNoReadersAvailable):
		return nil, nil
	case err != nil:
		return nil, serviceFault(err)
	}
	return names, nil
}

// stateOf reads the flags of SCARD_READERSTATE.dwEventState. A card that this
// Service itself holds is a card, not one in use.
func (s *Service) stateOf(reader string, f scard.StateFlag) devices.ReaderState {
	switch {
	case f&(scard.StateUnknown|scard.StateUnavailable) != 0:
		return devices.ReaderLost
	case f&scard.StatePresent == 0:
		return devices.ReaderEmpty
	case f&scard.StateMute != 0:
		return devices.ReaderMute
	case f&(scard.StateExclusive|scard.StateInuse) != 0 && !s.holds(reader):
		return devices.ReaderInUse
	}
	return devices.ReaderCard
}
