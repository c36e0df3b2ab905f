package pkcs11_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"motcua/devices"
	"motcua/devices/pkcs11"
	"motcua/devices/virtual"
)

// The invented officer's PIN. It is written nowhere but here.
const pin = "246802"

// alwaysKey is the third key of the bench: P-256 with CKA_ALWAYS_AUTHENTICATE.
const alwaysKey = "03"

// bench is what every test stands on: the helper, the proxy module, and a
// SoftHSM token with three keys and an expired one.
type bench struct {
	helper, proxy string
	token         *virtual.Token
}

var theBench = sync.OnceValues(func() (*bench, error) {
	dir, err := os.MkdirTemp("", "motcua-pkcs11-")
	if err != nil {
		return nil, err
	}
	benchDir = dir
	b := &bench{helper: filepath.Join(dir, "tokend"), proxy: filepath.Join(dir, "proxy.so")}
	build := exec.Command("go", "build", "-trimpath", "-tags", "x11,migrated_fynedo", "-o", b.helper, "motcua/cmd/tokend")
	build.Stderr = os.Stderr
	if err := build.Run(); err != nil {
		return nil, err
	}
	if err := exec.Command("gcc", "-shared", "-fPIC", "-O1", "-o", b.proxy, "testdata/proxy.c", "-ldl").Run(); err != nil {
		return nil, err
	}
	ctx := context.Background()
	const holder = "Nguyễn Vĩnh Nghĩa"
	b.token, err = virtual.MakeToken(ctx, filepath.Join(dir, "token"), "Thẻ ký số", holder, []byte(pin))
	if err != nil {
		return nil, err
	}
	for _, k := range []virtual.TokenKey{
		{ID: alwaysKey, Type: "EC:prime256v1", AlwaysAuth: true},
		{ID: "04", Type: "EC:prime256v1", NotAfter: time.Now().AddDate(0, 0, -1)},
		{ID: "05", Type: "rsa:1024"},
	} {
		if err := b.token.AddKey(ctx, k, holder, []byte(pin)); err != nil {
			return nil, err
		}
	}
	return b, nil
})

var benchDir string

func TestMain(m *testing.M) {
	code := m.Run()
	if benchDir != "" {
		os.RemoveAll(benchDir)
	}
	os.Exit(code)
}

// need skips where the bench's programs are missing, unless the bench is
// promised (MOTCUA_BENCH=1).
func need(t testing.TB) *bench {
	t.Helper()
	for _, program := range []string{"pkcs11-tool", "softhsm2-util", "gcc"} {
		if _, err := exec.LookPath(program); err != nil {
			if os.Getenv("MOTCUA_BENCH") == "1" {
				t.Fatalf("%s is not installed", program)
			}
			t.Skipf("%s is not installed", program)
		}
	}
	b, err := theBench()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// open is the tokens seen through module, with the proxy's environment.
func (b *bench) open(t testing.TB, module string, env ...string) *pkcs11.Tokens {
	t.Helper()
	tokens, err := pkcs11.Open(pkcs11.Config{
		Helper: b.helper, Modules: []string{module}, Timeout: 20 * time.Second, Now: time.Now,
		Env: append(env, "SOFTHSM2_CONF="+b.token.Conf(), "PROXY_MODULE="+b.token.ModulePath()),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { tokens.Close() })
	return tokens
}

// misbehaving is the tokens seen through the proxy.
func (b *bench) misbehaving(t testing.TB, mode string, env ...string) *pkcs11.Tokens {
	return b.open(t, b.proxy, append(env, "PROXY_MODE="+mode)...)
}

// certificate is the one whose key has the id: the bench wrote it to a file.
func (b *bench) certificate(t testing.TB, tokens *pkcs11.Tokens, id string) devices.Certificate {
	t.Helper()
	der, err := os.ReadFile(filepath.Join(filepath.Dir(b.token.Conf()), "certificate-"+id+".der"))
	if err != nil {
		t.Fatal(err)
	}
	all, err := tokens.List(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range all {
		if string(c.Leaf.Raw) == string(der) {
			return c
		}
	}
	t.Fatalf("the list lacks the certificate of key %s", id)
	return devices.Certificate{}
}
