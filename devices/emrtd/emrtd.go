// Package emrtd speaks the terminal's side of an electronic travel document
// or identity card of ICAO Doc 9303 (eighth edition, parts 10 to 12): access
// control, secure messaging, reading of files, and passive, chip and active
// authentication.
//
// It knows no reader and no country: bytes go out and come in through a
// Transmitter, and the data groups are handed back raw. Nothing is logged.
// Every byte of the card is taken as hostile: parsers are bounded, points are
// checked, files and the number of commands have an upper limit.
//
// The arithmetic on brainpool curves is not constant in time. The secrets it
// touches are ephemeral and the card's own six-digit number, on a desktop
// computer at a counter; NIST curves use the standard library's constant-time
// code.
package emrtd

import (
	"context"
	"errors"

	"motcua"
)

// Transmitter carries one command APDU to the chip and its response back, data
// followed by SW1 SW2. devices.Card satisfies it.
type Transmitter interface {
	Transmit(ctx context.Context, command []byte) ([]byte, error)
}

// broken is a card that answered what no eMRTD answers. The detail names the
// place, never the bytes.
func broken(detail string) error { return motcua.Fail(motcua.CardBroken, detail, nil) }

// carried gives an error of the transport a code: its own when it has one,
// Cancelled when the context ended, CardRemoved otherwise, because a silent
// link is a card that has left.
func carried(ctx context.Context, err error) error {
	var f *motcua.Fault
	switch {
	case errors.As(err, &f):
		return err
	case ctx.Err() != nil, errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return motcua.Fail(motcua.Cancelled, "card read ended", err)
	}
	return motcua.Fail(motcua.CardRemoved, "transmit", err)
}

// wipe overwrites secrets and personal data. The runtime may have copied a
// slice when it grew, and a cipher keeps its own key schedule; so this shortens
// the time a secret lives, it does not promise that none is left.
func wipe(buffers ...[]byte) {
	for _, b := range buffers {
		clear(b)
	}
}
