package emrtd

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/rsa"
	"errors"
	"math/big"
)

// The two ways in which a signature does not count.
var (
	errAlgorithm = errors.New("signature: algorithm not known")
	errSignature = errors.New("signature: wrong")
)

// publicKey is an RSA key or a point on a curve; without either it is of a kind
// we do not know, which is no reason to refuse its certificate.
type publicKey struct {
	rsa   *rsa.PublicKey
	curve curve
	point point
}

const (
	oidRSA        = "1.2.840.113549.1.1.1"
	oidPSS        = "1.2.840.113549.1.1.10"
	oidMGF1       = "1.2.840.113549.1.1.8"
	oidECKey      = "1.2.840.10045.2.1"
	oidPrimeField = "1.2.840.10045.1.1"
)

// The signature algorithms that name their hash (9303-12 4.4, RFC 5754).
var (
	rsaHashes = map[string]crypto.Hash{
		"1.2.840.113549.1.1.5": crypto.SHA1, "1.2.840.113549.1.1.14": crypto.SHA224,
		"1.2.840.113549.1.1.11": crypto.SHA256, "1.2.840.113549.1.1.12": crypto.SHA384,
		"1.2.840.113549.1.1.13": crypto.SHA512,
	}
	ecdsaHashes = map[string]crypto.Hash{
		"1.2.840.10045.4.1": crypto.SHA1, "1.2.840.10045.4.3.1": crypto.SHA224,
		"1.2.840.10045.4.3.2": crypto.SHA256, "1.2.840.10045.4.3.3": crypto.SHA384,
		"1.2.840.10045.4.3.4": crypto.SHA512,
	}
)

// parsePublicKey reads the value of a SubjectPublicKeyInfo.
func parsePublicKey(b []byte) (publicKey, error) {
	c := cursor{rest: b}
	a := c.algorithm()
	bits, ok := bitString(c.take(0x03))
	if c.err != nil || !ok || len(c.rest) != 0 {
		return publicKey{}, errCertificate
	}
	switch a.oid {
	case oidRSA, oidPSS:
		return parseRSA(bits)
	case oidECKey:
		return parseEC(a.parameters, bits), nil
	}
	return publicKey{}, nil
}

// maxModulus bounds the work a hostile key can cause, in bytes.
const maxModulus = 1024

func parseRSA(b []byte) (publicKey, error) {
	seq, err := ReadOnly(b, 0x30)
	if err != nil {
		return publicKey{}, errCertificate
	}
	c := cursor{rest: seq.Value}
	n, e := c.take(0x02).Value, c.take(0x02).Value
	if c.err != nil || len(n) == 0 || len(n) > maxModulus+1 || len(e) == 0 || len(e) > 4 {
		return publicKey{}, errCertificate
	}
	exponent := new(big.Int).SetBytes(e)
	key := &rsa.PublicKey{N: new(big.Int).SetBytes(n), E: int(exponent.Int64())}
	return publicKey{rsa: key}, nil
}

func parseEC(parameters TLV, bits []byte) publicKey {
	var c curve
	var ok bool
	switch parameters.Tag {
	case 0x06:
		c, ok = curveByOID(parameters.Value)
	case 0x30:
		c, ok = explicitCurve(parameters.Value)
	}
	if !ok {
		return publicKey{}
	}
	p, ok := c.decode(bits)
	if !ok {
		return publicKey{}
	}
	return publicKey{curve: c, point: p}
}

// explicitCurve recognises ECParameters (BSI TR-03111 5.1.1, SEC 1 C.2) that
// spell out a curve we know. Every number must agree: a curve of the sender's
// own making proves nothing.
func explicitCurve(b []byte) (curve, bool) {
	c := cursor{rest: b}
	c.take(0x02)
	field := c.inside(0x30)
	kind, prime := oidString(field.take(0x06).Value), field.take(0x02).Value
	coefficients := c.inside(0x30)
	a, b2 := coefficients.take(0x04).Value, coefficients.take(0x04).Value
	base, order := c.take(0x04).Value, c.take(0x02).Value
	c.join(field)
	c.join(coefficients)
	if c.err != nil || kind != oidPrimeField {
		return curve{}, false
	}
	for _, known := range curves {
		if known.hasNumbers(prime, a, b2, base, order) {
			return known, true
		}
	}
	return curve{}, false
}

func (c curve) hasNumbers(prime, a, b, base, order []byte) bool {
	g := c.group.Params()
	same := func(x []byte, y *big.Int) bool { return new(big.Int).SetBytes(x).Cmp(y) == 0 }
	return same(prime, g.P) && same(order, g.N) && bytes.Equal(base, c.encode(c.generator())) && c.hasEquation(a, b)
}

// hasEquation checks a and b by the two points that fix them: y^2 = x^3 + ax +
// b must hold at the generator and at its double.
func (c curve) hasEquation(a, b []byte) bool {
	prime := c.group.Params().P
	double, ok := c.add(c.generator(), c.generator())
	if !ok {
		return false
	}
	for _, p := range []point{c.generator(), double} {
		left := new(big.Int).Mul(p.y, p.y)
		right := new(big.Int).Mul(p.x, p.x)
		right.Add(right, new(big.Int).SetBytes(a)).Mul(right, p.x).Add(right, new(big.Int).SetBytes(b))
		if left.Sub(left, right).Mod(left, prime).Sign() != 0 {
			return false
		}
	}
	return true
}

// verify checks a signature over message. digest is the hash that the signer
// named beside an algorithm that does not name its own.
func (k publicKey) verify(a algorithm, digest string, message, signature []byte) error {
	switch {
	case k.rsa != nil:
		return k.verifyRSA(a, digest, message, signature)
	case k.curve.group != nil:
		return k.verifyECDSA(a, digest, message, signature)
	}
	return errAlgorithm
}

func (k publicKey) verifyRSA(a algorithm, digest string, message, signature []byte) error {
	if a.oid == oidPSS {
		return k.verifyPSS(a, message, signature)
	}
	hash := rsaHashes[a.oid]
	if a.oid == oidRSA {
		hash = digests[digest]
	}
	if hash == 0 {
		return errAlgorithm
	}
	if rsa.VerifyPKCS1v15(k.rsa, hash, digestOf(hash, message), signature) != nil {
		return errSignature
	}
	return nil
}

func (k publicKey) verifyPSS(a algorithm, message, signature []byte) error {
	hash, salt, err := parsePSS(a.parameters)
	if err != nil {
		return err
	}
	options := &rsa.PSSOptions{SaltLength: salt, Hash: hash}
	if rsa.VerifyPSS(k.rsa, hash, digestOf(hash, message), signature, options) != nil {
		return errSignature
	}
	return nil
}

// parsePSS reads RSASSA-PSS-params (RFC 4055 3.1). The mask's hash must be the
// message's, as 9303-12 4.4.1 has it; the defaults are SHA-1 and 20.
func parsePSS(parameters TLV) (crypto.Hash, int, error) {
	if parameters.Raw != nil && parameters.Tag != 0x30 {
		return 0, 0, errAlgorithm
	}
	hash, mask, salt := crypto.SHA1, crypto.SHA1, 20
	c := cursor{rest: parameters.Value}
	if t, ok := c.maybe(0xA0); ok {
		in := cursor{rest: t.Value}
		hash = digests[in.algorithm().oid]
	}
	if t, ok := c.maybe(0xA1); ok {
		in := cursor{rest: t.Value}
		outer := in.algorithm()
		inner := cursor{rest: outer.parameters.Raw}
		if mask = digests[inner.algorithm().oid]; outer.oid != oidMGF1 {
			mask = 0
		}
	}
	if t, ok := c.maybe(0xA2); ok {
		n, good := smallInteger(first(t.Value))
		if !good || n > 512 {
			return 0, 0, errAlgorithm
		}
		salt = n
	}
	if c.err != nil || hash == 0 || hash != mask {
		return 0, 0, errAlgorithm
	}
	return hash, salt, nil
}

func first(b []byte) TLV {
	t, _, _ := ReadTLV(b)
	return t
}

func (k publicKey) verifyECDSA(a algorithm, digest string, message, signature []byte) error {
	hash := ecdsaHashes[a.oid]
	if a.oid == oidECKey {
		hash = digests[digest]
	}
	if hash == 0 {
		return errAlgorithm
	}
	seq, err := ReadOnly(signature, 0x30)
	if err != nil {
		return errSignature
	}
	c := cursor{rest: seq.Value}
	r, s := new(big.Int).SetBytes(c.take(0x02).Value), new(big.Int).SetBytes(c.take(0x02).Value)
	if c.err != nil || len(c.rest) != 0 || len(signature) > 160 {
		return errSignature
	}
	key := &ecdsa.PublicKey{Curve: k.curve.group, X: k.point.x, Y: k.point.y} //nolint:staticcheck // crypto/ecdsa's parser knows no brainpool
	if !ecdsa.Verify(key, digestOf(hash, message), r, s) {
		return errSignature
	}
	return nil
}
