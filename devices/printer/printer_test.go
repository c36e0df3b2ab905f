package printer

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"motcua"
	"motcua/devices"
)

var page = []byte("%PDF-1.4\n% Nguyễn Văn An, 001090000018\n%%EOF\n")

const serverConfig = `Listen %[1]s/s
Browsing No
WebInterface No
DefaultAuthType None
PreserveJobFiles Yes
DirtyCleanInterval 0
<Location />
 Allow all
</Location>
<Policy default>
 <Limit All>
  Allow all
 </Limit>
</Policy>
`

const fileConfig = `ServerRoot %[1]s/root
RequestRoot %[1]s/spool
CacheDir %[1]s/cache
TempDir %[1]s/tmp
StateDir %[1]s/state
AccessLog %[1]s/access
ErrorLog %[1]s/error
PageLog %[1]s/page
`

// need fails the test on the bench, and skips it elsewhere, when a program is
// not installed.
func need(t *testing.T, program string) {
	t.Helper()
	if _, err := exec.LookPath(program); err == nil {
		return
	}
	if os.Getenv("MOTCUA_BENCH") == "1" {
		t.Fatalf("the bench promises %s and it is not installed", program)
	}
	t.Skipf("%s is not installed", program)
}

// cups starts a private cupsd in a folder and points lp at it. It returns the
// folder.
func cups(t *testing.T) string {
	t.Helper()
	for _, p := range []string{"cupsd", "lp", "lpstat", "lpadmin"} {
		need(t, p)
	}
	dir, err := os.MkdirTemp("", "cups-") // short, for the socket's path
	if err != nil {
		t.Fatal(err)
	}
	os.Chmod(dir, 0o755)
	t.Cleanup(func() { os.RemoveAll(dir) })
	for _, d := range []string{"root", "spool", "cache", "tmp", "state"} {
		os.Mkdir(filepath.Join(dir, d), 0o755)
	}
	write(t, dir+"/cupsd.conf", fmt.Sprintf(serverConfig, dir))
	write(t, dir+"/cups-files.conf", fmt.Sprintf(fileConfig, dir))
	t.Setenv("CUPS_SERVER", dir+"/s")
	cmd := exec.Command("cupsd", "-f", "-c", dir+"/cupsd.conf", "-s", dir+"/cups-files.conf")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
	})
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		if out, _ := exec.Command("lpstat", "-r").Output(); strings.HasPrefix(string(out), "scheduler is running") {
			return dir
		}
		if time.Now().After(deadline) {
			t.Fatal("the private cupsd does not answer")
		}
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func command(t *testing.T, name string, args ...string) {
	t.Helper()
	if out, err := exec.Command(name, args...).CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", name, err, out)
	}
}

// device is a network printer that keeps what it is sent.
func device(t *testing.T) (uri string, printed chan []byte) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	printed = make(chan []byte, 1)
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			b, _ := io.ReadAll(c)
			c.Close()
			printed <- b
		}
	}()
	return fmt.Sprintf("socket://%s/?waiteof=false", l.Addr()), printed
}

func queue(t *testing.T, name string) *Queue {
	t.Helper()
	q, err := Open(name)
	if err != nil {
		t.Fatal(err)
	}
	return q
}

func expect(t *testing.T, what string, err error, want motcua.Code) {
	t.Helper()
	if got := motcua.CodeOf(err); got != want {
		t.Errorf("%s gave %v, not %q", what, err, want)
	}
}

func TestPrintsThroughCUPS(t *testing.T) {
	dir := cups(t)
	uri, printed := device(t)
	q := queue(t, "trial")
	expect(t, "an unknown queue", q.Ready(t.Context()), motcua.PrinterNone)
	expect(t, "an unknown queue's job", q.Print(t.Context(), devices.Job{PDF: page}), motcua.PrinterNone)
	expect(t, "no default", queue(t, "").Ready(t.Context()), motcua.PrinterNone)

	command(t, "lpadmin", "-p", "trial", "-E", "-v", uri, "-m", "raw")
	command(t, "lpadmin", "-d", "trial")
	expect(t, "the queue", q.Ready(t.Context()), "")
	expect(t, "the default", queue(t, "").Ready(t.Context()), "")
	expect(t, "the job", q.Print(t.Context(), devices.Job{Title: "H26.18-260105-0001", PDF: page, Copies: 2}), "")
	select {
	case got := <-printed:
		if !bytes.Equal(got, bytes.Repeat(page, 2)) {
			t.Errorf("the device got %q", got)
		}
	case <-time.After(20 * time.Second):
		t.Fatal("nothing was printed")
	}
	recorded(t, filepath.Join(dir, "spool", "c00001"), "H26.18-260105-0001")

	command(t, "cupsdisable", "trial")
	expect(t, "a stopped queue", q.Ready(t.Context()), motcua.PrinterFailed)
	command(t, "cupsreject", "trial")
	expect(t, "a closed queue", q.Ready(t.Context()), motcua.PrinterFailed)
	expect(t, "a closed queue's job", q.Print(t.Context(), devices.Job{PDF: page}), motcua.PrinterFailed)
}

// recorded waits for the job's record, which cupsd writes when it is idle.
func recorded(t *testing.T, path, title string) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		record, err := os.ReadFile(path)
		if err == nil && bytes.Contains(record, []byte(title)) {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("the job's record lacks its title: %v", err)
		}
	}
}

func TestNoService(t *testing.T) {
	need(t, "lp")
	t.Setenv("CUPS_SERVER", filepath.Join(t.TempDir(), "nobody"))
	expect(t, "no service", queue(t, "trial").Ready(t.Context()), motcua.PrinterNone)
	expect(t, "no service's job", queue(t, "trial").Print(t.Context(), devices.Job{PDF: page}), motcua.PrinterNone)
	expect(t, "no service's default", queue(t, "").Ready(t.Context()), motcua.PrinterNone)
	t.Setenv("PATH", t.TempDir())
	expect(t, "no lp", queue(t, "trial").Print(t.Context(), devices.Job{PDF: page}), motcua.PrinterNone)
}

func TestRefusesWhatIsNoJob(t *testing.T) {
	q := queue(t, "trial")
	expect(t, "text", q.Print(t.Context(), devices.Job{PDF: []byte("hello")}), motcua.PrinterFailed)
	expect(t, "many copies", q.Print(t.Context(), devices.Job{PDF: page, Copies: 1000}), motcua.PrinterFailed)
	for _, name := range []string{"-dother", "a b", "a/b", "a\nb", strings.Repeat("x", 200)} {
		_, err := Open(name)
		expect(t, "the name "+name, err, motcua.PrinterNone)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	expect(t, "a cancelled job", q.Print(ctx, devices.Job{PDF: page}), motcua.Cancelled)
}

// The arguments are seen by everyone: a program in lp's place keeps them.
func TestArgumentsHoldNoPersonalData(t *testing.T) {
	dir := t.TempDir()
	script := "#!/bin/sh\nprintf '%s\\n' \"$@\" > '" + dir + "/args'\ncat > '" + dir + "/document'\n"
	if err := os.WriteFile(dir+"/lp", []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir+":"+os.Getenv("PATH"))
	for given, want := range map[string]string{
		"H26.18-260105-0001": "H26.18-260105-0001", "Nguyễn Văn An": defaultTitle, "Nguyen Van An": defaultTitle,
		"-o raw": defaultTitle, "": defaultTitle,
	} {
		if err := queue(t, "trial").Print(t.Context(), devices.Job{Title: given, PDF: page}); err != nil {
			t.Fatal(err)
		}
		args, _ := os.ReadFile(dir + "/args")
		if got := strings.Join(strings.Fields(string(args)), " "); got != "-s -n 1 -t "+want+" -d trial -" {
			t.Errorf("the arguments for %q are %q", given, got)
		}
		if document, _ := os.ReadFile(dir + "/document"); !bytes.Equal(document, page) {
			t.Errorf("the document is %q", document)
		}
	}
}

func FuzzReadiness(f *testing.F) {
	f.Add("trial accepting requests since now\nprinter trial is idle.  enabled since now\n")
	f.Add("trial not accepting requests since now -\n\tRejecting Jobs\nprinter trial disabled since now -\n")
	f.Fuzz(func(t *testing.T, out string) {
		err := readiness(out)
		if err == nil && !strings.Contains(out, " accepting requests") {
			t.Error("ready without a word of it")
		}
	})
}
