package emrtd_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"testing"

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

func profile(t testing.TB, name string) virtual.Profile {
	t.Helper()
	p, err := virtual.ProfileNamed(name)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func can(t testing.TB) emrtd.Password {
	t.Helper()
	pw, err := emrtd.CAN(virtual.Citizens()[0].CAN())
	if err != nil {
		t.Fatal(err)
	}
	return pw
}

// mrz is the MRZ password of the first citizen.
func mrz(t testing.TB) emrtd.Password {
	t.Helper()
	z := virtual.Citizens()[0].MRZ()
	l1, l2 := z[:30], z[len(z)-60:len(z)-30]
	pw, err := emrtd.MRZ(l1[5:15] + l2[:7] + l2[8:15])
	if err != nil {
		t.Fatal(err)
	}
	return pw
}

// TestLimits: each card is read whole, whatever length it carries, and the
// length that worked is told.
func TestLimits(t *testing.T) {
	for _, c := range []struct {
		profile string
		o       emrtd.Options
		maxLe   int
	}{
		{"2021", emrtd.Options{Extended: true}, 65000},
		{"2021", emrtd.Options{}, 256},
		{"2021", emrtd.Options{MaxLe: 200}, 200},
		{"2021", emrtd.Options{Extended: true, MaxLe: 1000}, 1000},
		{"2024", emrtd.Options{Extended: true}, 65000},
		{"short-only", emrtd.Options{Extended: true}, 256},
		{"strict-le", emrtd.Options{Extended: true}, 65000},
		{"strict-le", emrtd.Options{}, 256},
		{"le-2048", emrtd.Options{Extended: true}, 2048},
		{"select-mf-6d00", emrtd.Options{Extended: true}, 65000},
	} {
		report, err := emrtd.Read(t.Context(), card(t, profile(t, c.profile)), can(t), c.o)
		if err != nil {
			t.Errorf("%s %+v: %v", c.profile, c.o, err)
			continue
		}
		if report.Checks.Hashes.State != emrtd.Verified || len(report.Groups) != 5 || report.MaxLe != c.maxLe {
			t.Errorf("%s %+v: %v, %d groups, length %d", c.profile, c.o, report.Checks.Hashes, len(report.Groups), report.MaxLe)
		}
		if len(report.Warnings) != 0 || report.Groups[3] != nil {
			t.Errorf("%s: warnings %v", c.profile, report.Warnings)
		}
		report.Wipe()
	}
}

// TestAccess: which way in, and that BAC is never a silent one.
func TestAccess(t *testing.T) {
	wrong, _ := emrtd.CAN("000000")
	for _, c := range []struct {
		profile string
		pw      emrtd.Password
		bac     bool
		access  string
		code    motcua.Code
	}{
		{"2021", can(t), false, emrtd.AccessPACECAN, ""},
		{"2021", mrz(t), false, emrtd.AccessPACEMRZ, ""},
		{"2021", mrz(t), true, emrtd.AccessPACEMRZ, ""},
		{"2024", mrz(t), true, emrtd.AccessPACEMRZ, ""},
		{"2021", wrong, true, "", motcua.CardWrongSecret},
		{"bac-only", mrz(t), true, emrtd.AccessBAC, ""},
		{"bac-only", mrz(t), false, "", motcua.CardUnsupported},
		{"bac-only", can(t), true, "", motcua.CardUnsupported},
	} {
		report, err := emrtd.Read(t.Context(), card(t, profile(t, c.profile)), c.pw, emrtd.Options{AllowBAC: c.bac, Extended: true})
		if motcua.CodeOf(err) != c.code || report != nil && report.Access != c.access {
			t.Errorf("%s, bac %v: %v, access %q", c.profile, c.bac, err, report.Access)
		}
	}
	p := profile(t, "bac-only")
	p.Citizen = virtual.Citizens()[1]
	if _, err := emrtd.Read(t.Context(), card(t, p), mrz(t), emrtd.Options{AllowBAC: true}); motcua.CodeOf(err) != motcua.CardWrongSecret {
		t.Errorf("bac with another's mrz: %v", err)
	}
}

// change lets a test stand between reader and chip.
type change struct {
	chip  *virtual.Chip
	n     int
	reply func(n int, command, reply []byte) ([]byte, error)
}

func (c *change) Transmit(ctx context.Context, command []byte) ([]byte, error) {
	reply, err := c.chip.Transmit(ctx, command)
	if err != nil {
		return nil, err
	}
	c.n++
	return c.reply(c.n, command, reply)
}

// TestPACEBroken: PACE is offered and breaks. Without permission that is the
// end; with it BAC is used and said.
func TestPACEBroken(t *testing.T) {
	for _, allow := range []bool{false, true} {
		c := &change{chip: card(t, profile(t, "2021")), reply: func(_ int, command, reply []byte) ([]byte, error) {
			if command[1] == 0x86 {
				return []byte{0x6F, 0xFF}, nil
			}
			return reply, nil
		}}
		report, err := emrtd.Read(t.Context(), c, mrz(t), emrtd.Options{AllowBAC: allow, Extended: true})
		if !allow && motcua.CodeOf(err) != motcua.CardUnsupported {
			t.Errorf("bac not allowed: %v", err)
		}
		if allow && (err != nil || report.Access != emrtd.AccessBAC || !slices.Contains(report.Warnings, emrtd.WarnPACEFailed)) {
			t.Errorf("bac allowed: %v, %+v", err, report.Warnings)
		}
	}
}

// TestPulled takes the card away at each command, in both lengths. The fault is
// CardRemoved each time and the next reading works.
func TestPulled(t *testing.T) {
	for _, extended := range []bool{true, false} {
		o := emrtd.Options{Extended: extended}
		chip := card(t, profile(t, "2021"))
		report, err := emrtd.Read(t.Context(), chip, can(t), o)
		if err != nil {
			t.Fatal(err)
		}
		for n := 1; n <= report.APDUs; n++ {
			p := &change{chip: chip, reply: func(i int, _, reply []byte) ([]byte, error) {
				if i >= n {
					return nil, motcua.Fail(motcua.CardRemoved, "pulled", nil)
				}
				return reply, nil
			}}
			chip.Reset()
			if _, err := emrtd.Read(t.Context(), p, can(t), o); motcua.CodeOf(err) != motcua.CardRemoved {
				t.Errorf("pulled at %d: %v", n, err)
			}
			if p.n != n {
				t.Errorf("pulled at %d: asked until %d", n, p.n)
			}
		}
		chip.Reset()
		if _, err := emrtd.Read(t.Context(), chip, can(t), o); err != nil {
			t.Errorf("after %d pulls: %v", report.APDUs, err)
		}
	}
}

// TestSessionLost: the card answers "no such file" in the clear and forgets its
// keys. Access control is run again and the rest is read.
func TestSessionLost(t *testing.T) {
	passed := 0
	c := &change{chip: card(t, profile(t, "2021")), reply: func(_ int, command, reply []byte) ([]byte, error) {
		if command[1] == 0x22 && command[2] == 0xC1 {
			passed++
		}
		if command[0] == 0x0C && command[1] == 0xB0 && command[2] == 0x8D {
			return []byte{0x6A, 0x82}, nil
		}
		return reply, nil
	}}
	report, err := emrtd.Read(t.Context(), c, can(t), emrtd.Options{Extended: true})
	if err != nil {
		t.Fatal(err)
	}
	want := emrtd.Check{State: emrtd.Failed, Reason: "dg13-missing"}
	if report.Checks.Hashes != want || report.Groups[2] == nil || report.Groups[15] == nil || passed != 2 {
		t.Errorf("%+v, access control %d times", report.Checks.Hashes, passed)
	}
}

// TestTruncated cuts each reply short, to every kind of length, once.
func TestTruncated(t *testing.T) {
	chip := card(t, profile(t, "2021"))
	good, err := emrtd.Read(t.Context(), chip, can(t), emrtd.Options{Extended: true})
	if err != nil {
		t.Fatal(err)
	}
	for at := 1; at <= good.APDUs; at++ {
		for _, keep := range []int{0, 1, 2, 3, 20} {
			chip.Reset()
			c := &change{chip: chip, reply: func(n int, _, reply []byte) ([]byte, error) {
				if n == at {
					return reply[:min(keep, len(reply)-1)], nil
				}
				return reply, nil
			}}
			report, err := emrtd.Read(t.Context(), c, can(t), emrtd.Options{Extended: true})
			acceptable(t, fmt.Sprintf("reply %d cut to %d", at, keep), good, report, err)
		}
	}
}

// acceptable: a disturbed reading fails with a fault, or gives the card's data,
// or does not say verified.
func acceptable(t *testing.T, what string, good, report *emrtd.Report, err error) {
	t.Helper()
	var fault *motcua.Fault
	if err != nil {
		if !errors.As(err, &fault) || fault.Code == motcua.Internal {
			t.Errorf("%s: %v", what, err)
		}
		return
	}
	if report.Checks.Hashes.State != emrtd.Verified {
		return
	}
	for n, g := range report.Groups {
		if !bytes.Equal(g, good.Groups[n]) {
			t.Errorf("%s: DG%d is wrong and verified", what, n)
		}
	}
}

// TestCorrupt disturbs replies at random: never a hang, never wrong data shown
// as verified.
func TestCorrupt(t *testing.T) {
	chip := card(t, profile(t, "2021"))
	good, err := emrtd.Read(t.Context(), chip, can(t), emrtd.Options{Extended: true})
	if err != nil {
		t.Fatal(err)
	}
	rounds := 300
	if testing.Short() {
		rounds = 30
	}
	for i := range rounds {
		random := rand.New(rand.NewPCG(1, uint64(i)))
		at := 1 + random.IntN(good.APDUs)
		c := &change{chip: chip, reply: func(n int, _, reply []byte) ([]byte, error) {
			if n == at {
				reply = bytes.Clone(reply)
				reply[random.IntN(len(reply))] ^= 1 << random.IntN(8)
			}
			return reply, nil
		}}
		chip.Reset()
		report, err := emrtd.Read(t.Context(), c, can(t), emrtd.Options{Extended: i%2 == 0})
		acceptable(t, fmt.Sprintf("round %d, reply %d", i, at), good, report, err)
	}
}

// TestLargePortrait: beyond 32,767 bytes the offset travels in a data object,
// and beyond 65,535 in three bytes.
func TestLargePortrait(t *testing.T) {
	for _, size := range []int{40_000, 100_000} {
		p := profile(t, "2021")
		p.Citizen = virtual.Citizens()[0]
		p.Citizen.Portrait = append([]byte{0xFF, 0xD8, 0xFF, 0xE0}, make([]byte, size)...)
		for _, o := range []emrtd.Options{{Extended: true}, {}, {Extended: true, MaxLe: 3000}} {
			report, err := emrtd.Read(t.Context(), card(t, p), can(t), o)
			if err != nil || report.Checks.Hashes.State != emrtd.Verified {
				t.Errorf("%d bytes, %+v: %v", size, o, err)
			}
		}
	}
}

// TestOnText comes once, before the portrait.
func TestOnText(t *testing.T) {
	calls := 0
	o := emrtd.Options{Extended: true, OnText: func(r *emrtd.Report) {
		calls++
		if r.Groups[2] != nil || r.Groups[1] == nil || r.Groups[13] == nil {
			t.Error("not the text alone")
		}
		if r.Checks.Hashes.State != emrtd.Verified || r.Checks.Hashes.Reason == "" || r.Checks.Signature.State != emrtd.Verified {
			t.Errorf("checks %+v", r.Checks)
		}
	}}
	report, err := emrtd.Read(t.Context(), card(t, profile(t, "2021")), can(t), o)
	if err != nil || calls != 1 || report.Checks.Hashes.Reason != "" {
		t.Errorf("%d calls, %v", calls, err)
	}
	dg1 := report.Groups[1]
	report.Wipe()
	if !bytes.Equal(dg1, make([]byte, len(dg1))) || report.Groups != nil {
		t.Error("wiped and still there")
	}
}
