package pcsc

import (
	"errors"

	"github.com/ebfe/scard"

	"motcua"
)

// fault translates a PC/SC error (PC/SC part 5, section 3.1.4; winerror.h).
func fault(err error) error {
	var e scard.Error
	if err == nil || !errors.As(err, &e) {
		return err
	}
	switch e {
	case scard.ErrRemovedCard, scard.ErrResetCard:
		// A reset by another program kills the session as a removal does.
		return motcua.Fail(motcua.CardRemoved, "", err)
	case scard.ErrNoSmartcard:
		return motcua.Fail(motcua.CardAbsent, "", err)
	case scard.ErrSharingViolation:
		return motcua.Fail(motcua.CardBusy, "", err)
	case scard.ErrUnresponsiveCard, scard.ErrUnpoweredCard, scard.ErrNotTransacted, scard.ErrCommDataLost, scard.ErrTimeout, scard.ErrNotReady:
		return motcua.Fail(motcua.CardMute, "", err)
	case scard.ErrProtoMismatch, scard.ErrUnsupportedCard, scard.ErrCardUnsupported, scard.ErrInvalidAtr:
		return motcua.Fail(motcua.CardUnsupported, "", err)
	case scard.ErrUnknownReader, scard.ErrReaderUnavailable:
		return motcua.Fail(motcua.ReaderGone, "", err)
	}
	return serviceFault(err)
}

// serviceFault is for everything that leaves nothing to talk to: no service, a
// stopped one, a broken connection to it, handles of an earlier one.
func serviceFault(err error) error {
	return motcua.Fail(motcua.ReaderService, "", err)
}
