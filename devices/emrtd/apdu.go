package emrtd

import (
	"context"

	"motcua"
)

// The most bytes a short and an extended command can ask for (ISO 7816-4 5.1).
const (
	shortNe    = 256
	extendedNe = 65536
)

// The limits of one reading of a card, chosen well above any honest one: a
// file of 1 MiB in short blocks is 4,703 commands.
const (
	maxAPDUs    = 6000
	maxResponse = extendedNe + 512 // bytes gathered for one command
)

// Command is one command APDU of ISO 7816-4 section 5.1.
type Command struct {
	CLA, INS, P1, P2 byte
	Data             []byte
	Ne               int // the most bytes expected, 0 for none, up to 65536
}

// extended says whether the command needs the extended length form.
func (c Command) extended() bool { return len(c.Data) > 255 || c.Ne > shortNe }

// Bytes encodes the command in the short form where that is possible and in
// the extended form otherwise. In the extended form without data the length
// Le takes three bytes (ISO 7816-4 table 1), which is often done wrong.
func (c Command) Bytes() []byte {
	out := make([]byte, 0, len(c.Data)+10)
	out = append(out, c.CLA, c.INS, c.P1, c.P2)
	if !c.extended() {
		return c.appendShort(out)
	}
	out = append(out, 0)
	if len(c.Data) > 0 {
		out = append(out, byte(len(c.Data)>>8), byte(len(c.Data)))
		out = append(out, c.Data...)
	}
	if c.Ne > 0 {
		out = append(out, byte(c.Ne>>8), byte(c.Ne))
	}
	return out
}

func (c Command) appendShort(out []byte) []byte {
	if len(c.Data) > 0 {
		out = append(out, byte(len(c.Data)))
		out = append(out, c.Data...)
	}
	if c.Ne > 0 {
		out = append(out, byte(c.Ne))
	}
	return out
}

// Response is a response APDU.
type Response struct {
	Data []byte
	SW   uint16
}

// The status words that decide something here (ISO 7816-4 5.6).
const (
	swOK           = 0x9000
	swEndOfFile    = 0x6282 // fewer than Ne bytes were left: the data are good
	swWrongLength  = 0x6700
	swDenied       = 0x6982
	swBlocked      = 0x6983
	swCondition    = 0x6985
	swSMWrong      = 0x6988
	swBadData      = 0x6A80
	swFileNotFound = 0x6A82
	swNoINS        = 0x6D00
	swNoCLA        = 0x6E00
	swUnknown      = 0x6F00
)

// isRefusal says that the card may not give this to us, as opposed to not
// having it.
func isRefusal(sw uint16) bool { return sw == swDenied || sw == swCondition || sw == swBlocked }

// ParseResponse splits a reply into data and status word. A reply of fewer
// than two bytes, or with a first status byte that ISO 7816-3 does not allow,
// is CardBroken.
func ParseResponse(reply []byte) (Response, error) {
	if len(reply) < 2 {
		return Response{}, broken("reply shorter than a status word")
	}
	n := len(reply) - 2
	sw := uint16(reply[n])<<8 | uint16(reply[n+1])
	if sw>>12 != 6 && sw>>12 != 9 {
		return Response{}, broken("reply without a status word")
	}
	return Response{Data: reply[:n:n], SW: sw}, nil
}

// link counts and carries commands, in the clear or, once there is a session,
// under secure messaging.
type link struct {
	t                   Transmitter
	sm                  *session
	limit               int // the most bytes to ask for in one response
	count, sent, gotten int
}

// once sends one encoded command and counts it.
func (l *link) once(ctx context.Context, command []byte) (Response, error) {
	if l.count >= maxAPDUs {
		return Response{}, broken("too many commands")
	}
	if err := ctx.Err(); err != nil {
		return Response{}, motcua.Fail(motcua.Cancelled, "card read ended", err)
	}
	l.count++
	l.sent += len(command)
	reply, err := l.t.Transmit(ctx, command)
	if err != nil {
		return Response{}, carried(ctx, err)
	}
	l.gotten += len(reply)
	return ParseResponse(reply)
}

// gather sends a command and fetches what 61xx promises (ISO 7816-4 5.3.4).
func (l *link) gather(ctx context.Context, command []byte) (Response, error) {
	r, err := l.once(ctx, command)
	if err != nil || r.SW>>8 != 0x61 {
		return r, err
	}
	data := append([]byte(nil), r.Data...)
	for r.SW>>8 == 0x61 {
		ne := int(r.SW & 0xFF)
		if ne == 0 {
			ne = shortNe
		}
		r, err = l.once(ctx, Command{INS: 0xC0, Ne: ne}.Bytes())
		if err != nil {
			return Response{}, err
		}
		data = append(data, r.Data...)
		if r.SW>>8 == 0x61 && len(r.Data) == 0 || len(data) > maxResponse {
			return Response{}, broken("endless response")
		}
	}
	return Response{Data: data, SW: r.SW}, nil
}

// plain sends a command in the clear and repeats it once with the length that
// 6Cxx names.
func (l *link) plain(ctx context.Context, c Command) (Response, error) {
	r, err := l.gather(ctx, c.Bytes())
	if err != nil || r.SW>>8 != 0x6C || c.Ne == 0 {
		return r, err
	}
	c.Ne = int(r.SW & 0xFF)
	if c.Ne == 0 {
		c.Ne = shortNe
	}
	return l.gather(ctx, c.Bytes())
}

// send is plain, or the same under secure messaging. protected is false when
// the card answered an error in the clear: then 9303-11 9.8.3 lets it have
// dropped the session.
func (l *link) send(ctx context.Context, c Command) (r Response, protected bool, err error) {
	if l.sm == nil {
		r, err = l.plain(ctx, c)
		return r, false, err
	}
	r, err = l.gather(ctx, l.sm.wrap(c, l.limit).Bytes())
	if err != nil {
		return Response{}, false, err
	}
	if len(r.Data) == 0 && r.SW != swOK {
		return r, false, nil
	}
	r, err = l.sm.unwrap(r)
	return r, true, err
}

// end forgets the session and its keys.
func (l *link) end() {
	if l.sm != nil {
		l.sm.wipe()
		l.sm = nil
	}
}
