package pkcs11_test

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"motcua"
	"motcua/devices/pkcs11"
	"motcua/devices/virtual"
)

func wantCode(t *testing.T, err error, code motcua.Code) {
	t.Helper()
	if motcua.CodeOf(err) != code {
		t.Fatalf("got %v, want %s", err, code)
	}
	if err != nil && strings.Contains(err.Error(), pin) {
		t.Fatal("the error holds the PIN")
	}
}

func TestListShowsWhatMaySign(t *testing.T) {
	b := need(t)
	tokens := b.open(t, b.token.ModulePath())
	for id, want := range map[string][]string{
		virtual.TokenRSA: nil, virtual.TokenEC: nil, alwaysKey: nil, "04": {"expired"}, "05": {"weak-key"},
	} {
		c := b.certificate(t, tokens, id)
		if !slices.Equal(c.Unusable, want) {
			t.Errorf("key %s: unusable %v, want %v", id, c.Unusable, want)
		}
		if c.Token != "Thẻ ký số" || c.Serial == "" || c.Module != b.token.ModulePath() || len(c.Fingerprint) != 64 {
			t.Errorf("key %s: %+v", id, c)
		}
		if c.Leaf.Subject.CommonName != "Nguyễn Vĩnh Nghĩa" {
			t.Errorf("key %s is %s's", id, c.Leaf.Subject.CommonName)
		}
	}
}

// TestSignVerifies signs with each kind of key and verifies with the standard
// library, twice in one login.
func TestSignVerifies(t *testing.T) {
	b := need(t)
	tokens := b.open(t, b.token.ModulePath())
	for _, id := range []string{virtual.TokenRSA, virtual.TokenEC, alwaysKey} {
		c := b.certificate(t, tokens, id)
		secret := []byte(pin)
		s, err := tokens.Open(t.Context(), c.Fingerprint, secret)
		if err != nil {
			t.Fatalf("key %s: %v", id, err)
		}
		if !bytes.Equal(secret, make([]byte, len(secret))) {
			t.Error("the PIN was not wiped")
		}
		for _, text := range []string{"một", "hai"} {
			d256, d512 := sha256.Sum256([]byte(text)), sha512.Sum512([]byte(text))
			verify(t, s, crypto.SHA256, d256[:])
			verify(t, s, crypto.SHA512, d512[:])
		}
		if !s.Certificate().Equal(c.Leaf) {
			t.Error("another certificate than the one opened")
		}
		if err := s.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
		d := sha256.Sum256(nil)
		_, err = s.Sign(nil, d[:], crypto.SHA256)
		wantCode(t, err, motcua.TokenPINNeeded)
	}
}

func verify(t *testing.T, s crypto.Signer, hash crypto.Hash, digest []byte) {
	t.Helper()
	sig, err := s.Sign(nil, digest, hash)
	if err != nil {
		t.Fatal(err)
	}
	switch k := s.Public().(type) {
	case *rsa.PublicKey:
		err = rsa.VerifyPKCS1v15(k, hash, digest, sig)
	case *ecdsa.PublicKey:
		if !ecdsa.VerifyASN1(k, digest, sig) {
			err = errors.New("ecdsa")
		}
	}
	if err != nil {
		t.Fatalf("the signature does not hold: %v", err)
	}
}

// TestSignerMakesCertificates lets another user of crypto.Signer judge it.
func TestSignerMakesCertificates(t *testing.T) {
	b := need(t)
	tokens := b.open(t, b.token.ModulePath())
	s, err := tokens.Open(t.Context(), b.certificate(t, tokens, virtual.TokenEC).Fingerprint, []byte(pin))
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.CreateCertificateRequest(nil, &x509.CertificateRequest{}, s)
	if err != nil {
		t.Fatal(err)
	}
	r, err := x509.ParseCertificateRequest(der)
	if err != nil || r.CheckSignature() != nil {
		t.Fatal("the request does not verify")
	}
}

func TestWeakInputIsRefused(t *testing.T) {
	b := need(t)
	tokens := b.open(t, b.token.ModulePath())
	s, err := tokens.Open(t.Context(), b.certificate(t, tokens, virtual.TokenRSA).Fingerprint, []byte(pin))
	if err != nil {
		t.Fatal(err)
	}
	old, d := sha1.Sum(nil), sha256.Sum256(nil)
	_, err = s.Sign(nil, old[:], crypto.SHA1)
	wantCode(t, err, motcua.BadInput)
	_, err = s.Sign(nil, d[:20], crypto.SHA256)
	wantCode(t, err, motcua.BadInput)
	_, err = s.Sign(nil, d[:], &rsa.PSSOptions{Hash: crypto.SHA256})
	wantCode(t, err, motcua.BadInput)
	for _, id := range []string{"04", "05"} {
		_, err := tokens.Open(t.Context(), b.certificate(t, tokens, id).Fingerprint, []byte(pin))
		wantCode(t, err, motcua.TokenCertificate)
	}
}

// TestWrongPIN: one try is one try, the flags tell before the next, and the
// right PIN clears them.
func TestWrongPIN(t *testing.T) {
	b := need(t)
	log := filepath.Join(t.TempDir(), "logins")
	tokens := b.misbehaving(t, "count-login", "PROXY_LOG="+log)
	c := b.certificate(t, tokens, virtual.TokenRSA)
	for range 2 {
		_, err := tokens.Open(t.Context(), c.Fingerprint, []byte("111111"))
		wantCode(t, err, motcua.TokenPINWrong)
	}
	if c = b.certificate(t, tokens, virtual.TokenRSA); !c.PIN.Low || c.PIN.Locked {
		t.Errorf("after two wrong PINs: %+v", c.PIN)
	}
	s, err := tokens.Open(t.Context(), c.Fingerprint, []byte(pin))
	if err != nil {
		t.Fatal(err)
	}
	s.Close()
	if c = b.certificate(t, tokens, virtual.TokenRSA); c.PIN.Low {
		t.Error("the right PIN did not clear the flag")
	}
	_, err = tokens.Open(t.Context(), c.Fingerprint, nil)
	wantCode(t, err, motcua.TokenPINNeeded)
	if got, _ := os.ReadFile(log); bytes.Count(got, []byte("login\n")) != 3 {
		t.Errorf("the token was asked %d times, want 3", bytes.Count(got, []byte("login\n")))
	}
}

// TestWrongPINWhileLoggedIn: a second PIN is tried, not waved through because
// the process is still logged in from the first.
func TestWrongPINWhileLoggedIn(t *testing.T) {
	b := need(t)
	tokens := b.open(t, b.token.ModulePath())
	c := b.certificate(t, tokens, virtual.TokenRSA)
	if _, err := tokens.Open(t.Context(), c.Fingerprint, []byte(pin)); err != nil {
		t.Fatal(err)
	}
	_, err := tokens.Open(t.Context(), c.Fingerprint, []byte("111111"))
	wantCode(t, err, motcua.TokenPINWrong)
	s, err := tokens.Open(t.Context(), c.Fingerprint, []byte(pin))
	if err != nil {
		t.Fatal(err)
	}
	s.Close()
}

func TestBadDaysBeforeSigning(t *testing.T) {
	b := need(t)
	for mode, want := range map[string]motcua.Code{
		"locked": motcua.TokenPINLocked, "logged-in": motcua.TokenPINNeeded,
	} {
		tokens := b.misbehaving(t, mode)
		c := b.certificate(t, tokens, virtual.TokenEC)
		_, err := tokens.Open(t.Context(), c.Fingerprint, []byte(pin))
		if motcua.CodeOf(err) != want {
			t.Errorf("%s: %v, want %s", mode, err, want)
		}
	}
	if c := b.certificate(t, b.misbehaving(t, "final"), virtual.TokenEC); !c.PIN.Final {
		t.Error("the final try is not told")
	}
}

// TestPINPad: the module is asked with no PIN at all, and the person types.
func TestPINPad(t *testing.T) {
	b := need(t)
	tokens := b.misbehaving(t, "pad", "PROXY_PAD="+pin)
	for _, id := range []string{virtual.TokenRSA, alwaysKey} {
		c := b.certificate(t, tokens, id)
		if !c.PIN.Protected {
			t.Fatal("the pad is not told")
		}
		s, err := tokens.Open(t.Context(), c.Fingerprint, nil)
		if err != nil {
			t.Fatal(err)
		}
		d := sha256.Sum256(nil)
		verify(t, s, crypto.SHA256, d[:])
		s.Close()
	}
}

// TestBadDaysWhileSigning: each misbehaviour has its own fault, and afterwards
// the list works again.
func TestBadDaysWhileSigning(t *testing.T) {
	b := need(t)
	for mode, want := range map[string]motcua.Code{
		"crash": motcua.TokenCrashed, "exit": motcua.TokenCrashed, "removed": motcua.TokenRemoved,
		"general": motcua.TokenModule, "flip": motcua.TokenSignature, "short": motcua.TokenSignature,
		"long": motcua.TokenSignature, "zero-length": "", "chatter": "",
	} {
		t.Run(mode, func(t *testing.T) {
			tokens := b.misbehaving(t, mode)
			c := b.certificate(t, tokens, virtual.TokenRSA)
			s, err := tokens.Open(t.Context(), c.Fingerprint, []byte(pin))
			if err != nil {
				t.Fatal(err)
			}
			d := sha256.Sum256(nil)
			sig, err := s.Sign(nil, d[:], crypto.SHA256)
			wantCode(t, err, want)
			if (err == nil) != (sig != nil) {
				t.Error("a signature beside a fault, or neither")
			}
			b.certificate(t, tokens, virtual.TokenRSA)
			if want == motcua.TokenCrashed { // a new helper has nobody logged in
				_, err = s.Sign(nil, d[:], crypto.SHA256)
				wantCode(t, err, motcua.TokenPINNeeded)
			}
			if err := s.Close(); err != nil {
				t.Errorf("close: %v", err)
			}
		})
	}
}

func TestHangIsKilled(t *testing.T) {
	b := need(t)
	for _, mode := range []string{"hang", "hang-list"} {
		tokens, err := pkcs11.Open(pkcs11.Config{
			Helper: b.helper, Modules: []string{b.proxy}, Timeout: 700 * time.Millisecond, Now: time.Now,
			Env: []string{"SOFTHSM2_CONF=" + b.token.Conf(), "PROXY_MODULE=" + b.token.ModulePath(), "PROXY_MODE=" + mode},
		})
		if err != nil {
			t.Fatal(err)
		}
		defer tokens.Close()
		if mode == "hang-list" {
			_, err := tokens.List(t.Context())
			wantCode(t, err, motcua.TokenHung)
			continue
		}
		s, err := tokens.Open(t.Context(), b.certificate(t, tokens, virtual.TokenRSA).Fingerprint, []byte(pin))
		if err != nil {
			t.Fatal(err)
		}
		d := sha256.Sum256(nil)
		_, err = s.Sign(nil, d[:], crypto.SHA256)
		wantCode(t, err, motcua.TokenHung)
		b.certificate(t, tokens, virtual.TokenRSA)
	}
}

func TestCancelEndsTheWait(t *testing.T) {
	b := need(t)
	tokens := b.misbehaving(t, "hang-list")
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	if _, err := tokens.List(ctx); err == nil {
		t.Fatal("a module that hangs gave a list")
	}
}

// TestOneBadModule: the others' certificates are listed beside its fault.
func TestOneBadModule(t *testing.T) {
	b := need(t)
	tokens, err := pkcs11.Open(pkcs11.Config{
		Helper: b.helper, Modules: []string{b.proxy, b.token.ModulePath()}, Now: time.Now,
		Env: []string{"SOFTHSM2_CONF=" + b.token.Conf(), "PROXY_MODULE=" + b.token.ModulePath(), "PROXY_MODE=crash-load"},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer tokens.Close()
	all, err := tokens.List(t.Context())
	if wantCode(t, err, motcua.TokenCrashed); len(all) != 5 {
		t.Errorf("%d certificates, want 5", len(all))
	}
}

func TestModuleFileIsCheckedFirst(t *testing.T) {
	b := need(t)
	dir := t.TempDir()
	write := func(name string, content []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, content, 0o700); err != nil {
			t.Fatal(err)
		}
		return path
	}
	good, err := os.ReadFile(b.proxy)
	if err != nil {
		t.Fatal(err)
	}
	foreign, narrow, program := bytes.Clone(good), bytes.Clone(good), bytes.Clone(good)
	foreign[18], foreign[19] = 0x08, 0 // MIPS
	narrow[4] = 1                      // 32 bits
	program[16] = 2                    // ET_EXEC
	for name, path := range map[string]string{
		"missing":   filepath.Join(dir, "none.so"),
		"directory": dir,
		"text":      write("text.so", bytes.Repeat([]byte("không phải module\n"), 20)),
		"empty":     write("empty.so", nil),
		"foreign":   write("foreign.so", foreign),
		"32-bit":    write("narrow.so", narrow),
		"program":   write("program.so", program),
		"a PE":      write("module.dll", append(append([]byte("MZ"), make([]byte, 58)...), 0x40, 0, 0, 0)),
		"no PKCS11": "/lib/x86_64-linux-gnu/libm.so.6",
	} {
		_, err := b.open(t, path).List(t.Context())
		if motcua.CodeOf(err) != motcua.TokenModule {
			t.Errorf("%s: %v", name, err)
		}
		if err != nil && strings.Contains(err.Error(), dir) {
			t.Errorf("%s: the error holds a path", name)
		}
	}
}

func TestNoTokenIsAnEmptyList(t *testing.T) {
	b := need(t)
	dir := t.TempDir()
	conf := filepath.Join(dir, "conf")
	if err := os.WriteFile(conf, []byte("directories.tokendir = "+dir+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	tokens, err := pkcs11.Open(pkcs11.Config{
		Helper: b.helper, Modules: []string{b.token.ModulePath()}, Now: time.Now, Env: []string{"SOFTHSM2_CONF=" + conf},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer tokens.Close()
	if all, err := tokens.List(t.Context()); err != nil || len(all) != 0 {
		t.Errorf("%d certificates, %v", len(all), err)
	}
	_, err = tokens.Open(t.Context(), strings.Repeat("ab", 32), []byte(pin))
	wantCode(t, err, motcua.TokenAbsent)
}

// TestNothingOnTheCommandLine reads what other programs can read of a helper
// that is logged in.
func TestNothingOnTheCommandLine(t *testing.T) {
	b := need(t)
	tokens := b.open(t, b.token.ModulePath())
	s, err := tokens.Open(t.Context(), b.certificate(t, tokens, alwaysKey).Fingerprint, []byte(pin))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	names, err := filepath.Glob("/proc/[0-9]*/exe")
	if err != nil {
		t.Fatal(err)
	}
	helpers := 0
	for _, name := range names {
		if target, _ := os.Readlink(name); target != b.helper {
			continue
		}
		helpers++
		line, _ := os.ReadFile(filepath.Join(filepath.Dir(name), "cmdline"))
		if want := b.helper + "\x00"; string(line) != want {
			t.Errorf("the helper's command line is %q", line)
		}
		if env, _ := os.ReadFile(filepath.Join(filepath.Dir(name), "environ")); bytes.Contains(env, []byte(pin)) {
			t.Error("the helper's environment holds the PIN")
		}
	}
	if helpers == 0 {
		t.Skip("the helper's process is not readable here")
	}
}

func TestMakeTokenIsIdempotent(t *testing.T) {
	b := need(t)
	again, err := virtual.MakeToken(t.Context(), filepath.Dir(b.token.Conf()), "Thẻ ký số", "Người Khác", []byte(pin))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(again.RootPEM(), b.token.RootPEM()) {
		t.Error("the root changed")
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(again.RootPEM())
	c := b.certificate(t, b.open(t, again.ModulePath()), virtual.TokenRSA)
	if _, err := c.Leaf.Verify(x509.VerifyOptions{Roots: pool, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny}}); err != nil {
		t.Error(err)
	}
}

func TestOpenNeedsItsConfig(t *testing.T) {
	for _, c := range []pkcs11.Config{
		{Now: time.Now}, {Helper: "/x"}, {Helper: "/x", Now: time.Now, Modules: []string{"module.so"}},
	} {
		_, err := pkcs11.Open(c)
		wantCode(t, err, motcua.ConfigBad)
	}
}
