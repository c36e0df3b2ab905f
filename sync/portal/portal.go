// Package portal is the contract between the outbox and a portal: the national
// one, a province's gateway, a ministry's.
//
// Each kind of portal has a room behind this door that knows its messages
// (dvcqg is the classic adapter) and nothing of queues; sync/wire carries the
// bytes. What differs between provinces is data in a Profile.
//
// Errors are *motcua.Fault with a code of area P.
package portal

import (
	"context"
	"errors"
	"time"

	"motcua"
	"motcua/store/dossier"
)

// Message is one entry of the outbox on its way.
type Message struct {
	Key      string // idempotency key, the same on every try
	First    bool   // the portal has not confirmed anything of this dossier yet
	Dossier  dossier.Dossier
	Progress bool // send the steps, not the whole dossier
	// Confirmed is how many of the dossier's steps the portal has confirmed:
	// only those after it are sent.
	Confirmed int
	// Again says that an earlier try of this message may have arrived, though
	// no reply told so.
	Again bool
}

// Portal sends dossiers and asks about them. Its methods may be called from
// several goroutines. A Receipt that comes with an error still holds what was
// said and the exchanges, so that the officer can see them.
type Portal interface {
	Name() string
	// Send makes the portal hold the message's dossier exactly once, whatever
	// happened on earlier tries: a reply lost after the portal stored it must
	// not make a second one. A nil error means that the portal said, in a form
	// this adapter knows, that it holds it.
	Send(ctx context.Context, m Message) (Receipt, error)
	// Look asks what the portal holds under a number or code. PortalNotFound
	// when it holds nothing.
	Look(ctx context.Context, reference string) (Receipt, error)
	// Check tells whether the portal can be reached and what time it has.
	Check(ctx context.Context) (Health, error)
}

// Receipt is what a portal answered.
type Receipt struct {
	Code      string         // official code; empty when it names none
	Status    dossier.Status // 0 when it says none
	Duplicate bool           // it held the dossier already
	Said      string         // its message, cut
	Exchanges []Exchange
}

// Exchange is one request and its reply, for the officer who asks what was
// sent. Personal data is masked before it gets here.
type Exchange struct {
	Service string        `json:"service"`
	At      time.Time     `json:"at"`
	Took    time.Duration `json:"took"`
	HTTP    int           `json:"http,omitempty"`
	Request string        `json:"request"`
	Reply   string        `json:"reply"`
}

// Health is the answer to Check.
type Health struct {
	Reachable bool          `json:"reachable"`
	SignedIn  bool          `json:"signedIn"`
	Took      time.Duration `json:"took"`
	// Skew is the portal's clock minus ours, as far as the reply's Date tells;
	// positive when ours is behind.
	Skew time.Duration `json:"skew"`
}

// Class says how an error is treated by the outbox.
type Class string

// The classes of error.
const (
	Network    Class = "network"    // nothing known of the outcome: back off, then look before resending
	Auth       Class = "auth"       // sign in again, once; then wait for a person
	Validation Class = "validation" // the portal found the dossier wrong: hold, show the field
	Busy       Class = "busy"       // the portal asks for time: obey Retry-After
	Unknown    Class = "unknown"    // outside every table: back off a few times, then hold
)

// Retry is an error that carries the portal's own wish for the next try.
type Retry struct {
	After time.Duration
	Err   error
}

func (r *Retry) Error() string { return r.Err.Error() }
func (r *Retry) Unwrap() error { return r.Err }

// Classify puts an error of Send, Look or Check in its class.
func Classify(err error) Class {
	var r *Retry
	if errors.As(err, &r) {
		return Busy
	}
	switch motcua.CodeOf(err) {
	case motcua.PortalUnreachable, motcua.PortalTimeout, motcua.PortalServer, motcua.PortalNotJSON,
		motcua.PortalEmpty, motcua.PortalTooBig, motcua.Cancelled:
		return Network
	case motcua.PortalAuth:
		return Auth
	case motcua.PortalRejected, motcua.PortalConfig:
		return Validation
	}
	return Unknown
}

// Profile is what differs between provinces. It is data: paths and codes that
// the public guides do not settle are written here by the technician.
type Profile struct {
	Kind     string `toml:"kind"` // "dvcqg"
	URL      string `toml:"url"`  // base, e.g. https://lgsp.example/
	Login    string `toml:"login"`
	Services string `toml:"services"` // integration endpoint
	Unit     string `toml:"unit"`     // madonvi
	DstCode  string `toml:"dstcode"`  // header of the exchange; empty when not wanted
	User     string `toml:"user"`
	// PasswordFile is read at each sign-in, so that a password is neither in
	// the profile nor on a command line.
	PasswordFile string `toml:"password_file"`
	// SessionLife is how long a session is trusted without being told that it
	// ended. OpenCPS uses ten minutes.
	SessionLife time.Duration `toml:"session_life"`
	// CodeField is the field of a TraCuuHoSo result that holds the official
	// code: the guides do not show it.
	CodeField string `toml:"code_field"`
	// StatusField likewise.
	StatusField string `toml:"status_field"`
	// StepsField is the field of a TraCuuHoSo result that lists the steps the
	// portal has, each as it was sent. Empty when the portal does not list
	// them: a step whose reply was lost is then sent twice.
	StepsField string `toml:"steps_field"`
	// ConnectTimeout and Timeout bound a call: 10 s and 60 s when zero.
	ConnectTimeout time.Duration `toml:"connect_timeout"`
	Timeout        time.Duration `toml:"timeout"`
	// CACert pins the portal's certificate authority (PEM file); empty means
	// the system's roots.
	CACert string `toml:"ca_cert"`
}
