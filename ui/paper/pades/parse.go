package pades

import (
	"encoding/hex"
	"errors"
	"strconv"
)

// errSyntax is all that is said of a malformed object: the file may come from
// anywhere, and what is in it is not for a log.
var errSyntax = errors.New("malformed object")

// Limits no honest file reaches.
const (
	maxDepth = 40
	maxFile  = 128 << 20
)

// parser reads objects from a position of the file on.
type parser struct {
	data  []byte
	pos   int
	depth int
}

func isSpace(c byte) bool {
	return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\f' || c == 0
}

func isDelimiter(c byte) bool {
	switch c {
	case '(', ')', '<', '>', '[', ']', '{', '}', '/', '%':
		return true
	}
	return false
}

// skip passes over white space and comments.
func (p *parser) skip() {
	for p.pos < len(p.data) {
		switch c := p.data[p.pos]; {
		case isSpace(c):
			p.pos++
		case c == '%':
			for p.pos < len(p.data) && p.data[p.pos] != '\n' && p.data[p.pos] != '\r' {
				p.pos++
			}
		default:
			return
		}
	}
}

func (p *parser) peek(s string) bool {
	return p.pos+len(s) <= len(p.data) && string(p.data[p.pos:p.pos+len(s)]) == s
}

// accept passes over s when it comes next.
func (p *parser) accept(s string) bool {
	p.skip()
	if !p.peek(s) {
		return false
	}
	p.pos += len(s)
	return true
}

// token is a run of regular characters.
func (p *parser) token() string {
	p.skip()
	start := p.pos
	for p.pos < len(p.data) && !isSpace(p.data[p.pos]) && !isDelimiter(p.data[p.pos]) {
		p.pos++
	}
	return string(p.data[start:p.pos])
}

// integer is a token which is a number without sign or point.
func (p *parser) integer() (int, bool) {
	t := p.token()
	if len(t) == 0 || len(t) > 12 {
		return 0, false
	}
	n, err := strconv.ParseUint(t, 10, 63)
	return int(n), err == nil
}

// value reads one object.
func (p *parser) value() (any, error) {
	p.depth++
	defer func() { p.depth-- }()
	p.skip()
	switch {
	case p.depth > maxDepth || p.pos >= len(p.data):
		return nil, errSyntax
	case p.peek("<<"):
		return p.dict()
	case p.peek("["):
		return p.array()
	case p.peek("/"):
		return p.name(), nil
	case p.peek("<"):
		return p.hexText()
	case p.peek("("):
		return p.text()
	}
	if r, ok := p.ref(); ok {
		return r, nil
	}
	t := p.token()
	if t == "" {
		return nil, errSyntax
	}
	return plain(t), nil
}

// ref reads "12 0 R", or nothing.
func (p *parser) ref() (ref, bool) {
	start := p.pos
	if num, ok := p.integer(); ok {
		if gen, ok := p.integer(); ok && p.token() == "R" {
			return ref{num, gen}, true
		}
	}
	p.pos = start
	return ref{}, false
}

func (p *parser) dict() (any, error) {
	p.pos += 2
	d := dict{m: map[name]any{}}
	for !p.accept(">>") {
		p.skip()
		if !p.peek("/") {
			return nil, errSyntax
		}
		k := p.name()
		v, err := p.value()
		if err != nil {
			return nil, err
		}
		if _, dup := d.m[k]; dup {
			return nil, errSyntax // readers disagree on which one counts
		}
		d.keys, d.m[k] = append(d.keys, k), v
	}
	return d, nil
}

func (p *parser) array() (any, error) {
	p.pos++
	a := array{}
	for !p.accept("]") {
		v, err := p.value()
		if err != nil {
			return nil, err
		}
		a = append(a, v)
	}
	return a, nil
}

func (p *parser) name() name {
	p.pos++
	start := p.pos
	for p.pos < len(p.data) && !isSpace(p.data[p.pos]) && !isDelimiter(p.data[p.pos]) {
		p.pos++
	}
	raw := p.data[start:p.pos]
	out := make([]byte, 0, len(raw))
	for i := 0; i < len(raw); i++ {
		if raw[i] == '#' && i+2 < len(raw) {
			if b, err := hex.DecodeString(string(raw[i+1 : i+3])); err == nil {
				out, i = append(out, b[0]), i+2
				continue
			}
		}
		out = append(out, raw[i])
	}
	return name(out)
}

func (p *parser) hexText() (any, error) {
	t := text{from: p.pos}
	p.pos++
	var digits []byte
	for ; p.pos < len(p.data) && p.data[p.pos] != '>'; p.pos++ {
		if c := p.data[p.pos]; !isSpace(c) {
			digits = append(digits, c)
		}
	}
	if p.pos >= len(p.data) {
		return nil, errSyntax
	}
	p.pos++
	t.to = p.pos
	if len(digits)%2 == 1 {
		digits = append(digits, '0')
	}
	t.b = make([]byte, len(digits)/2)
	if _, err := hex.Decode(t.b, digits); err != nil {
		return nil, errSyntax
	}
	return t, nil
}

// text reads a literal string (section 7.3.4.2).
func (p *parser) text() (any, error) {
	t := text{from: p.pos, b: []byte{}}
	p.pos++
	for open := 1; p.pos < len(p.data); p.pos++ {
		c := p.data[p.pos]
		switch c {
		case '(':
			open++
		case ')':
			if open--; open == 0 {
				p.pos++
				t.to = p.pos
				return t, nil
			}
		case '\\':
			t.b = p.escape(t.b)
			continue
		}
		t.b = append(t.b, c)
	}
	return nil, errSyntax
}

// escape reads what follows a backslash and leaves p on its last byte.
func (p *parser) escape(b []byte) []byte {
	p.pos++
	if p.pos >= len(p.data) {
		return b
	}
	c := p.data[p.pos]
	switch c {
	case 'n':
		return append(b, '\n')
	case 'r':
		return append(b, '\r')
	case 't':
		return append(b, '\t')
	case 'b':
		return append(b, '\b')
	case 'f':
		return append(b, '\f')
	case '\n':
		return b
	case '\r':
		if p.pos+1 < len(p.data) && p.data[p.pos+1] == '\n' {
			p.pos++
		}
		return b
	}
	if c < '0' || c > '7' {
		return append(b, c)
	}
	v := 0
	for i := 0; i < 3 && p.pos < len(p.data) && p.data[p.pos] >= '0' && p.data[p.pos] <= '7'; i++ {
		v = v*8 + int(p.data[p.pos]-'0')
		p.pos++
	}
	p.pos--
	return append(b, byte(v))
}
