// Package devices is the contract between the product and the things on the
// desk: card readers, signing tokens, printers.
//
// Each implementation has a room behind this door (pcsc, pkcs11, printer) and
// a stand-in that ships with the product (virtual). The rooms know the
// protocol libraries; nothing above this package does.
//
// Errors are *motcua.Fault with a code of area C, K or I.
package devices

import (
	"context"
	"crypto"
	"crypto/x509"
	"io"
	"time"
)

// Card is a connected chip card, held exclusively.
//
// A Card is used by one goroutine. After any error it is unusable: secure
// messaging cannot be resumed after a reset (ICAO 9303-11 9.8.3).
type Card interface {
	// Transmit sends one command APDU (ISO 7816-4) and returns the whole
	// response, data followed by SW1 SW2, never shorter than two bytes.
	// CardRemoved, ReaderGone and ReaderService are the faults to expect.
	Transmit(ctx context.Context, command []byte) ([]byte, error)
	// ATR is the answer to reset of this connection.
	ATR() []byte
	// Close resets the card, so that its session keys die, and releases it.
	Close() error
}

// ReaderState is what a reader can be seen to be.
type ReaderState int

// The states of a reader.
const (
	ReaderEmpty ReaderState = iota // connected, no card
	ReaderCard                     // a card is present and answers
	ReaderMute                     // a card is present and does not answer
	ReaderInUse                    // a card is present, held by another program
	ReaderLost                     // the reader is not connected any more
)

func (s ReaderState) String() string {
	return [...]string{"empty", "card", "mute", "in-use", "lost"}[s]
}

// ReaderEvent says that a reader changed. Reader is empty when the event is
// about the service itself: then Fault is ReaderService or ReaderNone, or nil
// when the service answers again.
type ReaderEvent struct {
	Reader string // the system's name, the key of every other call
	Short  string // the name for people
	State  ReaderState
	ATR    []byte
	At     time.Time
	Fault  error
}

// ReaderInfo is one line of a list of readers.
type ReaderInfo struct {
	Name  string // the system's name
	Short string // the name for people: no slot numbers, no serials
	State ReaderState
	ATR   []byte
}

// Readers is a card reader service.
type Readers interface {
	// List is every reader now. No reader is an empty list, no service is
	// the fault ReaderService.
	List(ctx context.Context) ([]ReaderInfo, error)
	// Watch calls tell for every change until ctx ends, first for what is
	// there now. It outlives readers and the service being restarted; a
	// flapping card is reported once it has settled.
	Watch(ctx context.Context, tell func(ReaderEvent)) error
	// Connect takes the card on the reader exclusively, trying again for a
	// short while when another program holds it.
	Connect(ctx context.Context, reader string) (Card, error)
	io.Closer
}

// PINState is what a token says of its PIN before anyone is asked for it.
type PINState struct {
	Low       bool `json:"low"`       // CKF_USER_PIN_COUNT_LOW: a try was wasted
	Final     bool `json:"final"`     // CKF_USER_PIN_FINAL_TRY
	Locked    bool `json:"locked"`    // CKF_USER_PIN_LOCKED
	Protected bool `json:"protected"` // CKF_PROTECTED_AUTHENTICATION_PATH: the pad asks
}

// Certificate is a signing certificate on a token together with what is known
// of it without a PIN.
type Certificate struct {
	Token       string            // token label
	Serial      string            // token serial number
	Module      string            // path of the vendor module
	Fingerprint string            // SHA-256 of the certificate, lower-case hex: the key of Signer
	Leaf        *x509.Certificate // as on the token
	PIN         PINState
	// Unusable is empty when the certificate may sign now, or else the
	// reasons: "expired", "not-yet", "key-usage", "ca", "weak-key", "no-key".
	Unusable []string
}

// Signer is a private key on a token, ready until Close. Digest sizes other
// than SHA-256, SHA-384 and SHA-512 are refused.
type Signer interface {
	crypto.Signer
	Certificate() *x509.Certificate
	// Close logs out of the token.
	io.Closer
}

// Tokens is the signing tokens of this machine.
type Tokens interface {
	// List is every signing certificate on every token. No token is an empty
	// list; a module that cannot be used is a fault beside the others' list.
	List(ctx context.Context) ([]Certificate, error)
	// Open logs in with pin and returns the key of the certificate with that
	// fingerprint. The pin is wiped before Open returns, whatever happens; it
	// is tried once, on that token only.
	Open(ctx context.Context, fingerprint string, pin []byte) (Signer, error)
	io.Closer
}

// Job is one document for a printer.
type Job struct {
	Title  string // shown in the print queue: a dossier number, never a name
	PDF    []byte
	Copies int
}

// Printer prints PDF documents.
type Printer interface {
	Name() string
	Print(ctx context.Context, job Job) error
	// Ready is nil when a job would be taken now.
	Ready(ctx context.Context) error
}
