package cccd

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"time"

	"motcua"
	"motcua/devices/emrtd"
)

// Options is how to read a card.
type Options struct {
	// Anchors is the operator's country signing certificates, each DER or
	// PEM; without any the chain is not attempted.
	Anchors [][]byte
	// AllowBAC permits BAC, with FromMRZ only, where PACE does not work.
	AllowBAC bool
	// MaxLe is the longest response that reader and card carry, in bytes, as
	// a Citizen.MaxLe told earlier; 0 finds out, 256 keeps to short commands.
	MaxLe int
	// OnText is called once when everything but the portrait is there. What
	// it gets is its own to keep and to wipe.
	OnText func(*Citizen)
	// Now is the time for certificates, centuries and expiry; nil is
	// time.Now.
	Now func() time.Time
}

// Read opens the card with the secret and reads it. The card's checks are in
// the Citizen, not in the error: a forged card reads well.
//
// CardMismatch means that the chip's number is not the secret's or that its own
// files disagree on it. CardMemory means that the card gave neither DG1 nor
// DG13. The other faults are those of emrtd.Read.
func Read(ctx context.Context, t emrtd.Transmitter, secret Secret, o Options) (*Citizen, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	pw, err := secret.password()
	if err != nil {
		return nil, err
	}
	defer pw.Wipe()
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	var early error // a mismatch seen before the portrait
	report, err := emrtd.Read(ctx, t, pw, emrtd.Options{
		Anchors: o.Anchors, AllowBAC: o.AllowBAC, MaxLe: o.MaxLe, Now: o.Now,
		Extended: o.MaxLe == 0 || o.MaxLe > 256,
		OnText:   func(r *emrtd.Report) { early = announce(r, secret, o, stop) },
	})
	defer report.Wipe()
	switch {
	case early != nil:
		return nil, early
	case err != nil:
		return nil, err
	}
	return assemble(report, secret, o, true)
}

// announce hands out the text, or stops the reading of somebody else's card.
func announce(r *emrtd.Report, secret Secret, o Options, stop func()) error {
	c, err := assemble(r, secret, o, false)
	switch {
	case err != nil:
		stop()
	case o.OnText != nil:
		o.OnText(c)
	}
	return err
}

// assembly puts a Citizen together from the groups.
type assembly struct {
	*Citizen
	report *emrtd.Report
	mrz    *MRZ
	dg13   *National
}

// assemble parses and compares. whole says that the portrait has been read.
func assemble(r *emrtd.Report, secret Secret, o Options, whole bool) (*Citizen, error) {
	a := assembly{report: r, Citizen: &Citizen{
		Access: r.Access, Suite: r.Suite, Digest: r.Digest, Checks: r.Checks,
		Unread: slices.Clone(r.Unread), Warnings: slices.Clone(r.Warnings),
		APDUs: r.APDUs, BytesSent: r.BytesSent, BytesReceived: r.BytesReceived, MaxLe: r.MaxLe,
	}}
	a.parse(o.Now())
	if a.mrz == nil && a.dg13 == nil {
		return nil, motcua.Fail(motcua.CardMemory, "neither dg1 nor dg13 can be used", nil)
	}
	if a.mrz != nil {
		a.fromMRZ()
	}
	if a.dg13 != nil {
		if err := a.fromNational(); err != nil {
			return nil, err
		}
	}
	if whole {
		a.portrait()
	}
	return a.Citizen, a.compare(secret, o.Now())
}

func (a *assembly) parse(now time.Time) {
	if raw, ok := a.report.Groups[1]; !ok {
		a.warn(WarnNoMRZ)
	} else if m, err := dataGroup1(raw, now); err != nil {
		a.warn(WarnMRZ)
	} else {
		a.mrz = &m
	}
	if raw, ok := a.report.Groups[13]; !ok {
		a.warn(WarnNoNational)
	} else if n, err := ParseNational(raw); err != nil {
		a.warn(WarnNational)
	} else {
		a.dg13 = n
	}
}

func (a *assembly) fromMRZ() {
	m := a.mrz
	a.Number, a.Name, a.Birth, a.Sex, a.Expires = m.Number, m.Name(), m.Birth, m.Sex, m.Expires
	if a.Nationality = m.Nationality; m.Nationality == "VNM" {
		a.Nationality = "Việt Nam"
	}
	if m.Unusual {
		a.warn(WarnOptional)
	}
}

// fromNational lets DG13, which has diacritics and centuries, overrule the
// MRZ where it says something. Two different numbers on one chip are a
// mismatch.
func (a *assembly) fromNational() error {
	n := a.dg13
	if number, err := ParseNumber(n.Number); err == nil {
		if a.Number != "" && a.Number != number {
			return motcua.Fail(motcua.CardMismatch, "dg1 and dg13 have different numbers", nil)
		}
		a.Number = number
	} else if n.Number != "" {
		a.warn(WarnNational)
	}
	a.compareMRZ()
	overrule(&a.Name, n.Name)
	overrule(&a.Birth, n.Birth)
	overrule(&a.Sex, n.Sex)
	overrule(&a.Nationality, n.Nationality)
	if a.NoExpiry = n.NoExpiry; n.NoExpiry {
		a.Expires = Date{}
	}
	overrule(&a.Expires, n.Expires)
	a.Ethnicity, a.Religion, a.Origin, a.Residence, a.Marks = n.Ethnicity, n.Religion, n.Origin, n.Residence, n.Marks
	a.Issued, a.OldNumber = n.Issued, n.OldNumber
	a.Father, a.Mother, a.Spouses = n.Father, n.Mother, n.Spouses
	if n.ParentsUnclear {
		a.warn(WarnParents)
	}
	return nil
}

func overrule[T comparable](dst *T, value T) {
	var none T
	if value != none {
		*dst = value
	}
}

func (a *assembly) portrait() {
	raw, ok := a.report.Groups[2]
	if !ok {
		a.warn(WarnNoPortrait)
		return
	}
	image, mime, warning := Portrait(raw)
	a.Portrait, a.PortraitMIME = bytes.Clone(image), mime
	if warning != "" {
		a.warn(warning)
	}
}

// compareMRZ notes where DG1 and DG13 disagree.
func (a *assembly) compareMRZ() {
	m, n := a.mrz, a.dg13
	if m == nil {
		return
	}
	a.differ(WarnBirth, !n.Birth.IsZero() && n.Birth != m.Birth)
	a.differ(WarnSex, n.Sex != "" && m.Sex != "" && n.Sex != m.Sex)
	a.differ(WarnExpiry, !n.Expires.IsZero() && n.Expires != m.Expires)
	a.differ(WarnName, n.Name != "" && !sameInMRZ(*m, n.Name))
}

func (c *Citizen) differ(code string, yes bool) {
	if yes {
		c.warn(code)
	}
}

// compare notes where the card disagrees with what was known before, and with
// its own number.
func (a *assembly) compare(secret Secret, now time.Time) error {
	if secret.number != "" && a.Number != "" && secret.number != a.Number {
		return motcua.Fail(motcua.CardMismatch, "the chip has another number than was given", nil)
	}
	a.differ(WarnNoNumber, a.Number == "")
	if a.Number != "" {
		a.differ(WarnNumberBirth, !a.Birth.IsZero() && a.Number.Year() != a.Birth.Year)
		a.differ(WarnNumberSex, a.Sex != "" && a.Number.Sex() != a.Sex)
		a.differ(WarnCAN, secret.can != "" && secret.can != a.Number.CAN())
	}
	if m := secret.mrz; m != nil {
		a.differ(WarnMRZBirth, m.Birth != a.Birth)
	}
	if q := secret.qr; q != nil && !q.Partial {
		a.differ(WarnQRName, letters(q.Name) != letters(a.Name))
		a.differ(WarnQRBirth, q.Birth != a.Birth)
		a.differ(WarnQRSex, q.Sex != a.Sex)
	}
	if end, ok := a.Expires.Time(now.Location()); ok {
		a.differ(WarnExpired, !now.Before(end.AddDate(0, 0, 1)))
	}
	return nil
}

// sameInMRZ compares a name with the MRZ's spelling of it. A name that fills
// its line may be cut or abbreviated: then the surname decides.
func sameInMRZ(m MRZ, name string) bool {
	got, want := letters(m.Name()), letters(name)
	if !m.Truncated {
		return got == want
	}
	return strings.HasPrefix(want, letters(m.Surname)) || strings.HasPrefix(want, got)
}
