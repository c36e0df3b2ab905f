package main

import (
	"bytes"
	"crypto"
	"crypto/sha256"
	"crypto/x509"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"motcua/devices/pkcs11"
	"motcua/devices/virtual"
	"motcua/ui/paper"
	"motcua/ui/paper/pades"
)

const pin = "975310"

// desk is a receipt, its options, and the token of an invented officer behind
// a real helper process.
type desk struct {
	token   *virtual.Token
	tokens  *pkcs11.Tokens
	pdf     []byte
	options pades.Options
	roots   *x509.CertPool
}

func open(tb testing.TB) *desk {
	tb.Helper()
	for _, program := range []string{"pkcs11-tool", "softhsm2-util", "pdfsig", "certutil"} {
		if _, err := exec.LookPath(program); err != nil {
			if os.Getenv("MOTCUA_BENCH") == "1" {
				tb.Fatalf("%s is not installed", program)
			}
			tb.Skipf("%s is not installed", program)
		}
	}
	helper := filepath.Join(tb.TempDir(), "tokend")
	if out, err := exec.Command("go", "build", "-trimpath", "-tags", "x11,migrated_fynedo", "-o", helper, ".").CombinedOutput(); err != nil {
		tb.Fatalf("%v\n%s", err, out)
	}
	d := &desk{roots: x509.NewCertPool()}
	var err error
	if d.token, err = virtual.MakeToken(tb.Context(), filepath.Join(tb.TempDir(), "token"), "Thẻ ký số", "Nguyễn Vĩnh Nghĩa", []byte(pin)); err != nil {
		tb.Fatal(err)
	}
	d.tokens, err = pkcs11.Open(pkcs11.Config{
		Helper: helper, Modules: []string{d.token.ModulePath()}, Now: time.Now, Env: []string{"SOFTHSM2_CONF=" + d.token.Conf()},
	})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { d.tokens.Close() })
	d.roots.AppendCertsFromPEM(d.token.RootPEM())
	d.draw(tb)
	return d
}

func (d *desk) draw(tb testing.TB) {
	now := time.Now().Truncate(time.Second)
	r, err := paper.DrawReceipt(paper.Receipt{
		Unit: "Trung tâm Phục vụ hành chính công phường Thử Nghiệm", Number: "TAM-Q3-0012", Provisional: true, Procedure: "Chứng thực bản sao từ bản chính",
		Applicant: paper.Person{Name: "Lê Thị Thử", ID: "001190000017"}, Received: now, Officer: "Nguyễn Vĩnh Nghĩa",
	})
	if err != nil {
		tb.Fatal(err)
	}
	s, err := paper.DrawStamp(paper.Stamp{Signer: "Nguyễn Vĩnh Nghĩa", At: now, W: r.Sign.W, H: r.Sign.H})
	if err != nil {
		tb.Fatal(err)
	}
	d.pdf = r.PDF
	d.options = pades.Options{
		Now: func() time.Time { return now }, Roots: d.roots,
		Stamp: &pades.Stamp{PDF: s.PDF, Page: r.Sign.Page, X: r.Sign.X, Y: r.Sign.Y, W: r.Sign.W, H: r.Sign.H},
	}
}

// TestReceiptSignedByToken goes the whole way: draw, log in, sign in another
// process, let poppler judge the signature and NSS the certificate. (Poppler
// 22.12 does not say "trusted" of short chains: after NSS has said yes it reads
// the error of an extension NSS looked for in vain.)
func TestReceiptSignedByToken(t *testing.T) {
	d := open(t)
	list, err := d.tokens.List(t.Context())
	if err != nil || len(list) != 2 {
		t.Fatal(list, err)
	}
	dir := t.TempDir()
	root := filepath.Join(dir, "root.pem")
	if err := os.WriteFile(root, d.token.RootPEM(), 0o600); err != nil {
		t.Fatal(err)
	}
	tool(t, "certutil", "-N", "-d", "sql:"+dir, "--empty-password")
	tool(t, "certutil", "-A", "-d", "sql:"+dir, "-n", "root", "-t", "C,C,C", "-i", root)
	for _, c := range list {
		leaf := filepath.Join(dir, "leaf.der")
		if err := os.WriteFile(leaf, c.Leaf.Raw, 0o600); err != nil {
			t.Fatal(err)
		}
		tool(t, "certutil", "-A", "-d", "sql:"+dir, "-n", c.Fingerprint, "-t", ",,", "-i", leaf)
		tool(t, "certutil", "-V", "-d", "sql:"+dir, "-n", c.Fingerprint, "-u", "S", "-e")
		s, err := d.tokens.Open(t.Context(), c.Fingerprint, []byte(pin))
		if err != nil {
			t.Fatal(err)
		}
		signed, err := pades.Sign(d.pdf, s, s.Certificate(), nil, d.options)
		if err != nil {
			t.Fatal(err)
		}
		s.Close()
		if !bytes.HasPrefix(signed, d.pdf) {
			t.Error("the receipt's bytes moved")
		}
		all, err := pades.Verify(signed, d.roots, time.Now())
		if err != nil || all[0].Integrity != pades.OK || all[0].Certificate != pades.OK {
			t.Errorf("%+v, %v", all, err)
		}
		path := filepath.Join(dir, "signed.pdf")
		if err := os.WriteFile(path, signed, 0o600); err != nil {
			t.Fatal(err)
		}
		out := tool(t, "pdfsig", "-no-ocsp", "-nssdir", dir, path)
		for _, want := range []string{"Signature is Valid", "Total document signed", "Nguyễn Vĩnh Nghĩa", "ETSI.CAdES.detached"} {
			if !strings.Contains(out, want) {
				t.Errorf("pdfsig does not say %q:\n%s", want, out)
			}
		}
	}
}

func tool(t *testing.T, name string, args ...string) string {
	t.Helper()
	out, err := exec.Command(name, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", name, err, out)
	}
	return string(out)
}

// BenchmarkSignReceipt compares a signed receipt, checks included, with the
// token's signature alone, both through the helper.
func BenchmarkSignReceipt(b *testing.B) {
	d := open(b)
	list, err := d.tokens.List(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	digest := sha256.Sum256(d.pdf)
	for _, c := range list {
		s, err := d.tokens.Open(b.Context(), c.Fingerprint, []byte(pin))
		if err != nil {
			b.Fatal(err)
		}
		b.Run(s.Certificate().PublicKeyAlgorithm.String(), func(b *testing.B) {
			var bare, whole time.Duration
			for b.Loop() {
				start := time.Now()
				if _, err := s.Sign(nil, digest[:], crypto.SHA256); err != nil {
					b.Fatal(err)
				}
				bare += time.Since(start)
				start = time.Now()
				if _, err := pades.Sign(d.pdf, s, s.Certificate(), nil, d.options); err != nil {
					b.Fatal(err)
				}
				whole += time.Since(start)
			}
			b.ReportMetric(float64(whole)/float64(bare), "ratio")
			b.ReportMetric(whole.Seconds()*1000/float64(b.N), "ms/document")
		})
		s.Close()
	}
}
