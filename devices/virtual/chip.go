package virtual

import (
	"bytes"
	"context"
	"math/big"
	"sync"
	"time"

	"motcua"
)

// Chip is a citizen card that answers APDUs. It may be used by several
// goroutines, one command at a time.
type Chip struct {
	profile Profile
	files   map[uint16][]byte // EF identifier to content
	access  access

	mu      sync.Mutex
	count   int  // commands since the chip was made
	tries   int  // wrong passwords since the chip was made
	dead    bool // taken away by DiesAt, until Reset
	session *session
	inside  bool   // the eMRTD application is selected
	open    bool   // PACE or BAC succeeded
	current []byte // the selected EF
	rest    []byte // bytes that wait for GET RESPONSE
	nonce   []byte // BAC: the challenge of the chip
	pace    *pace
	agree   bool // MSE:Set AT chose chip authentication
}

// access is what opens the chip and the keys that prove it is no copy.
type access struct {
	can    string
	mrz    string // document number, date of birth and expiry with check digits
	suite  *suite // nil without PACE
	bac    bool
	agree  *suite   // chip authentication
	static *big.Int // chip authentication, nil without
	active activeKey
}

// free says that the chip asks for nothing, as the first passports did.
func (a *access) free() bool { return a.suite == nil && !a.bac }

// The application identifier of the eMRTD application (ICAO 9303-10 section 3.2).
var application = []byte{0xA0, 0x00, 0x00, 0x02, 0x47, 0x10, 0x01}

// Elementary files (ICAO 9303-10 table 38); the short identifier is the low
// five bits.
const (
	fileMaster     = 0x3F00
	fileCardAccess = 0x011C
	fileSOD        = 0x011D
	fileCOM        = 0x011E
	fileDG1        = 0x0101
)

// ATR is the answer to reset: a contactless card as PC/SC part 3 section
// 3.1.3.2.3 shows it, with two historical bytes, T=0 and T=1 offered.
func (c *Chip) ATR() []byte {
	return []byte{0x3B, 0x82, 0x80, 0x01, 0x00, 0x00, 0x03}
}

// Reset is what a reader does on power-up: every session and selection dies.
// A card that DiesAt took away is back and stays.
func (c *Chip) Reset() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.dead = false
	c.forget()
}

// Close resets the chip, so that a Chip in memory is a devices.Card.
func (c *Chip) Close() error {
	c.Reset()
	return nil
}

// WrongTries counts the refused passwords since the chip was made.
func (c *Chip) WrongTries() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.tries
}

// Commands counts the commands since the chip was made.
func (c *Chip) Commands() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.count
}

func (c *Chip) forget() {
	c.session, c.inside, c.open, c.current = nil, false, c.access.free(), nil
	c.rest, c.nonce, c.pace, c.agree = nil, nil, nil, false
}

// close ends secure messaging and what it opened.
func (c *Chip) close() { c.session, c.open = nil, c.access.free() }

// Transmit answers one command APDU with data and SW1 SW2. It fails with
// CardRemoved once the profile has taken the card away, and with the error of
// ctx when that ends during the profile's delays. Any bytes are a command:
// those that are none are answered with 6700.
func (c *Chip) Transmit(ctx context.Context, raw []byte) ([]byte, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.count++
	if c.profile.DiesAt != 0 && c.count == c.profile.DiesAt {
		c.dead = true
		c.forget()
	}
	if c.dead {
		return nil, motcua.Fail(motcua.CardRemoved, "the stand-in card was taken away", nil)
	}
	failed := c.tries
	reply := c.answer(raw)
	delay := c.profile.APDUDelay + time.Duration(len(raw)+len(reply))*c.profile.ByteDelay
	if c.tries > failed {
		delay += time.Duration(c.tries) * c.profile.TryDelay
	}
	return reply, wait(ctx, delay)
}

func wait(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (c *Chip) answer(raw []byte) []byte {
	cmd, ok := parseCommand(raw)
	if !ok || cmd.extended && c.profile.ShortOnly || c.profile.MaxLe != 0 && cmd.ne > max(c.profile.MaxLe, 256) {
		return swLength.bytes()
	}
	if cmd.ins == 0xC0 && cmd.cla == 0 && c.rest != nil {
		return c.getResponse(cmd)
	}
	c.rest = nil
	if cmd.cla&0x0C == 0x0C {
		return c.secured(cmd)
	}
	// A plain command ends secure messaging and with it all that it
	// protected (ICAO 9303-11 section 9.8.3).
	if c.session != nil {
		c.close()
	}
	data, sw := c.execute(cmd)
	return c.fit(data, sw, cmd.ne)
}

// secured answers a command under secure messaging with the keys that were
// valid when it came: chip authentication changes them only afterwards.
func (c *Chip) secured(cmd command) []byte {
	s := c.session
	if s == nil {
		return swSecureWrong.bytes()
	}
	outer := cmd.ne
	cmd.ne = min(cmd.ne, frameLimit)
	plain, sw := s.open(cmd)
	if sw != swOK {
		c.close()
		return sw.bytes()
	}
	data, sw := c.execute(plain)
	return c.fit(s.seal(cmd.ins, data, sw), sw, outer)
}

// fit sends at most ne bytes and keeps the rest for GET RESPONSE (ISO 7816-4
// section 11.8.1): an RSA signature of 256 bytes under secure messaging does
// not fit into a short response.
func (c *Chip) fit(data []byte, sw status, ne int) []byte {
	if len(data) > max(ne, 256) {
		c.rest = append(bytes.Clone(data[256:]), sw.bytes()...)
		return append(bytes.Clone(data[:256]), more(len(c.rest)-2).bytes()...)
	}
	return append(bytes.Clone(data), sw.bytes()...)
}

func more(n int) status { return swMore | status(byte(min(n, 256))) }

func (c *Chip) getResponse(cmd command) []byte {
	body, sw := c.rest[:len(c.rest)-2], c.rest[len(c.rest)-2:]
	n := min(len(body), max(cmd.ne, 1))
	out := bytes.Clone(body[:n])
	if c.rest = c.rest[n:]; len(c.rest) > 2 {
		return append(out, more(len(c.rest)-2).bytes()...)
	}
	c.rest = nil
	return append(out, sw...)
}

// execute runs a plain or uncovered command.
func (c *Chip) execute(cmd command) ([]byte, status) {
	if cmd.ins != 0x86 {
		c.pace = nil // general authentication is one unbroken sequence
	}
	if cmd.cla&^0x10 != 0 || cmd.cla == 0x10 && cmd.ins != 0x86 {
		return nil, swClass
	}
	switch cmd.ins {
	case 0xA4:
		return c.selectFile(cmd)
	case 0xB0, 0xB1:
		return c.readBinary(cmd)
	case 0x22:
		return c.manage(cmd)
	case 0x86:
		return c.generalAuthenticate(cmd)
	case 0x84:
		return c.getChallenge(cmd)
	case 0x82:
		return c.externalAuthenticate(cmd)
	case 0x88:
		return c.internalAuthenticate(cmd)
	}
	return nil, swInstruction
}
