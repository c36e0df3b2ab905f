package virtual

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// orphanage makes a run of the test program into a process that starts a
// service and waits to be killed.
const orphanage = "MOTCUA_TEST_ORPHANAGE"

func TestServiceDiesWithItsParent(t *testing.T) {
	if dir := os.Getenv(orphanage); dir != "" {
		p, err := StartPcscd(context.Background(), dir)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Printf("service %d\n", p.cmd.Process.Pid)
		select {}
	}
	service(t, t.TempDir()) // skips or fails where there is none
	cmd := exec.Command(os.Args[0], "-test.run", "^TestServiceDiesWithItsParent$")
	cmd.Env = append(os.Environ(), orphanage+"="+t.TempDir())
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	pid := ""
	for lines := bufio.NewScanner(out); pid == "" && lines.Scan(); {
		pid, _ = strings.CutPrefix(lines.Text(), "service ")
	}
	cmd.Process.Kill()
	cmd.Wait()
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		command, err := os.ReadFile(filepath.Join("/proc", pid, "comm"))
		if pid != "" && (err != nil || strings.TrimSpace(string(command)) != "pcscd") {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("the service %q outlives its parent", pid)
		}
	}
}

func TestServiceStops(t *testing.T) {
	p := service(t, t.TempDir())
	process, place := p.cmd.Process.Pid, p.Socket()
	for range 2 {
		if err := p.Stop(); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := os.Stat(place); err == nil {
		t.Error("the socket is still there")
	}
	if _, err := os.Stat(filepath.Join("/proc", strconv.Itoa(process))); err == nil {
		t.Error("the process is still there")
	}
}
