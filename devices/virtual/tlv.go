package virtual

// node encodes one BER-TLV data object (ISO 8825-1) around the parts. Tags of
// one and two bytes and lengths below 16 MB are all a card needs.
func node(tag uint16, parts ...[]byte) []byte {
	n := 0
	for _, p := range parts {
		n += len(p)
	}
	out := make([]byte, 0, n+6)
	if tag > 0xFF {
		out = append(out, byte(tag>>8))
	}
	out = append(append(out, byte(tag)), lengthOf(n)...)
	for _, p := range parts {
		out = append(out, p...)
	}
	return out
}

func lengthOf(n int) []byte {
	switch {
	case n < 0x80:
		return []byte{byte(n)}
	case n < 0x100:
		return []byte{0x81, byte(n)}
	case n < 0x10000:
		return []byte{0x82, byte(n >> 8), byte(n)}
	}
	return []byte{0x83, byte(n >> 16), byte(n >> 8), byte(n)}
}

// object is a parsed data object: raw is the whole of it, tag and length
// included, as the message authentication code needs.
type object struct {
	tag   uint16
	value []byte
	raw   []byte
}

// objects splits b into its data objects, none nested. It is false when b is
// not exactly a sequence of them.
func objects(b []byte) ([]object, bool) {
	var out []object
	for len(b) > 0 {
		o, rest, ok := first(b)
		if !ok {
			return nil, false
		}
		out, b = append(out, o), rest
	}
	return out, true
}

func first(b []byte) (o object, rest []byte, ok bool) {
	i := 1
	o.tag = uint16(b[0])
	if b[0]&0x1F == 0x1F {
		if len(b) < 2 || b[1]&0x80 != 0 {
			return o, nil, false
		}
		o.tag, i = o.tag<<8|uint16(b[1]), 2
	}
	n, size, ok := readLength(b[i:])
	if !ok || len(b)-i-size < n {
		return o, nil, false
	}
	end := i + size + n
	o.value, o.raw = b[i+size:end], b[:end]
	return o, b[end:], true
}

func readLength(b []byte) (n, size int, ok bool) {
	switch {
	case len(b) >= 1 && b[0] < 0x80:
		return int(b[0]), 1, true
	case len(b) >= 2 && b[0] == 0x81:
		return int(b[1]), 2, true
	case len(b) >= 3 && b[0] == 0x82:
		return int(b[1])<<8 | int(b[2]), 3, true
	case len(b) >= 4 && b[0] == 0x83:
		return int(b[1])<<16 | int(b[2])<<8 | int(b[3]), 4, true
	}
	return 0, 0, false
}

// pick is the value of the first object with the tag, or nil.
func pick(list []object, tag uint16) []byte {
	for _, o := range list {
		if o.tag == tag {
			return o.value
		}
	}
	return nil
}
