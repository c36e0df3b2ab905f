// Package reference is a portal to try the product against: it speaks the
// classic adapter of the national portal, keeps what it receives in a file of
// its own, issues official codes, and can be told to misbehave.
//
// It is written from the interface's description and shares no code with the
// adapter that talks to it, so that a misreading on one side shows. It is
// stricter than any portal is known to be: lengths, dates and required fields
// are refused with the field's name.
//
// It promises what a portal ought to: an effect and the key it is found by are
// durable in one fsync, before the reply leaves. Steps are appended as they
// come, doubled ones too, because the real one does that.
package reference

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
)

// Config of a reference portal.
type Config struct {
	Dir string // holds portal.journal; made when missing
	// Unit is the agency code in the official codes; empty means DefaultUnit.
	Unit string
	// User and Password are what login wants. An empty user accepts anybody.
	User, Password string
	// SessionLife is how long a session lives; zero means ten minutes.
	SessionLife time.Duration
	// Login and Services are the two paths; empty means the usual ones.
	Login, Services string
	Faults          []string // to begin with, see Server.Fault
	Now             func() time.Time
	Rand            func() float64 // for lossy; nil means math/rand
}

// DefaultUnit is an agency code of the form of QĐ 20/2020/QĐ-TTg that no
// province has: the letter X is not given.
const DefaultUnit = "X99.50.05.13"

// Server is a reference portal. Its Handler may serve many connections.
type Server struct {
	cfg     Config
	journal *journal

	mu       sync.Mutex
	held     map[string]*Held  // by official code
	alias    map[string]string // folded number or code to official code
	serial   map[string]int    // codes given, by day
	requests map[string]int    // by service
	sessions map[string]*visit
	faults   Faults
}

// Held is a dossier as the portal holds it.
type Held struct {
	Code      string            `json:"code"`
	Number    string            `json:"number"` // SoBienNhan
	SHA256    string            `json:"sha256"` // of the object's bytes as received
	Inserts   int               `json:"inserts"`
	Updates   int               `json:"updates"`
	Status    int               `json:"status"`
	History   []Change          `json:"history"`
	Steps     []json.RawMessage `json:"steps"`
	Dossier   json.RawMessage   `json:"dossier"` // the bytes themselves: see Raw
	ChangedAt time.Time         `json:"changedAt"`
}

// Change is one status in a dossier's life.
type Change struct {
	At     time.Time `json:"at"`
	Status int       `json:"status"`
	By     string    `json:"by"` // the service, or "control"
}

// Open reads the journal in c.Dir and makes the portal of it.
func Open(c Config) (*Server, error) {
	s := &Server{cfg: withDefaults(c), held: map[string]*Held{}, alias: map[string]string{},
		serial: map[string]int{}, requests: map[string]int{}, sessions: map[string]*visit{}}
	for _, f := range c.Faults {
		if err := s.Fault(f); err != nil {
			return nil, err
		}
	}
	if err := os.MkdirAll(c.Dir, 0o700); err != nil {
		return nil, err
	}
	j, err := openJournal(filepath.Join(c.Dir, "portal.journal"), s.apply)
	if err != nil {
		return nil, err
	}
	s.journal = j
	return s, nil
}

func withDefaults(c Config) Config {
	set := func(field *string, value string) {
		if *field == "" {
			*field = value
		}
	}
	set(&c.Unit, DefaultUnit)
	set(&c.Login, "/mapi/login")
	set(&c.Services, "/mapi/g")
	if c.SessionLife <= 0 {
		c.SessionLife = 10 * time.Minute
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Rand == nil {
		c.Rand = rand.Float64
	}
	return c
}

// Close closes the journal.
func (s *Server) Close() error { return s.journal.close() }

// fold is how references are compared: trimmed, upper case.
func fold(reference string) string { return strings.ToUpper(strings.TrimSpace(reference)) }

// Find is the dossier under a number or code.
func (s *Server) Find(reference string) (Held, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	h, ok := s.held[s.alias[fold(reference)]]
	if !ok {
		return Held{}, false
	}
	return h.copy(), true
}

func (h *Held) copy() Held {
	c := *h
	c.History, c.Steps = slices.Clone(h.History), slices.Clone(h.Steps)
	return c
}

// All is every dossier, by official code.
func (s *Server) All() []Held {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make([]Held, 0, len(s.held))
	for _, h := range s.held {
		out = append(out, h.copy())
	}
	slices.SortFunc(out, func(a, b Held) int { return strings.Compare(a.Code, b.Code) })
	return out
}

// Requests is how many requests each service had, since the journal began.
func (s *Server) Requests() map[string]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make(map[string]int, len(s.requests))
	for k, v := range s.requests {
		out[k] = v
	}
	return out
}

// apply puts one record of the journal into memory, at start and at work.
func (s *Server) apply(r record) error {
	if r.Kind == kindRequest {
		s.requests[r.Service]++
		return nil
	}
	h := s.held[r.Code]
	switch {
	case r.Kind == kindInsert && h == nil:
		h = &Held{Code: r.Code, Number: r.Number}
		s.held[r.Code] = h
		s.serial[r.Day] = max(s.serial[r.Day], r.Serial)
	case h == nil:
		return fmt.Errorf("journal: %s of a dossier that was never inserted", r.Kind)
	}
	for _, ref := range append(r.Refs, r.Code) {
		s.alias[fold(ref)] = r.Code
	}
	h.absorb(r)
	return nil
}

func (h *Held) absorb(r record) {
	switch r.Kind {
	case kindInsert, kindUpdate:
		sum := sha256.Sum256(r.Raw)
		h.SHA256, h.Dossier = hex.EncodeToString(sum[:]), r.Raw
		if r.Kind == kindInsert {
			h.Inserts++
		} else {
			h.Updates++
		}
	case kindStep:
		h.Steps = append(h.Steps, r.Raw)
	}
	if r.Status != 0 && r.Status != h.Status {
		h.Status = r.Status
		h.History = append(h.History, Change{At: r.At, Status: r.Status, By: r.Service})
	}
	h.ChangedAt = r.At
}
