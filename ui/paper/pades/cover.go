package pades

import (
	"bytes"
	"slices"
)

// judgeCoverage asks what was added after the signature. The end of the file
// is right behind the signed bytes, or what follows is incremental updates
// that add signatures and change nothing else.
func (f *file) judgeCoverage(r *Result) {
	end := r.Range[2] + r.Range[3]
	if end == len(f.data) {
		r.set(&r.Coverage, OK, "")
		return
	}
	old, err := open(f.data[:end])
	switch {
	case err != nil || !endsWithMark(f.data[:end]):
		r.set(&r.Coverage, Bad, "range")
	case !endsWithMark(f.data) || f.start < end || !f.chain[old.start]:
		r.set(&r.Coverage, Bad, "bytes-added")
	case !f.onlySignaturesSince(old):
		r.set(&r.Coverage, Bad, "changed-after")
	default:
		r.set(&r.Coverage, OK, "")
	}
}

// endsWithMark is whether data ends with %%EOF and at most one end of line.
func endsWithMark(data []byte) bool {
	for _, eol := range []string{"", "\n", "\r", "\r\n"} {
		if bytes.HasSuffix(data, []byte("%%EOF"+eol)) {
			return true
		}
	}
	return false
}

// onlySignaturesSince compares the objects of old with those of f. A number is
// the same when it lies at the same offset: those bytes are signed.
func (f *file) onlySignaturesSince(old *file) bool {
	rootAt, root, err1 := f.catalog()
	oldRootAt, oldRoot, err2 := old.catalog()
	if err1 != nil || err2 != nil || rootAt != oldRootAt || !same(f.trailer.get("Info"), old.trailer.get("Info")) {
		return false
	}
	added, ok := f.formGrew(oldRoot, root, old)
	if !ok || !onlyKeysDiffer(oldRoot, root, "AcroForm", "Version", "DSS", "Extensions") {
		return false
	}
	formAt, _ := root.get("AcroForm").(ref)
	if oldRoot.get("AcroForm") != any(formAt) {
		formAt = ref{} // not the form's number before: then what it was must not change
	}
	for num, was := range old.at {
		is, still := f.at[num]
		at := ref{num, is.gen}
		switch {
		case was == is, was.offset == 0:
		case !still || is.offset == 0:
			return false
		case at == rootAt || at == formAt:
		case !f.grewBySignatures(old, ref{num, was.gen}, at, added):
			return false
		}
	}
	return !f.fillsGap(old)
}

// fillsGap is whether an object of old refers to a number that was free then
// and is taken now: a file prepared before signing could gain content so.
func (f *file) fillsGap(old *file) bool {
	var gap func(v any) bool
	gap = func(v any) bool {
		switch v := v.(type) {
		case ref:
			return old.at[v.num].offset == 0 && f.at[v.num].offset != 0
		case array:
			return slices.ContainsFunc(v, func(e any) bool { return gap(e) })
		case dict:
			return slices.ContainsFunc(v.keys, func(k name) bool { return gap(v.m[k]) })
		case stream:
			return gap(v.dict)
		}
		return false
	}
	for num, at := range old.at {
		if at.offset == 0 {
			continue
		}
		if v, err := old.object(ref{num, at.gen}); err == nil && gap(v) {
			return true
		}
	}
	return false
}

// formGrew is the fields added to the form, all of them signed signature
// fields, when the form did nothing but grow.
func (f *file) formGrew(oldRoot, root dict, old *file) (added map[ref]bool, ok bool) {
	was, _ := old.dictOf(oldRoot.get("AcroForm"))
	is, _ := f.dictOf(root.get("AcroForm"))
	before, after := old.arrayOf(was.get("Fields")), f.arrayOf(is.get("Fields"))
	if !onlyKeysDiffer(was, is, "Fields", "SigFlags") || !isPrefix(before, after) {
		return nil, false
	}
	added = map[ref]bool{}
	for _, v := range after[len(before):] {
		r, _ := v.(ref)
		d, _ := f.dictOf(v)
		if d.get("FT") != name("Sig") || d.get("V") == nil || d.get("Kids") != nil {
			return nil, false
		}
		added[r] = true
	}
	return added, true
}

// grewBySignatures is whether an object of old became, in f, what adding the
// signatures makes of it: a page with their widgets, or a list of them.
func (f *file) grewBySignatures(old *file, wasAt, isAt ref, added map[ref]bool) bool {
	was, err1 := old.object(wasAt)
	is, err2 := f.object(isAt)
	if err1 != nil || err2 != nil {
		return false
	}
	if same(was, is) {
		return true
	}
	switch is := is.(type) {
	case dict:
		was, ok := was.(dict)
		if ok && was.get("FT") == name("Sig") && was.get("V") == nil {
			return onlyKeysDiffer(was, is, "V", "AP") // a field kept free for it
		}
		return ok && is.get("Type") == name("Page") && onlyKeysDiffer(was, is, "Annots") &&
			onlyAdded(old.arrayOf(was.get("Annots")), f.arrayOf(is.get("Annots")), added)
	case array:
		was, ok := was.(array)
		return ok && onlyAdded(was, is, added)
	}
	return false
}

func onlyAdded(before, after array, added map[ref]bool) bool {
	if !isPrefix(before, after) {
		return false
	}
	for _, v := range after[len(before):] {
		if r, ok := v.(ref); !ok || !added[r] {
			return false
		}
	}
	return true
}

func isPrefix(before, after array) bool {
	return len(before) <= len(after) && same(before, after[:len(before)])
}

// onlyKeysDiffer is whether a and b are alike but for the named keys.
func onlyKeysDiffer(a, b dict, but ...name) bool {
	count := func(d dict) (n int) {
		for _, k := range d.keys {
			if !slices.Contains(but, k) {
				n++
			}
		}
		return n
	}
	for _, k := range a.keys {
		if !slices.Contains(but, k) && (b.m[k] == nil || !same(a.m[k], b.m[k])) {
			return false
		}
	}
	return count(a) == count(b)
}
