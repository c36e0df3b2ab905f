// Package motcua holds the one noun every room shares: the Fault.
//
// A failure has three readers. The program reads the Code, the person at the
// screen reads the sentence that ui/words keeps for that code in their
// language together with what to try next, and the technician reads the
// wrapped error. A test in ui/words compares the codes declared here with the
// sentences of every language, so a code without words does not build trust
// for long.
package motcua

import (
	"context"
	"errors"
	"os"
	"syscall"
)

// Code names one kind of failure. It is short enough to be read over the
// telephone: a letter for the area and two digits.
type Code string

// The codes. A code is never reused for another meaning.
const (
	// C: the citizen's card and the reader.
	CardAbsent      Code = "C01" // no card lies on the reader
	CardRemoved     Code = "C02" // the card left in the middle of a command
	CardWrongSecret Code = "C03" // PACE or BAC refused the CAN or MRZ
	CardTriesSpent  Code = "C04" // two automatic tries are used up: ask the person
	CardUnsupported Code = "C05" // the card offers no access we speak
	CardBroken      Code = "C06" // the card answered bytes no eMRTD answers
	CardBusy        Code = "C07" // another program holds the card
	CardMute        Code = "C08" // powered, but no answer to reset
	CardNotGenuine  Code = "C09" // a check of the chip failed
	CardMismatch    Code = "C10" // card, QR and typed number disagree
	CardMemory      Code = "C11" // the card refused a file we may not read
	ReaderNone      Code = "C20" // no reader is connected
	ReaderGone      Code = "C21" // the reader was unplugged
	ReaderService   Code = "C22" // pcscd or the Windows service is not running
	QRGarbled       Code = "C30" // the QR text is not a citizen card's
	NumberInvalid   Code = "C31" // not twelve digits that can be a personal number

	// K: the signing token.
	TokenAbsent      Code = "K01" // no token in any slot
	TokenModule      Code = "K02" // the vendor module cannot be loaded
	TokenCrashed     Code = "K03" // the vendor module ended the helper
	TokenHung        Code = "K04" // the vendor module did not answer in time
	TokenPINWrong    Code = "K05" // the PIN was refused
	TokenPINLocked   Code = "K06" // the token is locked
	TokenRemoved     Code = "K07" // the token left while signing
	TokenNoKey       Code = "K08" // a certificate without its private key, or none
	TokenCertificate Code = "K09" // the certificate may not sign today
	TokenSignature   Code = "K10" // the token's signature does not verify
	TokenPINNeeded   Code = "K11" // a PIN is needed and none was given

	// G: what is kept.
	StoreLocked     Code = "G01" // another instance has the store open
	StoreFull       Code = "G02" // no space left on the disk
	StoreDamaged    Code = "G03" // the file does not hold what it promised
	StoreNewer      Code = "G04" // written by a newer version of the program
	StoreNotFound   Code = "G05" // no such record
	StoreConflict   Code = "G06" // the record changed since it was read
	StoreInvalid    Code = "G07" // the record breaks a rule of its own
	StoreUnreadable Code = "G08" // permissions or path

	// P: the portal.
	PortalUnreachable Code = "P01" // no connection
	PortalTimeout     Code = "P02" // no answer in time: outcome unknown
	PortalNotJSON     Code = "P03" // HTML or other text instead of JSON
	PortalEmpty       Code = "P04" // an empty reply
	PortalAuth        Code = "P05" // user name, password or session refused
	PortalRejected    Code = "P06" // the portal found the dossier wrong
	PortalServer      Code = "P07" // the portal answered 5xx or its general error
	PortalUnknown     Code = "P08" // a reply outside every table
	PortalTooBig      Code = "P09" // a reply beyond the size limit
	PortalClock       Code = "P10" // our clock and the portal's disagree
	PortalNotFound    Code = "P11" // the portal does not know the dossier
	PortalConfig      Code = "P12" // the profile is incomplete

	// I: paper.
	PrinterNone   Code = "I01" // no printer is set up
	PrinterFailed Code = "I02" // the print job was refused
	PaperText     Code = "I03" // a text holds letters the paper's font lacks
	PaperFile     Code = "I04" // the PDF file cannot be written
	PDFUnreadable Code = "I05" // not a PDF we can read
	SignatureBad  Code = "I06" // a signature does not hold
	SignatureNone Code = "I07" // the PDF carries no signature

	// D: the catalogue: procedures, holidays, words.
	ProcedureUnknown Code = "D01" // no such procedure in force on that day
	CalendarEnd      Code = "D02" // beyond the last loaded year of holidays
	CatalogueBad     Code = "D03" // a pack or file of the catalogue is malformed
	FeeUnknown       Code = "D04" // no fee is known for the case

	// H: everything else.
	Cancelled   Code = "H01" // the person or the program ended it
	BadInput    Code = "H02" // an argument or a field is not usable
	Internal    Code = "H03" // a defect of ours
	ToolMissing Code = "H04" // a program the trial needs is not installed
	ConfigBad   Code = "H05" // the configuration file is malformed
)

// Fault is an error with a code. Detail is for the technician; it never holds
// personal data or a PIN, because it is logged.
type Fault struct {
	Code   Code
	Detail string
	Err    error
}

// Fail wraps err under code. A nil err is allowed.
func Fail(code Code, detail string, err error) *Fault {
	return &Fault{Code: code, Detail: detail, Err: err}
}

func (f *Fault) Error() string {
	s := string(f.Code)
	if f.Detail != "" {
		s += " " + f.Detail
	}
	if f.Err != nil {
		s += ": " + f.Err.Error()
	}
	return s
}

func (f *Fault) Unwrap() error { return f.Err }

// Is makes errors.Is(err, motcua.Fail(code, "", nil)) compare codes.
func (f *Fault) Is(target error) bool {
	t, ok := target.(*Fault)
	return ok && t.Code == f.Code
}

// CodeOf is the code of err: the outermost Fault's, or one derived from the
// standard library's sentinels, or Internal. CodeOf(nil) is empty.
func CodeOf(err error) Code {
	var f *Fault
	switch {
	case err == nil:
		return ""
	case errors.As(err, &f):
		return f.Code
	case errors.Is(err, context.Canceled):
		return Cancelled
	case errors.Is(err, syscall.ENOSPC):
		return StoreFull
	case errors.Is(err, os.ErrPermission):
		return StoreUnreadable
	}
	return Internal
}
