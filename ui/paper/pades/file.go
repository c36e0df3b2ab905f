package pades

import (
	"bytes"
	"errors"

	"motcua"
)

// file is a PDF with its cross-reference tables read, newest first.
type file struct {
	data    []byte
	start   int           // offset of the newest table
	chain   map[int]bool  // offsets of all tables
	at      map[int]place // by object number
	trailer dict
}

// place is where an object lies; a freed object has offset 0.
type place struct{ offset, gen int }

func unreadable(why string) error { return motcua.Fail(motcua.PDFUnreadable, why, nil) }

// open reads the tables of data. Files with cross-reference streams, hybrid
// files and encrypted files are refused: what they show depends on more than
// this package looks at.
func open(data []byte) (*file, error) {
	if len(data) > maxFile || !bytes.HasPrefix(data, []byte("%PDF-")) {
		return nil, unreadable("not a PDF file")
	}
	start, err := lastTable(data)
	if err != nil {
		return nil, err
	}
	f := &file{data: data, start: start, chain: map[int]bool{}, at: map[int]place{}}
	for next, first := start, true; next != 0; first = false {
		if f.chain[next] || len(f.chain) > 200 {
			return nil, unreadable("the tables go in circles")
		}
		f.chain[next] = true
		trailer, err := f.table(next)
		if err != nil {
			return nil, err
		}
		if first {
			f.trailer = trailer
		}
		if next, err = previous(trailer); err != nil {
			return nil, err
		}
	}
	return f, nil
}

// lastTable reads the offset behind the last startxref.
func lastTable(data []byte) (int, error) {
	tail := max(0, len(data)-2048)
	i := bytes.LastIndex(data[tail:], []byte("startxref"))
	if i < 0 {
		return 0, unreadable("no startxref")
	}
	p := parser{data: data, pos: tail + i + len("startxref")}
	n, ok := p.integer()
	if !ok || n <= 0 || n >= len(data) {
		return 0, unreadable("startxref points nowhere")
	}
	return n, nil
}

func previous(trailer dict) (int, error) {
	switch {
	case trailer.get("Encrypt") != nil:
		return 0, unreadable("the file is encrypted")
	case trailer.get("XRefStm") != nil:
		return 0, unreadable("a hybrid file")
	case trailer.get("Prev") == nil:
		return 0, nil
	}
	n, ok := number(trailer.get("Prev"))
	if !ok || n <= 0 {
		return 0, unreadable("the tables are not linked")
	}
	return n, nil
}

// table reads one cross-reference section and its trailer (section 7.5.4). An
// object which a newer table has is left as it is.
func (f *file) table(offset int) (dict, error) {
	if offset >= len(f.data) {
		return dict{}, unreadable("a table lies outside the file")
	}
	p := parser{data: f.data, pos: offset}
	if !p.accept("xref") {
		return dict{}, unreadable("no classic cross-reference table")
	}
	for !p.accept("trailer") {
		if err := f.section(&p); err != nil {
			return dict{}, err
		}
	}
	v, err := p.value()
	if d, ok := v.(dict); ok && err == nil {
		return d, nil
	}
	return dict{}, unreadable("no trailer")
}

func (f *file) section(p *parser) error {
	first, ok1 := p.integer()
	count, ok2 := p.integer()
	if !ok1 || !ok2 || count > len(f.data)/18 || first > 1<<23 {
		return unreadable("a damaged cross-reference table")
	}
	for num := first; num < first+count; num++ {
		offset, ok1 := p.integer()
		gen, ok2 := p.integer()
		kind := p.token()
		if !ok1 || !ok2 || kind != "n" && kind != "f" || offset >= len(f.data) {
			return unreadable("a damaged cross-reference table")
		}
		if _, newer := f.at[num]; newer {
			continue
		}
		if kind == "f" {
			offset = 0
		}
		f.at[num] = place{offset, gen}
	}
	return nil
}

func number(v any) (int, bool) {
	switch v := v.(type) {
	case int:
		return v, true
	case plain:
		p := parser{data: []byte(v)}
		n, ok := p.integer()
		return n, ok && p.pos == len(v)
	}
	return 0, false
}

var errMissing = errors.New("missing object")

// object reads the object with the number; a missing one is null by the
// standard and an error here.
func (f *file) object(r ref) (any, error) {
	at, ok := f.at[r.num]
	if !ok || at.offset == 0 || at.gen != r.gen {
		return nil, errMissing
	}
	p := parser{data: f.data, pos: at.offset}
	num, ok1 := p.integer()
	gen, ok2 := p.integer()
	if !ok1 || !ok2 || num != r.num || gen != r.gen || !p.accept("obj") {
		return nil, errSyntax
	}
	v, err := p.value()
	if err != nil {
		return nil, err
	}
	if d, ok := v.(dict); ok && p.accept("stream") {
		return f.stream(d, p.pos)
	}
	return v, nil
}

func (f *file) stream(d dict, pos int) (any, error) {
	if pos < len(f.data) && f.data[pos] == '\r' {
		pos++
	}
	if pos < len(f.data) && f.data[pos] == '\n' {
		pos++
	}
	length := d.get("Length")
	if r, ok := length.(ref); ok { // a number: read without following further
		at := f.at[r.num]
		p := parser{data: f.data, pos: at.offset}
		p.integer()
		p.integer()
		if at.offset == 0 || !p.accept("obj") {
			return nil, errSyntax
		}
		length = plain(p.token())
	}
	n, ok := number(length)
	if !ok || n > len(f.data)-pos {
		return nil, errSyntax
	}
	end := parser{data: f.data, pos: pos + n}
	if !end.accept("endstream") {
		return nil, errSyntax
	}
	return stream{d, f.data[pos : pos+n]}, nil
}

// resolve follows references to what they point at, at most a few times.
func (f *file) resolve(v any) any {
	for range 8 {
		r, ok := v.(ref)
		if !ok {
			return v
		}
		var err error
		if v, err = f.object(r); err != nil {
			return nil
		}
	}
	return nil
}

func (f *file) dictOf(v any) (dict, bool) {
	switch v := f.resolve(v).(type) {
	case dict:
		return v, true
	case stream:
		return v.dict, true
	}
	return dict{}, false
}

func (f *file) arrayOf(v any) array {
	a, _ := f.resolve(v).(array)
	return a
}
