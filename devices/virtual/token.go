package virtual

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"encoding/pem"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"motcua"
)

// Token is a private SoftHSM 2 token of an invented officer: the stand-in for
// a signing token. Everything lies under one directory; the machine's own
// SoftHSM is not touched.
type Token struct {
	dir, label, module string
	root               *x509.Certificate
	key                crypto.Signer // of the root, to certify further keys
}

// The two keys every Token starts with, by CKA_ID in hex.
const (
	TokenRSA = "01" // RSA 2048
	TokenEC  = "02" // P-256
)

// TokenKey is a key pair to be made on the token together with a certificate.
type TokenKey struct {
	ID         string // CKA_ID, hex, unique on the token
	Type       string // "rsa:2048", "EC:prime256v1", as pkcs11-tool writes it
	AlwaysAuth bool   // CKA_ALWAYS_AUTHENTICATE: the PIN is asked at each signature
	NotAfter   time.Time
}

// MakeToken opens the token under dir, making it first when it is not there:
// an RSA 2048 and a P-256 key, each with a certificate for holder under a root
// of its own. The PIN and the holder are never arguments of a program. A token
// left half-made by an interrupted run is made anew. ToolMissing is the fault
// when softhsm2 or pkcs11-tool (opensc) is not installed.
func MakeToken(ctx context.Context, dir, label, holder string, pin []byte) (*Token, error) {
	t := &Token{dir: dir, label: label}
	if err := t.findModule(); err != nil {
		return nil, err
	}
	if t.load() == nil {
		return t, nil
	}
	if err := t.prepare(); err != nil {
		return nil, motcua.Fail(motcua.StoreUnreadable, "stand-in token", err)
	}
	if err := t.initialise(ctx, pin); err != nil {
		return nil, err
	}
	if err := t.makeRoot(); err != nil {
		return nil, motcua.Fail(motcua.Internal, "stand-in token", err)
	}
	for _, k := range []TokenKey{{ID: TokenRSA, Type: "rsa:2048"}, {ID: TokenEC, Type: "EC:prime256v1"}} {
		if err := t.AddKey(ctx, k, holder, pin); err != nil {
			return nil, err
		}
	}
	return t, t.save()
}

// ModulePath is the PKCS #11 module that serves the token.
func (t *Token) ModulePath() string { return t.module }

// Conf is the value for SOFTHSM2_CONF in the environment of whoever loads the
// module.
func (t *Token) Conf() string { return filepath.Join(t.dir, "softhsm2.conf") }

// RootPEM is the certificate the token's certificates chain to.
func (t *Token) RootPEM() []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: t.root.Raw})
}

// AddKey makes one more key pair and its certificate for holder.
func (t *Token) AddKey(ctx context.Context, k TokenKey, holder string, pin []byte) error {
	args := []string{"--login", "--pin", "env:MOTCUA_PIN", "--keypairgen", "--key-type", k.Type, "--id", k.ID, "--label", "key"}
	if k.AlwaysAuth {
		args = append(args, "--always-auth")
	}
	if err := t.tool(ctx, pin, nil, args...); err != nil {
		return err
	}
	public := filepath.Join(t.dir, "public-"+k.ID+".der")
	if err := t.tool(ctx, nil, nil, "--read-object", "--type", "pubkey", "--id", k.ID, "--output-file", public); err != nil {
		return err
	}
	cert := filepath.Join(t.dir, "certificate-"+k.ID+".der")
	if err := t.certify(public, cert, k, holder); err != nil {
		return motcua.Fail(motcua.Internal, "stand-in token certificate", err)
	}
	return t.tool(ctx, pin, nil, "--login", "--pin", "env:MOTCUA_PIN",
		"--write-object", cert, "--type", "cert", "--id", k.ID, "--label", "certificate")
}

func (t *Token) findModule() error {
	for _, path := range []string{
		os.Getenv("SOFTHSM2_MODULE"),
		"/usr/lib/softhsm/libsofthsm2.so",
		"/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
		"/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so",
		"/usr/lib64/libsofthsm2.so",
	} {
		if st, err := os.Stat(path); err == nil && st.Mode().IsRegular() {
			t.module = path
			return nil
		}
	}
	return motcua.Fail(motcua.ToolMissing, "libsofthsm2.so", nil)
}

func (t *Token) prepare() error {
	if err := os.RemoveAll(filepath.Join(t.dir, "tokens")); err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Join(t.dir, "tokens"), 0o700); err != nil {
		return err
	}
	conf := "directories.tokendir = " + filepath.Join(t.dir, "tokens") +
		"\nobjectstore.backend = file\nlog.level = ERROR\nslots.removable = true\n"
	return os.WriteFile(t.Conf(), []byte(conf), 0o600)
}

// initialise sets the label and the PIN. The security officer's PIN is made up
// and forgotten: a stand-in is made anew, not unlocked.
func (t *Token) initialise(ctx context.Context, pin []byte) error {
	so := make([]byte, 8)
	rand.Read(so)
	so = []byte(hex.EncodeToString(so))
	if err := t.run(ctx, nil, so, "--init-token", "--slot-index", "0", "--label", t.label, "--so-pin", "env:MOTCUA_SO"); err != nil {
		return err
	}
	return t.tool(ctx, pin, so, "--init-pin", "--login", "--login-type", "so", "--so-pin", "env:MOTCUA_SO", "--new-pin", "env:MOTCUA_PIN")
}

// tool runs pkcs11-tool on this token.
func (t *Token) tool(ctx context.Context, pin, so []byte, args ...string) error {
	return t.run(ctx, pin, so, append([]string{"--token-label", t.label}, args...)...)
}

func (t *Token) run(ctx context.Context, pin, so []byte, args ...string) error {
	cmd := exec.CommandContext(ctx, "pkcs11-tool", append([]string{"--module", t.module}, args...)...)
	cmd.Env = append(os.Environ(), "SOFTHSM2_CONF="+t.Conf(), "MOTCUA_PIN="+string(pin), "MOTCUA_SO="+string(so))
	switch err := cmd.Run(); {
	case ctx.Err() != nil:
		return motcua.Fail(motcua.Cancelled, "pkcs11-tool", ctx.Err())
	case err != nil:
		return motcua.Fail(motcua.ToolMissing, "pkcs11-tool", err)
	}
	return nil
}

func (t *Token) makeRoot() error {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	now := time.Now()
	template := &x509.Certificate{
		SerialNumber:          big.NewInt(1),
		Subject:               pkix.Name{Country: []string{"VN"}, CommonName: "Gốc thử nghiệm Một Cửa"},
		NotBefore:             now.Add(-time.Hour),
		NotAfter:              now.AddDate(10, 0, 0),
		KeyUsage:              x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
		IsCA:                  true,
		BasicConstraintsValid: true,
		SubjectKeyId:          keyID(key.Public()),
		AuthorityKeyId:        keyID(key.Public()),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return err
	}
	t.key = key
	t.root, err = x509.ParseCertificate(der)
	return err
}

// certify writes a certificate for the public key in the file public.
func (t *Token) certify(public, cert string, k TokenKey, holder string) error {
	der, err := os.ReadFile(public)
	if err != nil {
		return err
	}
	key, err := x509.ParsePKIXPublicKey(der)
	if err != nil {
		return err
	}
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	if err != nil {
		return err
	}
	now := time.Now()
	template := &x509.Certificate{
		SerialNumber: serial,
		Subject: pkix.Name{
			Country: []string{"VN"}, Organization: []string{"Ủy ban nhân dân phường Thử Nghiệm"}, CommonName: holder,
		},
		NotBefore:    now.Add(-time.Hour),
		NotAfter:     now.AddDate(3, 0, 0),
		KeyUsage:     x509.KeyUsageDigitalSignature | x509.KeyUsageContentCommitment,
		SubjectKeyId: keyID(key),
	}
	if !k.NotAfter.IsZero() {
		template.NotBefore, template.NotAfter = k.NotAfter.AddDate(-3, 0, 0), k.NotAfter
	}
	der, err = x509.CreateCertificate(rand.Reader, template, t.root, key, t.key)
	if err != nil {
		return err
	}
	return os.WriteFile(cert, der, 0o600)
}

// keyID is a key identifier (RFC 7093 section 2, method 4: a hash of the whole
// public key).
func keyID(public any) []byte {
	der, err := x509.MarshalPKIXPublicKey(public)
	if err != nil {
		return nil
	}
	sum := sha256.Sum256(der)
	return sum[:20]
}

// save writes the root last: its file says that the token is complete.
func (t *Token) save() error {
	key, err := x509.MarshalPKCS8PrivateKey(t.key)
	if err != nil {
		return motcua.Fail(motcua.Internal, "stand-in token", err)
	}
	block := append(t.RootPEM(), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: key})...)
	if err := os.WriteFile(t.rootFile(), block, 0o600); err != nil {
		return motcua.Fail(motcua.StoreUnreadable, "stand-in token", err)
	}
	return nil
}

func (t *Token) rootFile() string { return filepath.Join(t.dir, "root.pem") }

// load reads back what save wrote. The key is that of a practice root: it
// certifies nobody real.
func (t *Token) load() error {
	text, err := os.ReadFile(t.rootFile())
	if err != nil {
		return err
	}
	cert, rest := pem.Decode(text)
	key, _ := pem.Decode(rest)
	if cert == nil || key == nil {
		return motcua.Fail(motcua.StoreDamaged, "root.pem", nil)
	}
	parsed, err := x509.ParsePKCS8PrivateKey(key.Bytes)
	if err != nil {
		return err
	}
	t.key, _ = parsed.(crypto.Signer)
	t.root, err = x509.ParseCertificate(cert.Bytes)
	if err == nil && t.key == nil {
		err = motcua.Fail(motcua.StoreDamaged, "root.pem", nil)
	}
	return err
}
