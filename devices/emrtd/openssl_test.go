package emrtd

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

// openssl runs the command line, somebody else's encoder and verifier.
func openssl(t testing.TB, dir string, args ...string) ([]byte, error) {
	t.Helper()
	path, err := exec.LookPath("openssl")
	if err != nil {
		if os.Getenv("MOTCUA_BENCH") == "1" {
			t.Fatal("openssl is not installed: apt-get install openssl")
		}
		t.Skip("openssl is not installed")
	}
	cmd := exec.Command(path, args...)
	cmd.Dir = dir
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil && testing.Verbose() {
		t.Logf("openssl %v: %s", args, stderr.String())
	}
	return out, err
}

func must(t testing.TB, dir string, args ...string) {
	t.Helper()
	if _, err := openssl(t, dir, args...); err != nil {
		t.Fatalf("openssl %v: %v", args, err)
	}
}

// minting is how a document is signed.
type minting struct {
	name   string
	key    []string // of openssl genpkey
	md     string   // of the signature and of the signed attributes
	lds    string   // of the data groups; empty is md
	pss    bool
	keyID  bool // signer named by key identifier
	reason string
	alone  bool // openssl 1.1.1h and later refuses to build such a chain
}

func ec(name string, more ...string) []string {
	return append([]string{"-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:" + name}, more...)
}

var (
	rsa2048  = []string{"-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"}
	explicit = []string{"-pkeyopt", "ec_param_enc:explicit"}
)

var mintings = []minting{
	{name: "brainpoolP384r1 SHA-256", key: ec("brainpoolP384r1"), md: "sha256"}, // what citizen cards have
	{name: "brainpoolP256r1 SHA-256", key: ec("brainpoolP256r1"), md: "sha256"},
	{name: "brainpoolP512r1 SHA-512", key: ec("brainpoolP512r1"), md: "sha512"},
	{name: "P-256 SHA-256", key: ec("P-256"), md: "sha256"},
	{name: "P-384 SHA-384", key: ec("P-384"), md: "sha384"},
	{name: "P-521 SHA-512", key: ec("P-521"), md: "sha512"},
	{name: "P-256 SHA-224", key: ec("P-256"), md: "sha224"},
	{name: "P-256 SHA-1", key: ec("P-256"), md: "sha1", reason: reasonSHA1},
	{name: "brainpoolP256r1 explicit", key: ec("brainpoolP256r1", explicit...), md: "sha256", alone: true},
	{name: "P-256 explicit", key: ec("P-256", explicit...), md: "sha256", alone: true},
	{name: "RSA SHA-256", key: rsa2048, md: "sha256"},
	{name: "RSA SHA-1", key: rsa2048, md: "sha1", reason: reasonSHA1},
	{name: "RSA-PSS SHA-256", key: rsa2048, md: "sha256", pss: true},
	{name: "RSA-PSS SHA-512", key: rsa2048, md: "sha512", pss: true},
	{name: "signer by key identifier", key: ec("P-256"), md: "sha256", keyID: true},
	{name: "groups SHA-512, signature SHA-256", key: ec("brainpoolP384r1"), md: "sha256", lds: "sha512"},
}

// testGroups is what the test documents hold; 3 is listed and never read.
func testGroups() map[int][]byte {
	g := map[int][]byte{}
	for _, n := range []int{1, 2, 13, 14, 15} {
		g[n] = appendTLV(nil, uint32(groupTags[n]), []byte{4, 1, byte(n)})
	}
	return g
}

var ldsDigests = map[string]string{"sha1": "1.3.14.3.2.26", "sha224": "2.16.840.1.101.3.4.2.4",
	"sha256": "2.16.840.1.101.3.4.2.1", "sha384": "2.16.840.1.101.3.4.2.2", "sha512": "2.16.840.1.101.3.4.2.3"}

// ldsObject encodes LDSSecurityObject over the groups. Its object identifiers
// are those the parser knows, in the encoding of openssl.
func ldsObject(t testing.TB, dir, md string, groups map[int][]byte) []byte {
	oid, err := openssl(t, dir, "asn1parse", "-genstr", "OID:"+ldsDigests[md], "-noout", "-out", "/dev/stdout")
	if err != nil {
		t.Fatal(err)
	}
	var list []byte
	add := func(n int, hash []byte) {
		one := appendTLV(appendTLV(nil, 2, []byte{byte(n)}), 4, hash)
		list = appendTLV(list, 0x30, one)
	}
	for n := 1; n <= 16; n++ {
		h := digests[ldsDigests[md]]
		if g, ok := groups[n]; ok {
			add(n, digestOf(h, g))
		} else if n == 3 {
			add(n, make([]byte, h.Size()))
		}
	}
	body := append([]byte{2, 1, 0}, appendTLV(nil, 0x30, append(oid, 5, 0))...)
	return appendTLV(nil, 0x30, appendTLV(body, 0x30, list))
}

// document is a signed SOD with its authority.
type document struct {
	dir    string
	cms    []byte
	sod    []byte
	anchor []byte
	groups map[int][]byte
}

// mint makes an authority and a signer with the openssl command line and signs.
func mint(t testing.TB, m minting) document {
	t.Helper()
	d := document{dir: t.TempDir(), groups: testGroups()}
	if m.lds == "" {
		m.lds = m.md
	}
	certMD := m.md
	pss := []string{}
	if m.pss {
		pss = []string{"-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:digest"}
	}
	extensions := "[ca]\nbasicConstraints=critical,CA:TRUE\nsubjectKeyIdentifier=hash\nkeyUsage=critical,keyCertSign,cRLSign\n" +
		"[signer]\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\nkeyUsage=critical,digitalSignature\n[req]\ndistinguished_name=dn\n[dn]\n"
	write(t, d.dir, "ext.cnf", []byte(extensions))
	write(t, d.dir, "lds.der", ldsObject(t, d.dir, m.lds, d.groups))
	for _, who := range []string{"ca", "ds"} {
		must(t, d.dir, slices.Concat([]string{"genpkey"}, m.key, []string{"-out", who + ".key"})...)
		must(t, d.dir, "req", "-new", "-key", who+".key", "-subj", "/C=VN/O=Mot Cua Trial/CN="+who, "-out", who+".csr")
	}
	x509 := []string{"x509", "-req", "-days", "30", "-" + certMD, "-extfile", "ext.cnf"}
	must(t, d.dir, slices.Concat(x509, []string{"-in", "ca.csr", "-signkey", "ca.key", "-extensions", "ca", "-out", "ca.pem"}, pss)...)
	must(t, d.dir, slices.Concat(x509, []string{"-in", "ds.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial",
		"-extensions", "signer", "-out", "ds.pem"}, pss)...)
	sign := []string{"cms", "-sign", "-binary", "-nodetach", "-nosmimecap", "-econtent_type", oidLDSObject, "-in", "lds.der",
		"-signer", "ds.pem", "-inkey", "ds.key", "-md", m.md, "-outform", "DER", "-out", "sod.der"}
	if m.keyID {
		sign = append(sign, "-keyid")
	}
	if m.pss {
		sign = append(sign, "-keyopt", "rsa_padding_mode:pss", "-keyopt", "rsa_pss_saltlen:digest")
	}
	must(t, d.dir, sign...)
	d.cms, d.anchor = read(t, d.dir, "sod.der"), read(t, d.dir, "ca.pem")
	d.sod = appendTLV(nil, 0x77, d.cms)
	return d
}

func write(t testing.TB, dir, name string, b []byte) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), b, 0o600); err != nil {
		t.Fatal(err)
	}
}

func read(t testing.TB, dir, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// examined runs passive authentication over a document as if it had been read.
func examined(sod []byte, groups map[int][]byte, now time.Time, anchors ...[]byte) *Report {
	r := &reader{o: Options{Anchors: anchors, Now: func() time.Time { return now }}, report: &Report{Groups: groups, SOD: sod}}
	var err error
	if r.sod, err = parseSOD(sod); err != nil {
		r.sod = nil
	} else {
		r.report.Listed = r.sod.numbers()
	}
	r.examine()
	r.report.Checks.Hashes = r.hashes(true)
	return r.report
}

// agrees asks openssl whether signature and chain hold.
func agrees(t *testing.T, dir string, cms []byte) bool {
	t.Helper()
	write(t, dir, "check.der", cms)
	_, err := openssl(t, dir, "cms", "-verify", "-binary", "-inform", "DER", "-in", "check.der", "-CAfile", "ca.pem",
		"-purpose", "any", "-out", "/dev/null")
	return err == nil
}
