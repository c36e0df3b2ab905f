package virtual

import (
	"bytes"
	"context"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha1"
	"math/big"
	"testing"
)

// terminal is the other side in as few lines as the tests of files and
// sessions need. That the chip speaks the standard is not its word but that of
// peer_test.go and of the vectors.
type terminal struct {
	t testing.TB
	c *Chip
	s *session // the same keys and counter as the chip's
}

func (x *terminal) plain(b ...byte) ([]byte, status) {
	x.t.Helper()
	r, err := x.c.Transmit(context.Background(), b)
	if err != nil {
		x.t.Fatal(err)
	}
	n := len(r) - 2
	return r[:n], status(r[n])<<8 | status(r[n+1])
}

// pace opens the chip with the CAN.
func pacedTerminal(t testing.TB, c *Chip) *terminal {
	t.Helper()
	x := &terminal{t: t, c: c}
	su := c.access.suite
	g := su.group
	x.must(append([]byte{0, 0x22, 0xC1, 0xA4, 0x0F}, append(node(0x80, su.oid), node(0x83, []byte{2})...)...))
	z := x.general(0x10, nil)
	key := aesBlock(derive([]byte(c.access.can), forPassword, su.key))
	nonce := make([]byte, 16)
	cipher.NewCBCDecrypter(key, make([]byte, 16)).CryptBlocks(nonce, z)
	k := g.scalar()
	their, ok := g.decode(x.general(0x10, node(0x81, g.encode(g.mul(k, g.g)))))
	if !ok {
		t.Fatal("the chip's mapping key is not a point")
	}
	base := g.add(g.mul(new(big.Int).SetBytes(nonce), g.g), g.mul(k, their))
	k = g.scalar()
	own := g.mul(k, base)
	their, ok = g.decode(x.general(0x10, node(0x83, g.encode(own))))
	if !ok {
		t.Fatal("the chip's ephemeral key is not a point")
	}
	shared := g.agree(k, their)
	enc, mac := derive(shared, forEncryption, su.key), derive(shared, forMAC, su.key)
	p := &pace{suite: su}
	if got := x.general(0, node(0x85, p.token(mac, their))); !bytes.Equal(got, p.token(mac, own)) {
		t.Fatal("the chip's token is wrong")
	}
	x.s = aesSession(enc, mac)
	return x
}

func (x *terminal) must(b []byte) []byte {
	x.t.Helper()
	r, sw := x.plain(b...)
	if sw != swOK {
		x.t.Fatalf("%x answered %04X", b, uint16(sw))
	}
	return r
}

// general is a step of GENERAL AUTHENTICATE; it returns the object's value.
func (x *terminal) general(cla byte, object []byte) []byte {
	x.t.Helper()
	body := node(0x7C, object)
	r := x.must(append(append([]byte{cla, 0x86, 0, 0, byte(len(body))}, body...), 0))
	list, ok := dynamic(r)
	if !ok || len(list) != 1 {
		x.t.Fatalf("the answer is %x", r)
	}
	return list[0].value
}

// bac opens the chip with the MRZ.
func bacTerminal(t testing.TB, c *Chip) *terminal {
	t.Helper()
	x := &terminal{t: t, c: c}
	x.must(append([]byte{0, 0xA4, 4, 0x0C, 7}, application...))
	challenge := x.must([]byte{0, 0x84, 0, 0, 8})
	h := sha1.Sum([]byte(c.access.mrz))
	enc, mac := deriveDES(h[:16], forEncryption), deriveDES(h[:16], forMAC)
	own := make([]byte, 24) // RND.IFD and K.IFD
	rand.Read(own)
	body := bytes.Join([][]byte{own[:8], challenge, own[8:]}, nil)
	cipher.NewCBCEncrypter(tripleDES(enc), make([]byte, 8)).CryptBlocks(body, body)
	body = append(body, retailMAC(mac, pad(body, 8))...)
	r := x.must(append(append([]byte{0, 0x82, 0, 0, 40}, body...), 0))
	if len(r) != 40 || !bytes.Equal(retailMAC(mac, pad(r[:32], 8)), r[32:]) {
		t.Fatalf("the chip's answer is %x", r)
	}
	plain := make([]byte, 32)
	cipher.NewCBCDecrypter(tripleDES(enc), make([]byte, 8)).CryptBlocks(plain, r[:32])
	if !bytes.Equal(plain[:8], challenge) || !bytes.Equal(plain[8:16], own[:8]) {
		t.Fatal("the chip's answer is for another challenge")
	}
	seed := make([]byte, 16)
	for i := range seed {
		seed[i] = own[8+i] ^ plain[16+i]
	}
	x.s = desSession(deriveDES(seed, forEncryption), deriveDES(seed, forMAC), append(bytes.Clone(challenge[4:]), own[4:8]...))
	return x
}

// secure sends a protected command, with extended lengths when the expected
// length needs them, and follows 61xx.
func (x *terminal) secure(ins, p1, p2 byte, data []byte, ne int) ([]byte, status) {
	x.t.Helper()
	x.s.step()
	head := []byte{0x0C, ins, p1, p2}
	var body []byte
	if len(data) > 0 {
		hidden := x.s.encipher(data)
		if ins&1 == 0 {
			hidden = append([]byte{1}, hidden...)
		}
		body = node(dataTag(ins), hidden)
	}
	long := ne > 256
	switch {
	case long:
		body = append(body, node(0x97, []byte{byte(ne >> 8), byte(ne)})...)
	case ne > 0:
		body = append(body, node(0x97, []byte{byte(ne)})...)
	}
	message := append(bytes.Clone(x.s.counter), pad(head, x.s.block)...)
	if len(body) > 0 {
		message = append(message, pad(body, x.s.block)...)
	}
	body = append(body, node(0x8E, x.s.mac(message))...)
	apdu := append(append(head, byte(len(body))), append(body, 0)...)
	if long {
		apdu = append(append(apdu[:4:4], 0, byte(len(body)>>8), byte(len(body))), append(body, 0, 0)...)
	}
	r, sw := x.plain(apdu...)
	for sw&0xFF00 == swMore {
		var next []byte
		next, sw = x.plain(0, 0xC0, 0, 0, byte(sw))
		r = append(r, next...)
	}
	return x.uncover(ins, r, sw)
}

func (x *terminal) uncover(ins byte, r []byte, sw status) ([]byte, status) {
	x.t.Helper()
	if len(r) == 0 {
		return nil, sw
	}
	x.s.step()
	list, ok := objects(r)
	if !ok || len(list) < 2 {
		x.t.Fatalf("the protected answer is %x", r)
	}
	n := len(r) - len(list[len(list)-1].raw)
	message := append(bytes.Clone(x.s.counter), pad(r[:n], x.s.block)...)
	if !bytes.Equal(pick(list, 0x8E), x.s.mac(message)) || !bytes.Equal(pick(list, 0x99), sw.bytes()) {
		x.t.Fatalf("the protected answer is not authentic: %x", r)
	}
	hidden := pick(list, dataTag(ins))
	if hidden == nil {
		return nil, sw
	}
	if ins&1 == 0 {
		hidden = hidden[1:]
	}
	data, ok := x.s.decipher(hidden)
	if !ok {
		x.t.Fatal("the answer does not decipher")
	}
	return data, sw
}

// read reads a whole file in pieces.
func (x *terminal) read(id uint16, piece int) []byte {
	x.t.Helper()
	if _, sw := x.secure(0xA4, 2, 0x0C, []byte{byte(id >> 8), byte(id)}, 0); sw != swOK {
		x.t.Fatalf("selecting %04X answered %04X", id, uint16(sw))
	}
	var out []byte
	for {
		data, sw := x.secure(0xB0, byte(len(out)>>8), byte(len(out)), nil, piece)
		out = append(out, data...)
		if sw != swOK || len(data) == 0 || len(out) == len(x.c.files[id]) {
			return out
		}
	}
}

func (x *terminal) enter() *terminal {
	x.t.Helper()
	if _, sw := x.secure(0xA4, 4, 0x0C, application, 0); sw != swOK {
		x.t.Fatalf("selecting the application answered %04X", uint16(sw))
	}
	return x
}
