package pades

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"motcua/ui/paper"
)

// noon is when everything here is signed and judged.
var noon = time.Date(2026, time.November, 23, 16, 47, 59, 0, vietnam)

func atNoon() time.Time { return noon }

// officer is a root, an authority below it, and two keys of an officer whose
// name holds the letter that ends a string in careless writers.
type officer struct {
	root, between *x509.Certificate
	rootKey       crypto.Signer
	rsa, ec       signingKey
	pool          *x509.CertPool
}

type signingKey struct {
	crypto.Signer
	cert *x509.Certificate
}

var theOfficer = sync.OnceValue(func() *officer {
	o := &officer{pool: x509.NewCertPool()}
	top, err := rsa.GenerateKey(rand.Reader, 2048) // its signatures are of one length
	if err != nil {
		panic(err)
	}
	mid := ecKey()
	o.rootKey = top
	o.root = certify("Gốc thử nghiệm", nil, nil, top, top, true)
	o.between = certify("Trung gian thử nghiệm", nil, o.root, mid, top, true)
	o.pool.AddCert(o.root)
	r, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	e := ecKey()
	o.rsa = signingKey{r, certify("Nguyễn Vĩnh Nghĩa", nil, o.between, r, mid, false)}
	o.ec = signingKey{e, certify("Nguyễn Vĩnh Nghĩa", nil, o.between, e, mid, false)}
	return o
})

func ecKey() crypto.Signer {
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err)
	}
	return k
}

// certify makes a certificate; change may spoil it.
func certify(name string, change func(*x509.Certificate), parent *x509.Certificate, key, by crypto.Signer, ca bool) *x509.Certificate {
	serial, _ := rand.Int(rand.Reader, big.NewInt(1<<62))
	t := &x509.Certificate{
		SerialNumber: serial, Subject: pkix.Name{Country: []string{"VN"}, CommonName: name},
		NotBefore: noon.AddDate(-1, 0, 0), NotAfter: noon.AddDate(2, 0, 0),
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageContentCommitment,
	}
	if ca {
		t.IsCA, t.BasicConstraintsValid, t.KeyUsage = true, true, x509.KeyUsageCertSign|x509.KeyUsageCRLSign
	}
	if change != nil {
		change(t)
	}
	if parent == nil {
		parent = t
	}
	der, err := x509.CreateCertificate(rand.Reader, t, parent, key.Public(), by)
	if err != nil {
		panic(err)
	}
	c, err := x509.ParseCertificate(der)
	if err != nil {
		panic(err)
	}
	return c
}

// receipt is a drawn document and the options to sign it visibly.
func receipt(t testing.TB) ([]byte, Options) {
	t.Helper()
	d, err := paper.DrawReceipt(paper.Receipt{
		Unit: "Trung tâm Phục vụ hành chính công phường Thử Nghiệm", Number: "H26.01.02-261123-0012", Procedure: "Chứng thực",
		Applicant: paper.Person{Name: "Lê Thị Thử", ID: "001190000017"}, Received: noon, Officer: "Nguyễn Vĩnh Nghĩa",
	})
	if err != nil {
		t.Fatal(err)
	}
	s, err := paper.DrawStamp(paper.Stamp{Signer: "Nguyễn Vĩnh Nghĩa", Agency: "Ủy ban nhân dân phường Thử Nghiệm", At: noon, W: d.Sign.W, H: d.Sign.H})
	if err != nil {
		t.Fatal(err)
	}
	return d.PDF, Options{
		Now: atNoon, Reason: "Tiếp nhận hồ sơ", Location: "Thử Nghiệm",
		Stamp: &Stamp{PDF: s.PDF, Page: d.Sign.Page, X: d.Sign.X, Y: d.Sign.Y, W: d.Sign.W, H: d.Sign.H},
	}
}

// sign signs pdf with one of the officer's keys.
func sign(t testing.TB, pdf []byte, k signingKey, o Options) []byte {
	t.Helper()
	out, err := Sign(pdf, k, k.cert, []*x509.Certificate{theOfficer().between}, o)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func needTool(t *testing.T, names ...string) {
	t.Helper()
	for _, name := range names {
		if _, err := exec.LookPath(name); err != nil {
			if os.Getenv("MOTCUA_BENCH") == "1" {
				t.Fatalf("%s is not installed", name)
			}
			t.Skipf("%s is not installed", name)
		}
	}
}

// run returns what a program says, and whether it was content.
func run(dir, name string, args ...string) (string, error) {
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// put writes files into a fresh directory.
func put(t *testing.T, files map[string][]byte) string {
	t.Helper()
	dir := t.TempDir()
	for name, b := range files {
		if err := os.WriteFile(filepath.Join(dir, name), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func pemOf(certs ...*x509.Certificate) []byte {
	var out []byte
	for _, c := range certs {
		out = append(out, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw})...)
	}
	return out
}
