package virtual

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"motcua"
	"motcua/devices"
)

func TestPrinterWritesFiles(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "paper")
	p := Printer(dir)
	pdf := []byte("%PDF-1.4\n%%EOF\n")
	for range 2 {
		if err := p.Print(t.Context(), devices.Job{Title: "Nguyễn Văn An", PDF: pdf, Copies: 3}); err != nil {
			t.Fatal(err)
		}
	}
	files, _ := os.ReadDir(dir)
	if len(files) != 2 {
		t.Fatalf("two jobs made %d files", len(files))
	}
	for _, f := range files {
		info, _ := f.Info()
		got, _ := os.ReadFile(filepath.Join(dir, f.Name()))
		if info.Mode().Perm() != 0o600 || string(got) != string(pdf) || !strings.HasSuffix(f.Name(), "-x3.pdf") || strings.Contains(f.Name(), "An") {
			t.Errorf("%s has the mode %v and holds %q", f.Name(), info.Mode(), got)
		}
	}
	if err := p.Print(t.Context(), devices.Job{PDF: []byte("text")}); motcua.CodeOf(err) != motcua.PrinterFailed {
		t.Errorf("text gave %v", err)
	}
	blocked := Printer(filepath.Join(dir, files[0].Name(), "below"))
	if err := blocked.Ready(t.Context()); motcua.CodeOf(err) != motcua.PrinterNone {
		t.Errorf("a folder below a file gave %v", err)
	}
}

func TestSlowChipStopsWithItsContext(t *testing.T) {
	c := card(t, func(p *Profile) { p.APDUDelay = time.Hour })
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if _, err := c.Transmit(ctx, []byte{0, 0xA4, 0, 0}); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("a slow chip gave %v", err)
	}
}

// service starts a private reader service or says what is missing.
func service(t *testing.T, dir string) *Pcscd {
	t.Helper()
	p, err := StartPcscd(t.Context(), dir)
	if motcua.CodeOf(err) == motcua.ToolMissing {
		missing(t, err.Error())
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Stop() })
	return p
}

// atr asks opensc-tool, an outside client, for the card in the first slot.
func atr(t *testing.T, p *Pcscd) string {
	t.Helper()
	need(t, "opensc-tool")
	out := ""
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		cmd := exec.Command("opensc-tool", "-r", ReaderName+" 00 00", "-a")
		cmd.Env = append(os.Environ(), "PCSCLITE_CSOCK_NAME="+p.Socket())
		b, err := cmd.CombinedOutput()
		if out = strings.TrimSpace(string(b)); err == nil {
			return out
		}
	}
	return "none: " + out
}

func TestPrivateServicesSideBySide(t *testing.T) {
	long := filepath.Join(t.TempDir(), strings.Repeat("a-long-name-", 12))
	for _, dir := range []string{t.TempDir(), long} {
		p := service(t, dir)
		if len(p.Socket()) > 107 {
			t.Fatalf("the socket's path has %d bytes", len(p.Socket()))
		}
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- Serve(ctx, p.Addr(), card(t, nil)) }()
		if got := atr(t, p); got != "3b:82:80:01:00:00:03" {
			t.Fatalf("opensc-tool says %s", got)
		}
		if err := p.Restart(); err != nil {
			t.Fatal(err)
		}
		if got := atr(t, p); got != "3b:82:80:01:00:00:03" {
			t.Fatalf("after a restart opensc-tool says %s", got)
		}
		cancel()
		if err := <-done; err != nil {
			t.Errorf("Serve ended with %v", err)
		}
	}
}
