package emrtd

import (
	"crypto/cipher"
	"crypto/subtle"

	"motcua"
)

// The data objects of secure messaging (9303-11 9.8.4, ISO 7816-4 10.2).
const (
	doPlainOdd   = 0x85 // cryptogram without padding indicator: odd INS
	doCryptogram = 0x87
	doLe         = 0x97
	doStatus     = 0x99
	doMAC        = 0x8E
)

// session is secure messaging with one pair of keys (9303-11 9.8). It is dead
// after its first error: 9.8.3.
type session struct {
	suite  suite
	block  cipher.Block
	mac    macFunc
	ssc    []byte // send sequence counter, one block long
	keyEnc []byte
	keyMAC []byte
	buffer []byte // the MAC's input, used again for each command
}

// newSession takes ownership of the keys. ssc is the first value of the
// counter: zero after PACE, from the random numbers after BAC (9.8.6.3).
func newSession(s suite, keyEnc, keyMAC, ssc []byte) (*session, error) {
	block, err := s.cipher(keyEnc)
	if err != nil {
		return nil, motcua.Fail(motcua.Internal, "session cipher", err)
	}
	mac, err := s.mac(keyMAC)
	if err != nil {
		return nil, motcua.Fail(motcua.Internal, "session mac", err)
	}
	return &session{suite: s, block: block, mac: mac, ssc: ssc, keyEnc: keyEnc, keyMAC: keyMAC}, nil
}

func (s *session) wipe() { wipe(s.keyEnc, s.keyMAC, s.ssc, s.buffer[:cap(s.buffer)]) }

// count adds one to the send sequence counter.
func (s *session) count() {
	for i := len(s.ssc) - 1; i >= 0; i-- {
		s.ssc[i]++
		if s.ssc[i] != 0 {
			return
		}
	}
}

// iv is the initial vector: zero for 3DES, the encrypted counter for AES
// (9303-11 9.8.6.1 and 9.8.6.2).
func (s *session) iv() []byte {
	iv := make([]byte, s.suite.blockSize())
	if s.suite != suite3DES {
		s.block.Encrypt(iv, s.ssc)
	}
	return iv
}

// wrap protects a command. The outer Le, which nothing protects, is the largest
// of the short form, or limit where the extended form is needed: readers and
// chips that carry less refuse a larger one. Where limit is short, an answer
// that does not fit comes in pieces (61xx).
func (s *session) wrap(c Command, limit int) Command {
	s.count()
	header := [4]byte{c.CLA | 0x0C, c.INS, c.P1, c.P2}
	body := s.cryptogram(c)
	body = appendLe(body, c)
	sum := s.sum(header[:], body)
	body = appendTLV(body, doMAC, sum[:])
	ne := shortNe
	if c.extended() || c.Ne > s.largest(shortNe) && limit > shortNe || len(body) > 255 {
		ne = max(limit, shortNe+1)
	}
	return Command{CLA: header[0], INS: c.INS, P1: c.P1, P2: c.P2, Data: body, Ne: ne}
}

// cryptogram is the data object with the encrypted data of c, empty without
// data.
func (s *session) cryptogram(c Command) []byte {
	body := make([]byte, 0, len(c.Data)+48)
	if len(c.Data) == 0 {
		return body
	}
	tag := uint32(doCryptogram)
	text := make([]byte, 0, len(c.Data)+2+s.suite.blockSize())
	if c.INS&1 == 1 {
		tag = doPlainOdd
	} else {
		text = append(text, 1)
	}
	start := len(text)
	text = append(text, c.Data...)
	text = append(text[:start], pad(text[start:], s.suite.blockSize())...)
	cipher.NewCBCEncrypter(s.block, s.iv()).CryptBlocks(text[start:], text[start:])
	return appendTLV(body, tag, text)
}

// appendLe adds the protected Le in one byte, or two for an extended length.
func appendLe(body []byte, c Command) []byte {
	switch {
	case c.Ne == 0:
		return body
	case c.Ne <= shortNe && len(c.Data) <= 255:
		return append(body, doLe, 1, byte(c.Ne))
	}
	return append(body, doLe, 2, byte(c.Ne>>8), byte(c.Ne))
}

// sum is the MAC over counter, header and objects, each part padded to whole
// blocks; the response has no header.
func (s *session) sum(header, objects []byte) [8]byte {
	n := s.suite.blockSize()
	b := append(s.buffer[:0], s.ssc...)
	if header != nil {
		b = pad(append(b, header...), n)
	}
	if len(objects) > 0 {
		b = pad(append(b, objects...), n)
	}
	s.buffer = b
	var sum [8]byte
	s.mac(b, &sum)
	return sum
}

// unwrap checks and opens a response. The status word is the protected one.
func (s *session) unwrap(r Response) (Response, error) {
	s.count()
	body, sum, found, err := splitMAC(r.Data)
	if err != nil {
		return Response{}, err
	}
	want := s.sum(nil, body)
	if subtle.ConstantTimeCompare(want[:], sum) != 1 {
		return Response{}, broken("secure messaging: wrong mac")
	}
	out := Response{SW: found.sw}
	if found.cryptogram != nil {
		out.Data, err = s.open(found.cryptogram)
	}
	return out, err
}

// objects is what splitMAC found in a response.
type objects struct {
	cryptogram []byte // without its padding indicator
	sw         uint16
}

// splitMAC parses a protected response: cryptogram, status, MAC at the end.
// body is what the MAC covers.
func splitMAC(data []byte) (body, sum []byte, o objects, err error) {
	bad := broken("secure messaging: malformed response")
	c := cursor{rest: data}
	if t, ok := c.maybe(doCryptogram); ok {
		if len(t.Value) < 2 || t.Value[0] != 1 {
			return nil, nil, o, bad
		}
		o.cryptogram = t.Value[1:]
	} else if t, ok := c.maybe(doPlainOdd); ok {
		o.cryptogram = t.Value
	}
	status := c.take(doStatus)
	body = data[:len(data)-len(c.rest)]
	mac := c.take(doMAC)
	if c.err != nil || len(c.rest) != 0 || len(status.Value) != 2 || len(mac.Value) != 8 {
		return nil, nil, o, bad
	}
	o.sw = uint16(status.Value[0])<<8 | uint16(status.Value[1])
	return body, mac.Value, o, nil
}

func (s *session) open(text []byte) ([]byte, error) {
	if len(text) == 0 || len(text)%s.suite.blockSize() != 0 {
		return nil, broken("secure messaging: cryptogram not in whole blocks")
	}
	out := make([]byte, len(text))
	cipher.NewCBCDecrypter(s.block, s.iv()).CryptBlocks(out, text)
	out, ok := unpad(out)
	if !ok {
		return nil, broken("secure messaging: wrong padding")
	}
	return out, nil
}

// largest is how many bytes of plain data fit in a protected response of at
// most limit bytes: 223 with AES and 231 with 3DES in a short one. Beside the
// cryptogram travel its header and padding indicator, the status (4 bytes) and
// the MAC (10 bytes).
func (s *session) largest(limit int) int {
	room := limit - 4 - 10 - cryptogramHead(limit)
	return room/s.suite.blockSize()*s.suite.blockSize() - 1
}

// cryptogramHead is tag, length and padding indicator of a cryptogram in a
// response of limit bytes.
func cryptogramHead(limit int) int {
	switch {
	case limit-14 <= 0x7F+2:
		return 3
	case limit-14 <= 0xFF+3:
		return 4
	case limit-14 <= 0xFFFF+4:
		return 5
	}
	return 6
}
