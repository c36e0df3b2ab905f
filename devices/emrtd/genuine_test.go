package emrtd_test

import (
	"bytes"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"motcua"
	"motcua/devices/emrtd"
)

var (
	verified = emrtd.Check{State: emrtd.Verified}
	sha1Only = emrtd.Check{State: emrtd.Verified, Reason: "sha1"}
	copied   = emrtd.Check{State: emrtd.Failed, Reason: "chip-keys-differ"}
	forged   = emrtd.Check{State: emrtd.Failed, Reason: "signature-wrong"}
	tooLong  = emrtd.Check{State: emrtd.NotAttempted, Reason: "reply-too-long"}
)

func because(s emrtd.CheckState, reason string) emrtd.Check {
	return emrtd.Check{State: s, Reason: reason}
}

// TestGenuine: chip and active authentication in every suite, over PACE and
// BAC, with long and short responses, and on a copy of each card.
func TestGenuine(t *testing.T) {
	for _, c := range []struct {
		name, agree, active string
		want                [2]emrtd.Check
	}{
		{"2021", "", "rsa", [2]emrtd.Check{verified, sha1Only}},
		{"2021", "3des", "rsa-sha256", [2]emrtd.Check{verified, verified}},
		{"2021", "aes-192", "ec", [2]emrtd.Check{verified, verified}},
		{"2024", "aes-256", "ec", [2]emrtd.Check{verified, verified}},
		{"2024", "", "ec", [2]emrtd.Check{verified, verified}},
		{"2021", "aes-128", "", [2]emrtd.Check{verified, because(emrtd.Unsupported, "dg15-missing")}},
		{"le-2048", "", "rsa", [2]emrtd.Check{verified, sha1Only}},
		{"short-only", "aes-256", "rsa", [2]emrtd.Check{verified, sha1Only}},
		{"strict-le", "3des", "rsa", [2]emrtd.Check{verified, sha1Only}},
		{"bac-only", "", "rsa", [2]emrtd.Check{because(emrtd.Unsupported, "dg14-missing"), sha1Only}},
		{"wrong-hash", "", "rsa", [2]emrtd.Check{verified, sha1Only}}, // the hash of DG13; those of the keys hold
	} {
		p := profile(t, c.name)
		p.Agree, p.Active = c.agree, c.active
		p.Groups = slices.DeleteFunc(slices.Clone(p.Groups), func(n int) bool { return n == 15 && c.active == "" })
		for _, clone := range []bool{false, true} {
			p.Clone = clone
			want := c.want
			if clone {
				want = whenCopied(want)
			}
			chip := card(t, p)
			for _, o := range []emrtd.Options{{Extended: true, AllowBAC: true}, {AllowBAC: true}} {
				chip.Reset()
				report, err := emrtd.Read(t.Context(), chip, mrz(t), o)
				if err != nil {
					t.Fatalf("%s %s, clone %v: %v", c.name, c.agree, clone, err)
				}
				if got := [2]emrtd.Check{report.Checks.ChipAuth, report.Checks.ActiveAuth}; got != want {
					t.Errorf("%s %s %s, clone %v, extended %v: %v, want %v", c.name, c.agree, c.active, clone, o.Extended, got, want)
				}
				if report.Groups[2] == nil || report.Groups[13] == nil || len(report.Warnings) != 0 {
					t.Errorf("%s %s, clone %v: not read whole, %v", c.name, c.agree, clone, report.Warnings)
				}
			}
		}
	}
}

// whenCopied turns what a card proves into what its copy fails to prove.
func whenCopied(want [2]emrtd.Check) [2]emrtd.Check {
	for i, failure := range []emrtd.Check{copied, forged} {
		if want[i].State == emrtd.Verified {
			want[i] = failure
		}
	}
	return want
}

// TestRefused: a chip that shows keys and will not use them fails; one that
// cannot bring a long answer does not.
func TestRefused(t *testing.T) {
	refuse := func(ins byte, sw uint16) func(int, []byte, []byte) ([]byte, error) {
		return func(_ int, command, reply []byte) ([]byte, error) {
			if command[0] == 0x0C && command[1] == ins {
				return []byte{byte(sw >> 8), byte(sw)}, nil
			}
			return reply, nil
		}
	}
	no := because(emrtd.Failed, "refused")
	for _, c := range []struct {
		name     string
		ins      byte
		sw       uint16
		extended bool
		want     [2]emrtd.Check
	}{
		{"MSE", 0x22, 0x6A80, true, [2]emrtd.Check{no, sha1Only}},
		{"GENERAL AUTHENTICATE", 0x86, 0x6300, true, [2]emrtd.Check{no, sha1Only}},
		{"INTERNAL AUTHENTICATE", 0x88, 0x6D00, true, [2]emrtd.Check{verified, no}},
		{"INTERNAL AUTHENTICATE", 0x88, 0x6982, false, [2]emrtd.Check{verified, no}},
		{"wrong length", 0x88, 0x6700, false, [2]emrtd.Check{verified, tooLong}},
		{"ec: wrong length", 0x88, 0x6700, false, [2]emrtd.Check{verified, no}},
		{"wrong length", 0x88, 0x6700, true, [2]emrtd.Check{verified, tooLong}},
		{"other length", 0x88, 0x6C00, false, [2]emrtd.Check{verified, tooLong}},
		{"no GET RESPONSE", 0, 0x6D00, false, [2]emrtd.Check{verified, tooLong}},
	} {
		reply := refuse(c.ins, c.sw)
		if c.ins == 0 {
			reply = func(_ int, command, reply []byte) ([]byte, error) {
				if command[1] == 0xC0 {
					return []byte{byte(c.sw >> 8), byte(c.sw)}, nil
				}
				return reply, nil
			}
		}
		p := profile(t, "2021")
		if strings.HasPrefix(c.name, "ec") { // whose answer fits
			p.Active = "ec"
		}
		chip := &change{chip: card(t, p), reply: reply}
		report, err := emrtd.Read(t.Context(), chip, can(t), emrtd.Options{Extended: c.extended})
		if err != nil {
			t.Errorf("%s %04X: %v", c.name, c.sw, err)
			continue
		}
		if got := [2]emrtd.Check{report.Checks.ChipAuth, report.Checks.ActiveAuth}; got != c.want || report.Checks.Hashes != verified {
			t.Errorf("%s %04X: %v, want %v; hashes %v", c.name, c.sw, got, c.want, report.Checks.Hashes)
		}
	}
}

// TestCut: a reader that cuts the answer at 256 bytes, or gives up on it, says
// nothing of the card, and everything else has been read by then.
func TestCut(t *testing.T) {
	for name, answer := range map[string]func([]byte) ([]byte, error){
		"cut":      func(reply []byte) ([]byte, error) { return append(bytes.Clone(reply[:256]), 0x90, 0), nil },
		"gives up": func([]byte) ([]byte, error) { return nil, motcua.Fail(motcua.CardMute, "not transacted", nil) },
	} {
		chip := &change{chip: card(t, profile(t, "2021")), reply: func(_ int, command, reply []byte) ([]byte, error) {
			if command[0] == 0x0C && command[1] == 0x88 {
				return answer(reply)
			}
			return reply, nil
		}}
		report, err := emrtd.Read(t.Context(), chip, can(t), emrtd.Options{})
		if err != nil || report.Checks.ActiveAuth != tooLong || report.Checks.ChipAuth != verified || report.Checks.Hashes != verified {
			t.Errorf("%s: %v, %+v", name, err, report.Checks)
		}
		if _, err := emrtd.Read(t.Context(), chip, can(t), emrtd.Options{Extended: true}); motcua.CodeOf(err) == "" {
			t.Errorf("%s: with extended length a broken answer is one of the link's", name)
		}
	}
}

// TestCloneSpeaks: a copy that answers under keys of its own making is found
// out by our side of secure messaging.
func TestCloneSpeaks(t *testing.T) {
	agreed := false
	chip := &change{chip: card(t, profile(t, "2021")), reply: func(_ int, command, reply []byte) ([]byte, error) {
		if agreed && command[0] == 0x0C {
			agreed = false
			reply = bytes.Clone(reply)
			reply[len(reply)-3] ^= 1
		} else {
			agreed = command[0] == 0x0C && command[1] == 0x86
		}
		return reply, nil
	}}
	report, err := emrtd.Read(t.Context(), chip, can(t), emrtd.Options{Extended: true})
	if err != nil || report.Checks.ChipAuth != copied || report.Checks.Hashes != verified {
		t.Errorf("%v, %+v", err, report.Checks)
	}
}

// TestClonePulled takes a copy away at each command, over the session that is
// opened twice.
func TestClonePulled(t *testing.T) {
	chip := card(t, profile(t, "clone"))
	for n := 1; ; n++ {
		p := &change{chip: chip, reply: func(i int, _, reply []byte) ([]byte, error) {
			if i >= n {
				return nil, motcua.Fail(motcua.CardRemoved, "pulled", nil)
			}
			return reply, nil
		}}
		chip.Reset()
		report, err := emrtd.Read(t.Context(), p, can(t), emrtd.Options{})
		if report.Checks.ChipAuth.State == emrtd.Verified || report.Checks.ActiveAuth.State == emrtd.Verified {
			t.Fatalf("pulled at %d: a copy is verified", n)
		}
		if err == nil {
			return
		}
		if motcua.CodeOf(err) != motcua.CardRemoved || p.n != n {
			t.Fatalf("pulled at %d: %v after %d", n, err, p.n)
		}
	}
}

// TestCloneCorrupt: no disturbed answer makes a copy look genuine.
func TestCloneCorrupt(t *testing.T) {
	chip := card(t, profile(t, "clone"))
	rounds := 200
	if testing.Short() {
		rounds = 20
	}
	for i := range rounds {
		random := rand.New(rand.NewPCG(2, uint64(i)))
		at := 8 + random.IntN(12) // from the SOD on
		c := &change{chip: chip, reply: func(n int, _, reply []byte) ([]byte, error) {
			if n == at {
				reply = bytes.Clone(reply)
				reply[random.IntN(len(reply))] ^= 1 << random.IntN(8)
			}
			return reply, nil
		}}
		chip.Reset()
		report, _ := emrtd.Read(t.Context(), c, can(t), emrtd.Options{Extended: i%2 == 0})
		if report.Checks.ChipAuth.State == emrtd.Verified || report.Checks.ActiveAuth.State == emrtd.Verified {
			t.Fatalf("round %d, reply %d: a copy is verified: %+v", i, at, report.Checks)
		}
	}
}

// TestAuthPlace: the commands of both checks come in their place; an answer
// that strains a short link comes last.
func TestAuthPlace(t *testing.T) {
	for _, c := range []struct {
		active   string
		extended bool
		want     []byte
	}{
		{"rsa", true, []byte{0x1D, 14, 0x86, 1, 13, 15, 0x88, 2}},
		{"ec", false, []byte{0x1D, 14, 0x86, 1, 13, 15, 0x88, 2}},
		{"rsa", false, []byte{0x1D, 14, 0x86, 1, 13, 15, 2, 0x88}},
	} {
		p := profile(t, "2021")
		p.Active = c.active
		var order []byte
		chip := &change{chip: card(t, p), reply: func(_ int, command, reply []byte) ([]byte, error) {
			switch {
			case command[0] != 0x0C:
			case command[1] == 0x86, command[1] == 0x88:
				order = append(order, command[1])
			case command[1] == 0xB0 && command[2]&0x80 != 0:
				order = append(order, command[2]&0x1F)
			}
			return reply, nil
		}}
		if _, err := emrtd.Read(t.Context(), chip, can(t), emrtd.Options{Extended: c.extended}); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(order, c.want) {
			t.Errorf("%s, extended %v: the order is %X, want %X", c.active, c.extended, order, c.want)
		}
	}
}
