package pades

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/rsa"
	_ "crypto/sha512" // SHA-384 and SHA-512 may be asked for
	"crypto/x509"
	"encoding/asn1"
	"slices"

	"golang.org/x/crypto/cryptobyte"
	tag "golang.org/x/crypto/cryptobyte/asn1"

	"motcua"
)

// Object identifiers of CMS (RFC 5652) and CAdES (RFC 5035).
var (
	oidData          = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 1}
	oidSignedData    = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 2}
	oidContentType   = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 3}
	oidMessageDigest = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 4}
	oidSigningCertV2 = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 2, 47}
	oidTimestamp     = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 2, 14}
	oidRSA           = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 1}
	oidSHA256        = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 1}
	oidSHA384        = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 2}
	oidSHA512        = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 3}
	oidECDSA256      = asn1.ObjectIdentifier{1, 2, 840, 10045, 4, 3, 2}
	oidECDSA384      = asn1.ObjectIdentifier{1, 2, 840, 10045, 4, 3, 3}
	oidECDSA512      = asn1.ObjectIdentifier{1, 2, 840, 10045, 4, 3, 4}
)

// hashes is the digests allowed by TT 15/2025/TT-BKHCN.
var hashes = map[crypto.Hash]struct{ digest, ecdsa asn1.ObjectIdentifier }{
	crypto.SHA256: {oidSHA256, oidECDSA256},
	crypto.SHA384: {oidSHA384, oidECDSA384},
	crypto.SHA512: {oidSHA512, oidECDSA512},
}

// signCMS is a detached SignedData over a content with the digest. Its signed
// attributes are contentType, messageDigest and signingCertificateV2 and no
// other: EN 319 142-1 keeps the time in the PDF.
func signCMS(digest []byte, hash crypto.Hash, s crypto.Signer, cert *x509.Certificate, chain []*x509.Certificate) ([]byte, error) {
	ids, ok := hashes[hash]
	if !ok {
		return nil, motcua.Fail(motcua.BadInput, "the digest must be SHA-256, SHA-384 or SHA-512", nil)
	}
	attributes, err := signedAttributes(digest, hash, cert)
	if err != nil {
		return nil, motcua.Fail(motcua.Internal, "signed attributes", err)
	}
	h := hash.New()
	h.Write(wrap(tag.SET, attributes))
	sum := h.Sum(nil)
	signature, err := s.Sign(rand.Reader, sum, hash)
	if err != nil {
		return nil, err
	}
	if !holds(cert.PublicKey, hash, sum, signature) {
		return nil, motcua.Fail(motcua.TokenSignature, "", nil)
	}
	var b cryptobyte.Builder
	b.AddASN1(tag.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1ObjectIdentifier(oidSignedData)
		b.AddASN1(explicit(0), func(b *cryptobyte.Builder) {
			b.AddASN1(tag.SEQUENCE, func(b *cryptobyte.Builder) {
				b.AddASN1Int64(1)
				b.AddASN1(tag.SET, func(b *cryptobyte.Builder) { algorithm(b, ids.digest, false) })
				b.AddASN1(tag.SEQUENCE, func(b *cryptobyte.Builder) { b.AddASN1ObjectIdentifier(oidData) })
				b.AddASN1(explicit(0), func(b *cryptobyte.Builder) { certificates(b, cert, chain) })
				b.AddASN1(tag.SET, func(b *cryptobyte.Builder) { signerInfo(b, cert, ids.digest, ids.ecdsa, attributes, signature) })
			})
		})
	})
	return b.Bytes()
}

// holds is whether the key's answer verifies: a token may sign with another
// key than the certificate's, and a driver may garble what it signs.
func holds(public crypto.PublicKey, hash crypto.Hash, sum, signature []byte) bool {
	switch k := public.(type) {
	case *rsa.PublicKey:
		return rsa.VerifyPKCS1v15(k, hash, sum, signature) == nil
	case *ecdsa.PublicKey:
		return ecdsa.VerifyASN1(k, sum, signature)
	}
	return false
}

func explicit(n uint8) tag.Tag { return tag.Tag(n).Constructed().ContextSpecific() }

// wrap puts content under a tag.
func wrap(t tag.Tag, content []byte) []byte {
	var b cryptobyte.Builder
	b.AddASN1(t, func(b *cryptobyte.Builder) { b.AddBytes(content) })
	return b.BytesOrPanic() // the content is ours and short
}

func algorithm(b *cryptobyte.Builder, oid asn1.ObjectIdentifier, null bool) {
	b.AddASN1(tag.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1ObjectIdentifier(oid)
		if null {
			b.AddASN1NULL()
		}
	})
}

// certificates is the signer's and those above, each once.
func certificates(b *cryptobyte.Builder, cert *x509.Certificate, chain []*x509.Certificate) {
	b.AddBytes(cert.Raw)
	for i, c := range chain {
		if !c.Equal(cert) && !slices.ContainsFunc(chain[:i], c.Equal) {
			b.AddBytes(c.Raw)
		}
	}
}

// signedAttributes is the content of the SET, in the order DER asks for.
func signedAttributes(digest []byte, hash crypto.Hash, cert *x509.Certificate) ([]byte, error) {
	h := hash.New()
	h.Write(cert.Raw)
	all := [][]byte{
		attribute(oidContentType, func(b *cryptobyte.Builder) { b.AddASN1ObjectIdentifier(oidData) }),
		attribute(oidMessageDigest, func(b *cryptobyte.Builder) { b.AddASN1OctetString(digest) }),
		attribute(oidSigningCertV2, func(b *cryptobyte.Builder) { signingCertificate(b, hash, h.Sum(nil)) }),
	}
	slices.SortFunc(all, bytes.Compare)
	return slices.Concat(all...), nil
}

func attribute(oid asn1.ObjectIdentifier, value func(*cryptobyte.Builder)) []byte {
	var b cryptobyte.Builder
	b.AddASN1(tag.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1ObjectIdentifier(oid)
		b.AddASN1(tag.SET, value)
	})
	return b.BytesOrPanic()
}

// signingCertificate is SigningCertificateV2 (RFC 5035 section 3) with one
// ESSCertIDv2; SHA-256 is its default algorithm and DER leaves defaults out.
func signingCertificate(b *cryptobyte.Builder, hash crypto.Hash, sum []byte) {
	b.AddASN1(tag.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1(tag.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1(tag.SEQUENCE, func(b *cryptobyte.Builder) {
				if hash != crypto.SHA256 {
					algorithm(b, hashes[hash].digest, false)
				}
				b.AddASN1OctetString(sum)
			})
		})
	})
}

func signerInfo(b *cryptobyte.Builder, cert *x509.Certificate, digest, withECDSA asn1.ObjectIdentifier, attributes, signature []byte) {
	b.AddASN1(tag.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1Int64(1)
		b.AddASN1(tag.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddBytes(cert.RawIssuer)
			b.AddASN1BigInt(cert.SerialNumber)
		})
		algorithm(b, digest, false)
		b.AddASN1(explicit(0), func(b *cryptobyte.Builder) { b.AddBytes(attributes) })
		if cert.PublicKeyAlgorithm == x509.RSA {
			algorithm(b, oidRSA, true)
		} else {
			algorithm(b, withECDSA, false)
		}
		b.AddASN1OctetString(signature)
	})
}
