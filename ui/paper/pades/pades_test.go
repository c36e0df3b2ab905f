package pades

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"motcua"
)

func TestSignedReceiptHolds(t *testing.T) {
	o := theOfficer()
	for kind, k := range map[string]signingKey{"RSA": o.rsa, "EC": o.ec} {
		pdf, options := receipt(t)
		signed := sign(t, pdf, k, options)
		if !bytes.HasPrefix(signed, pdf) {
			t.Fatalf("%s: signing moved a byte that was there", kind)
		}
		all, err := Verify(signed, o.pool, noon)
		if err != nil || len(all) != 1 {
			t.Fatalf("%s: %v, %v", kind, all, err)
		}
		r := all[0]
		if r.Integrity != OK || r.Signer != OK || r.Certificate != OK || r.Coverage != OK || r.Time != Unknown || r.Revocation != Unknown {
			t.Errorf("%s: %+v", kind, r)
		}
		if r.Field != "ChuKy" || r.Page != 1 || r.Reason != "Tiếp nhận hồ sơ" || !r.At.Equal(noon) || r.Leaf.Subject.CommonName != "Nguyễn Vĩnh Nghĩa" {
			t.Errorf("%s: %+v", kind, r)
		}
		if r.Overall() != Unknown {
			t.Error("valid without asking about revocation")
		}
		if r.Revocation = OK; r.Overall() != OK {
			t.Error("not valid with everything known")
		}
	}
}

// TestOthersAgree asks three programs of other authors.
func TestOthersAgree(t *testing.T) {
	needTool(t, "pdfsig", "certutil", "qpdf", "openssl", "pdfinfo")
	o := theOfficer()
	pdf, options := receipt(t)
	for kind, k := range map[string]signingKey{"RSA": o.rsa, "EC": o.ec} {
		signed := sign(t, pdf, k, options)
		signed = sign(t, signed, o.ec, Options{Now: atNoon, Hash: crypto.SHA384})
		all, err := Verify(signed, o.pool, noon)
		if err != nil || len(all) != 2 {
			t.Fatal(all, err)
		}
		a := all[0].Range
		dir := put(t, map[string][]byte{
			"s.pdf": signed, "root.pem": pemOf(o.root), "between.pem": pemOf(o.between),
			"content.bin": append(append([]byte(nil), signed[:a[1]]...), signed[a[2]:a[2]+a[3]]...),
			"sig.der":     holeOf(t, signed, a),
		})
		if out, err := run(dir, "qpdf", "--check", "s.pdf"); err != nil || strings.Contains(out, "WARNING") {
			t.Errorf("%s: qpdf: %v\n%s", kind, err, out)
		}
		if out, _ := run(dir, "pdfinfo", "s.pdf"); !strings.Contains(out, "1.7") {
			t.Errorf("%s: not PDF 1.7\n%s", kind, out)
		}
		// The certificates are of 2026: openssl judges them at that time.
		out, err := run(dir, "openssl", "cms", "-verify", "-binary", "-cades", "-inform", "DER", "-in", "sig.der", "-content", "content.bin",
			"-CAfile", "root.pem", "-purpose", "any", "-attime", fmt.Sprint(noon.Unix()), "-out", os.DevNull)
		if err != nil || !strings.Contains(out, "CAdES Verification successful") {
			t.Errorf("%s: openssl: %v\n%s", kind, err, out)
		}
		if err := os.Mkdir(dir+"/nss", 0o700); err != nil {
			t.Fatal(err)
		}
		for _, args := range [][]string{
			{"-N", "-d", "sql:nss", "--empty-password"},
			{"-A", "-d", "sql:nss", "-n", "root", "-t", "C,C,C", "-i", "root.pem"},
		} {
			if out, err := run(dir, "certutil", args...); err != nil {
				t.Fatalf("certutil: %v %s", err, out)
			}
		}
		out, _ = run(dir, "pdfsig", "-no-ocsp", "-nssdir", "nss", "s.pdf")
		if strings.Count(out, "Signature is Valid") != 2 || strings.Count(out, "Nguyễn Vĩnh Nghĩa") < 2 ||
			!strings.Contains(out, "ETSI.CAdES.detached") {
			t.Errorf("%s: pdfsig:\n%s", kind, out)
		}
	}
}

// holeOf is the CMS between the ranges.
func holeOf(t *testing.T, signed []byte, a [4]int) []byte {
	t.Helper()
	var out []byte
	if _, err := fmt.Sscanf(string(signed[a[1]+1:a[2]-1]), "%x", &out); err != nil {
		t.Fatal(err)
	}
	return trim(out)
}

// TestStampIsSeen renders the page with and without the signature.
func TestStampIsSeen(t *testing.T) {
	needTool(t, "pdftotext", "pdftoppm")
	pdf, options := receipt(t)
	dir := put(t, map[string][]byte{"a.pdf": pdf, "b.pdf": sign(t, pdf, theOfficer().rsa, options)})
	before, _ := run(dir, "pdftotext", "a.pdf", "-")
	after, _ := run(dir, "pdftotext", "b.pdf", "-")
	if strings.Contains(before, "Ký bởi") {
		t.Error("the stamp is there before the signature")
	}
	for _, want := range []string{"Nguyễn Vĩnh Nghĩa", "2026-11-23T16:47:59+07:00", "Ủy ban nhân dân phường Thử Nghiệm"} {
		if !strings.Contains(after, want) {
			t.Errorf("the page does not show %q", want)
		}
	}
}

func TestSignIsDeterministicButForTheKey(t *testing.T) {
	pdf, options := receipt(t)
	k := theOfficer().rsa // PKCS #1 v1.5 knows no chance
	if !bytes.Equal(sign(t, pdf, k, options), sign(t, pdf, k, options)) {
		t.Error("the same signature twice differs")
	}
}

// TestEveryBitCounts flips bits all over a signed file, and none goes unnoticed.
func TestEveryBitCounts(t *testing.T) {
	o := theOfficer()
	pdf, options := receipt(t)
	signed := sign(t, pdf, o.ec, options)
	all, _ := Verify(signed, o.pool, noon)
	hole := all[0].Range
	for i := 0; i < len(signed); i += 97 {
		if i > hole[1]+4000 && i < hole[2]-1 {
			continue // the zeros that fill the hole belong to nobody
		}
		spoiled := bytes.Clone(signed)
		spoiled[i] ^= 1 << (i % 8)
		all, err := Verify(spoiled, o.pool, noon)
		for _, r := range all {
			// Of the CMS itself only the signed parts are protected; its list
			// of digests, say, is not. Whose it is may not change.
			harmless := i > hole[1] && i < hole[2] && r.Leaf.Equal(o.ec.cert)
			if err == nil && r.Integrity == OK && r.Signer == OK && r.Certificate == OK && r.Coverage == OK && !harmless {
				t.Fatalf("byte %d of %d was changed unnoticed", i, len(signed))
			}
		}
	}
}

func TestAppendedBytesAreSeen(t *testing.T) {
	o := theOfficer()
	pdf, options := receipt(t)
	signed := sign(t, pdf, o.rsa, options)
	for name, tail := range map[string]string{
		"newline": "\n", "text": "thêm\n", "a mark": "% thêm\n%%EOF\n", "an old table": "startxref\n" + oldStart(signed) + "\n%%EOF\n",
	} {
		all, err := Verify(append(bytes.Clone(signed), tail...), o.pool, noon)
		if err != nil {
			continue // not readable is seen too
		}
		if all[0].Coverage != Bad || all[0].Integrity != OK {
			t.Errorf("%s: %+v", name, all[0])
		}
	}
}

func oldStart(signed []byte) string {
	n, _ := lastTable(signed)
	return fmt.Sprint(n)
}

// TestTwoSignaturesCoverEachOther: the first stays whole when a second is
// added, and does not when anything else is.
func TestTwoSignaturesCoverEachOther(t *testing.T) {
	o := theOfficer()
	pdf, options := receipt(t)
	once := sign(t, pdf, o.rsa, options)
	twice := sign(t, once, o.ec, Options{Now: atNoon})
	all, err := Verify(twice, o.pool, noon)
	if err != nil || len(all) != 2 || all[0].Field != "ChuKy" || all[1].Field != "ChuKy2" {
		t.Fatalf("%+v, %v", all, err)
	}
	for _, r := range all {
		if r.Integrity != OK || r.Coverage != OK {
			t.Errorf("%s: %+v", r.Field, r)
		}
	}
	for name, change := range map[string]func(*update){
		"another page content": func(u *update) {
			pages, _ := u.file.pages()
			d, _ := u.file.dictOf(pages[0])
			u.replace(pages[0], d.with("Contents", u.add(stream{dict{}, []byte("BT ET")})))
		},
		"a content stream replaced": func(u *update) {
			pages, _ := u.file.pages()
			d, _ := u.file.dictOf(pages[0])
			u.replace(d.get("Contents").(ref), stream{dict{}, []byte("BT ET")})
		},
		"an annotation": func(u *update) {
			pages, _ := u.file.pages()
			d, _ := u.file.dictOf(pages[0])
			note := u.add(dict{}.with("Type", name_("Annot")).with("Subtype", name_("FreeText")).with("Rect", array{0, 0, 500, 500}))
			u.replace(pages[0], d.with("Annots", append(u.file.arrayOf(d.get("Annots")), note)))
		},
		"the form on a page's content": func(u *update) {
			at, root, _ := u.file.catalog()
			pages, _ := u.file.pages()
			d, _ := u.file.dictOf(pages[0])
			form, _ := u.file.dictOf(root.get("AcroForm"))
			u.replace(d.get("Contents").(ref), form)
			u.replace(at, root.with("AcroForm", d.get("Contents")))
		},
		"the first signature's stamp": func(u *update) {
			fields, _ := u.file.fields()
			u.replace(fields[0].ref, fields[0].dict.with("AP", nil))
		},
		"an open action": func(u *update) {
			at, root, _ := u.file.catalog()
			u.replace(at, root.with("OpenAction", dict{}.with("S", name_("JavaScript"))))
		},
	} {
		f, err := open(once)
		if err != nil {
			t.Fatal(err)
		}
		u := newUpdate(f)
		change(u)
		for kind, spoiled := range map[string][]byte{"": u.bytes(), " then signed": sign(t, u.bytes(), o.ec, Options{Now: atNoon})} {
			all, err := Verify(spoiled, o.pool, noon)
			if err != nil || len(all) == 0 || all[0].Coverage != Bad || all[0].Integrity != OK {
				t.Errorf("%s%s: %+v, %v", name, kind, all, err)
			}
		}
	}
}

func name_(s string) name { return name(s) }

// liar answers with somebody else's signature.
type liar struct {
	crypto.Signer
	honest crypto.Signer
}

func (l liar) Public() crypto.PublicKey { return l.honest.Public() }

type broken struct{ crypto.Signer }

func (broken) Sign(io.Reader, []byte, crypto.SignerOpts) ([]byte, error) {
	return nil, motcua.Fail(motcua.TokenRemoved, "", nil)
}

func TestSignRefuses(t *testing.T) {
	o := theOfficer()
	pdf, options := receipt(t)
	spoil := func(change func(*x509.Certificate)) *x509.Certificate {
		return certify("Nguyễn Vĩnh Nghĩa", change, nil, o.ec.Signer, o.ec.Signer, false)
	}
	for name, c := range map[string]struct {
		pdf    []byte
		key    crypto.Signer
		cert   *x509.Certificate
		change func(*Options)
		want   motcua.Code
	}{
		"expired":      {pdf, o.ec, spoil(func(c *x509.Certificate) { c.NotAfter = noon.Add(-time.Hour) }), nil, motcua.TokenCertificate},
		"not yet":      {pdf, o.ec, spoil(func(c *x509.Certificate) { c.NotBefore = noon.Add(time.Hour) }), nil, motcua.TokenCertificate},
		"encrypts":     {pdf, o.ec, spoil(func(c *x509.Certificate) { c.KeyUsage = x509.KeyUsageKeyEncipherment }), nil, motcua.TokenCertificate},
		"other key":    {pdf, o.ec, o.rsa.cert, nil, motcua.TokenCertificate},
		"liar":         {pdf, liar{ecKey(), o.ec}, o.ec.cert, nil, motcua.TokenSignature},
		"token leaves": {pdf, broken{o.ec}, o.ec.cert, nil, motcua.TokenRemoved},
		"no PDF":       {[]byte("xin chào"), o.ec, o.ec.cert, nil, motcua.PDFUnreadable},
		"empty":        {nil, o.ec, o.ec.cert, nil, motcua.PDFUnreadable},
		"SHA-1":        {pdf, o.ec, o.ec.cert, func(o *Options) { o.Hash = crypto.SHA1 }, motcua.BadInput},
		"no page 9":    {pdf, o.ec, o.ec.cert, func(o *Options) { o.Stamp = &Stamp{PDF: pdf, Page: 9, W: 9, H: 9} }, motcua.BadInput},
		"no stamp":     {pdf, o.ec, o.ec.cert, func(o *Options) { o.Stamp = &Stamp{PDF: []byte("x"), Page: 1, W: 9, H: 9} }, motcua.BadInput},
		"no clock":     {pdf, o.ec, o.ec.cert, func(o *Options) { o.Now = nil }, motcua.BadInput},
	} {
		options := options
		if c.change != nil {
			c.change(&options)
		}
		out, err := Sign(c.pdf, c.key, c.cert, nil, options)
		if motcua.CodeOf(err) != c.want || out != nil && c.want != "" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestJudgement: what is not known is not called good, and not called bad.
func TestJudgement(t *testing.T) {
	o := theOfficer()
	pdf, options := receipt(t)
	signed := sign(t, pdf, o.ec, options)
	for name, c := range map[string]struct {
		roots *x509.CertPool
		now   time.Time
		want  State
	}{
		"no store": {nil, noon, Unknown}, "another store": {x509.NewCertPool(), noon, Unknown},
		"years later": {o.pool, noon.AddDate(5, 0, 0), Unknown}, "today": {o.pool, noon, OK},
	} {
		all, err := Verify(signed, c.roots, c.now)
		if err != nil || all[0].Certificate != c.want {
			t.Errorf("%s: %+v, %v", name, all, err)
		}
	}
	if all, _ := Verify(signed, o.pool, noon.AddDate(0, -1, 0)); all[0].Time != Bad {
		t.Error("a signature of the future is not noticed")
	}
	if _, err := Verify(pdf, o.pool, noon); motcua.CodeOf(err) != motcua.SignatureNone {
		t.Errorf("without a signature: %v", err)
	}
}

// TestAnotherOnesCertificate: the CMS of one officer with the certificate of
// another, same number and same key, is refused: the attributes name the first.
func TestAnotherOnesCertificate(t *testing.T) {
	o := theOfficer()
	pdf, _ := receipt(t)
	twin := func(name string) *x509.Certificate {
		return certify(name, func(c *x509.Certificate) { c.SerialNumber = o.between.SerialNumber; c.Issuer = o.root.Subject },
			o.root, o.rsa.Signer, o.rootKey, false)
	}
	right, wrong := twin("Nguyễn Vĩnh Nghĩa"), twin("Nguyễn Vĩnh Nghía") // RSA signatures of the root: one length
	signed := sign(t, pdf, signingKey{o.rsa, right}, Options{Now: atNoon})
	all, err := Verify(signed, o.pool, noon)
	if err != nil || all[0].Signer != OK {
		t.Fatal(all, err)
	}
	cms := holeOf(t, signed, all[0].Range)
	forged := bytes.Replace(cms, right.Raw, wrong.Raw, 1)
	if len(forged) != len(cms) || bytes.Equal(forged, cms) {
		t.Fatal("the forgery is none")
	}
	copy(signed[all[0].Range[1]+1:], fmt.Sprintf("%X", forged))
	all, err = Verify(signed, o.pool, noon)
	if err != nil || all[0].Integrity != OK || all[0].Certificate != OK || all[0].Signer != Bad {
		t.Errorf("%+v, %v", all, err)
	}
}

func FuzzVerify(f *testing.F) {
	pdf, options := receipt(f)
	o := theOfficer()
	signed := sign(f, pdf, o.ec, Options{Now: atNoon})
	f.Add(signed)
	f.Add(sign(f, sign(f, pdf, o.ec, options), o.rsa, options))
	f.Add([]byte("%PDF-1.4\nxref\n0 1\n0000000000 65535 f \ntrailer\n<</Size 1/Root 1 0 R>>\nstartxref\n9\n%%EOF"))
	f.Fuzz(func(t *testing.T, b []byte) {
		all, err := Verify(b, o.pool, noon)
		if err == nil && len(all) == 0 {
			t.Error("neither a result nor a fault")
		}
		if err != nil && motcua.CodeOf(err) == motcua.Internal {
			t.Error(err)
		}
	})
}

// FuzzParse goes deeper than whole files can: one object after another.
func FuzzParse(f *testing.F) {
	f.Add([]byte("<</A[1 0 R(a\\(b\\)\\051)<48>]/B#20c true>>"))
	f.Add([]byte("[[[[<<>>]]]]"))
	f.Fuzz(func(t *testing.T, b []byte) {
		p := parser{data: b}
		v, err := p.value()
		if err != nil {
			return
		}
		var out bytes.Buffer
		write(&out, v)
		again := parser{data: out.Bytes()}
		w, err := again.value()
		if err != nil || !same(v, w) {
			t.Errorf("%q is written as %q and read otherwise: %v", b, out.Bytes(), err)
		}
	})
}

// BenchmarkSign compares signing a receipt, its check included, with the bare
// operation of the key: "ratio" is how many times longer it takes.
func BenchmarkSign(b *testing.B) {
	pdf, options := receipt(b)
	k := theOfficer().rsa
	digest := make([]byte, 32)
	var bare, whole time.Duration
	for b.Loop() {
		start := time.Now()
		if _, err := k.Sign(nil, digest, crypto.SHA256); err != nil {
			b.Fatal(err)
		}
		bare += time.Since(start)
		start = time.Now()
		sign(b, pdf, k, options)
		whole += time.Since(start)
	}
	b.ReportMetric(float64(whole)/float64(bare), "ratio")
	b.ReportMetric(whole.Seconds()*1000/float64(b.N), "ms/document")
}
