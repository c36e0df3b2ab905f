package pades

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"motcua"
)

// update is what an incremental update adds to a file (section 7.5.6).
type update struct {
	file    *file
	next    int // the next free object number
	objects map[ref]any
}

func newUpdate(f *file) *update {
	u := &update{file: f, next: 1, objects: map[ref]any{}}
	if size, ok := number(f.trailer.get("Size")); ok {
		u.next = size
	}
	for num := range f.at {
		u.next = max(u.next, num+1)
	}
	return u
}

// add gives v a new number.
func (u *update) add(v any) ref {
	r := ref{u.next, 0}
	u.next++
	u.objects[r] = v
	return r
}

// replace writes v under a number that is taken.
func (u *update) replace(r ref, v any) { u.objects[r] = v }

// bytes is the whole file with the update behind it.
func (u *update) bytes() []byte {
	var out bytes.Buffer
	out.Grow(len(u.file.data) + 64<<10)
	out.Write(u.file.data)
	if !bytes.HasSuffix(u.file.data, []byte("\n")) {
		out.WriteByte('\n')
	}
	offsets := map[int]int{}
	order := u.order()
	for _, r := range order {
		offsets[r.num] = out.Len()
		fmt.Fprintf(&out, "%d %d obj\n", r.num, r.gen)
		write(&out, u.objects[r])
		out.WriteString("\nendobj\n")
	}
	start := out.Len()
	writeTable(&out, order, offsets)
	trailer := dict{}.with("Size", u.next).with("Root", u.file.trailer.get("Root"))
	for _, k := range []name{"Info", "ID"} {
		trailer = trailer.with(k, u.file.trailer.get(k))
	}
	out.WriteString("trailer\n")
	write(&out, trailer.with("Prev", u.file.start))
	fmt.Fprintf(&out, "\nstartxref\n%d\n%%%%EOF\n", start)
	return out.Bytes()
}

func (u *update) order() []ref {
	var all []ref
	for r := range u.objects {
		all = append(all, r)
	}
	slices.SortFunc(all, func(a, b ref) int { return a.num - b.num })
	return all
}

// writeTable writes a section for each run of numbers, twenty bytes a line.
func writeTable(out *bytes.Buffer, order []ref, offsets map[int]int) {
	out.WriteString("xref\n")
	for i := 0; i < len(order); {
		j := i
		for j < len(order) && order[j].num == order[i].num+j-i {
			j++
		}
		fmt.Fprintf(out, "%d %d\n", order[i].num, j-i)
		for ; i < j; i++ {
			fmt.Fprintf(out, "%010d %05d n \n", offsets[order[i].num], order[i].gen)
		}
	}
}

// addField adds the signature field with its widget to the form and the page.
func (w *signatureWriter) addField(value ref) error {
	pages, err := w.file.pages()
	if err != nil {
		return err
	}
	stamp := w.options.Stamp
	at, rect := 1, array{0, 0, 0, 0}
	if stamp != nil {
		if at = stamp.Page; stamp.W <= 0 || stamp.H <= 0 {
			return motcua.Fail(motcua.BadInput, "the stamp has no room", nil)
		}
		rect = array{decimal(stamp.X), decimal(stamp.Y), decimal(stamp.X + stamp.W), decimal(stamp.Y + stamp.H)}
	}
	if at < 1 || at > len(pages) {
		return motcua.Fail(motcua.BadInput, "the stamp's page does not exist", nil)
	}
	title, err := w.freeTitle()
	if err != nil {
		return err
	}
	const printedAndLocked = 4 + 128
	widget := dict{}.with("Type", name("Annot")).with("Subtype", name("Widget")).with("FT", name("Sig")).
		with("T", utf16Text(title)).with("V", value).with("Rect", rect).with("P", pages[at-1]).with("F", printedAndLocked)
	if stamp != nil {
		look, err := w.graft(stamp)
		if err != nil {
			return err
		}
		widget = widget.with("AP", dict{}.with("N", look))
	}
	field := w.add(widget)
	if err := w.addToForm(field); err != nil {
		return err
	}
	page, _ := w.file.dictOf(pages[at-1])
	w.replace(pages[at-1], page.with("Annots", append(slices.Clone(w.file.arrayOf(page.get("Annots"))), field)))
	return nil
}

// decimal is a coordinate with a hundredth of a point.
func decimal(v float64) plain { return plain(strconv.FormatFloat(v, 'f', 2, 64)) }

// freeTitle is a field name no field has: a second one of the same name would
// be the same field, and replace the first signature.
func (w *signatureWriter) freeTitle() (string, error) {
	_, root, err := w.file.catalog()
	if err != nil {
		return "", err
	}
	form, _ := w.file.dictOf(root.get("AcroForm"))
	taken := map[string]bool{}
	for _, v := range w.file.arrayOf(form.get("Fields")) {
		d, _ := w.file.dictOf(v)
		if t, ok := w.file.resolve(d.get("T")).(text); ok {
			taken[readText(t.b)] = true
		}
	}
	base := strings.ReplaceAll(w.options.Field, ".", "_") // a dot parts a name
	if base == "" {
		base = "ChuKy"
	}
	title := base
	for n := 2; taken[title]; n++ {
		title = base + strconv.Itoa(n)
	}
	return title, nil
}

// addToForm keeps the form's other entries and fields, and says PDF 1.7.
func (w *signatureWriter) addToForm(field ref) error {
	r, root, err := w.file.catalog()
	if err != nil {
		return err
	}
	form, ok := w.file.dictOf(root.get("AcroForm"))
	if !ok {
		form = dict{}
	}
	const existAndAppendOnly = 3
	form = form.with("Fields", append(slices.Clone(w.file.arrayOf(form.get("Fields"))), field)).with("SigFlags", existAndAppendOnly)
	if at, indirect := root.get("AcroForm").(ref); indirect && ok {
		w.replace(at, form)
	} else {
		root = root.with("AcroForm", form)
	}
	if v, ok := root.get("Version").(name); w.file.data[5] < '2' && (!ok || v < "1.7") {
		root = root.with("Version", name("1.7"))
	}
	w.replace(r, root)
	return nil
}

// graft copies the first page of the stamp into the update as a form XObject
// (section 8.10): one text engine draws everything there is to see.
func (w *signatureWriter) graft(s *Stamp) (ref, error) {
	bad := func(err error) (ref, error) { return ref{}, motcua.Fail(motcua.BadInput, "the stamp's document", err) }
	f, err := open(s.PDF)
	if err != nil {
		return bad(err)
	}
	pages, err := f.pages()
	if err != nil {
		return bad(err)
	}
	page, _ := f.dictOf(pages[0])
	content, ok := f.resolve(page.get("Contents")).(stream)
	if !ok {
		return bad(errMissing)
	}
	c := copier{from: f, to: w.update, done: map[ref]ref{}}
	look := dict{}.with("Type", name("XObject")).with("Subtype", name("Form")).
		with("BBox", array{0, 0, decimal(s.W), decimal(s.H)}).
		with("Resources", c.copy(f.resolve(page.get("Resources")))).
		with("Filter", c.copy(content.get("Filter")))
	if c.err != nil {
		return bad(c.err)
	}
	return w.add(stream{look, content.data}), nil
}

// copier copies objects into an update under new numbers.
type copier struct {
	from  *file
	to    *update
	done  map[ref]ref
	depth int
	err   error
}

func (c *copier) copy(v any) any {
	c.depth++
	defer func() { c.depth-- }()
	if c.depth > 4*maxDepth {
		c.err = errSyntax
		return nil
	}
	switch v := v.(type) {
	case ref:
		return c.copyRef(v)
	case array:
		out := make(array, len(v))
		for i, e := range v {
			out[i] = c.copy(e)
		}
		return out
	case dict:
		out := dict{}
		for _, k := range v.keys {
			out = out.with(k, c.copy(v.m[k]))
		}
		return out
	case stream:
		return stream{c.copy(v.dict.with("Length", nil)).(dict), v.data}
	}
	return v
}

func (c *copier) copyRef(r ref) any {
	if to, ok := c.done[r]; ok {
		return to
	}
	v, err := c.from.object(r)
	if err != nil {
		c.err = err
		return nil
	}
	to := c.to.add(nil)
	c.done[r] = to
	c.to.replace(to, c.copy(v))
	return to
}
