package desk

import (
	"context"
	"strings"
	"time"

	"motcua"
	"motcua/devices"
	"motcua/devices/cccd"
	"motcua/devices/emrtd"
	"motcua/ui/flow"
)

// Secret makes the chip's access secret of what was typed or scanned: twelve
// digits, the last six, or a QR text.
func Secret(text string) (cccd.Secret, error) {
	text = strings.TrimSpace(text)
	if len(text) == 6 {
		return cccd.FromCAN(text)
	}
	if s, err := cccd.FromNumber(text); err == nil {
		return s, nil
	} else if len(text) <= 12 {
		return s, err
	}
	return cccd.FromQR(text)
}

// ReadCard reads the card on the named reader; an empty name takes the first
// reader with a card.
func ReadCard(ctx context.Context, readers devices.Readers, reader string, secret cccd.Secret, o cccd.Options) (*cccd.Citizen, error) {
	if reader == "" {
		var err error
		if reader, err = findCard(ctx, readers); err != nil {
			return nil, err
		}
	}
	c, err := readOnce(ctx, readers, reader, secret, o)
	if motcua.CodeOf(err) == motcua.CardMute && o.MaxLe != shortLe {
		// Some readers promise extended length and fail on it, which looks
		// like a card that went silent: short commands get through.
		o.MaxLe = shortLe
		c, err = readOnce(ctx, readers, reader, secret, o)
	}
	return c, err
}

// shortLe keeps to commands of short length (ISO 7816-4).
const shortLe = 256

func readOnce(ctx context.Context, readers devices.Readers, reader string, secret cccd.Secret, o cccd.Options) (*cccd.Citizen, error) {
	card, err := readers.Connect(ctx, reader)
	if err != nil {
		return nil, err
	}
	defer card.Close()
	return cccd.Read(ctx, card, secret, o)
}

// readLimit bounds a reading: the slowest card known, 106 kbit/s and short
// commands, takes a quarter of it.
const readLimit = 40 * time.Second

// readCard reads the card that the watch saw, with what its reader was seen to
// carry. onText is told the person before the portrait has come.
func (d *Desk) readCard(ctx context.Context, secret cccd.Secret, onText func(*cccd.Citizen)) (*cccd.Citizen, error) {
	d.mu.Lock()
	reader := d.reader
	maxLe := d.maxLe[reader]
	d.mu.Unlock()
	within, cancel := context.WithTimeout(ctx, readLimit)
	defer cancel()
	c, err := ReadCard(within, d.Readers, reader, secret, cccd.Options{
		Anchors: d.anchors, AllowBAC: d.Card.BAC, MaxLe: maxLe, Now: d.Now, OnText: onText,
	})
	if err != nil && within.Err() != nil && ctx.Err() == nil {
		return nil, motcua.Fail(motcua.CardMute, "no end within "+readLimit.String(), err)
	}
	if err != nil {
		return nil, err
	}
	d.mu.Lock()
	d.maxLe[reader] = c.MaxLe
	d.mu.Unlock()
	return c, nil
}

// findCard looks for a card without a running watch.
func findCard(ctx context.Context, readers devices.Readers) (string, error) {
	list, err := readers.List(ctx)
	if err != nil {
		return "", err
	}
	if len(list) == 0 {
		return "", motcua.Fail(motcua.ReaderNone, "", nil)
	}
	for _, r := range list {
		if len(r.ATR) > 0 {
			return r.Name, nil
		}
	}
	return "", motcua.Fail(motcua.CardAbsent, "", nil)
}

// read carries out flow.Read for every face.
func (d *Desk) read(ctx context.Context, text string, e flow.Effect, tell func(flow.Event)) {
	secret, err := Secret(text)
	if err != nil {
		tell(flow.Failed{Effect: e, Fault: err})
		return
	}
	c, err := d.readCard(ctx, secret, func(c *cccd.Citizen) {
		tell(flow.TextRead{Citizen: d.citizen(c)})
		c.Wipe()
	})
	if err != nil {
		tell(flow.Failed{Effect: e, Fault: err})
		return
	}
	tell(flow.CardRead{Citizen: d.citizen(c)})
	c.Wipe()
}

// scanned is the person a QR names. It is a claim: anybody can print one.
func scanned(text string) (flow.Event, error) {
	qr, err := cccd.ParseQR(text)
	if err != nil {
		return nil, err
	}
	return flow.CardRead{Citizen: flow.Citizen{
		Method: "qr", Number: string(qr.Number), Name: qr.Name, Birth: qr.Birth.String(),
		Sex: string(qr.Sex), Address: qr.Address, Issued: qr.Issued.String(),
	}}, nil
}

// citizen says what the faces need of a card.
func (d *Desk) citizen(c *cccd.Citizen) flow.Citizen {
	out := flow.Citizen{
		Method: "chip", Number: string(c.Number), Name: c.Name, Birth: c.Birth.String(), Sex: string(c.Sex), Address: c.Residence,
		Issued: c.Issued.String(), Expires: c.Expires.String(), Access: c.Access, Warnings: c.Warnings,
		Checks: Checks(c.Checks),
		Link:   flow.Link{APDUs: c.APDUs, Sent: c.BytesSent, Received: c.BytesReceived},
	}
	if c.NoExpiry {
		out.Expires = d.Words.T("person.no-expiry")
	}
	if c.PortraitMIME == "image/jpeg" {
		out.Portrait = append([]byte(nil), c.Portrait...)
	}
	return out
}

// Checks lists the checks of the chip in the order people are told them.
func Checks(c emrtd.Checks) []flow.CheckResult {
	return []flow.CheckResult{
		{Name: "hashes", Outcome: c.Hashes.State.String()},
		{Name: "signature", Outcome: c.Signature.State.String()},
		{Name: "chain", Outcome: c.Chain.State.String()},
		{Name: "chipAuth", Outcome: c.ChipAuth.State.String()},
		{Name: "activeAuth", Outcome: c.ActiveAuth.State.String()},
	}
}
