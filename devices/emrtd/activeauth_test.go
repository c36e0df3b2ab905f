package emrtd

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"fmt"
	"math/big"
	"slices"
	"testing"
)

// TestActiveECDSA: openssl signs the challenge on every curve and with every
// hash; both encodings hold, and nothing else does.
func TestActiveECDSA(t *testing.T) {
	challenge := []byte("12345678")
	for _, c := range curves {
		dir := t.TempDir()
		public := keyPair(t, dir, "k", ec(opensslCurve(c))...)
		key, err := parseDG15(appendTLV(nil, 0x6F, public))
		if err != nil {
			t.Fatal(err)
		}
		write(t, dir, "challenge", challenge)
		for md, hash := range map[string]crypto.Hash{"sha1": crypto.SHA1, "sha224": crypto.SHA224, "sha256": crypto.SHA256, "sha384": crypto.SHA384, "sha512": crypto.SHA512} {
			must(t, dir, "dgst", "-"+md, "-sign", "k", "-out", "sig", "challenge")
			der := read(t, dir, "sig")
			named := activeKey{key, []crypto.Hash{hash}}
			want := Check{State: Verified}
			if hash == crypto.SHA1 {
				want.Reason = reasonSHA1
			}
			plain := plainSignature(t, der, key.width())
			for form, answer := range map[string][]byte{"DER": der, "plain": plain} {
				if got := named.proves(challenge, answer); got != want {
					t.Errorf("%s %s %s: %v", c.name, md, form, got)
				}
				if got := (activeKey{key, unnamedHashes}).proves(challenge, answer); got != want {
					t.Errorf("%s %s %s, hash not named: %v", c.name, md, form, got)
				}
				bad := bytes.Clone(answer)
				bad[len(bad)-1] ^= 1
				if len(answer) > named.size() || named.proves(challenge, bad).State != Failed || named.proves([]byte("12345679"), answer).State != Failed {
					t.Errorf("%s %s %s: a wrong one is verified", c.name, md, form)
				}
			}
			if named.proves(challenge, make([]byte, len(plain))).State != Failed || named.proves(challenge, nil).State != Failed {
				t.Errorf("%s: nothing is verified", c.name)
			}
		}
	}
}

// plainSignature is r || s of a DER signature.
func plainSignature(t testing.TB, der []byte, width int) []byte {
	seq, err := ReadOnly(der, 0x30)
	if err != nil {
		t.Fatal(err)
	}
	c := cursor{rest: seq.Value}
	r, s := new(big.Int).SetBytes(c.take(2).Value), new(big.Int).SetBytes(c.take(2).Value)
	return append(r.FillBytes(make([]byte, width)), s.FillBytes(make([]byte, width))...)
}

// TestActiveHashes: what ActiveAuthenticationInfo says is kept to.
func TestActiveHashes(t *testing.T) {
	aa, one := []byte{0x67, 0x81, 0x08, 1, 1, 5}, []byte{2, 1, 1}
	plain := func(last byte) []byte { return appendTLV(nil, 6, []byte{4, 0, 0x7F, 0, 7, 1, 1, 4, 1, last}) }
	for last, want := range map[byte][]crypto.Hash{1: {crypto.SHA1}, 3: {crypto.SHA256}, 5: {crypto.SHA512}, 6: nil} {
		if got := activeHashes(infosOf(t, dg14(info(aa, one, plain(last))))); !slices.Equal(got, want) {
			t.Errorf("algorithm %d: %v", last, got)
		}
	}
	if got := activeHashes(nil); !slices.Equal(got, unnamedHashes) {
		t.Errorf("nothing named: %v", got)
	}
}

// block9796 is a message representative of ISO/IEC 9796-2, scheme 1. short
// leaves that many bytes of its place to padding.
func block9796(size int, hash crypto.Hash, end, challenge []byte, short int) []byte {
	block := []byte{0x6A}
	if short > 0 {
		block = append([]byte{0x6B}, bytes.Repeat([]byte{0xBB}, short-1)...)
		block = append(block, 0xBA)
	}
	message := bytes.Repeat([]byte{0xA5}, size-len(block)-hash.Size()-len(end))
	digest := digestOf(hash, append(bytes.Clone(message), challenge...))
	return slices.Concat(block, message, digest, end)
}

// TestActiveRSA: openssl's private key operation over representatives with
// every trailer, good and wrong ones.
func TestActiveRSA(t *testing.T) {
	challenge := []byte("12345678")
	sha1Check := Check{Verified, reasonSHA1}
	wrong := Check{Failed, reasonSignature}
	for _, bits := range []int{1024, 2048, 3072} {
		dir := t.TempDir()
		public := keyPair(t, dir, "k", "-algorithm", "RSA", "-pkeyopt", fmt.Sprintf("rsa_keygen_bits:%d", bits))
		parsed, err := parseDG15(appendTLV(nil, 0x6F, public))
		if err != nil {
			t.Fatal(err)
		}
		key := activeKey{publicKey: parsed}
		if !key.usable() || key.size() != bits/8 {
			t.Fatalf("%d bits: usable %v, size %d", bits, key.usable(), key.size())
		}
		for _, c := range []struct {
			name  string
			hash  crypto.Hash
			end   []byte
			short int
			spoil func([]byte)
			want  Check
		}{
			{"BC", crypto.SHA1, []byte{0xBC}, 0, nil, sha1Check},
			{"33CC", crypto.SHA1, []byte{0x33, 0xCC}, 0, nil, sha1Check},
			{"34CC", crypto.SHA256, []byte{0x34, 0xCC}, 0, nil, Check{State: Verified}},
			{"35CC", crypto.SHA512, []byte{0x35, 0xCC}, 0, nil, Check{State: Verified}},
			{"36CC", crypto.SHA384, []byte{0x36, 0xCC}, 0, nil, Check{State: Verified}},
			{"38CC", crypto.SHA224, []byte{0x38, 0xCC}, 0, nil, Check{State: Verified}},
			{"padded by one", crypto.SHA256, []byte{0x34, 0xCC}, 1, nil, Check{State: Verified}},
			{"padded by five", crypto.SHA1, []byte{0xBC}, 5, nil, sha1Check},
			{"another hash's trailer", crypto.SHA256, []byte{0x36, 0xCC}, 0, nil, wrong},
			{"unknown trailer", crypto.SHA256, []byte{0x37, 0xCC}, 0, nil, wrong},
			{"total recovery", crypto.SHA1, []byte{0xBC}, 0, func(b []byte) { b[0] = 0x4A }, wrong},
			{"no header", crypto.SHA1, []byte{0xBC}, 0, func(b []byte) { b[0] = 0x2A }, wrong},
			{"changed message", crypto.SHA1, []byte{0xBC}, 0, func(b []byte) { b[9] ^= 1 }, wrong},
			{"endless padding", crypto.SHA1, []byte{0xBC}, 0, func(b []byte) { b[0] = 0x6B; copy(b[1:], bytes.Repeat([]byte{0xBB}, len(b)-2)) }, wrong},
		} {
			block := block9796(bits/8, c.hash, c.end, challenge, c.short)
			if c.spoil != nil {
				c.spoil(block)
			}
			write(t, dir, "block", block)
			must(t, dir, "pkeyutl", "-decrypt", "-inkey", "k", "-pkeyopt", "rsa_padding_mode:none", "-in", "block", "-out", "sig")
			answer := read(t, dir, "sig")
			if got := key.proves(challenge, answer); got != c.want {
				t.Errorf("%d bits, %s: %v", bits, c.name, got)
			}
			other := new(big.Int).Sub(key.rsa.N, new(big.Int).SetBytes(answer)).FillBytes(make([]byte, len(answer)))
			if got := key.proves(challenge, other); got != c.want {
				t.Errorf("%d bits, %s, n minus the signature: %v", bits, c.name, got)
			}
			if sum := new(big.Int).Add(key.rsa.N, new(big.Int).SetBytes(answer)); sum.BitLen() <= bits {
				if got := key.proves(challenge, sum.FillBytes(make([]byte, bits/8))); got != wrong {
					t.Errorf("%d bits, %s, a number above the modulus: %v", bits, c.name, got)
				}
			}
			large := append([]byte{0}, answer...)
			if key.proves([]byte("12345679"), answer) != wrong || key.proves(challenge, answer[1:]) != wrong || key.proves(challenge, large) != wrong {
				t.Errorf("%d bits, %s: another challenge or length is verified", bits, c.name)
			}
		}
		if key.proves(challenge, bytes.Repeat([]byte{0xFF}, bits/8)) != wrong || key.proves(challenge, make([]byte, bits/8)) != wrong {
			t.Error("numbers outside the key are verified")
		}
	}
	for _, bits := range []string{"1023", "768", "1028"} {
		public := keyPair(t, t.TempDir(), "k", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:"+bits)
		if key, err := parseDG15(appendTLV(nil, 0x6F, public)); err != nil || (activeKey{publicKey: key}).usable() {
			t.Errorf("a key of %s bits is used: %v", bits, err)
		}
	}
}

// The seeds of the fuzz targets are of keys that anybody may have: each worker
// makes its own, with the standard library.
func seedKeys(f *testing.F) (rsaDG15, ecDG15 []byte) {
	one, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		f.Fatal(err)
	}
	two, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		f.Fatal(err)
	}
	encode := func(public any) []byte {
		der, err := x509.MarshalPKIXPublicKey(public)
		if err != nil {
			f.Fatal(err)
		}
		return appendTLV(nil, 0x6F, der)
	}
	return encode(&one.PublicKey), encode(&two.PublicKey)
}

// FuzzActiveKey: whatever DG15 holds, and whatever the answer, nothing is
// proved by somebody who cannot sign.
func FuzzActiveKey(f *testing.F) {
	one, two := seedKeys(f)
	f.Add(one, make([]byte, 128))
	f.Add(two, make([]byte, 64))
	f.Add([]byte{0x6F, 2, 0x30, 0}, []byte{})
	f.Fuzz(func(t *testing.T, b, answer []byte) {
		key, err := parseDG15(b)
		if err != nil {
			return
		}
		k := activeKey{key, unnamedHashes}
		if !k.usable() {
			return
		}
		if k.size() < 56 || k.size() > maxModulus {
			t.Fatalf("an answer of %d bytes", k.size())
		}
		k.proves([]byte("12345678"), answer)
	})
}

// FuzzActiveAnswer: no answer to the challenge but the owner's holds, under a
// key of each kind.
func FuzzActiveAnswer(f *testing.F) {
	one, two := seedKeys(f)
	var keys []activeKey
	for _, b := range [][]byte{one, two} {
		key, err := parseDG15(b)
		if err != nil {
			f.Fatal(err)
		}
		keys = append(keys, activeKey{key, unnamedHashes})
	}
	f.Add(make([]byte, 128))
	f.Add(bytes.Repeat([]byte{1}, 64))
	f.Add([]byte{0x30, 6, 2, 1, 1, 2, 1, 1})
	f.Fuzz(func(t *testing.T, answer []byte) {
		for _, k := range keys {
			if got := k.proves([]byte("12345678"), answer); got != (Check{Failed, reasonSignature}) {
				t.Fatalf("noise is %v", got)
			}
		}
	})
}

// FuzzRepresentative: header and trailer of any block stay inside it.
func FuzzRepresentative(f *testing.F) {
	f.Add(block9796(128, crypto.SHA1, []byte{0xBC}, nil, 0))
	f.Add(block9796(128, crypto.SHA256, []byte{0x34, 0xCC}, nil, 3))
	f.Add(bytes.Repeat([]byte{0xBB}, 128))
	f.Fuzz(func(t *testing.T, block []byte) {
		if len(block) < minActiveBits/8 {
			return
		}
		hash, body := trailer(block)
		start := header(body)
		if start > len(body) || len(body)+2 < len(block) || hash == 0 && len(body) < len(block)-2 {
			t.Fatalf("message from %d of %d", start, len(body))
		}
	})
}
