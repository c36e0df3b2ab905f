package emrtd

import (
	"bytes"
	"crypto/elliptic"
	"io"
	"math/big"

	"github.com/ProtonMail/go-crypto/brainpool"

	"motcua"
)

// curve is a group of prime order. The standard library deprecates the plain
// point operations of crypto/elliptic in favour of crypto/ecdh, which knows
// neither brainpool nor the mapped generator of PACE; all their uses are in
// this file, behind the checks they need.
type curve struct {
	name  string
	id    int // standardised domain parameters, 9303-11 table 4
	oid   []byte
	group elliptic.Curve
}

// curves is every curve this package computes on. To add one, add a line: the
// group may be any elliptic.Curve.
var curves = []curve{
	{"P-224", 10, []byte{0x2B, 0x81, 0x04, 0x00, 0x21}, elliptic.P224()},
	{"P-256", 12, []byte{0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07}, elliptic.P256()},
	{"brainpoolP256r1", 13, brainpoolOID(7), brainpool.P256r1()},
	{"P-384", 15, []byte{0x2B, 0x81, 0x04, 0x00, 0x22}, elliptic.P384()},
	{"brainpoolP384r1", 16, brainpoolOID(11), brainpool.P384r1()},
	{"brainpoolP512r1", 17, brainpoolOID(13), brainpool.P512r1()},
	{"P-521", 18, []byte{0x2B, 0x81, 0x04, 0x00, 0x23}, elliptic.P521()},
}

// brainpoolOID is 1.3.36.3.3.2.8.1.1.last (RFC 5639 4.1).
func brainpoolOID(last byte) []byte {
	return []byte{0x2B, 0x24, 0x03, 0x03, 0x02, 0x08, 0x01, 0x01, last}
}

func curveByID(id int) (curve, bool) {
	for _, c := range curves {
		if c.id == id {
			return c, true
		}
	}
	return curve{}, false
}

func curveByOID(oid []byte) (curve, bool) {
	for _, c := range curves {
		if bytes.Equal(c.oid, oid) {
			return c, true
		}
	}
	return curve{}, false
}

// size is the length of a coordinate in bytes.
func (c curve) size() int { return (c.group.Params().BitSize + 7) / 8 }

// point is an affine point; the point at infinity is never one of them.
type point struct{ x, y *big.Int }

// encode is the uncompressed form 04 || x || y (BSI TR-03111 3.2.1).
func (c curve) encode(p point) []byte {
	n := c.size()
	out := make([]byte, 1+2*n)
	out[0] = 4
	p.x.FillBytes(out[1 : 1+n])
	p.y.FillBytes(out[1+n:])
	return out
}

// decode reads an uncompressed point and checks that it lies on the curve. The
// curves have prime order, so that is all there is to check.
func (c curve) decode(b []byte) (point, bool) {
	n := c.size()
	if len(b) != 1+2*n || b[0] != 4 {
		return point{}, false
	}
	p := point{new(big.Int).SetBytes(b[1 : 1+n]), new(big.Int).SetBytes(b[1+n:])}
	return p, c.contains(p)
}

// contains keeps coordinates outside the field and the pair (0, 0), which
// stands for infinity in crypto/elliptic, away from IsOnCurve.
func (c curve) contains(p point) bool {
	prime := c.group.Params().P
	if p.x.Sign() < 0 || p.y.Sign() < 0 || p.x.Cmp(prime) >= 0 || p.y.Cmp(prime) >= 0 {
		return false
	}
	if p.x.Sign() == 0 && p.y.Sign() == 0 {
		return false
	}
	return c.group.IsOnCurve(p.x, p.y) //nolint:staticcheck // see the type's comment
}

func (c curve) generator() point {
	return point{c.group.Params().Gx, c.group.Params().Gy}
}

// multiply is k times p; false for the point at infinity, which only a k that
// is a multiple of the order gives.
func (c curve) multiply(p point, k []byte) (point, bool) {
	reduced := new(big.Int).SetBytes(k)
	reduced.Mod(reduced, c.group.Params().N)
	if reduced.Sign() == 0 {
		return point{}, false
	}
	scalar := reduced.FillBytes(make([]byte, (c.group.Params().N.BitLen()+7)/8))
	defer wipe(scalar)
	x, y := c.group.ScalarMult(p.x, p.y, scalar) //nolint:staticcheck // see the type's comment
	return point{x, y}, x.Sign() != 0 || y.Sign() != 0
}

// add is the sum; false for the point at infinity.
func (c curve) add(p, q point) (point, bool) {
	x, y := c.group.Add(p.x, p.y, q.x, q.y) //nolint:staticcheck // see the type's comment
	return point{x, y}, x.Sign() != 0 || y.Sign() != 0
}

// secret draws a scalar between 1 and the order minus 1 by rejection.
func (c curve) secret(random io.Reader) ([]byte, error) {
	order := c.group.Params().N
	k := make([]byte, (order.BitLen()+7)/8)
	for range 100 {
		if _, err := io.ReadFull(random, k); err != nil {
			return nil, motcua.Fail(motcua.Internal, "random numbers", err)
		}
		k[0] &= 0xFF >> (len(k)*8 - order.BitLen())
		n := new(big.Int).SetBytes(k)
		if n.Sign() > 0 && n.Cmp(order) < 0 {
			return k, nil
		}
	}
	return nil, motcua.Fail(motcua.Internal, "random numbers never below the order", nil)
}
