package pkcs11

import (
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/x509"
	"slices"
	"time"
)

// unusable is why the certificate may not sign at now, in the words of
// devices.Certificate, or nothing. TT 15/2025/TT-BKHCN asks for the check
// before signing and for RSA of at least 2048 and ECDSA of at least 256 bits.
func unusable(c *x509.Certificate, noKey bool, now time.Time) []string {
	var why []string
	add := func(bad bool, reason string) {
		if bad {
			why = append(why, reason)
		}
	}
	add(now.After(c.NotAfter), "expired")
	add(now.Before(c.NotBefore), "not-yet")
	add(c.KeyUsage != 0 && c.KeyUsage&(x509.KeyUsageDigitalSignature|x509.KeyUsageContentCommitment) == 0, "key-usage")
	add(c.IsCA, "ca")
	add(weak(c.PublicKey), "weak-key")
	add(noKey, "no-key")
	return why
}

func weak(public any) bool {
	switch k := public.(type) {
	case *rsa.PublicKey:
		return k.N.BitLen() < 2048
	case *ecdsa.PublicKey:
		return k.Curve.Params().BitSize < 256
	}
	return true // a kind of key no mechanism of ours signs with
}

func contains(list []string, s string) bool { return slices.Contains(list, s) }
