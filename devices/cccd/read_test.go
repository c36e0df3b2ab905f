package cccd

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"motcua"
	"motcua/devices/emrtd"
	"motcua/devices/virtual"
)

// card makes a stand-in card, or skips where openssl is missing.
func card(t testing.TB, p virtual.Profile) *virtual.Chip {
	t.Helper()
	chip, err := virtual.NewChip(p)
	if motcua.CodeOf(err) == motcua.ToolMissing && os.Getenv("MOTCUA_BENCH") != "1" {
		t.Skip("openssl is not installed")
	}
	if err != nil {
		t.Fatal(err)
	}
	return chip
}

func named(t testing.TB, name string) virtual.Profile {
	t.Helper()
	p, err := virtual.ProfileNamed(name)
	if err != nil {
		t.Fatal(err)
	}
	p.APDUDelay, p.ByteDelay, p.TryDelay = 0, 0, 0
	return p
}

func number(t testing.TB, c virtual.Citizen) Secret {
	t.Helper()
	s, err := FromNumber(c.Number)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestProfiles reads every stand-in card and looks at what is said of it.
func TestProfiles(t *testing.T) {
	pki, err := virtual.MintPKI(t.TempDir())
	if motcua.CodeOf(err) == motcua.ToolMissing && os.Getenv("MOTCUA_BENCH") != "1" {
		t.Skip("openssl is not installed")
	}
	if err != nil {
		t.Fatal(err)
	}
	verified := [5]string{"verified", "verified", "verified", "verified", "verified"}
	for name, want := range map[string]struct {
		code     motcua.Code
		access   string
		checks   [5]string // hashes, signature, chain, chip authentication, active authentication
		warnings []string
	}{
		"2021":             {"", emrtd.AccessPACECAN, verified, nil},
		"2024":             {"", emrtd.AccessPACECAN, verified, nil},
		"bac-only":         {"", emrtd.AccessBAC, [5]string{"verified", "verified", "verified", "unsupported", "verified"}, nil},
		"no-dg13":          {"", emrtd.AccessPACECAN, verified, []string{WarnNoNational}},
		"dg13-broken":      {"", emrtd.AccessPACECAN, verified, []string{WarnNational}},
		"select-mf-6d00":   {"", emrtd.AccessPACECAN, verified, nil},
		"short-only":       {"", emrtd.AccessPACECAN, verified, nil},
		"strict-le":        {"", emrtd.AccessPACECAN, verified, nil},
		"le-2048":          {"", emrtd.AccessPACECAN, verified, nil},
		"dies-at-12":       {code: motcua.CardRemoved},
		"wrong-hash":       {"", emrtd.AccessPACECAN, [5]string{"failed", "verified", "verified", "verified", "verified"}, nil},
		"forged-signature": {"", emrtd.AccessPACECAN, [5]string{"verified", "failed", "not-attempted", "verified", "verified"}, nil},
		"foreign-signer":   {"", emrtd.AccessPACECAN, [5]string{"verified", "verified", "failed", "verified", "verified"}, nil},
		"clone":            {"", emrtd.AccessPACECAN, [5]string{"verified", "verified", "verified", "failed", "failed"}, nil},
		"slow":             {"", emrtd.AccessPACECAN, verified, nil},
	} {
		p := named(t, name)
		p.PKI = pki
		o := Options{Anchors: [][]byte{pki.CSCA()}}
		secret := number(t, virtual.Citizens()[0])
		if name == "bac-only" {
			o.AllowBAC = true
			if secret, err = FromMRZ(virtual.Citizens()[0].MRZ()); err != nil {
				t.Fatal(err)
			}
		}
		c, err := Read(t.Context(), card(t, p), secret, o)
		if motcua.CodeOf(err) != want.code {
			t.Errorf("%s: %v", name, err)
		}
		if c == nil {
			continue
		}
		got := states(c)
		if got != want.checks || c.Access != want.access || !slices.Equal(c.Warnings, want.warnings) {
			t.Errorf("%s: %v %+v %v", name, c.Access, c.Checks, c.Warnings)
		}
		if c.Number != "001090000018" || len(c.Portrait) < 1000 || c.PortraitMIME != MIMEJPEG {
			t.Errorf("%s: number or portrait is missing", name)
		}
	}
}

// states is the words of the five checks.
func states(c *Citizen) (out [5]string) {
	k := c.Checks
	for i, check := range []emrtd.Check{k.Hashes, k.Signature, k.Chain, k.ChipAuth, k.ActiveAuth} {
		out[i] = check.State.String()
	}
	return out
}

// TestCitizens: each field of each person arrives as it was put on the card, in
// both generations.
func TestCitizens(t *testing.T) {
	for _, profile := range []string{"2021", "2024"} {
		for _, want := range virtual.Citizens() {
			p := named(t, profile)
			p.Citizen = want
			c, err := Read(t.Context(), card(t, p), number(t, want), Options{Now: func() time.Time { return today }})
			if err != nil {
				t.Fatal(err)
			}
			spouses := strings.Join(c.Spouses, "")
			got := []string{string(c.Number), c.Name, c.Birth.String(), string(c.Sex), c.Nationality, c.Ethnicity, c.Religion, c.Origin,
				c.Residence, c.Marks, c.Issued.String(), c.Father, c.Mother, spouses, c.OldNumber}
			put := []string{want.Number, want.Name, want.Birth.Format("02/01/2006"), want.Sex, want.Nationality, want.Ethnicity, want.Religion,
				want.Origin, want.Residence, want.Features, want.Issued.Format("02/01/2006"), want.Father, want.Mother, want.Spouse, want.OldNumber}
			if !slices.Equal(got, put) {
				t.Errorf("%s:\n got %q\nwant %q", profile, got, put)
			}
			if c.NoExpiry != want.Expires.IsZero() || !c.NoExpiry && c.Expires.String() != want.Expires.Format("02/01/2006") {
				t.Errorf("%s: expiry %v %v", profile, c.NoExpiry, c.Expires)
			}
			if len(c.Warnings) != 0 {
				t.Errorf("%s, citizen of %d: %v", profile, want.Birth.Year(), c.Warnings)
			}
		}
	}
}

// TestWrongSecret: another person's card.
func TestWrongSecret(t *testing.T) {
	people := virtual.Citizens()
	chip := card(t, named(t, "2021"))
	if _, err := Read(t.Context(), chip, number(t, people[1]), Options{}); motcua.CodeOf(err) != motcua.CardWrongSecret {
		t.Errorf("another's number: %v", err)
	}
	chip.Reset()
	// The same last six digits and another place: the chip opens, and is not
	// the card that was typed.
	other, _ := FromNumber("002090000018")
	told := false
	_, err := Read(t.Context(), chip, other, Options{OnText: func(*Citizen) { told = true }})
	if motcua.CodeOf(err) != motcua.CardMismatch || told {
		t.Errorf("another number with the same access number: %v, text told: %v", err, told)
	}
}

// TestCrossChecks: what the QR code says otherwise becomes a warning.
func TestCrossChecks(t *testing.T) {
	p := named(t, "2021")
	for text, want := range map[string][]string{
		"001090000018|010000018|Nguyễn Văn An|01011990|Nam|x|10052021":  nil,
		"001090000018|010000018|NGUYỄN VĂN AN|01011990|Nam|x|10052021":  nil,
		"001090000018|010000018|Nguyễn Văn Bình|02011990|Nữ|x|10052021": {WarnQRName, WarnQRBirth, WarnQRSex},
		"001090000018~": nil,
	} {
		secret, err := FromQR(text)
		if err != nil {
			t.Fatal(err)
		}
		c, err := Read(t.Context(), card(t, p), secret, Options{Now: func() time.Time { return today }})
		if err != nil || !slices.Equal(c.Warnings, want) {
			t.Errorf("%v, warnings %v, want %v", err, c.Warnings, want)
		}
	}
	late := func() time.Time { return time.Date(2030, 1, 2, 0, 0, 0, 0, time.UTC) }
	c, err := Read(t.Context(), card(t, p), number(t, virtual.Citizens()[0]), Options{Now: late})
	if err != nil || !slices.Contains(c.Warnings, WarnExpired) {
		t.Errorf("a day after expiry: %v %v", err, c.Warnings)
	}
}

// pulled takes the card away after n commands.
type pulled struct {
	chip *virtual.Chip
	left int
}

func (p *pulled) Transmit(ctx context.Context, command []byte) ([]byte, error) {
	if p.left--; p.left < 0 {
		return nil, motcua.Fail(motcua.CardRemoved, "pulled", nil)
	}
	return p.chip.Transmit(ctx, command)
}

// TestPulled at every command, with both kinds of length.
func TestPulled(t *testing.T) {
	chip, secret := card(t, named(t, "2021")), number(t, virtual.Citizens()[0])
	for _, o := range []Options{{}, {MaxLe: 256}} {
		whole, err := Read(t.Context(), chip, secret, o)
		if err != nil {
			t.Fatal(err)
		}
		for n := range whole.APDUs {
			chip.Reset()
			c, err := Read(t.Context(), &pulled{chip, n}, secret, o)
			if motcua.CodeOf(err) != motcua.CardRemoved || c != nil {
				t.Errorf("pulled after %d of %d: %v", n, whole.APDUs, err)
			}
		}
		chip.Reset()
		if _, err := Read(t.Context(), chip, secret, o); err != nil {
			t.Errorf("afterwards: %v", err)
		}
	}
}

// TestOnText comes once, without the portrait, and belongs to the caller.
func TestOnText(t *testing.T) {
	var early *Citizen
	c, err := Read(t.Context(), card(t, named(t, "2021")), number(t, virtual.Citizens()[0]), Options{OnText: func(c *Citizen) { early = c }})
	if err != nil || early == nil {
		t.Fatal(err)
	}
	if early.Name != c.Name || early.Residence != c.Residence || early.Portrait != nil || early.APDUs >= c.APDUs {
		t.Errorf("early %+v", early)
	}
	if early.Checks.Hashes.State != emrtd.Verified || early.Checks.Hashes.Reason == "" || c.Checks.Hashes.Reason != "" {
		t.Errorf("hashes: early %v, late %v", early.Checks.Hashes, c.Checks.Hashes)
	}
}

// TestJSON: the portrait's size and type, never its bytes.
func TestJSON(t *testing.T) {
	c := &Citizen{Number: "001090000001", Name: "Nguyễn Văn A", Birth: Date{1990, 1, 1}, Portrait: []byte("portrait bytes"), PortraitMIME: MIMEJPEG}
	b, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	var m map[string]any
	if err := json.Unmarshal(b, &m); err != nil {
		t.Fatal(err)
	}
	if m["portraitSize"] != float64(14) || m["portraitMime"] != MIMEJPEG || m["birth"] != "1990-01-01" || m["portrait"] != nil {
		t.Errorf("%s", b)
	}
	if bytes.Contains(b, []byte("cG9ydHJhaXQ")) || m["checks"].(map[string]any)["chain"].(map[string]any)["state"] != "not-attempted" {
		t.Errorf("%s", b)
	}
	portrait := c.Portrait
	c.Wipe()
	if !bytes.Equal(portrait, make([]byte, 14)) || c.Name != "" {
		t.Error("wiped and still there")
	}
}
