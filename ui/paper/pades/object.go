package pades

import (
	"bytes"
	"fmt"
	"strings"
)

// The kinds of PDF object (ISO 32000-1 section 7.3) this package tells apart.
// Numbers, true, false and null keep their spelling.
type (
	name  string // without the slash, escapes resolved
	ref   struct{ num, gen int }
	plain string
	array []any
	text  struct {
		b        []byte
		from, to int // offsets of the delimiters in the file: the hole of a signature
	}
	dict struct {
		keys []name // in the order of the file
		m    map[name]any
	}
	stream struct {
		dict
		data []byte // as in the file, filters not undone
	}
)

func (d dict) get(k name) any { return d.m[k] }

// with is a copy of d in which k is v; a nil v takes k out.
func (d dict) with(k name, v any) dict {
	out := dict{m: map[name]any{}}
	for _, old := range d.keys {
		if old != k {
			out.keys, out.m[old] = append(out.keys, old), d.m[old]
		}
	}
	if v != nil {
		out.keys, out.m[k] = append(out.keys, k), v
	}
	return out
}

// write appends an object in PDF syntax. Strings become hexadecimal, so that
// no byte of a name can end one: the letter ĩ is 0x0129 and holds a ')'.
func write(out *bytes.Buffer, v any) {
	switch v := v.(type) {
	case name:
		writeName(out, v)
	case ref:
		fmt.Fprintf(out, "%d %d R", v.num, v.gen)
	case plain:
		out.WriteString(string(v))
	case int:
		fmt.Fprint(out, v)
	case text:
		fmt.Fprintf(out, "<%X>", v.b)
	case array:
		out.WriteByte('[')
		for i, e := range v {
			if i > 0 {
				out.WriteByte(' ')
			}
			write(out, e)
		}
		out.WriteByte(']')
	case dict:
		out.WriteString("<<")
		for _, k := range v.keys {
			write(out, k)
			out.WriteByte(' ')
			write(out, v.m[k])
		}
		out.WriteString(">>")
	case stream:
		write(out, v.dict.with("Length", len(v.data)))
		out.WriteString("\nstream\n")
		out.Write(v.data)
		out.WriteString("\nendstream")
	default:
		out.WriteString("null")
	}
}

func writeName(out *bytes.Buffer, n name) {
	out.WriteByte('/')
	for i := range len(n) {
		if c := n[i]; c <= ' ' || c >= 0x7f || strings.IndexByte("()<>[]{}/%#", c) >= 0 {
			fmt.Fprintf(out, "#%02X", c)
		} else {
			out.WriteByte(c)
		}
	}
}

// same is whether two objects are written alike.
func same(a, b any) bool {
	var x, y bytes.Buffer
	write(&x, a)
	write(&y, b)
	return bytes.Equal(x.Bytes(), y.Bytes())
}
