package emrtd

import (
	"bytes"
	"crypto"
	"fmt"
	"math/big"
	"slices"
	"testing"
)

// curveNames is the table's curves as openssl calls them.
var curveNames = map[string]string{"P-224": "secp224r1", "P-256": "prime256v1", "P-384": "secp384r1", "P-521": "secp521r1"}

func opensslCurve(c curve) string {
	if name, ok := curveNames[c.name]; ok {
		return name
	}
	return c.name
}

// keyPair makes a key with openssl and gives its file's name and its
// SubjectPublicKeyInfo.
func keyPair(t testing.TB, dir, name string, args ...string) []byte {
	must(t, dir, slices.Concat([]string{"genpkey"}, args, []string{"-out", name})...)
	must(t, dir, "pkey", "-in", name, "-pubout", "-outform", "DER", "-out", name+".pub")
	return read(t, dir, name+".pub")
}

// dg14 is a group of these infos.
func dg14(infos ...[]byte) []byte {
	return appendTLV(nil, 0x6E, appendTLV(nil, 0x31, bytes.Join(infos, nil)))
}

func info(oid []byte, more ...[]byte) []byte {
	return appendTLV(nil, 0x30, append(appendTLV(nil, 6, oid), bytes.Join(more, nil)...))
}

func infosOf(t testing.TB, group []byte) []securityInfo {
	outer, err := ReadOnly(group, 0x6E)
	if err != nil {
		t.Fatal(err)
	}
	infos, err := parseSecurityInfos(outer.Value)
	if err != nil {
		t.Fatal(err)
	}
	return infos
}

// TestChipKeyAgreement: on every curve, named and written out, openssl reaches
// the same shared secret from the other side.
func TestChipKeyAgreement(t *testing.T) {
	for i, c := range curves {
		for _, encoding := range []string{"named_curve", "explicit"} {
			dir, s := t.TempDir(), suite(i%4)+suite3DES
			kind := append(ec(opensslCurve(c)), "-pkeyopt", "ec_param_enc:"+encoding)
			static := keyPair(t, dir, "static", kind...)
			group := dg14(info(append(bytes.Clone(idCAECDH), byte(s)), []byte{2, 1, 1}), info(idPKECDH, static))
			key, ok := readChipKeys(infosOf(t, group)).choose()
			if !ok || key.suite != s || key.curve.name != c.name || key.assumed {
				t.Fatalf("%s %s: chose %v %v", c.name, encoding, key.suite, key.curve.name)
			}
			own := keyPair(t, dir, "own", kind...)
			must(t, dir, "pkeyutl", "-derive", "-inkey", "static", "-peerkey", "own.pub", "-peerform", "DER", "-out", "shared")
			session, err := key.session(privateScalar(t, dir, "own", c))
			if err != nil {
				t.Fatal(err)
			}
			shared := read(t, dir, "shared")
			if !bytes.Equal(session.keyEnc, s.derive(shared, keyEncryption)) || !bytes.Equal(session.keyMAC, s.derive(shared, keyMAC)) {
				t.Errorf("%s %s: other keys than openssl's (own key of %d bytes)", c.name, encoding, len(own))
			}
		}
	}
}

// privateScalar is the number in an openssl private key: the first OCTET
// STRING of ECPrivateKey (RFC 5915).
func privateScalar(t testing.TB, dir, name string, c curve) []byte {
	must(t, dir, "ec", "-in", name, "-outform", "DER", "-out", name+".der")
	seq, err := ReadOnly(read(t, dir, name+".der"), 0x30)
	if err != nil {
		t.Fatal(err)
	}
	in := cursor{rest: seq.Value}
	in.take(2)
	k := in.take(4).Value
	if in.err != nil || len(k) != (c.group.Params().N.BitLen()+7)/8 {
		t.Fatal("not a private key")
	}
	return k
}

// TestChooseChipKey: which key with which protocol.
func TestChooseChipKey(t *testing.T) {
	dir := t.TempDir()
	small, large := keyPair(t, dir, "small", ec("prime256v1")...), keyPair(t, dir, "large", ec("brainpoolP384r1")...)
	foreign := keyPair(t, dir, "foreign", ec("secp256k1")...)
	one, two, version := []byte{2, 1, 1}, []byte{2, 2, 0, 0x82}, []byte{2, 1, 1}
	protocol := func(last byte, more ...[]byte) []byte {
		return info(append(bytes.Clone(idCAECDH), last), append([][]byte{version}, more...)...)
	}
	dh := info(append(bytes.Clone(idCA), 1, 2), version)
	for _, c := range []struct {
		name  string
		group []byte
		suite suite // 0: none
		curve string
		id    []byte
	}{
		{"one of each", dg14(protocol(2), info(idPKECDH, small)), suiteAES128, "P-256", nil},
		{"the stronger protocol", dg14(protocol(2), protocol(4), info(idPKECDH, small)), suiteAES256, "P-256", nil},
		{"by number", dg14(protocol(2, one), protocol(4, two), info(idPKECDH, small, two), info(idPKECDH, large, one)), suiteAES256, "P-256", []byte{0x82}},
		{"the larger curve", dg14(protocol(3), info(idPKECDH, small, one), info(idPKECDH, large, two)), suiteAES192, "brainpoolP384r1", []byte{0x82}},
		{"no protocol", dg14(info(idPKECDH, small)), suite3DES, "P-256", nil},
		{"numbers that do not meet", dg14(protocol(2, one), info(idPKECDH, small, two)), 0, "", nil},
		{"an unknown curve", dg14(protocol(2), info(idPKECDH, foreign)), 0, "", nil},
		{"DH", dg14(dh, info(idPKECDH, small)), 0, "", nil},
		{"version 2", dg14(info(append(bytes.Clone(idCAECDH), 2), []byte{2, 1, 2}), info(idPKECDH, small)), 0, "", nil},
		{"no key", dg14(protocol(2)), 0, "", nil},
	} {
		key, ok := readChipKeys(infosOf(t, c.group)).choose()
		if ok != (c.suite != 0) || key.suite != c.suite || key.curve.name != c.curve || !bytes.Equal(key.id, c.id) {
			t.Errorf("%s: %v, suite %d, %q, number %X", c.name, ok, key.suite, key.curve.name, key.id)
		}
	}
}

// TestKeysUntrusted: without a card to ask, because nothing may be asked: the
// states of a DG14 and DG15 that are not the SOD's or cannot be used.
func TestKeysUntrusted(t *testing.T) {
	dir := t.TempDir()
	good := dg14(info(append(bytes.Clone(idCAECDH), 2), []byte{2, 1, 1}), info(idPKECDH, keyPair(t, dir, "k", ec("secp256k1")...)))
	listed := func(group []byte, n int) *securityObject {
		return &securityObject{digest: crypto.SHA256, hashes: map[int][]byte{n: digestOf(crypto.SHA256, group)}}
	}
	for _, c := range []struct {
		name  string
		n     int
		group []byte
		sod   *securityObject
		want  Check
	}{
		{"no group", 14, nil, listed(nil, 14), Check{Unsupported, "dg14-missing"}},
		{"no SOD", 14, good, nil, Check{NotAttempted, "dg14-unverified"}},
		{"not listed", 14, good, listed(good, 15), Check{NotAttempted, "dg14-unverified"}},
		{"another hash", 14, good, listed([]byte{1}, 14), Check{NotAttempted, "dg14-unverified"}},
		{"unknown digest", 14, good, &securityObject{}, Check{NotAttempted, "dg14-unverified"}},
		{"noise", 14, []byte{0x6E, 1, 0}, listed([]byte{0x6E, 1, 0}, 14), Check{Unsupported, reasonDG14}},
		{"no infos", 14, dg14(), listed(dg14(), 14), Check{Unsupported, reasonNoChipKey}},
		{"unknown curve", 14, good, listed(good, 14), Check{Unsupported, reasonAlgorithm}},
		{"no group", 15, nil, listed(nil, 15), Check{Unsupported, "dg15-missing"}},
		{"another hash", 15, good, listed([]byte{1}, 15), Check{NotAttempted, "dg15-unverified"}},
		{"noise", 15, []byte{0x6F, 1, 0}, listed([]byte{0x6F, 1, 0}, 15), Check{Unsupported, reasonDG15}},
	} {
		r := &reader{sod: c.sod, report: &Report{Groups: map[int][]byte{}}}
		if c.group != nil {
			r.report.Groups[c.n] = c.group
		}
		if err := r.chipAuth(t.Context()); err != nil {
			t.Fatal(err)
		}
		got := r.report.Checks.ChipAuth
		if c.n == 15 {
			r.activeKey()
			got = r.report.Checks.ActiveAuth
		}
		if got != c.want || r.count != 0 {
			t.Errorf("DG%d, %s: %v, want %v", c.n, c.name, got, c.want)
		}
	}
}

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
