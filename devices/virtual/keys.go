package virtual

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/x509"
	"encoding/asn1"
	"encoding/hex"
	"math/big"
	"strconv"
	"strings"
)

// securityGroup is DG14 (ICAO 9303-11 section 9.2): what EF.CardAccess said,
// now signed, the public key of chip authentication, and how an EC active
// authentication key signs.
func securityGroup(a access, explicit bool) []byte {
	infos := [][]byte{terminalInfo(), agreementInfo(a.agree)}
	if a.suite != nil {
		infos = append(infos, paceInfo(a.suite))
	}
	key := publicKey(a.agree.group, a.agree.group.mul(a.static, a.agree.group.g), explicit)
	agreement := []byte{0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x01, 0x02} // id-PK-ECDH
	infos = append(infos, node(0x30, node(0x06, agreement), key))
	if _, ec := a.active.(ecActive); ec {
		infos = append(infos, node(0x30, node(0x06, oid("2.23.136.1.1.5")), integer(1), node(0x06, oid("0.4.0.127.0.7.1.1.4.1.3"))))
	}
	return node(0x6E, node(0x31, infos...))
}

// publicKey is a SubjectPublicKeyInfo (RFC 5480), its curve by name or, as
// many passports have it, written out (RFC 3279 section 2.3.5).
func publicKey(g *curve, q point, explicit bool) []byte {
	parameters := node(0x06, oid(g.oid))
	if explicit {
		parameters = node(0x30, integer(1),
			node(0x30, node(0x06, oid("1.2.840.10045.1.1")), number(g.p)),
			node(0x30, node(0x04, g.a.FillBytes(make([]byte, g.size()))), node(0x04, g.b.FillBytes(make([]byte, g.size())))),
			node(0x04, g.encode(g.g)), number(g.n), integer(1))
	}
	algorithm := node(0x30, node(0x06, oid("1.2.840.10045.2.1")), parameters)
	return node(0x30, algorithm, node(0x03, append([]byte{0}, g.encode(q)...)))
}

// number is a positive INTEGER of any size.
func number(v *big.Int) []byte { return node(0x02, append([]byte{0}, v.Bytes()...)) }

// oid is the encoded value of a dotted object identifier.
func oid(dotted string) []byte {
	var id asn1.ObjectIdentifier
	for _, s := range strings.Split(dotted, ".") {
		n, _ := strconv.Atoi(s)
		id = append(id, n)
	}
	der, err := asn1.Marshal(id)
	if err != nil {
		panic("virtual: an object identifier of ours is malformed")
	}
	return der[2:]
}

// activeKey signs the challenge of active authentication (ICAO 9303-11
// section 6.1).
type activeKey interface {
	sign(challenge []byte) []byte
	public() []byte // SubjectPublicKeyInfo
}

// internalAuthenticate is INTERNAL AUTHENTICATE with a challenge of 8 bytes.
func (c *Chip) internalAuthenticate(cmd command) ([]byte, status) {
	switch {
	case c.access.active == nil:
		return nil, swInstruction
	case !c.open || !c.inside:
		return nil, swNotSatisfied
	case len(cmd.data) != 8:
		return nil, swLength
	}
	return c.access.active.sign(cmd.data), swOK
}

// rsaActive signs with ISO/IEC 9796-2 digital signature scheme 1: the first
// part of the message is random and recovered from the signature.
type rsaActive struct {
	key  *rsa.PrivateKey
	hash crypto.Hash // SHA-1 with trailer BC, or SHA-256 with trailer 34CC
}

func (a rsaActive) sign(challenge []byte) []byte {
	trailer := []byte{0xBC}
	if a.hash == crypto.SHA256 {
		trailer = []byte{0x34, 0xCC}
	}
	message := make([]byte, a.key.Size()-1-a.hash.Size()-len(trailer))
	rand.Read(message)
	h := a.hash.New()
	h.Write(message)
	h.Write(challenge)
	block := append([]byte{0x6A}, message...)
	block = append(h.Sum(block), trailer...)
	s := new(big.Int).Exp(new(big.Int).SetBytes(block), a.key.D, a.key.N)
	return s.FillBytes(make([]byte, a.key.Size()))
}

func (a rsaActive) public() []byte {
	der, err := x509.MarshalPKIXPublicKey(&a.key.PublicKey)
	if err != nil {
		panic("virtual: an RSA key cannot be encoded")
	}
	return der
}

// ecActive signs with plain ECDSA and SHA-256.
type ecActive struct {
	group *curve
	key   *big.Int
}

func (a ecActive) sign(challenge []byte) []byte {
	h := sha256.Sum256(challenge)
	return a.group.sign(a.key, h[:])
}

func (a ecActive) public() []byte {
	return publicKey(a.group, a.group.mul(a.key, a.group.g), false)
}

// shortDigest is sixteen hexadecimal digits that look like a chip serial.
func shortDigest(s string) string {
	h := sha1.Sum([]byte(s))
	return hex.EncodeToString(h[:8])
}
