package virtual

import (
	"bytes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha1"
	"crypto/subtle"
	"math/big"
)

// suite is one way of PACE with generic mapping and ECDH (ICAO 9303-11
// section 4.4) the chip offers.
type suite struct {
	oid   []byte // encoded value of the object identifier
	key   int    // bytes of the AES keys
	group *curve
}

// id-PACE-ECDH-GM-AES-CBC-CMAC-128 and -256 (section 9.2.1).
var (
	paceAES128 = &suite{[]byte{0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x04, 0x02, 0x02}, 16, brainpool256}
	paceAES256 = &suite{[]byte{0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x04, 0x02, 0x04}, 32, brainpool384}
)

// id-CA-ECDH-3DES-CBC-CBC, id-CA-ECDH-AES-CBC-CMAC-128, -192 and -256 (section
// 9.2.7). A suite without a key size is 3DES.
var (
	agree3DES   = &suite{[]byte{0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x03, 0x02, 0x01}, 0, brainpool256}
	agreeAES128 = &suite{[]byte{0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x03, 0x02, 0x02}, 16, brainpool256}
	agreeAES192 = &suite{[]byte{0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x03, 0x02, 0x03}, 24, brainpool384}
	agreeAES256 = &suite{[]byte{0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x03, 0x02, 0x04}, 32, brainpool384}
)

// pace is a run of PACE between MSE:Set AT and the last token.
type pace struct {
	*suite
	secret []byte // the password's bytes, before the key derivation
	next   int    // the step expected: 1 to 4
	s      *big.Int
	base   point // the mapped generator
	own    *big.Int
	sent   point // own ephemeral public key
	peer   point
}

// manage is MSE:Set AT for PACE (P1 C1, section 4.4.4.1), or MSE:Set AT or KAT
// for chip authentication (P1 41, sections 6.2.4.2 and 6.2.4.1).
func (c *Chip) manage(cmd command) ([]byte, status) {
	list, ok := objects(cmd.data)
	if !ok {
		return nil, swData
	}
	switch {
	case cmd.p1 == 0xC1 && cmd.p2 == 0xA4:
		return nil, c.choosePACE(list)
	case cmd.p1 == 0x41 && cmd.p2 == 0xA4:
		return nil, c.chooseAgreement(list)
	case cmd.p1 == 0x41 && cmd.p2 == 0xA6:
		return nil, c.agreeAtOnce(list)
	}
	return nil, swParameters
}

func (c *Chip) choosePACE(list []object) status {
	s := c.access.suite
	if s == nil {
		return swInstruction
	}
	if p := pick(list, 0x84); !bytes.Equal(pick(list, 0x80), s.oid) || p != nil && !bytes.Equal(p, []byte{s.group.parameter}) {
		return swData
	}
	secret := []byte(nil)
	switch ref := pick(list, 0x83); {
	case bytes.Equal(ref, []byte{1}):
		h := sha1.Sum([]byte(c.access.mrz))
		secret = h[:]
	case bytes.Equal(ref, []byte{2}):
		secret = []byte(c.access.can)
	default:
		return swReference
	}
	c.pace, c.agree = &pace{suite: s, secret: secret, next: 1}, false
	return swOK
}

func (c *Chip) chooseAgreement(list []object) status {
	if c.session == nil || c.access.static == nil {
		return swConditions
	}
	if s := c.access.agree; s.key == 0 || !bytes.Equal(pick(list, 0x80), s.oid) {
		return swData
	}
	c.agree = true
	return swOK
}

// agreeAtOnce is chip authentication with 3DES: MSE:Set KAT brings the key.
func (c *Chip) agreeAtOnce(list []object) status {
	switch {
	case c.session == nil || c.access.static == nil:
		return swConditions
	case c.access.agree.key != 0:
		return swData
	}
	return c.agreeOn(pick(list, 0x91))
}

// generalAuthenticate is GENERAL AUTHENTICATE with dynamic authentication
// data 7C, a step of PACE or the whole of chip authentication.
func (c *Chip) generalAuthenticate(cmd command) ([]byte, status) {
	p := c.pace
	list, ok := dynamic(cmd.data)
	switch {
	case !ok:
		c.pace, c.agree = nil, false
		return nil, swData
	case p == nil && c.agree:
		return c.agreeKeys(list)
	case p == nil:
		return nil, swConditions
	case (cmd.cla == 0x10) != (p.next < 4):
		c.pace = nil
		return nil, swClass
	}
	return c.paceStep(p, list)
}

func (c *Chip) paceStep(p *pace, list []object) ([]byte, status) {
	var data []byte
	var sw status
	switch p.next {
	case 1:
		data, sw = p.encryptedNonce()
	case 2:
		data, sw = p.mapNonce(pick(list, 0x81))
	case 3:
		data, sw = p.exchange(pick(list, 0x83))
	case 4:
		data, sw = c.finish(p, pick(list, 0x85))
	}
	if p.next++; sw != swOK || p.next > 4 {
		c.pace = nil
	}
	return data, sw
}

// dynamic is the content of the object 7C.
func dynamic(b []byte) ([]object, bool) {
	outer, ok := objects(b)
	if !ok || len(outer) != 1 || outer[0].tag != 0x7C {
		return nil, false
	}
	return objects(outer[0].value)
}

// encryptedNonce is step 1: the nonce under the key of the password, with a
// zero initial vector (section 4.4.3.2).
func (p *pace) encryptedNonce() ([]byte, status) {
	nonce := make([]byte, 16)
	rand.Read(nonce)
	p.s = new(big.Int).SetBytes(nonce)
	b := aesBlock(derive(p.secret, forPassword, p.key))
	cipher.NewCBCEncrypter(b, make([]byte, 16)).CryptBlocks(nonce, nonce)
	return node(0x7C, node(0x80, nonce)), swOK
}

// mapNonce is step 2: Ĝ = s·G + H (section 4.4.3.3.1).
func (p *pace) mapNonce(b []byte) ([]byte, status) {
	peer, ok := p.group.decode(b)
	if !ok {
		return nil, swData
	}
	k := p.group.scalar()
	p.base = p.group.add(p.group.mul(p.s, p.group.g), p.group.mul(k, peer))
	if p.base.x == nil {
		return nil, swNothingPrecise
	}
	return node(0x7C, node(0x82, p.group.encode(p.group.mul(k, p.group.g)))), swOK
}

// exchange is step 3: ephemeral keys over Ĝ.
func (p *pace) exchange(b []byte) ([]byte, status) {
	var ok bool
	if p.peer, ok = p.group.decode(b); !ok {
		return nil, swData
	}
	p.own = p.group.scalar()
	p.sent = p.group.mul(p.own, p.base)
	if p.sent.x.Cmp(p.peer.x) == 0 {
		return nil, swData // the keys have to differ (section 4.4.1)
	}
	return node(0x7C, node(0x84, p.group.encode(p.sent))), swOK
}

// finish is step 4: the tokens (section 4.4.3.4) and, if the terminal's is
// right, secure messaging from the next command on.
func (c *Chip) finish(p *pace, token []byte) ([]byte, status) {
	shared := p.group.agree(p.own, p.peer)
	if shared == nil {
		return nil, swNothingPrecise
	}
	enc, mac := derive(shared, forEncryption, p.key), derive(shared, forMAC, p.key)
	if subtle.ConstantTimeCompare(p.token(mac, p.sent), token) != 1 {
		c.tries++
		return nil, swWrongSecret
	}
	c.session, c.open = aesSession(enc, mac), true
	return node(0x7C, node(0x86, p.token(mac, p.peer))), swOK
}

func (p *pace) token(mac []byte, q point) []byte {
	input := node(0x7F49, node(0x06, p.oid), node(0x86, p.group.encode(q)))
	return cmac(aesBlock(mac), input)[:8]
}

// agreeKeys is chip authentication (section 6.2): the static key answers the
// terminal's ephemeral one with nothing but keys that work.
func (c *Chip) agreeKeys(list []object) ([]byte, status) {
	c.agree = false
	if sw := c.agreeOn(pick(list, 0x80)); sw != swOK {
		return nil, sw
	}
	return node(0x7C), swOK
}

func (c *Chip) agreeOn(public []byte) status {
	su := c.access.agree
	peer, ok := su.group.decode(public)
	if !ok || c.session == nil {
		return swData
	}
	shared := su.group.agree(c.access.static, peer)
	switch {
	case shared == nil:
		return swNothingPrecise
	case su.key == 0:
		c.session = desSession(deriveDES(shared, forEncryption), deriveDES(shared, forMAC), make([]byte, 8))
	default:
		c.session = aesSession(derive(shared, forEncryption, su.key), derive(shared, forMAC, su.key))
	}
	return swOK
}
