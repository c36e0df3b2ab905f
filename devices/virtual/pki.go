package virtual

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/pem"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"time"

	"motcua"
)

// PKI is the trial's signing authority for cards: a country signing CA, a
// document signer below it, both on brainpoolP384r1 and made by the openssl
// program, and the RSA key that the trial's cards use for active
// authentication. Their names say that they are not real.
type PKI struct {
	dir    string
	anchor []byte // CSCA certificate, DER
	active *rsa.PrivateKey
}

// The files of a PKI directory, keys with mode 0600.
const (
	anchorFile = "csca.der"
	activeFile = "active.pem"
	configFile = "openssl.cnf"
)

const config = `[req]
prompt = no
distinguished_name = name
[name]
[csca]
basicConstraints = critical,CA:true,pathlen:0
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
[dsc]
keyUsage = critical,digitalSignature
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
`

const subject = "/C=VN/O=Mot Cua trial, not an authority/CN="

// MintPKI returns the PKI kept in dir and mints it there the first time. It
// fails with ToolMissing when the openssl program is not installed.
func MintPKI(dir string) (*PKI, error) {
	if _, err := exec.LookPath("openssl"); err != nil {
		return nil, motcua.Fail(motcua.ToolMissing, "openssl", err)
	}
	p := &PKI{dir: dir}
	if p.load() == nil {
		return p, nil
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, motcua.Fail(motcua.StoreUnreadable, "the folder of the stand-in's keys", err)
	}
	if err := p.mint(); err != nil {
		return nil, err
	}
	if err := p.load(); err != nil {
		return nil, motcua.Fail(motcua.Internal, "the minted keys cannot be read", err)
	}
	return p, nil
}

// load reads what mint wrote; the anchor is written last.
func (p *PKI) load() error {
	text, err := os.ReadFile(p.path(activeFile))
	if err != nil {
		return err
	}
	block, _ := pem.Decode(text)
	if block == nil {
		return motcua.Fail(motcua.StoreDamaged, activeFile, nil)
	}
	if p.active, err = x509.ParsePKCS1PrivateKey(block.Bytes); err != nil {
		return err
	}
	p.anchor, err = os.ReadFile(p.path(anchorFile))
	return err
}

func (p *PKI) mint() error {
	if err := os.WriteFile(p.path(configFile), []byte(config), 0o600); err != nil {
		return motcua.Fail(motcua.StoreUnreadable, configFile, err)
	}
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return motcua.Fail(motcua.Internal, "an RSA key", err)
	}
	text := pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)})
	if err := os.WriteFile(p.path(activeFile), text, 0o600); err != nil {
		return motcua.Fail(motcua.StoreUnreadable, activeFile, err)
	}
	for _, args := range p.steps() {
		if _, err := p.openssl(nil, args...); err != nil {
			return err
		}
	}
	return nil
}

func (p *PKI) steps() [][]string {
	generate := func(out string) []string {
		return []string{"genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:brainpoolP384r1",
			"-pkeyopt", "ec_param_enc:named_curve", "-out", out}
	}
	return [][]string{
		generate("csca.key"), generate("dsc.key"),
		{"req", "-x509", "-new", "-config", configFile, "-extensions", "csca", "-key", "csca.key", "-sha256",
			"-days", "5475", "-subj", subject + "Trial CSCA", "-out", "csca.pem"},
		{"req", "-new", "-config", configFile, "-key", "dsc.key", "-sha256", "-subj", subject + "Trial document signer",
			"-out", "dsc.csr"},
		{"x509", "-req", "-in", "dsc.csr", "-CA", "csca.pem", "-CAkey", "csca.key", "-CAcreateserial", "-sha256",
			"-days", "3650", "-extfile", configFile, "-extensions", "dsc", "-out", "dsc.pem"},
		{"x509", "-in", "csca.pem", "-outform", "DER", "-out", anchorFile},
	}
}

// openssl runs the program in the PKI's directory. The argv holds file names
// only; content goes through stdin.
func (p *PKI) openssl(stdin []byte, args ...string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, "openssl", args...)
	cmd.Dir, cmd.Stdin = p.dir, bytes.NewReader(stdin)
	var out, complaint bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &complaint
	if err := cmd.Run(); err != nil {
		return nil, motcua.Fail(motcua.Internal, "openssl "+args[0]+": "+firstLine(complaint.String()), err)
	}
	return out.Bytes(), nil
}

func firstLine(s string) string {
	for i, r := range s {
		if r == '\n' || i > 200 {
			return s[:i]
		}
	}
	return s
}

func (p *PKI) path(name string) string { return filepath.Join(p.dir, name) }

// CSCA is the certificate of the country signing CA in DER, to be configured
// as the operator's anchor of the trial.
func (p *PKI) CSCA() []byte { return bytes.Clone(p.anchor) }

// AnchorFile is the path of that certificate.
func (p *PKI) AnchorFile() string { return p.path(anchorFile) }

// SOD is EF.SOD (ICAO 9303-10 section 4.6.2) over the given data groups: tag
// 77 around CMS SignedData with the document signer's certificate, ECDSA with
// SHA-256, and an LDSSecurityObject of version 0.
func (p *PKI) SOD(groups map[int][]byte) ([]byte, error) {
	der, err := p.openssl(securityObject(groups), "cms", "-sign", "-binary", "-nodetach", "-outform", "DER",
		"-econtent_type", "2.23.136.1.1.1", "-md", "sha256", "-nosmimecap", "-signer", "dsc.pem", "-inkey", "dsc.key")
	if err != nil {
		return nil, err
	}
	return node(0x77, der), nil
}

// securityObject is the LDSSecurityObject of ICAO 9303-10 section 4.6.2.3.
func securityObject(groups map[int][]byte) []byte {
	var order []int
	for n, content := range groups {
		if content != nil {
			order = append(order, n)
		}
	}
	slices.Sort(order)
	var hashes [][]byte
	for _, n := range order {
		h := sha256.Sum256(groups[n])
		hashes = append(hashes, node(0x30, integer(byte(n)), node(0x04, h[:])))
	}
	algorithm := node(0x30, node(0x06, oid("2.16.840.1.101.3.4.2.1")))
	return node(0x30, integer(0), algorithm, node(0x30, hashes...))
}
