package virtual

import (
	"crypto/rand"
	"math/big"
)

// curve is a short Weierstrass curve y² = x³ + ax + b over a prime field, in
// the plain affine formulas of the textbook: slow, short, and unlike any
// library the terminal's side may use.
type curve struct {
	name      string
	oid       string // dotted, for named parameters
	parameter byte   // ICAO 9303-11 table 6: standardized domain parameter
	p, a, b   *big.Int
	g         point
	n         *big.Int
}

// point is a point of a curve; the point at infinity has a nil x.
type point struct{ x, y *big.Int }

func hexInt(s string) *big.Int {
	v, ok := new(big.Int).SetString(s, 16)
	if !ok {
		panic("virtual: a curve constant is not hexadecimal")
	}
	return v
}

// RFC 5639 section 3.4.
var brainpool256 = &curve{
	name: "brainpoolP256r1", oid: "1.3.36.3.3.2.8.1.1.7", parameter: 13,
	p: hexInt("A9FB57DBA1EEA9BC3E660A909D838D726E3BF623D52620282013481D1F6E5377"),
	a: hexInt("7D5A0975FC2C3057EEF67530417AFFE7FB8055C126DC5C6CE94A4B44F330B5D9"),
	b: hexInt("26DC5C6CE94A4B44F330B5D9BBD77CBF958416295CF7E1CE6BCCDC18FF8C07B6"),
	g: point{
		hexInt("8BD2AEB9CB7E57CB2C4B482FFC81B7AFB9DE27E1E3BD23C23A4453BD9ACE3262"),
		hexInt("547EF835C3DAC4FD97F8461A14611DC9C27745132DED8E545C1D54C72F046997"),
	},
	n: hexInt("A9FB57DBA1EEA9BC3E660A909D838D718C397AA3B561A6F7901E0E82974856A7"),
}

// RFC 5639 section 3.6.
var brainpool384 = &curve{
	name: "brainpoolP384r1", oid: "1.3.36.3.3.2.8.1.1.11", parameter: 16,
	p: hexInt("8CB91E82A3386D280F5D6F7E50E641DF152F7109ED5456B412B1DA197FB71123ACD3A729901D1A71874700133107EC53"),
	a: hexInt("7BC382C63D8C150C3C72080ACE05AFA0C2BEA28E4FB22787139165EFBA91F90F8AA5814A503AD4EB04A8C7DD22CE2826"),
	b: hexInt("04A8C7DD22CE28268B39B55416F0447C2FB77DE107DCD2A62E880EA53EEB62D57CB4390295DBC9943AB78696FA504C11"),
	g: point{
		hexInt("1D1C64F068CF45FFA2A63A81B7C13F6B8847A3E77EF14FE3DB7FCAFE0CBD10E8E826E03436D646AAEF87B2E247D4AF1E"),
		hexInt("8ABE1D7520F9C2A45CB1EB8E95CFD55262B70B29FEEC5864E19C054FF99129280E4646217791811142820341263C5315"),
	},
	n: hexInt("8CB91E82A3386D280F5D6F7E50E641DF152F7109ED5456B31F166E6CAC0425A7CF3AB6AF6B7FC3103B883202E9046565"),
}

func (c *curve) size() int { return (c.p.BitLen() + 7) / 8 }

func (c *curve) on(q point) bool {
	if q.x == nil || q.x.Cmp(c.p) >= 0 || q.y.Cmp(c.p) >= 0 {
		return false
	}
	right := new(big.Int).Mul(q.x, q.x)
	right.Add(right, c.a).Mul(right, q.x).Add(right, c.b).Mod(right, c.p)
	left := new(big.Int).Mul(q.y, q.y)
	return left.Mod(left, c.p).Cmp(right) == 0
}

func (c *curve) add(s, t point) point {
	switch {
	case s.x == nil:
		return t
	case t.x == nil:
		return s
	}
	num, den := new(big.Int).Sub(t.y, s.y), new(big.Int).Sub(t.x, s.x)
	if s.x.Cmp(t.x) == 0 {
		if s.y.Cmp(t.y) != 0 || s.y.Sign() == 0 {
			return point{}
		}
		num.Mul(s.x, s.x).Mul(num, big.NewInt(3)).Add(num, c.a)
		den.Lsh(s.y, 1)
	}
	den.Mod(den, c.p)
	slope := num.Mul(num, den.ModInverse(den, c.p))
	slope.Mod(slope, c.p)
	x := new(big.Int).Mul(slope, slope)
	x.Sub(x, s.x).Sub(x, t.x).Mod(x, c.p)
	y := new(big.Int).Sub(s.x, x)
	y.Mul(y, slope).Sub(y, s.y).Mod(y, c.p)
	return point{x, y}
}

func (c *curve) mul(k *big.Int, q point) point {
	var sum point
	for i := k.BitLen() - 1; i >= 0; i-- {
		sum = c.add(sum, sum)
		if k.Bit(i) == 1 {
			sum = c.add(sum, q)
		}
	}
	return sum
}

// scalar is a random private key, 1 to n-1.
func (c *curve) scalar() *big.Int {
	k, err := rand.Int(rand.Reader, new(big.Int).Sub(c.n, big.NewInt(1)))
	if err != nil {
		panic("virtual: no random numbers: " + err.Error()) // crypto/rand never returns one
	}
	return k.Add(k, big.NewInt(1))
}

// encode is the uncompressed form 04 || X || Y (TR-03111 section 3.2.1).
func (c *curve) encode(q point) []byte {
	out := make([]byte, 1+2*c.size())
	out[0] = 0x04
	q.x.FillBytes(out[1 : 1+c.size()])
	q.y.FillBytes(out[1+c.size():])
	return out
}

// decode reads an uncompressed point and refuses one that is not on the curve.
func (c *curve) decode(b []byte) (point, bool) {
	if len(b) != 1+2*c.size() || b[0] != 0x04 {
		return point{}, false
	}
	q := point{new(big.Int).SetBytes(b[1 : 1+c.size()]), new(big.Int).SetBytes(b[1+c.size():])}
	return q, c.on(q)
}

// agree is the x coordinate of k·q, the shared secret of ECDH (TR-03111
// section 4.3.1), or nil when the product is the point at infinity.
func (c *curve) agree(k *big.Int, q point) []byte {
	s := c.mul(k, q)
	if s.x == nil {
		return nil
	}
	return s.x.FillBytes(make([]byte, c.size()))
}

// sign is the plain ECDSA signature r || s (TR-03111 section 5.2.1).
func (c *curve) sign(key *big.Int, digest []byte) []byte {
	e := new(big.Int).SetBytes(digest)
	if extra := len(digest)*8 - c.n.BitLen(); extra > 0 {
		e.Rsh(e, uint(extra))
	}
	for {
		k := c.scalar()
		r := new(big.Int).Mod(c.mul(k, c.g).x, c.n)
		s := new(big.Int).Mul(r, key)
		s.Add(s, e).Mul(s, k.ModInverse(k, c.n)).Mod(s, c.n)
		if r.Sign() == 0 || s.Sign() == 0 {
			continue
		}
		w := (c.n.BitLen() + 7) / 8
		return append(r.FillBytes(make([]byte, w)), s.FillBytes(make([]byte, w))...)
	}
}
