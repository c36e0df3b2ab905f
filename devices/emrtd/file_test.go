package emrtd

import (
	"bytes"
	"context"
	"testing"

	"motcua"
)

// plainCard is one file behind READ BINARY in the clear, with the habits that
// the stand-in card does not have.
type plainCard struct {
	content []byte
	noSFI   bool // short file identifiers are not known
	most    int  // bytes given at a time, 0 for as many as asked
	largest int  // a longer Le is answered with 6700, 0 for none
	chosen  bool
	longLe  uint16 // what an extended command is answered with, 0 for data
	reads   int
}

func (c *plainCard) Transmit(_ context.Context, command []byte) ([]byte, error) {
	sw := func(v uint16) ([]byte, error) { return []byte{byte(v >> 8), byte(v)}, nil }
	if command[1] == 0xA4 {
		c.chosen = true
		return sw(swOK)
	}
	c.reads++
	extended := len(command) > 5
	ne := int(command[len(command)-1])
	if extended {
		ne |= int(command[len(command)-2]) << 8
	}
	if ne == 0 {
		ne = 256
	}
	offset := int(command[2])<<8 | int(command[3])
	switch {
	case extended && c.longLe != 0:
		return sw(c.longLe)
	case c.largest > 0 && ne > c.largest:
		return sw(swWrongLength)
	case command[2]&0x80 != 0 && c.noSFI:
		return sw(swFileNotFound)
	case command[2]&0x80 != 0:
		c.chosen, offset = true, int(command[3])
	}
	if !c.chosen {
		return sw(0x6986)
	}
	if c.most > 0 {
		ne = min(ne, c.most)
	}
	end := min(offset+ne, len(c.content))
	return append(bytes.Clone(c.content[min(offset, end):end]), 0x90, 0), nil
}

func plainReader(c *plainCard) *reader {
	return &reader{link: link{t: c, limit: 65000}, report: &Report{}}
}

// TestFileHabits: whatever the card's habits, the file arrives whole.
func TestFileHabits(t *testing.T) {
	content := appendTLV(nil, 0x77, bytes.Repeat([]byte("file"), 700))
	for name, c := range map[string]*plainCard{
		"easy":           {},
		"no sfi":         {noSFI: true},
		"100 at a time":  {most: 100},
		"2048 at most":   {largest: 2048},
		"256 at most":    {largest: 256},
		"long is 6D00":   {longLe: swNoINS},
		"long is 6E00":   {longLe: swNoCLA},
		"long is 6F00":   {longLe: swUnknown},
		"long is 6C00":   {longLe: 0x6C00},
		"no sfi, no ext": {noSFI: true, longLe: swWrongLength},
	} {
		c.content = append(bytes.Clone(content), 0, 0, 0) // padding of the file
		raw, sw, err := plainReader(c).file(t.Context(), fileSOD)
		if err != nil || !bytes.Equal(raw, content) {
			t.Errorf("%s: %d bytes, %04X, %v", name, len(raw), sw, err)
		}
		if !bytes.Equal(c.content[:len(content)], content) {
			t.Errorf("%s: the card's own bytes were wiped", name)
		}
	}
}

// TestFileBad: sizes that are lies.
func TestFileBad(t *testing.T) {
	for name, c := range map[string]struct {
		card  plainCard
		code  motcua.Code
		reads int // at most
	}{
		"shorter than its length":  {plainCard{content: []byte{0x77, 0x82, 0x10, 0, 1, 2, 3}}, motcua.CardBroken, 3},
		"larger than the limit":    {plainCard{content: []byte{0x77, 0x83, 0x10, 0, 1, 2, 3}}, "", 1},
		"no length":                {plainCard{content: []byte{0x77, 0x80, 1, 2, 3}}, "", 1},
		"empty":                    {plainCard{}, "", 1},
		"a megabyte byte for byte": {plainCard{content: append([]byte{0x77, 0x83, 0x0F, 0xFF, 0xF0}, make([]byte, 0xFFFF0)...), most: 5}, motcua.CardBroken, maxAPDUs + 1},
	} {
		raw, _, err := plainReader(&c.card).file(t.Context(), fileSOD)
		if raw != nil || motcua.CodeOf(err) != c.code || c.card.reads > c.reads {
			t.Errorf("%s: %d bytes after %d reads, %v", name, len(raw), c.card.reads, err)
		}
	}
}
