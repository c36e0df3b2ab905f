package reference

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Faults is how the portal misbehaves. The zero value behaves.
type Faults struct {
	Down       bool          `json:"down,omitempty"`       // closes every connection unanswered
	Slow       time.Duration `json:"slow,omitempty"`       // waits before it begins
	Busy       time.Duration `json:"busy,omitempty"`       // 503 with Retry-After
	Lossy      float64       `json:"lossy,omitempty"`      // loses this part of the replies, after the effect
	Expire     int           `json:"expire,omitempty"`     // a session is good for so many calls
	HTML       bool          `json:"html,omitempty"`       // answers with a page, without effect
	Empty      bool          `json:"empty,omitempty"`      // answers nothing, after the effect
	StringJSON bool          `json:"stringJson,omitempty"` // puts the envelope into a message
	Reject     string        `json:"reject,omitempty"`     // finds every dossier wrong, in these words
}

// Fault adds one misbehaviour: down, slow=DUR, busy=DUR, lossy=P,
// expire-sessions[=CALLS], html, empty, string-json or reject=TEXT.
func (s *Server) Fault(spec string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	f, err := s.faults.with(spec)
	if err != nil {
		return err
	}
	s.faults = f
	if f.Expire > 0 {
		clear(s.sessions)
	}
	return nil
}

// Clear ends one misbehaviour, or all of them when name is "all".
func (s *Server) Clear(name string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if name == "all" {
		s.faults = Faults{}
		return nil
	}
	f, err := s.faults.without(name)
	if err != nil {
		return err
	}
	s.faults = f
	return nil
}

func (f Faults) with(spec string) (Faults, error) {
	name, arg, given := strings.Cut(spec, "=")
	var err error
	switch name {
	case "down":
		f.Down = true
	case "html":
		f.HTML = true
	case "empty":
		f.Empty = true
	case "string-json":
		f.StringJSON = true
	case "reject":
		f.Reject = arg
		err = need(arg != "")
	case "slow":
		f.Slow, err = time.ParseDuration(arg)
	case "busy":
		f.Busy, err = time.ParseDuration(arg)
	case "lossy":
		f.Lossy, err = strconv.ParseFloat(arg, 64)
		if err == nil {
			err = need(f.Lossy >= 0 && f.Lossy <= 1)
		}
	case "expire-sessions":
		f.Expire = 1
		if given {
			f.Expire, err = strconv.Atoi(arg)
		}
	default:
		return f, fmt.Errorf("no fault is called %q", name)
	}
	if err != nil {
		return f, fmt.Errorf("fault %q: %w", spec, err)
	}
	return f, nil
}

func need(ok bool) error {
	if !ok {
		return fmt.Errorf("argument missing or out of range")
	}
	return nil
}

func (f Faults) without(name string) (Faults, error) {
	none := Faults{}
	switch name {
	case "down":
		f.Down = none.Down
	case "html":
		f.HTML = none.HTML
	case "empty":
		f.Empty = none.Empty
	case "string-json":
		f.StringJSON = none.StringJSON
	case "reject":
		f.Reject = none.Reject
	case "slow":
		f.Slow = none.Slow
	case "busy":
		f.Busy = none.Busy
	case "lossy":
		f.Lossy = none.Lossy
	case "expire-sessions":
		f.Expire = none.Expire
	default:
		return f, fmt.Errorf("no fault is called %q", name)
	}
	return f, nil
}
