package virtual

import (
	"bytes"
	"context"
	"crypto/sha1"
	"encoding/hex"
	"testing"
)

// ICAO 9303-11 appendix D.4: selecting EF.COM and reading its first bytes.
func TestSecureMessagingOfAppendixD(t *testing.T) {
	s := desSession(unhex(t, "979ec13b1cbfe9dcd01ab0fed307eae5"), unhex(t, "f1cb1f1fb5adf208806b89dc579dc1f8"), unhex(t, "887022120c06c226"))
	for _, x := range []struct {
		command string
		ins     byte
		data    string // uncovered
		ne      int
		answer  string
		reply   string
	}{
		{"0ca4020c158709016375432908c044f68e08bf8b92d635ff24f800", 0xA4, "011e", 0, "", "990290008e08fa855a5d4c50a8ed"},
		{"0cb000000d9701048e08ed6705417e96ba5500", 0xB0, "", 4, "60145f01", "8709019ff0ec34f9922651990290008e08ad55cc17140b2ded"},
	} {
		c, ok := parseCommand(unhex(t, x.command))
		if !ok {
			t.Fatal("the vector does not parse")
		}
		plain, sw := s.open(c)
		if sw != swOK || hex.EncodeToString(plain.data) != x.data || plain.ne != x.ne {
			t.Fatalf("%s opens as %04X %x %d", x.command, uint16(sw), plain.data, plain.ne)
		}
		if got := hex.EncodeToString(s.seal(x.ins, unhex(t, x.answer), swOK)); got != x.reply {
			t.Fatalf("the answer to %s is %s", x.command, got)
		}
	}
}

// ICAO 9303-11 appendix G.1: the key of the nonce, from the MRZ.
func TestPasswordKeyOfAppendixG(t *testing.T) {
	h := sha1.Sum([]byte("T22000129364081251010318"))
	if got := hex.EncodeToString(derive(h[:], forPassword, 16)); got != "89ded1b26624ec1e634c1989302849dd" {
		t.Fatalf("the key is %s", got)
	}
}

// RFC 4493 section 4: four lengths of AES-CMAC.
func TestCMACOfRFC4493(t *testing.T) {
	b := aesBlock(unhex(t, "2b7e151628aed2a6abf7158809cf4f3c"))
	m := unhex(t, "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e5130c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710")
	for n, want := range map[int]string{
		0: "bb1d6929e95937287fa37d129b756746", 16: "070a16b46b4d4144f79bdd9dd04a287c",
		40: "dfa66747de9ae63030ca32611497c827", 64: "51f0bebf7e3b9d92fc49741779363cfe",
	} {
		if got := hex.EncodeToString(cmac(b, m[:n])); got != want {
			t.Errorf("the CMAC of %d bytes is %s", n, got)
		}
	}
}

func TestReadingEveryWay(t *testing.T) {
	chips := map[string]func() *terminal{
		"PACE AES-128": func() *terminal { return pacedTerminal(t, card(t, nil)).enter() },
		"PACE AES-256": func() *terminal { return pacedTerminal(t, card(t, func(p *Profile) { p.PACE = "aes-256" })).enter() },
		"BAC":          func() *terminal { return bacTerminal(t, card(t, nil)) },
		"short only":   func() *terminal { return pacedTerminal(t, card(t, func(p *Profile) { p.ShortOnly = true })).enter() },
	}
	for name, open := range chips {
		t.Run(name, func(t *testing.T) {
			x := open()
			pieces := []int{256, 223, 1, 4000, 65000}
			if x.c.profile.ShortOnly {
				pieces = pieces[:2]
			}
			for _, piece := range pieces {
				id := uint16(0x0102)
				if piece == 1 {
					id = 0x0101
				}
				if got := x.read(id, piece); !bytes.Equal(got, x.c.files[id]) {
					t.Errorf("in pieces of %d the file is %d bytes, not %d", piece, len(got), len(x.c.files[id]))
				}
			}
		})
	}
}

func TestRoomOfAShortResponse(t *testing.T) {
	x := pacedTerminal(t, card(t, nil)).enter()
	if data, _ := x.secure(0xB0, 0x82, 0, nil, 256); len(data) != 223 {
		t.Errorf("AES leaves room for %d bytes", len(data))
	}
	x = bacTerminal(t, card(t, nil))
	if data, _ := x.secure(0xB0, 0x82, 0, nil, 256); len(data) != 231 {
		t.Errorf("3DES leaves room for %d bytes", len(data))
	}
	x = pacedTerminal(t, card(t, func(p *Profile) { p.StrictLe = true })).enter()
	if _, sw := x.secure(0xB0, 0x82, 0, nil, 256); sw != swLength {
		t.Errorf("a strict chip answered %04X", uint16(sw))
	}
	if data, _ := x.secure(0xB0, 0x82, 0, nil, 223); len(data) != 223 {
		t.Errorf("a strict chip gave %d bytes of what fits", len(data))
	}
}

func TestOddReadBinary(t *testing.T) {
	x := pacedTerminal(t, card(t, nil)).enter()
	dg2 := x.c.files[0x0102]
	for _, p2 := range []byte{0x02, 0x00} { // by short identifier, then the current file
		data, sw := x.secure(0xB1, 0, p2, node(0x54, []byte{0x12, 0x34}), 100)
		list, ok := objects(data)
		if sw != swOK || !ok || !bytes.Equal(pick(list, 0x53), dg2[0x1234:0x1234+98]) {
			t.Fatalf("an odd read answered %04X %x", uint16(sw), data)
		}
	}
}

func TestTheEndOfAFile(t *testing.T) {
	x := pacedTerminal(t, card(t, nil)).enter()
	if data, sw := x.secure(0xB0, 0x81, 0, nil, 200); sw != swEndOfFile || len(data) != 95 {
		t.Errorf("more than there is answered %04X and %d bytes", uint16(sw), len(data))
	}
	if _, sw := x.secure(0xB0, 0x00, 95, nil, 1); sw != swOffset {
		t.Errorf("behind the end answered %04X", uint16(sw))
	}
	if _, sw := x.secure(0xA4, 2, 0x0C, []byte{1, 3}, 0); sw != swNotSatisfied {
		t.Errorf("the fingerprints answered %04X", uint16(sw))
	}
	if _, sw := x.secure(0xA4, 2, 0x0C, []byte{1, 7}, 0); sw != swFileNotFound {
		t.Errorf("an absent group answered %04X", uint16(sw))
	}
}

func TestASessionEnds(t *testing.T) {
	for name, spoil := range map[string]func(x *terminal){
		"plain command": func(x *terminal) { x.plain(append([]byte{0, 0xA4, 4, 0x0C, 7}, application...)...) },
		"wrong MAC":     func(x *terminal) { x.plain(unhex(t, "0cb081000d9701048e08000000000000000000")...) },
		"no MAC":        func(x *terminal) { x.plain(unhex(t, "0cb081000397010400")...) },
		"lost counter":  func(x *terminal) { x.s.step(); x.secure(0xB0, 0x81, 0, nil, 4) },
		"garbage":       func(x *terminal) { x.plain(unhex(t, "0cb0810003ffffff00")...) },
	} {
		t.Run(name, func(t *testing.T) {
			x := pacedTerminal(t, card(t, nil)).enter()
			spoil(x)
			if _, sw := x.secure(0xB0, 0x81, 0, nil, 4); sw != swSecureWrong {
				t.Errorf("the dead session answered %04X", uint16(sw))
			}
			if _, sw := x.plain(0, 0xB0, 0x81, 0, 4); sw != swNotSatisfied {
				t.Errorf("a plain read answered %04X", uint16(sw))
			}
		})
	}
}

func TestPACEThenBACOnOneTap(t *testing.T) {
	c := card(t, nil)
	x := &terminal{t: t, c: c}
	x.plain(append([]byte{0, 0x22, 0xC1, 0xA4, 0x0F}, append(node(0x80, paceAES128.oid), node(0x83, []byte{2})...)...)...)
	x.general(0x10, nil)
	if got := bacTerminal(t, c).read(0x0101, 256); !bytes.Equal(got, c.files[0x0101]) {
		t.Fatal("BAC after a broken PACE does not read")
	}
}

// FuzzTransmit sends a row of commands, each with its length in front, to an
// open and to a closed chip: whatever comes, there is a status word.
func FuzzTransmit(f *testing.F) {
	f.Add([]byte("\x07\x00\xA4\x02\x0C\x02\x01\x1C\x05\x00\xB0\x00\x00\x00"))
	f.Add([]byte("\x05\x00\x84\x00\x00\x08\x06\x0C\xB0\x81\x00\x00\x00"))
	f.Add([]byte("\x08\x10\x86\x00\x00\x02\x7C\x00\x00"))
	closed := card(f, nil)
	open := card(f, func(p *Profile) { p.PACE, p.BAC = "", false })
	keyed := card(f, nil)
	f.Fuzz(func(t *testing.T, row []byte) {
		keyed.Reset()
		keyed.session, keyed.open, keyed.inside = aesSession(make([]byte, 16), make([]byte, 16)), true, true
		keyed.session.mac = func([]byte) []byte { return make([]byte, 8) } // every MAC of zeros is right
		for _, c := range []*Chip{closed, open, keyed} {
			for rest := row; len(rest) > 0; {
				n := min(int(rest[0]), len(rest)-1)
				r, err := c.Transmit(context.Background(), rest[1:1+n])
				if err != nil || len(r) < 2 {
					t.Fatalf("%x answered %x, %v", rest[1:1+n], r, err)
				}
				rest = rest[1+n:]
			}
		}
	})
}
