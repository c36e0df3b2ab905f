package emrtd

import "errors"

// maxFile is the largest file, and so the largest value, that is accepted, in
// bytes. The largest file of an eMRTD in the field is a portrait of some tens
// of kilobytes.
const maxFile = 1 << 20

// The ways in which a TLV can be wrong. They carry no code: the caller knows
// what the bytes were meant to be.
var (
	errTruncated = errors.New("tlv: truncated")
	errTag       = errors.New("tlv: tag longer than three bytes or not minimal")
	errLength    = errors.New("tlv: length indefinite or too large")
	errTooMany   = errors.New("tlv: too many elements")
	errShape     = errors.New("tlv: not the expected element")
)

// TLV is one BER-TLV element of ISO/IEC 8825-1. Value and Raw are slices of
// the input, not copies.
type TLV struct {
	Tag   uint32 // the identifier octets, big-endian: 0x30, 0x5F1F, 0x7F61
	Value []byte
	Raw   []byte // identifier, length and value
}

// Constructed says whether the value is itself a list of elements.
func (t TLV) Constructed() bool { return t.Raw[0]&0x20 != 0 }

// ReadTLV splits the first element off b. Lengths are definite and at most
// 1 MiB; a length that could be written shorter is accepted, since cards in
// the field do it.
func ReadTLV(b []byte) (TLV, []byte, error) {
	tag, head, length, err := readHeader(b)
	if err != nil {
		return TLV{}, nil, err
	}
	if length > len(b)-head {
		return TLV{}, nil, errTruncated
	}
	end := head + length
	return TLV{Tag: tag, Value: b[head:end:end], Raw: b[:end:end]}, b[end:], nil
}

// readHeader reads identifier and length octets; head is their size.
func readHeader(b []byte) (tag uint32, head, length int, err error) {
	tag, n, err := readTag(b)
	if err != nil {
		return 0, 0, 0, err
	}
	length, m, err := readLength(b[n:])
	return tag, n + m, length, err
}

func readTag(b []byte) (uint32, int, error) {
	if len(b) == 0 {
		return 0, 0, errTruncated
	}
	tag := uint32(b[0])
	if b[0]&0x1F != 0x1F {
		return tag, 1, nil
	}
	for n := 1; n < 3; n++ {
		if n >= len(b) {
			return 0, 0, errTruncated
		}
		if n == 1 && b[n]&0x7F == 0 {
			return 0, 0, errTag
		}
		tag = tag<<8 | uint32(b[n])
		if b[n]&0x80 == 0 {
			return tag, n + 1, nil
		}
	}
	return 0, 0, errTag
}

func readLength(b []byte) (int, int, error) {
	if len(b) == 0 {
		return 0, 0, errTruncated
	}
	if b[0] < 0x80 {
		return int(b[0]), 1, nil
	}
	size := int(b[0] & 0x7F)
	if size == 0 || size > 4 {
		return 0, 0, errLength
	}
	if len(b) < 1+size {
		return 0, 0, errTruncated
	}
	length := 0
	for _, c := range b[1 : 1+size] {
		length = length<<8 | int(c)
		if length > maxFile {
			return 0, 0, errLength
		}
	}
	return length, 1 + size, nil
}

// ReadOnly reads an element that must have the tag and fill b to its end.
func ReadOnly(b []byte, tag uint32) (TLV, error) {
	t, rest, err := ReadTLV(b)
	if err != nil {
		return TLV{}, err
	}
	if t.Tag != tag || len(rest) != 0 {
		return TLV{}, errShape
	}
	return t, nil
}

// Elements splits b into elements that fill it exactly; more than limit is an
// error.
func Elements(b []byte, limit int) ([]TLV, error) {
	var all []TLV
	for len(b) > 0 {
		if len(all) == limit {
			return nil, errTooMany
		}
		t, rest, err := ReadTLV(b)
		if err != nil {
			return nil, err
		}
		all, b = append(all, t), rest
	}
	return all, nil
}

// cursor walks through the elements of one constructed value. The first error
// sticks, so that a parser reads like the ASN.1 it follows.
type cursor struct {
	rest []byte
	err  error
}

// take returns the next element, which must have the tag.
func (c *cursor) take(tag uint32) TLV {
	t, ok := c.maybe(tag)
	if !ok && c.err == nil {
		c.err = errShape
	}
	return t
}

// maybe returns the next element if it has the tag.
func (c *cursor) maybe(tag uint32) (TLV, bool) {
	if c.err != nil || len(c.rest) == 0 {
		return TLV{}, false
	}
	t, rest, err := ReadTLV(c.rest)
	if err != nil {
		c.err = err
		return TLV{}, false
	}
	if t.Tag != tag {
		return TLV{}, false
	}
	c.rest = rest
	return t, true
}

// any returns the next element, whatever it is.
func (c *cursor) any() TLV {
	if c.err != nil {
		return TLV{}
	}
	t, rest, err := ReadTLV(c.rest)
	if err != nil {
		c.err = err
		return TLV{}
	}
	c.rest = rest
	return t
}

// inside opens the next element, which must have the tag. An error leaves an
// empty cursor with that error.
func (c *cursor) inside(tag uint32) cursor {
	t := c.take(tag)
	return cursor{rest: t.Value, err: c.err}
}

// appendTLV writes one element with a definite length in its shortest form.
func appendTLV(dst []byte, tag uint32, value []byte) []byte {
	dst = appendTag(dst, tag)
	dst = appendLength(dst, len(value))
	return append(dst, value...)
}

func appendTag(dst []byte, tag uint32) []byte {
	for shift := 16; shift > 0; shift -= 8 {
		if tag>>shift != 0 {
			dst = append(dst, byte(tag>>shift))
		}
	}
	return append(dst, byte(tag))
}

func appendLength(dst []byte, n int) []byte {
	switch {
	case n < 0x80:
		return append(dst, byte(n))
	case n <= 0xFF:
		return append(dst, 0x81, byte(n))
	case n <= 0xFFFF:
		return append(dst, 0x82, byte(n>>8), byte(n))
	}
	return append(dst, 0x83, byte(n>>16), byte(n>>8), byte(n))
}
