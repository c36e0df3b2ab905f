package pades

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/subtle"
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"time"

	"github.com/smallstep/pkcs7"
)

// judgeCMS judges integrity and signer. cades asks for the attribute that
// binds the certificate (EN 319 142-1 section 6.3).
func (r *Result) judgeCMS(cms, signed []byte, cades bool) {
	p, err := pkcs7.Parse(trim(cms))
	if err != nil || len(p.Signers) != 1 || len(p.Content) != 0 {
		r.set(&r.Integrity, Bad, "cms")
		return
	}
	leaf := p.GetOnlySigner()
	if leaf == nil {
		r.set(&r.Integrity, Unknown, "no-certificate")
		return
	}
	r.Leaf = leaf
	for _, c := range p.Certificates {
		if !c.Equal(leaf) {
			r.Above = append(r.Above, c)
		}
	}
	p.Content = signed
	r.judgeIntegrity(p)
	r.judgeSigner(p, cades)
	for _, a := range p.Signers[0].UnauthenticatedAttributes {
		r.Stamped = r.Stamped || a.Type.Equal(oidTimestamp)
	}
}

// trim cuts the padding off: the hole is filled with zeros behind the CMS,
// whose length is in its header unless it is of indefinite length.
func trim(b []byte) []byte {
	if len(b) < 2 || b[1] < 0x81 || b[1] > 0x84 || len(b) < 2+int(b[1]&0x7f) {
		return b
	}
	n := 0
	for _, c := range b[2 : 2+int(b[1]&0x7f)] {
		n = n<<8 | int(c)
	}
	if end := 2 + int(b[1]&0x7f) + n; end <= len(b) {
		return b[:end]
	}
	return b
}

func (r *Result) judgeIntegrity(p *pkcs7.PKCS7) {
	var kind asn1.ObjectIdentifier
	digest := p.Signers[0].DigestAlgorithm.Algorithm
	weak := true
	for _, h := range hashes {
		weak = weak && !digest.Equal(h.digest)
	}
	var outside *pkcs7.SigningTimeNotValidError
	switch err := p.Verify(); {
	case errors.As(err, &outside): // found before the signature itself is checked
		r.set(&r.Integrity, Unknown, "signing-time")
	case errors.Is(err, pkcs7.ErrUnsupportedAlgorithm):
		r.set(&r.Integrity, Unknown, "algorithm")
	case err != nil:
		r.set(&r.Integrity, Bad, "changed")
	case p.UnmarshalSignedAttribute(oidContentType, &kind) != nil || !kind.Equal(oidData):
		r.set(&r.Integrity, Bad, "content-type")
	case weak:
		r.set(&r.Integrity, Unknown, "old-algorithm")
	default:
		r.set(&r.Integrity, OK, "")
	}
}

// judgeSigner checks that the attributes name this certificate, and that the
// certificate is one to sign documents with.
func (r *Result) judgeSigner(p *pkcs7.PKCS7, cades bool) {
	state, why := boundTo(p, r.Leaf)
	switch {
	case state == Bad || cades && state != OK:
		r.set(&r.Signer, Bad, why)
	case !forSigning(r.Leaf):
		r.set(&r.Signer, Bad, "key-usage")
	case weakKey(r.Leaf.PublicKey):
		r.set(&r.Signer, Unknown, "weak-key")
	default:
		r.set(&r.Signer, state, why)
	}
}

// boundTo reads the first certificate of signingCertificateV2 (RFC 5035).
func boundTo(p *pkcs7.PKCS7, leaf *x509.Certificate) (State, string) {
	var value struct{ Certs []asn1.RawValue }
	if err := p.UnmarshalSignedAttribute(oidSigningCertV2, &value); err != nil || len(value.Certs) == 0 {
		return Unknown, "not-bound"
	}
	hash, rest := crypto.SHA256, value.Certs[0].Bytes
	var sum []byte
	if len(rest) > 0 && rest[0] == asn1.TagSequence|0x20 {
		var algorithm struct {
			OID    asn1.ObjectIdentifier
			Params asn1.RawValue `asn1:"optional"`
		}
		var err error
		if rest, err = asn1.Unmarshal(rest, &algorithm); err != nil {
			return Bad, "binding"
		}
		hash = 0
		for h, ids := range hashes {
			if algorithm.OID.Equal(ids.digest) {
				hash = h
			}
		}
	}
	if _, err := asn1.Unmarshal(rest, &sum); err != nil {
		return Bad, "binding"
	}
	if hash == 0 {
		return Unknown, "binding"
	}
	h := hash.New()
	h.Write(leaf.Raw)
	if subtle.ConstantTimeCompare(h.Sum(nil), sum) != 1 {
		return Bad, "binding"
	}
	return OK, ""
}

func weakKey(public any) bool {
	switch k := public.(type) {
	case *rsa.PublicKey:
		return k.N.BitLen() < 2048
	case *ecdsa.PublicKey:
		return k.Curve.Params().BitSize < 256
	}
	return false
}

// judgeCertificate builds the chain to our roots at now. An issuer we do not
// know is Unknown: the store may be old. A validity that has ended since the
// claimed time is Unknown too, because nothing proves that time.
func (r *Result) judgeCertificate(roots *x509.CertPool, now time.Time) {
	if roots == nil {
		r.set(&r.Certificate, Unknown, "no-roots")
		return
	}
	between := x509.NewCertPool()
	for _, c := range r.Above {
		between.AddCert(c)
	}
	_, err := r.Leaf.Verify(x509.VerifyOptions{
		Roots: roots, Intermediates: between, CurrentTime: now, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny},
	})
	var invalid x509.CertificateInvalidError
	switch {
	case err == nil:
		r.set(&r.Certificate, OK, "")
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired && r.claimedWithin():
		r.set(&r.Certificate, Unknown, "expired-since")
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		r.set(&r.Certificate, Bad, "expired")
	case errors.As(err, &invalid):
		r.set(&r.Certificate, Bad, "chain")
	default:
		r.set(&r.Certificate, Unknown, "issuer")
	}
}

func (r *Result) claimedWithin() bool {
	return !r.At.IsZero() && !r.At.Before(r.Leaf.NotBefore) && !r.At.After(r.Leaf.NotAfter)
}

// judgeTime takes the claimed time for what it is. Clocks may differ by five
// minutes.
func (r *Result) judgeTime(now time.Time) {
	switch {
	case r.At.IsZero():
		r.set(&r.Time, Unknown, "no-time")
	case r.At.After(now.Add(5 * time.Minute)):
		r.set(&r.Time, Bad, "future")
	case !r.claimedWithin():
		r.set(&r.Time, Bad, "time-outside-certificate")
	default:
		r.set(&r.Time, Unknown, "signer-clock")
	}
}
