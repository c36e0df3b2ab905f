package virtual

import (
	"bytes"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/asn1"
	"encoding/pem"
	"fmt"
	"image/jpeg"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"motcua"
)

// openssl runs the program as an outside judge.
func openssl(t *testing.T, stdin []byte, args ...string) (string, error) {
	t.Helper()
	need(t, "openssl")
	cmd := exec.Command("openssl", args...)
	cmd.Stdin = bytes.NewReader(stdin)
	out, err := cmd.CombinedOutput()
	return string(out), err
}

func verifySOD(t *testing.T, c *Chip) (hashes []byte, err error) {
	t.Helper()
	dir := t.TempDir()
	list, ok := objects(c.files[fileSOD])
	if !ok || len(list) != 1 || list[0].tag != 0x77 {
		t.Fatalf("EF.SOD is not one object 77")
	}
	anchor := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.profile.PKI.CSCA()})
	if err := os.WriteFile(dir+"/csca.pem", anchor, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := openssl(t, list[0].value, "cms", "-verify", "-inform", "DER", "-purpose", "any", "-CAfile", dir+"/csca.pem", "-out", dir+"/lds")
	if err != nil {
		return nil, fmt.Errorf("%w: %s", err, out)
	}
	return os.ReadFile(dir + "/lds")
}

func TestOpenSSLVerifiesTheSOD(t *testing.T) {
	for name, want := range map[string]struct{ verifies, hashes bool }{
		"2021": {true, true}, "2024": {true, true}, "dg13-broken": {true, true}, "clone": {true, true}, "wrong-hash": {true, false},
		"forged-signature": {false, false}, "foreign-signer": {false, false},
	} {
		p, err := ProfileNamed(name)
		if err != nil {
			t.Fatal(err)
		}
		c := card(t, func(q *Profile) { p.PKI = q.PKI; *q = p })
		lds, err := verifySOD(t, c)
		if (err == nil) != want.verifies {
			t.Errorf("%s: %v", name, err)
		}
		if err != nil {
			continue
		}
		match := true
		for _, n := range c.profile.Groups {
			h := sha256.Sum256(c.files[uint16(0x0100+n)])
			match = match && bytes.Contains(lds, append([]byte{0x30, 0x25, 0x02, 0x01, byte(n), 0x04, 0x20}, h[:]...))
		}
		if match != want.hashes {
			t.Errorf("%s: that the hashes match is %v", name, match)
		}
	}
}

func TestPKIIsMintedOnce(t *testing.T) {
	need(t, "openssl")
	dir := filepath.Join(t.TempDir(), "new", "folder")
	first, err := MintPKI(dir)
	if err != nil {
		t.Fatal(err)
	}
	second, err := MintPKI(dir)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(first.CSCA(), second.CSCA()) || !first.active.Equal(second.active) {
		t.Error("the second call minted again")
	}
	if out, err := openssl(t, first.CSCA(), "x509", "-inform", "DER", "-noout", "-subject"); err != nil || !strings.Contains(out, "not an authority") {
		t.Errorf("the anchor does not say that it is no authority: %s", out)
	}
	entries, _ := os.ReadDir(dir)
	for _, e := range entries {
		if info, _ := e.Info(); strings.HasSuffix(e.Name(), ".key") && info.Mode().Perm() != 0o600 {
			t.Errorf("%s has the mode %v", e.Name(), info.Mode())
		}
	}
	os.WriteFile(filepath.Join(dir, activeFile), []byte("damaged"), 0o600)
	if _, err := MintPKI(dir); err != nil {
		t.Errorf("a damaged folder is not minted anew: %v", err)
	}
	t.Setenv("PATH", t.TempDir())
	if _, err := MintPKI(dir); motcua.CodeOf(err) != motcua.ToolMissing {
		t.Errorf("without openssl: %v", err)
	}
}

// The curves are typed in by hand: openssl knows them too.
func TestCurvesAreOpenSSLs(t *testing.T) {
	for _, g := range []*curve{brainpool256, brainpool384} {
		der, err := openssl(t, nil, "ecparam", "-name", g.name, "-param_enc", "explicit", "-outform", "DER")
		if err != nil {
			t.Fatal(err)
		}
		spki := publicKey(g, g.g, true)
		if !bytes.Contains(spki, stripped(t, []byte(der), g)) {
			t.Errorf("%s differs from openssl's", g.name)
		}
		if !g.on(g.g) || g.mul(g.n, g.g).x != nil {
			t.Errorf("%s: the generator does not have the order", g.name)
		}
		if out, err := openssl(t, spki, "pkey", "-pubin", "-inform", "DER", "-noout", "-text"); err != nil {
			t.Errorf("openssl does not read the public key: %s", out)
		}
	}
}

// stripped is openssl's ECParameters up to the generator, without the header.
func stripped(t *testing.T, der []byte, g *curve) []byte {
	t.Helper()
	list, ok := objects(der)
	if !ok || len(list) != 1 {
		t.Fatal("openssl's parameters are not one object")
	}
	inner, ok := objects(list[0].value)
	if !ok || len(inner) < 5 {
		t.Fatal("openssl's parameters are short")
	}
	if !bytes.Equal(inner[3].value, g.encode(g.g)) {
		t.Errorf("%s: another generator", g.name)
	}
	return bytes.Join([][]byte{inner[0].raw, inner[1].raw, inner[2].raw}, nil)
}

func TestActiveAuthenticationRSA(t *testing.T) {
	for _, kind := range []string{"rsa", "rsa-sha256"} {
		for _, short := range []bool{false, true} {
			x := pacedTerminal(t, card(t, func(p *Profile) { p.Active, p.ShortOnly = kind, short })).enter()
			challenge := []byte("8 bytes.")
			signature, sw := x.secure(0x88, 0, 0, challenge, 256)
			if sw != swOK || len(signature) != 256 {
				t.Fatalf("%s answered %04X and %d bytes", kind, uint16(sw), len(signature))
			}
			parsed, err := x509.ParsePKIXPublicKey(x.c.files[0x010F][4:])
			if err != nil {
				t.Fatal(err)
			}
			key := parsed.(*rsa.PublicKey)
			block := new(big.Int).Exp(new(big.Int).SetBytes(signature), big.NewInt(int64(key.E)), key.N).FillBytes(make([]byte, 256))
			h := x.c.access.active.(rsaActive).hash.New()
			tail := 1
			if kind == "rsa-sha256" {
				tail = 2
			}
			message := block[1 : 256-tail-h.Size()]
			h.Write(message)
			h.Write(challenge)
			if block[0] != 0x6A || !bytes.Equal(h.Sum(nil), block[1+len(message):256-tail]) {
				t.Errorf("%s: the signature does not hold", kind)
			}
		}
	}
}

func TestActiveAuthenticationEC(t *testing.T) {
	c := card(t, func(p *Profile) { p.Active = "ec" })
	x := pacedTerminal(t, c).enter()
	plain, sw := x.secure(0x88, 0, 0, []byte("8 bytes."), 256)
	if sw != swOK || len(plain) != 64 {
		t.Fatalf("answered %04X and %d bytes", uint16(sw), len(plain))
	}
	dir := t.TempDir()
	der, _ := asn1.Marshal(struct{ R, S *big.Int }{new(big.Int).SetBytes(plain[:32]), new(big.Int).SetBytes(plain[32:])})
	os.WriteFile(dir+"/sig", der, 0o600)
	os.WriteFile(dir+"/key", c.access.active.public(), 0o600)
	if out, err := openssl(t, []byte("8 bytes."), "dgst", "-sha256", "-verify", dir+"/key", "-keyform", "DER", "-signature", dir+"/sig"); err != nil {
		t.Errorf("openssl refuses the signature: %s", out)
	}
}

// Chip authentication: openssl does the terminal's half of the agreement.
func TestChipAuthentication(t *testing.T) {
	for _, name := range []string{"", "3des", "aes-192", "aes-256"} {
		for _, clone := range []bool{false, true} {
			c := card(t, func(p *Profile) { p.Clone, p.Agree = clone, name })
			x := pacedTerminal(t, c).enter()
			shared, public := agreement(t, c)
			x.propose(c.access.agree, public)
			size := c.access.agree.key
			if size == 0 {
				x.s = desSession(deriveDES(shared, forEncryption), deriveDES(shared, forMAC), make([]byte, 8))
			} else {
				x.s = aesSession(derive(shared, forEncryption, size), derive(shared, forMAC, size))
			}
			r, err := c.Transmit(t.Context(), x.protectedRead())
			if genuine := err == nil && len(r) > 2; genuine == clone {
				t.Errorf("%q: that a card is genuine is %v, that it is a clone %v", name, genuine, clone)
			}
		}
	}
}

// propose sends the terminal's key: in one command for 3DES, in two for AES.
func (x *terminal) propose(su *suite, public []byte) {
	x.t.Helper()
	if su.key == 0 {
		if _, sw := x.secure(0x22, 0x41, 0xA6, node(0x91, public), 0); sw != swOK {
			x.t.Fatalf("MSE:Set KAT answered %04X", uint16(sw))
		}
		return
	}
	if _, sw := x.secure(0x22, 0x41, 0xA6, node(0x91, public), 0); sw == swOK {
		x.t.Fatal("MSE:Set KAT is taken for AES")
	}
	if _, sw := x.secure(0x22, 0x41, 0xA4, node(0x80, su.oid), 0); sw != swOK {
		x.t.Fatalf("MSE:Set AT answered %04X", uint16(sw))
	}
	if r, sw := x.secure(0x86, 0, 0, node(0x7C, node(0x80, public)), 256); sw != swOK || !bytes.Equal(r, []byte{0x7C, 0}) {
		x.t.Fatalf("GENERAL AUTHENTICATE answered %04X %x", uint16(sw), r)
	}
}

func (x *terminal) protectedRead() []byte {
	x.s.step()
	body := node(0x97, []byte{4})
	message := bytes.Join([][]byte{x.s.counter, pad([]byte{0x0C, 0xB0, 0x81, 0}, x.s.block), pad(body, x.s.block)}, nil)
	body = append(body, node(0x8E, x.s.mac(message))...)
	return append(append([]byte{0x0C, 0xB0, 0x81, 0, byte(len(body))}, body...), 0)
}

// agreement makes an ephemeral key with openssl and agrees with the key that
// DG14 shows.
func agreement(t *testing.T, c *Chip) (shared, public []byte) {
	t.Helper()
	dir := t.TempDir()
	dg14, static := c.files[0x010E], []byte(nil)
	infos, _ := objects(dg14)
	infos, _ = objects(infos[0].value)
	infos, _ = objects(infos[0].value)
	for _, info := range infos {
		parts, _ := objects(info.value)
		if len(parts) == 2 && parts[1].tag == 0x30 {
			static = parts[1].raw
		}
	}
	os.WriteFile(dir+"/static", static, 0o600)
	if out, err := openssl(t, nil, "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:"+c.access.agree.group.name, "-pkeyopt", "ec_param_enc:named_curve", "-out", dir+"/own"); err != nil {
		t.Fatal(out)
	}
	if out, err := openssl(t, nil, "pkeyutl", "-derive", "-inkey", dir+"/own", "-peerkey", dir+"/static", "-peerform", "DER", "-out", dir+"/shared"); err != nil {
		t.Fatal(out)
	}
	if out, err := openssl(t, nil, "pkey", "-in", dir+"/own", "-pubout", "-outform", "DER", "-out", dir+"/public"); err != nil {
		t.Fatal(out)
	}
	shared, _ = os.ReadFile(dir + "/shared")
	public, _ = os.ReadFile(dir + "/public")
	return shared, public[len(public)-1-2*c.access.agree.group.size():]
}

// MRZ lines of the first citizen, each check digit computed on paper.
func TestMRZ(t *testing.T) {
	const want = "IDVNM0900000188001090000018<<9" + "9001011M3001019VNM<<<<<<<<<<<6" + "NGUYEN<<VAN<AN<<<<<<<<<<<<<<<<"
	if got := Citizens()[0].MRZ(); got != want {
		t.Errorf("the MRZ is %s", got)
	}
	for _, c := range Citizens() {
		if err := c.check(); err != nil || len(c.MRZ()) != 90 {
			t.Errorf("%s: %v", c.Number, err)
		}
	}
	wrong := Citizens()[0]
	wrong.Sex = "Nữ"
	if _, err := NewChip(Profile{Citizen: wrong}); motcua.CodeOf(err) != motcua.BadInput {
		t.Errorf("a citizen that contradicts itself: %v", err)
	}
}

func TestTheFaceIsAPicture(t *testing.T) {
	for _, c := range Citizens() {
		data, err := c.portrait()
		if err != nil {
			t.Fatal(err)
		}
		img, err := jpeg.Decode(bytes.NewReader(data))
		if err != nil || img.Bounds().Dx() != faceWidth || img.Bounds().Dy() != faceHeight {
			t.Fatalf("%v", err)
		}
		if n := len(data); n < 14_000 || n > 22_000 {
			t.Errorf("%s has a portrait of %d bytes", c.Number, n)
		}
		again, _ := c.portrait()
		if !bytes.Equal(data, again) {
			t.Error("the same citizen has two faces")
		}
	}
}

// openssl reads DG13 as ASN.1 and finds the fields in their order.
func TestNationalGroupIsASN1(t *testing.T) {
	for _, loose := range []bool{false, true} {
		for _, c := range Citizens() {
			out, err := openssl(t, nationalGroup(c, loose), "asn1parse", "-inform", "DER")
			if err != nil {
				t.Fatal(out)
			}
			for _, want := range []string{"appl [ 13 ]", "OBJECT            :1.0.10646.1.0.8", "PRINTABLESTRING   :" + c.Number, "UTF8STRING        :" + c.Name} {
				if !strings.Contains(out, want) {
					t.Errorf("%s: DG13 lacks %q:\n%s", c.Number, want, out)
				}
			}
		}
	}
}
