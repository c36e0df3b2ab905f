package emrtd

import (
	"bytes"
	"encoding/json"
	"encoding/pem"
	"os"
	"testing"
	"time"
)

// TestPassive: every kind of signature, good and forged, and openssl agrees.
func TestPassive(t *testing.T) {
	for _, m := range mintings {
		t.Run(m.name, func(t *testing.T) {
			t.Parallel()
			d := mint(t, m)
			good := examined(d.sod, d.groups, time.Now(), d.anchor).Checks
			want := Check{Verified, m.reason}
			if good.Signature != want || good.Chain != want {
				t.Fatalf("good document: signature %v, chain %v", good.Signature, good.Chain)
			}
			if hashes := (Check{Verified, m.reason}); m.lds == "" && good.Hashes != hashes || good.Hashes.State != Verified {
				t.Errorf("good document: hashes %v", good.Hashes)
			}
			if m.md != "sha1" && !m.alone && !agrees(t, d.dir, d.cms) {
				t.Error("openssl does not verify what it made")
			}
			forged := bytes.Clone(d.cms)
			forged[len(forged)-1] ^= 1
			bad := examined(appendTLV(nil, 0x77, forged), d.groups, time.Now(), d.anchor).Checks
			if bad.Signature != (Check{Failed, reasonSignature}) || bad.Chain.State != NotAttempted {
				t.Errorf("forged document: signature %v, chain %v", bad.Signature, bad.Chain)
			}
			if agrees(t, d.dir, forged) {
				t.Error("openssl verifies the forgery")
			}
		})
	}
}

// TestSODCorrupt changes each byte: no change may leave hashes, signature and
// chain all verified, unless openssl too sees the same document.
func TestSODCorrupt(t *testing.T) {
	d := mint(t, mintings[0])
	survived := 0
	for i := range d.sod {
		bad := bytes.Clone(d.sod)
		bad[i] ^= 0x41
		c := examined(bad, d.groups, time.Now(), d.anchor).Checks
		if c.Hashes.State == Verified && c.Signature.State == Verified && c.Chain.State == Verified {
			if survived++; !bytes.Equal(signedParts(t, bad), signedParts(t, d.sod)) {
				t.Errorf("byte %d of %d changed what is signed, and all verified", i, len(bad))
			}
		}
	}
	t.Logf("%d of %d bytes are not protected by the signature, by CMS's design", survived, len(d.sod))
}

// signedParts is everything the two signatures cover, and the hashes.
func signedParts(t *testing.T, sod []byte) []byte {
	o, err := parseSOD(sod)
	if err != nil {
		t.Fatal(err)
	}
	return bytes.Join([][]byte{o.content, o.signer.attributes, o.signerCertificate().signed}, nil)
}

func TestHashes(t *testing.T) {
	d := mint(t, mintings[3])
	change := func(f func(map[int][]byte)) map[int][]byte {
		g := testGroups()
		f(g)
		return g
	}
	for _, c := range []struct {
		name   string
		groups map[int][]byte
		want   Check
	}{
		{"as signed", testGroups(), Check{State: Verified}},
		{"changed", change(func(g map[int][]byte) { g[13][4] ^= 1 }), Check{Failed, "dg13-hash"}},
		{"swapped", change(func(g map[int][]byte) { g[1], g[13] = g[13], g[1] }), Check{Failed, "dg1-hash"}},
		{"not in the SOD", change(func(g map[int][]byte) { g[11] = []byte{0x6B, 0} }), Check{Failed, "dg11-unlisted"}},
		{"without DG14", change(func(g map[int][]byte) { delete(g, 14) }), Check{Failed, "dg14-missing"}},
		{"without DG15", change(func(g map[int][]byte) { delete(g, 15) }), Check{Failed, "dg15-missing"}},
		{"without portrait", change(func(g map[int][]byte) { delete(g, 2) }), Check{Failed, "dg2-missing"}},
		{"nothing read", map[int][]byte{}, Check{NotAttempted, reasonNothing}},
	} {
		if got := examined(d.sod, c.groups, time.Now(), d.anchor).Checks.Hashes; got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
	r := examined(d.sod, change(func(g map[int][]byte) { delete(g, 14) }), time.Now())
	if len(r.Unread) != 2 || r.Unread[0] != 3 || r.Unread[1] != 14 {
		t.Errorf("unread %v", r.Unread)
	}
}

// TestChain: the ways a chain is not verified.
func TestChain(t *testing.T) {
	d, other := mint(t, mintings[3]), mint(t, mintings[3])
	block, _ := pem.Decode(d.anchor)
	both := append(bytes.Clone(other.anchor), d.anchor...)
	now := time.Now()
	for _, c := range []struct {
		name    string
		anchors [][]byte
		now     time.Time
		want    Check
	}{
		{"PEM", [][]byte{d.anchor}, now, Check{State: Verified}},
		{"DER", [][]byte{block.Bytes}, now, Check{State: Verified}},
		{"the second of a file", [][]byte{both}, now, Check{State: Verified}},
		{"none", nil, now, Check{NotAttempted, reasonNoAnchors}},
		{"another of the same name", [][]byte{other.anchor}, now, Check{Failed, reasonIssuer}},
		{"no certificate", [][]byte{[]byte("hello")}, now, Check{NotAttempted, reasonNoAnchors}},
		{"the signer as anchor", [][]byte{read(t, d.dir, "ds.pem")}, now, Check{NotAttempted, reasonNoAnchors}},
		{"too late", [][]byte{d.anchor}, now.AddDate(1, 0, 0), Check{Failed, reasonDSCTime}},
		{"too early", [][]byte{d.anchor}, now.AddDate(-1, 0, 0), Check{Failed, reasonDSCTime}},
	} {
		if got := examined(d.sod, testGroups(), c.now, c.anchors...).Checks.Chain; got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

// TestCheckText: the four words, both ways.
func TestCheckText(t *testing.T) {
	for s, want := range map[CheckState]string{Verified: "verified", Failed: "failed", Unsupported: "unsupported", NotAttempted: "not-attempted"} {
		b, err := json.Marshal(Check{State: s})
		if err != nil || string(b) != `{"state":"`+want+`"}` {
			t.Errorf("%s %v", b, err)
		}
		var back Check
		if err := json.Unmarshal(b, &back); err != nil || back.State != s {
			t.Errorf("%s does not come back: %v", b, err)
		}
	}
	if err := new(CheckState).UnmarshalText([]byte("ok")); err == nil {
		t.Error("a word that is no state is taken")
	}
}

// The seeds of the fuzz targets are kept, because each worker of a fuzzing run
// is its own process and would mint other keys. TestMintSeeds makes them anew.
const (
	seedSOD    = "testdata/sod.der"
	seedAnchor = "testdata/ca.pem"
)

// TestMintSeeds writes the kept document when MOTCUA_MINT is set; otherwise it
// checks that the kept one still verifies at the time it was made.
func TestMintSeeds(t *testing.T) {
	if os.Getenv("MOTCUA_MINT") == "1" {
		d := mint(t, mintings[3])
		write(t, ".", seedSOD, d.sod)
		write(t, ".", seedAnchor, d.anchor)
	}
	sod, anchor, now := seeds(t)
	c := examined(sod, testGroups(), now, anchor).Checks
	if c.Hashes.State != Verified || c.Signature.State != Verified || c.Chain.State != Verified {
		t.Errorf("%+v", c)
	}
}

// seeds is the kept document, its anchor, and a time within their validity.
func seeds(t testing.TB) (sod, anchor []byte, now time.Time) {
	sod, anchor = read(t, ".", seedSOD), read(t, ".", seedAnchor)
	anchors, _ := parseAnchors([][]byte{anchor})
	if len(anchors) != 1 {
		t.Fatal("the kept anchor cannot be read")
	}
	return sod, anchor, anchors[0].notBefore.Add(time.Hour)
}

func FuzzSOD(f *testing.F) {
	sod, anchor, now := seeds(f)
	f.Add(sod)
	f.Add([]byte{0x77, 0x02, 0x30, 0x00})
	f.Fuzz(func(t *testing.T, b []byte) {
		c := examined(b, testGroups(), now, anchor).Checks
		if c.Signature.State == Verified && c.Chain.State == Verified && !bytes.Equal(signedParts(t, b), signedParts(t, sod)) {
			t.Fatal("a document nobody signed is verified")
		}
	})
}

func FuzzCertificate(f *testing.F) {
	_, anchor, _ := seeds(f)
	f.Add(anchor)
	block, _ := pem.Decode(anchor)
	f.Add(block.Bytes)
	f.Fuzz(func(t *testing.T, b []byte) {
		anchors, bad := parseAnchors([][]byte{b})
		if len(anchors)+bad == 0 {
			t.Fatal("an anchor vanished")
		}
		for _, a := range anchors {
			a.issuedBy(a)
		}
	})
}

// FuzzCardAccess: parsed, and what is chosen can be run.
func FuzzCardAccess(f *testing.F) {
	f.Add(unhex(f, paceAccess))
	f.Add(unhex(f, "3134300D060804007F0007020202020101300F060A04007F000702020302020201013012060A04007F0007020204020202010202010D"))
	f.Add([]byte{0x31, 0})
	f.Fuzz(func(t *testing.T, b []byte) {
		infos, err := parseSecurityInfos(b)
		if err != nil {
			return
		}
		info, found, offered := choosePACE(infos)
		if found && (!offered || info.curve.group == nil || info.suite.keySize() == 0) {
			t.Fatal("chose what cannot be run")
		}
	})
}
