package main

import (
	"context"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestServesUntilToldToEnd starts the program as it is started, asks for its
// page and ends it.
func TestServesUntilToldToEnd(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	l.Close()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- run(ctx, []string{"--listen", address, "--data", t.TempDir(), "--fault", "slow=1ms"}) }()
	if page := untilServed(t, "http://"+address+"/"); !strings.Contains(page, "0 hồ sơ") {
		t.Errorf("page %s", page)
	}
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

func untilServed(t *testing.T, url string) string {
	t.Helper()
	for range 500 {
		if resp, err := http.Get(url); err == nil {
			defer resp.Body.Close()
			body, _ := io.ReadAll(resp.Body)
			return string(body)
		}
		time.Sleep(10 * time.Millisecond) // a real listener, so a real wait
	}
	t.Fatal("nobody listens")
	return ""
}

func TestOptions(t *testing.T) {
	secret := filepath.Join(t.TempDir(), "password")
	if err := os.WriteFile(secret, []byte("pw\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	listen, c, err := options([]string{"--data", "d", "--user", "u", "--password-file", secret, "--fault", "down", "--fault", "lossy=0.5"})
	if err != nil || !strings.HasPrefix(listen, "127.0.0.1:") || c.Password != "pw" || len(c.Faults) != 2 {
		t.Errorf("%s, %+v, %v", listen, c, err)
	}
	for _, args := range [][]string{nil, {"--data", ""}, {"--data", "d", "more"}, {"--data", "d", "--password-file", "/does/not/exist"}} {
		if _, _, err := options(args); err == nil {
			t.Errorf("%q passed", args)
		}
	}
	if err := run(t.Context(), []string{"--data", t.TempDir(), "--fault", "nonsense"}); err == nil {
		t.Error("a fault that is none passed")
	}
}
