package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"motcua"
	"motcua/devices/virtual"
)

// command runs one command line and gives its status and what it said.
func command(t *testing.T, args ...string) (status int, out, errs string) {
	t.Helper()
	var o, e bytes.Buffer
	c := &cli{out: &o, errs: &e}
	status = c.run(t.Context(), append(args, "--config", filepath.Join(t.TempDir(), "none.toml")))
	return status, o.String(), e.String()
}

// reader starts a private card service with the card of a profile on it.
func reader(t *testing.T, profile string) *virtual.Chip {
	t.Helper()
	p, err := virtual.ProfileNamed(profile)
	if err != nil {
		t.Fatal(err)
	}
	chip, err := virtual.NewChip(p)
	if motcua.CodeOf(err) == motcua.ToolMissing && os.Getenv("MOTCUA_BENCH") == "" {
		t.Skip("openssl is not installed")
	}
	if err != nil {
		t.Fatal(err)
	}
	service, err := virtual.StartPcscd(t.Context(), t.TempDir())
	if motcua.CodeOf(err) == motcua.ToolMissing && os.Getenv("MOTCUA_BENCH") == "" {
		t.Skip("pcscd or vpcd is not installed")
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("PCSCLITE_CSOCK_NAME", service.Socket())
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	go func() { _ = virtual.Serve(ctx, service.Addr(), chip) }()
	return chip
}

// What a card read prints is a contract: later checks rely on these fields.
func TestCardRead(t *testing.T) {
	reader(t, "2021")
	person := virtual.Citizens()[0]
	var got struct {
		Number, Name, Access string
		Checks               map[string]struct{ State, Reason string }
		APDUs, BytesSent     int
		BytesReceived        int
		PortraitSize         int
	}
	var status int
	var out, errs string
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		if status, out, errs = command(t, "card", "read", "--id", person.Number, "--json"); status == 0 {
			break
		}
	}
	if status != 0 {
		t.Fatalf("status %d: %s", status, errs)
	}
	if err := json.Unmarshal([]byte(out), &got); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if got.Number != person.Number || got.Name != person.Name || got.Access != "PACE-CAN" {
		t.Errorf("read %+v", got)
	}
	if got.APDUs == 0 || got.BytesSent == 0 || got.BytesReceived < got.PortraitSize || got.PortraitSize == 0 {
		t.Errorf("the link is told as %+v", got)
	}
	for name, want := range map[string]string{"hashes": "verified", "signature": "verified", "chain": "not-attempted", "chipAuth": "verified", "activeAuth": "verified"} {
		if got.Checks[name].State != want {
			t.Errorf("%s is %q, want %q", name, got.Checks[name].State, want)
		}
	}
	wrong, _, errs := command(t, "card", "read", "--can", "999999", "--json")
	var fault map[string]string
	if err := json.Unmarshal([]byte(errs), &fault); err != nil || wrong != 1 || fault["code"] != "C03" || fault["try"] == "" {
		t.Errorf("a wrong CAN gives %d and %s", wrong, errs)
	}
	if strings.Contains(errs, "999999") {
		t.Error("the CAN is repeated")
	}
}

func TestMisuse(t *testing.T) {
	for _, args := range [][]string{
		{"card", "read"}, {"card", "read", "--id", "1", "--can", "2"}, {"nonsense"}, {"queue", "show"}, {"verify"},
	} {
		if status, _, errs := command(t, args...); status != 2 || errs == "" {
			t.Errorf("%v gives %d and %q", args, status, errs)
		}
	}
	for _, args := range [][]string{{"doctor"}, {"queue", "list"}, {"card", "read", "--id", "123"}, {"verify", "/nonexistent"}} {
		if status, _, errs := command(t, args...); status != 1 || !strings.Contains(errs, "  ") {
			t.Errorf("%v gives %d and %q", args, status, errs)
		}
	}
}

// It links no window toolkit: a server without a screen can run it.
func TestLinksNoToolkit(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", "motcua/cmd/motcuactl").Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, banned := range []string{"fyne.io", "go-gl", "motcua/ui/window"} {
		if bytes.Contains(out, []byte(banned)) {
			t.Errorf("motcuactl links %s", banned)
		}
	}
}
