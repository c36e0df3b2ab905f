package emrtd

import (
	"bytes"
	"encoding/asn1"
	"encoding/pem"
	"errors"
	"time"
)

var errCertificate = errors.New("certificate: malformed")

// certificate is what passive authentication needs of an X.509 certificate.
// crypto/x509 refuses brainpool keys and explicit curve parameters, which is
// what documents are signed with, hence this reader of RFC 5280's form.
type certificate struct {
	signed          []byte // tbsCertificate as signed
	serial          []byte
	issuer, subject []byte // encoded names
	notBefore       time.Time
	notAfter        time.Time
	key             publicKey
	algorithm       algorithm
	signature       []byte
	keyID           []byte // subject key identifier
	authorityKeyID  []byte
	usage           []byte // value of KeyUsage's bit string, nil when absent
	basic, ca       bool   // BasicConstraints present, and its cA
}

// parseCertificate reads one DER certificate that fills b.
func parseCertificate(b []byte) (*certificate, error) {
	seq, err := ReadOnly(b, 0x30)
	if err != nil {
		return nil, errCertificate
	}
	c := cursor{rest: seq.Value}
	body := c.take(0x30)
	out := &certificate{signed: body.Raw, algorithm: c.algorithm()}
	signature, ok := bitString(c.take(0x03))
	if c.err != nil || !ok || len(c.rest) != 0 {
		return nil, errCertificate
	}
	out.signature = signature
	return out, out.parseBody(body.Value)
}

func (x *certificate) parseBody(b []byte) error {
	c := cursor{rest: b}
	c.maybe(0xA0) // version
	x.serial = c.take(0x02).Value
	c.algorithm()
	x.issuer = c.take(0x30).Raw
	validity := c.inside(0x30)
	x.notBefore, x.notAfter = validity.time(), validity.time()
	x.subject = c.take(0x30).Raw
	key := c.take(0x30)
	c.maybe(0x81)
	c.maybe(0x82)
	extensions, _ := c.maybe(0xA3)
	c.join(validity)
	if c.err != nil || len(c.rest) != 0 {
		return errCertificate
	}
	var err error
	if x.key, err = parsePublicKey(key.Value); err != nil {
		return err
	}
	return x.parseExtensions(extensions.Value)
}

// time reads UTCTime or GeneralizedTime (RFC 5280 4.1.2.5).
func (c *cursor) time() time.Time {
	t := c.any()
	var out time.Time
	if c.err != nil {
		return out
	}
	if t.Tag != 0x17 && t.Tag != 0x18 {
		c.err = errCertificate
		return out
	}
	if _, err := asn1.Unmarshal(t.Raw, &out); err != nil {
		c.err = errCertificate
	}
	return out
}

// bitString is a BIT STRING of whole bytes.
func bitString(t TLV) ([]byte, bool) {
	if len(t.Value) < 1 || t.Value[0] != 0 {
		return nil, false
	}
	return t.Value[1:], true
}

func (x *certificate) parseExtensions(b []byte) error {
	if len(b) == 0 {
		return nil
	}
	list, err := ReadOnly(b, 0x30)
	if err != nil {
		return errCertificate
	}
	elements, err := Elements(list.Value, 32)
	if err != nil {
		return errCertificate
	}
	for _, e := range elements {
		c := cursor{rest: e.Value}
		name := oidString(c.take(0x06).Value)
		c.maybe(0x01)
		value := c.take(0x04).Value
		if c.err != nil || len(c.rest) != 0 {
			return errCertificate
		}
		x.extension(name, value)
	}
	return nil
}

// extension keeps the four that matter. One that is malformed counts as
// absent, which never makes a check easier to pass: see issuedBy.
func (x *certificate) extension(name string, value []byte) {
	c := cursor{rest: value}
	switch name {
	case "2.5.29.14":
		x.keyID = c.take(0x04).Value
	case "2.5.29.35":
		in := c.inside(0x30)
		if t, ok := in.maybe(0x80); ok {
			x.authorityKeyID = t.Value
		}
	case "2.5.29.15":
		if t := c.take(0x03); len(t.Value) > 1 {
			x.usage = t.Value[1:]
		}
	case "2.5.29.19":
		in := c.inside(0x30)
		t, ok := in.maybe(0x01)
		x.basic, x.ca = true, ok && len(t.Value) == 1 && t.Value[0] != 0
	}
}

// maySign says whether KeyUsage allows digital signatures; absent allows.
func (x *certificate) maySign() bool { return x.usage == nil || x.usage[0]&0x80 != 0 }

// isCA says whether the certificate may issue others: an anchor must say so
// itself (9303-12 table 6).
func (x *certificate) isCA() bool { return x.basic && x.ca }

func (x *certificate) validAt(t time.Time) bool {
	return !t.Before(x.notBefore) && !t.After(x.notAfter)
}

// issuedBy checks names, key identifiers where both have them, and the
// signature.
func (x *certificate) issuedBy(ca *certificate) bool {
	if !bytes.Equal(x.issuer, ca.subject) {
		return false
	}
	if x.authorityKeyID != nil && ca.keyID != nil && !bytes.Equal(x.authorityKeyID, ca.keyID) {
		return false
	}
	return ca.key.verify(x.algorithm, "", x.signed, x.signature) == nil
}

// parseAnchors reads the operator's files, each DER or any number of PEM
// blocks. bad counts what is not the certificate of an authority.
func parseAnchors(files [][]byte) (anchors []*certificate, bad int) {
	for _, f := range files {
		for _, der := range split(f) {
			x, err := parseCertificate(der)
			if err != nil || !x.isCA() {
				bad++
				continue
			}
			anchors = append(anchors, x)
		}
	}
	return anchors, bad
}

func split(f []byte) [][]byte {
	var out [][]byte
	for rest := f; ; {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			break
		}
		if block.Type == "CERTIFICATE" {
			out = append(out, block.Bytes)
		}
	}
	if out == nil {
		return [][]byte{f}
	}
	return out
}
