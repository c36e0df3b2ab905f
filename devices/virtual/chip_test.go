package virtual

import (
	"bytes"
	"context"
	"encoding/hex"
	"os"
	"os/exec"
	"testing"

	"motcua"
)

// need ends the test unless the program is installed: as a failure on the
// bench, as a skip elsewhere.
func need(t testing.TB, program string) {
	t.Helper()
	if _, err := exec.LookPath(program); err == nil {
		return
	}
	missing(t, program)
}

func missing(t testing.TB, what string) {
	t.Helper()
	if os.Getenv("MOTCUA_BENCH") == "1" {
		t.Fatalf("the bench promises what is not there: %s", what)
	}
	t.Skipf("not there: %s", what)
}

func card(t testing.TB, change func(*Profile)) *Chip {
	t.Helper()
	need(t, "openssl")
	pki, err := MintPKI(sharedPKI)
	if err != nil {
		t.Fatal(err)
	}
	p := base("2021")
	p.PKI = pki
	if change != nil {
		change(&p)
	}
	c, err := NewChip(p)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

var sharedPKI string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "motcua-pki-")
	if err != nil {
		panic(err)
	}
	sharedPKI = dir
	code := m.Run()
	os.RemoveAll(dir)
	os.Exit(code)
}

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func send(t testing.TB, c *Chip, command string) string {
	t.Helper()
	r, err := c.Transmit(context.Background(), unhex(t, command))
	if err != nil {
		t.Fatal(err)
	}
	return hex.EncodeToString(r)
}

func TestCardAccessIsTheKnownBytes(t *testing.T) {
	const known = "3134300d060804007f0007020202020101300f060a04007f000702020302020201013012060a04007f0007020204020202010202010d"
	if got := hex.EncodeToString(cardAccess(paceAES128, agreeAES128)); got != known {
		t.Fatalf("EF.CardAccess is %s", got)
	}
}

func TestBeforeAccess(t *testing.T) {
	c := card(t, nil)
	for _, x := range []struct{ command, reply string }{
		{"00a4000c023f00", "9000"},
		{"00a4020c02011c", "9000"},
		{"00b0000002", "31349000"},
		{"00b0003300", "02010d9000"},
		{"00b000370a", "6b00"},
		{"00b09c0036", "3134300d060804007f0007020202020101300f060a04007f000702020302020201013012060a04007f0007020204020202010202010d9000"},
		{"00b09c0040", "3134300d060804007f0007020202020101300f060a04007f000702020302020201013012060a04007f0007020204020202010202010d6282"},
		{"00a4020c02011e", "6982"},
		{"00a4040c07a0000002471001", "9000"},
		{"00a4020c02011e", "6982"},
		{"00b0810000", "6982"},
		{"00a4020c02010d", "6982"},
		{"00a4040c0711223344556677", "6a82"},
		{"0022c1a40f800a04007f00070202040202830102", "9000"},
		{"1086000002000000", "6a80"},
		{"0088000008000102030405060700", "6982"},
		{"00ff0000", "6d00"},
		{"80b0000000", "6e00"},
		{"0cb0000000", "6988"},
		{"00", "6700"},
		{"00a40000050102", "6700"},
	} {
		if got := send(t, c, x.command); got != x.reply {
			t.Errorf("%s answered %s, not %s", x.command, got, x.reply)
		}
	}
}

func TestEveryProfileIsIssued(t *testing.T) {
	people := Citizens()
	for i, p := range Profiles() {
		citizen := people[i%len(people)]
		c := card(t, func(q *Profile) { p.PKI, p.Citizen = q.PKI, citizen; *q = p })
		for _, n := range append([]int{fileCOM - 0x0100, fileSOD - 0x0100}, p.Groups...) {
			if len(c.files[uint16(0x0100+n)]) == 0 {
				t.Errorf("%s lacks the file %02X", p.Name, n)
			}
		}
		if named, err := ProfileNamed(p.Name); err != nil || named.Name != p.Name {
			t.Errorf("%s is not found by its name: %v", p.Name, err)
		}
	}
	for _, name := range []string{"", "dies-at-0", "dies-at-x", "unknown"} {
		if _, err := ProfileNamed(name); motcua.CodeOf(err) != motcua.BadInput {
			t.Errorf("the profile %q gave %v", name, err)
		}
	}
	if p, err := ProfileNamed("dies-at-345"); err != nil || p.DiesAt != 345 {
		t.Errorf("dies-at-345 dies at %d: %v", p.DiesAt, err)
	}
}

func TestRemoved(t *testing.T) {
	c := card(t, func(p *Profile) { p.DiesAt = 2 })
	send(t, c, "00a4000c023f00")
	for range 2 {
		if _, err := c.Transmit(context.Background(), []byte{0}); motcua.CodeOf(err) != motcua.CardRemoved {
			t.Fatalf("the card that was taken away answered %v", err)
		}
	}
	c.Reset()
	if got := send(t, c, "00a4000c023f00"); got != "9000" {
		t.Fatalf("the card that came back answered %s", got)
	}
}

func TestBACKeysOfAppendixD(t *testing.T) {
	// ICAO 9303-11 appendix D.1 and D.3.
	seed := unhex(t, "239ab9cb282daf66231dc5a4df6bfbae")
	if k := deriveDES(seed, forEncryption); !bytes.Equal(k, unhex(t, "ab94fdecf2674fdfb9b391f85d7f76f2")) {
		t.Errorf("K.ENC is %x", k)
	}
	mac := deriveDES(seed, forMAC)
	if !bytes.Equal(mac, unhex(t, "7962d9ece03d1acd4c76089dce131543")) {
		t.Errorf("K.MAC is %x", mac)
	}
	hidden := unhex(t, "72c29c2371cc9bdb65b779b8e8d37b29ecc154aa56a8799fae2f498f76ed92f2")
	if m := retailMAC(mac, pad(hidden, 8)); !bytes.Equal(m, unhex(t, "5f1448eea8ad90a7")) {
		t.Errorf("M.IFD is %x", m)
	}
}
