package module_test

import (
	"bytes"
	"context"
	"crypto"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"motcua"
	"motcua/devices/pkcs11"
	"motcua/devices/pkcs11/module"
	"motcua/devices/pkcs11/talk"
	"motcua/devices/virtual"
)

const pin = "135791"

// theToken is one for the whole process: a module reads its configuration
// when it is first initialised and never again.
var theToken = sync.OnceValues(func() (*virtual.Token, error) {
	dir, err := os.MkdirTemp("", "motcua-module-")
	if err != nil {
		return nil, err
	}
	tokenDir = dir
	t, err := virtual.MakeToken(context.Background(), dir, "Thẻ", "Lê Thị Thử", []byte(pin))
	if err == nil {
		err = os.Setenv("SOFTHSM2_CONF", t.Conf())
	}
	return t, err
})

var tokenDir string

func TestMain(m *testing.M) {
	code := m.Run()
	if tokenDir != "" {
		os.RemoveAll(tokenDir)
	}
	os.Exit(code)
}

func token(tb testing.TB) *virtual.Token {
	tb.Helper()
	for _, program := range []string{"pkcs11-tool", "softhsm2-util"} {
		if _, err := exec.LookPath(program); err != nil {
			if os.Getenv("MOTCUA_BENCH") == "1" {
				tb.Fatalf("%s is not installed", program)
			}
			tb.Skipf("%s is not installed", program)
		}
	}
	t, err := theToken()
	if err != nil {
		tb.Fatal(err)
	}
	return t
}

// TestServeKeepsItsOrder talks to the server as a confused client would.
func TestServeKeepsItsOrder(t *testing.T) {
	in, out := strings.NewReader(strings.Join([]string{
		`{"id":1,"op":"list"}`, `{"id":2,"op":"load","module":"/none.so"}`, `{"id":3,"op":"sign"}`, `{"id":4,"op":"dance"}`,
	}, "\n")+"\n"), new(bytes.Buffer)
	gone := false
	if err := module.Serve(in, out, func() { gone = true }); err != nil {
		t.Fatal(err)
	}
	dec := json.NewDecoder(out)
	for i, want := range []motcua.Code{motcua.Internal, motcua.TokenModule, motcua.Internal, motcua.Internal} {
		var a talk.Reply
		if err := dec.Decode(&a); err != nil || a.ID != uint64(i+1) || a.Code != want {
			t.Errorf("reply %d: %+v, %v", i+1, a, err)
		}
	}
	if !gone {
		t.Error("the end of the input was not told")
	}
}

// TestSignWithoutLogin: there is no way round Open.
func TestSignWithoutLogin(t *testing.T) {
	m, err := module.Load(token(t).ModulePath())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := m.Sign(make([]byte, 32)); motcua.CodeOf(err) != motcua.TokenPINNeeded {
		t.Error(err)
	}
}

// BenchmarkSign compares a signature through helper, pipe and verification
// with the bare C_Sign: "ratio" is how many times longer the first takes.
func BenchmarkSign(b *testing.B) {
	t := token(b)
	m, err := module.Load(t.ModulePath())
	if err != nil {
		b.Fatal(err)
	}
	helper := filepath.Join(b.TempDir(), "tokend")
	if err := exec.Command("go", "build", "-trimpath", "-tags", "x11,migrated_fynedo", "-o", helper, "motcua/cmd/tokend").Run(); err != nil {
		b.Fatal(err)
	}
	tokens, err := pkcs11.Open(pkcs11.Config{Helper: helper, Modules: []string{t.ModulePath()}, Now: time.Now})
	if err != nil {
		b.Fatal(err)
	}
	defer tokens.Close()
	list, err := m.List()
	if err != nil {
		b.Fatal(err)
	}
	for _, c := range list {
		sum := sha256.Sum256(c.DER)
		name := hex.EncodeToString(sum[:])
		signer, err := tokens.Open(b.Context(), name, []byte(pin))
		if err != nil {
			b.Fatal(err)
		}
		if err := m.Open(name, []byte(pin)); err != nil {
			b.Fatal(err)
		}
		kind := signer.Certificate().PublicKeyAlgorithm.String()
		b.Run(kind, func(b *testing.B) {
			digest := sha256.Sum256([]byte(kind))
			var raw, through time.Duration
			for b.Loop() {
				start := time.Now()
				if _, err := m.Sign(digest[:]); err != nil {
					b.Fatal(err)
				}
				raw += time.Since(start)
				start = time.Now()
				if _, err := signer.Sign(nil, digest[:], crypto.SHA256); err != nil {
					b.Fatal(err)
				}
				through += time.Since(start)
			}
			b.ReportMetric(float64(through)/float64(raw), "ratio")
			b.ReportMetric(through.Seconds()*1000/float64(b.N), "ms/signature")
		})
	}
}
