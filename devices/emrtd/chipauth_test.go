package emrtd

import (
	"bytes"
	"crypto"
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
		{"the stronger protocol first", dg14(protocol(4), protocol(2), info(idPKECDH, small)), suiteAES256, "P-256", nil},
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

// FuzzChipKeys: whatever DG14 holds, what is chosen can be computed with.
func FuzzChipKeys(f *testing.F) {
	_, ec := seedKeys(f)
	key, _ := ReadOnly(ec, 0x6F)
	f.Add(dg14(info(append(bytes.Clone(idCAECDH), 2), []byte{2, 1, 1}), info(idPKECDH, key.Value)))
	f.Add(dg14(info(append(bytes.Clone(idCAECDH), 4), []byte{2, 1, 1}, []byte{2, 1, 7}), info(idPKECDH, key.Value, []byte{2, 1, 7})))
	f.Add(dg14(info(idPKECDH, key.Value)))
	f.Fuzz(func(t *testing.T, b []byte) {
		outer, err := ReadOnly(b, 0x6E)
		if err != nil {
			return
		}
		infos, err := parseSecurityInfos(outer.Value)
		if err != nil {
			return
		}
		activeHashes(infos)
		chosen, ok := readChipKeys(infos).choose()
		if !ok {
			return
		}
		if !chosen.curve.contains(chosen.point) || len(chosen.reference(nil)) > 10 || (chosen.oid == nil) != chosen.assumed {
			t.Fatal("chose what cannot be run")
		}
		s, err := chosen.session([]byte{1})
		if err != nil || len(s.keyEnc) != chosen.suite.keySize() {
			t.Fatalf("no session: %v", err)
		}
	})
}
