package pades

// catalog is the root of the document and its number.
func (f *file) catalog() (ref, dict, error) {
	r, ok := f.trailer.get("Root").(ref)
	d, isDict := f.dictOf(r)
	if !ok || !isDict {
		return ref{}, dict{}, unreadable("no catalog")
	}
	return r, d, nil
}

// pages is the numbers of the document's pages in order.
func (f *file) pages() ([]ref, error) {
	_, root, err := f.catalog()
	if err != nil {
		return nil, err
	}
	var all []ref
	seen := map[ref]bool{}
	var walk func(v any, depth int)
	walk = func(v any, depth int) {
		r, ok := v.(ref)
		if !ok || seen[r] || depth > maxDepth || len(all) > 100_000 {
			return
		}
		seen[r] = true
		d, _ := f.dictOf(r)
		switch d.get("Type") {
		case name("Page"):
			all = append(all, r)
		case name("Pages"):
			for _, kid := range f.arrayOf(d.get("Kids")) {
				walk(kid, depth+1)
			}
		}
	}
	walk(root.get("Pages"), 0)
	if len(all) == 0 {
		return nil, unreadable("no pages")
	}
	return all, nil
}

// field is a signature field of the form.
type field struct {
	ref   ref
	dict  dict
	title string
}

// fields is the signature fields of the document, signed or not. Fields may be
// nested and inherit their type (section 12.7.3.1).
func (f *file) fields() ([]field, error) {
	_, root, err := f.catalog()
	if err != nil {
		return nil, err
	}
	form, _ := f.dictOf(root.get("AcroForm"))
	var all []field
	seen := map[ref]bool{}
	var walk func(v any, kind any, title string, depth int)
	walk = func(v any, kind any, title string, depth int) {
		r, ok := v.(ref)
		d, isDict := f.dictOf(r)
		if !ok || !isDict || seen[r] || depth > maxDepth {
			return
		}
		seen[r] = true
		if ft := f.resolve(d.get("FT")); ft != nil {
			kind = ft
		}
		if t, ok := f.resolve(d.get("T")).(text); ok {
			title = joinTitle(title, readText(t.b))
		}
		if kind == name("Sig") && d.get("Kids") == nil {
			all = append(all, field{ref: r, dict: d, title: title})
		}
		for _, kid := range f.arrayOf(d.get("Kids")) {
			walk(kid, kind, title, depth+1)
		}
	}
	for _, v := range f.arrayOf(form.get("Fields")) {
		walk(v, nil, "", 0)
	}
	return all, nil
}

func joinTitle(parent, child string) string {
	if parent == "" {
		return child
	}
	return parent + "." + child
}
