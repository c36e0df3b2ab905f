package pkcs11

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/x509"
	"encoding/asn1"
	"io"
	"math/big"
	"sync"
	"time"

	"motcua"
	"motcua/devices/pkcs11/talk"
)

// signer is a key behind one login. After its helper has gone it stays broken:
// logging in again needs the person's PIN.
type signer struct {
	helper  *helper
	session *process
	leaf    *x509.Certificate
	timeout time.Duration
	once    sync.Once
}

func (s *signer) Certificate() *x509.Certificate { return s.leaf }
func (s *signer) Public() crypto.PublicKey       { return s.leaf.PublicKey }

// Sign signs digest with PKCS #1 v1.5 or with ECDSA (an ASN.1 pair). The
// token's answer is verified first: a wrong key or a broken driver is the fault
// TokenSignature, never a signature. rand is not used.
func (s *signer) Sign(_ io.Reader, digest []byte, opts crypto.SignerOpts) ([]byte, error) {
	input, err := s.input(digest, opts)
	if err != nil {
		return nil, err
	}
	a, err := s.helper.callOn(s.session, talk.Request{Op: talk.Sign, Input: input}, s.timeout)
	if err != nil {
		return nil, err
	}
	return finish(s.leaf.PublicKey, opts.HashFunc(), digest, a.Signature)
}

// input is what the token's key is applied to.
func (s *signer) input(digest []byte, opts crypto.SignerOpts) ([]byte, error) {
	if opts == nil || len(digest) != opts.HashFunc().Size() {
		return nil, motcua.Fail(motcua.BadInput, "the digest does not fit its hash", nil)
	}
	prefix, ok := digestInfo[opts.HashFunc()]
	if _, pss := opts.(*rsa.PSSOptions); !ok || pss {
		return nil, motcua.Fail(motcua.BadInput, "only SHA-256, SHA-384 and SHA-512 with PKCS #1 v1.5 or ECDSA", nil)
	}
	if _, isRSA := s.leaf.PublicKey.(*rsa.PublicKey); isRSA {
		return append(append([]byte(nil), prefix...), digest...), nil
	}
	return digest, nil
}

// digestInfo is the DER before the digest in a DigestInfo (RFC 8017 section
// 9.2, note 1).
var digestInfo = map[crypto.Hash][]byte{
	crypto.SHA256: {0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20},
	crypto.SHA384: {0x30, 0x41, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x02, 0x05, 0x00, 0x04, 0x30},
	crypto.SHA512: {0x30, 0x51, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x03, 0x05, 0x00, 0x04, 0x40},
}

// finish turns the module's answer into the usual encoding and verifies it.
func finish(public crypto.PublicKey, hash crypto.Hash, digest, raw []byte) ([]byte, error) {
	bad := motcua.Fail(motcua.TokenSignature, "", nil)
	switch key := public.(type) {
	case *rsa.PublicKey:
		if rsa.VerifyPKCS1v15(key, hash, digest, raw) != nil {
			return nil, bad
		}
		return raw, nil
	case *ecdsa.PublicKey:
		der, err := pairDER(raw)
		if err != nil || !ecdsa.VerifyASN1(key, digest, der) {
			return nil, bad
		}
		return der, nil
	}
	return nil, bad
}

// pairDER encodes r and s, side by side and of one length, as ASN.1.
func pairDER(raw []byte) ([]byte, error) {
	half := len(raw) / 2
	return asn1.Marshal(struct{ R, S *big.Int }{
		new(big.Int).SetBytes(raw[:half]), new(big.Int).SetBytes(raw[half:]),
	})
}

// Close logs out. A helper that has gone took the login with it.
func (s *signer) Close() error {
	var err error
	s.once.Do(func() {
		if s.helper.current() == s.session {
			_, err = s.helper.callOn(s.session, talk.Request{Op: talk.Close}, s.timeout)
		}
	})
	return err
}
