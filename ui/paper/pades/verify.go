package pades

import (
	"crypto/x509"
	"slices"
	"time"

	"motcua"
)

// State is what is known of one side of a signature. The zero value is
// Unknown: nothing becomes valid by being forgotten.
type State int

// The three states TT 15/2025/TT-BKHCN's checking software shows: chưa xác
// định, hợp lệ, không hợp lệ.
const (
	Unknown State = iota
	OK
	Bad
)

func (s State) String() string { return [...]string{"unknown", "ok", "bad"}[s] }

// Result is one signature, judged side by side.
type Result struct {
	Field  string            // name of the signature field
	Page   int               // where its widget stands, from 1; zero for nowhere
	Leaf   *x509.Certificate // the signer's; nil when the CMS cannot be read
	Above  []*x509.Certificate
	At     time.Time // the signer's clock (/M): a claim, not a proof; may be zero
	Reason string
	// Stamped is whether the signature carries an RFC 3161 timestamp. It is
	// not checked here and proves nothing yet.
	Stamped bool
	// Range is the signed bytes: offset and length, twice.
	Range [4]int

	Integrity   State // the signed bytes are those that were signed
	Signer      State // the certificate is the one the signature names, and may sign
	Certificate State // its chain ends at one of our roots and is valid
	// Revocation is always Unknown here: whoever has asked the certificate's
	// issuer sets it.
	Revocation State
	Time       State // Bad when the claimed time cannot be; never OK without a timestamp
	Coverage   State // nothing but further signatures was added after signing

	// Why is a short word for each side that is not OK, in the order above:
	// a key for ui/words, with no personal data.
	Why []string
}

// Overall is Bad when any side is, OK when all but the time are, and else
// Unknown: without an answer about revocation no signature is valid.
func (r Result) Overall() State {
	sides := []State{r.Integrity, r.Signer, r.Certificate, r.Revocation, r.Coverage}
	switch {
	case slices.Contains(append(sides, r.Time), Bad):
		return Bad
	case slices.Contains(sides, Unknown):
		return Unknown
	}
	return OK
}

func (r *Result) set(side *State, s State, why string) {
	*side = s
	if s != OK && why != "" {
		r.Why = append(r.Why, why)
	}
}

// Verify judges every signature of pdf, in the order they were made. roots are
// the only anchors trusted; nil leaves the certificates Unknown. now is the
// moment to judge certificates at.
//
// SignatureNone is the fault for a readable file without a signature, and
// PDFUnreadable for a file that is not readable as a whole: bytes that follow
// the last end of file are no reason, they make the coverage Bad.
func Verify(pdf []byte, roots *x509.CertPool, now time.Time) ([]Result, error) {
	f, err := open(pdf)
	if err != nil {
		return nil, err
	}
	fields, err := f.fields()
	if err != nil {
		return nil, err
	}
	var all []Result
	places := f.widgetPages()
	for _, field := range fields {
		if field.dict.get("V") == nil {
			continue
		}
		r := Result{Field: field.title, Page: places[field.ref]}
		f.judge(&r, field, roots, now)
		all = append(all, r)
		if len(all) > 100 {
			return nil, unreadable("too many signatures")
		}
	}
	if len(all) == 0 {
		return nil, motcua.Fail(motcua.SignatureNone, "", nil)
	}
	slices.SortStableFunc(all, func(a, b Result) int { return a.Range[2] + a.Range[3] - b.Range[2] - b.Range[3] })
	return all, nil
}

// widgetPages is the page of each annotation that pages list.
func (f *file) widgetPages() map[ref]int {
	at := map[ref]int{}
	pages, _ := f.pages()
	for i, p := range pages {
		d, _ := f.dictOf(p)
		for _, v := range f.arrayOf(d.get("Annots")) {
			if r, ok := v.(ref); ok {
				at[r] = i + 1
			}
		}
	}
	return at
}

// judge fills r in from the field's value.
func (f *file) judge(r *Result, field field, roots *x509.CertPool, now time.Time) {
	d, ok := f.dictOf(field.dict.get("V"))
	contents, isText := d.get("Contents").(text)
	signed, err := f.signedBytes(r, d, contents)
	if !ok || !isText || err != nil {
		r.set(&r.Integrity, Bad, "range")
		r.set(&r.Coverage, Bad, "")
		return
	}
	if t, ok := d.get("M").(text); ok {
		r.At, _ = readDate(t.b)
	}
	if t, ok := d.get("Reason").(text); ok {
		r.Reason = readText(t.b)
	}
	switch d.get("SubFilter") {
	case name("ETSI.CAdES.detached"), name("adbe.pkcs7.detached"):
		r.judgeCMS(contents.b, signed, d.get("SubFilter") == name("ETSI.CAdES.detached"))
	default:
		r.set(&r.Integrity, Unknown, "format")
	}
	if r.Leaf != nil {
		r.judgeCertificate(roots, now)
		r.judgeTime(now)
	}
	f.judgeCoverage(r)
}

// signedBytes is the bytes of the range, after making sure that the range
// leaves out the /Contents string of this very dictionary and nothing else.
func (f *file) signedBytes(r *Result, d dict, contents text) ([]byte, error) {
	a := f.arrayOf(d.get("ByteRange"))
	if len(a) != 4 {
		return nil, errSyntax
	}
	for i, v := range a {
		n, ok := number(v)
		if !ok || n > len(f.data) {
			return nil, errSyntax
		}
		r.Range[i] = n
	}
	first, hole, second, end := r.Range[0], r.Range[1], r.Range[2], r.Range[2]+r.Range[3]
	if first != 0 || hole != contents.from || second != contents.to || second < hole || end > len(f.data) || contents.to == 0 {
		return nil, errSyntax
	}
	return slices.Concat(f.data[:hole], f.data[second:end]), nil
}
