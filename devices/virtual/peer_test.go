package virtual

import (
	"bufio"
	"encoding/hex"
	"fmt"
	"io"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// peer compiles the terminal of testdata, which is made of libeac and shares
// nothing with this module.
func peer(t *testing.T) string {
	t.Helper()
	need(t, "gcc")
	path := filepath.Join(t.TempDir(), "peer")
	out, err := exec.Command("gcc", "-Wno-deprecated-declarations", "-o", path, "testdata/pace_peer.c", "-leac", "-lcrypto").CombinedOutput()
	if err != nil {
		missing(t, fmt.Sprintf("libeac-dev: %v\n%s", err, out))
	}
	return path
}

// converse lets the terminal talk to the chip and returns its last line.
func converse(t *testing.T, c *Chip, program, can string) string {
	t.Helper()
	cmd := exec.Command(program)
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer cmd.Wait()
	defer in.Close()
	fmt.Fprintf(in, "%x\n%x\n", c.files[fileCardAccess], can)
	return relay(t, c, in, bufio.NewScanner(out))
}

func relay(t *testing.T, c *Chip, in io.Writer, lines *bufio.Scanner) string {
	t.Helper()
	for lines.Scan() {
		if strings.Contains(lines.Text(), " ") {
			return lines.Text()
		}
		fmt.Fprintln(in, send(t, c, lines.Text()))
	}
	return "nothing"
}

func TestPACEWithAnIndependentTerminal(t *testing.T) {
	program := peer(t)
	c := card(t, nil)
	got := converse(t, c, program, c.profile.Citizen.CAN())
	if want := "DG1 " + hex.EncodeToString(c.files[fileDG1]); got != want {
		t.Fatalf("the terminal says %q, not %q", got, want)
	}
	c.Reset()
	if got := converse(t, c, program, "000000"); got != "FAIL general authenticate" || c.WrongTries() != 1 {
		t.Fatalf("with a wrong CAN the terminal says %q after %d wrong tries", got, c.WrongTries())
	}
}
