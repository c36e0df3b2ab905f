package virtual

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"sync"
	"syscall"
	"time"

	"motcua"
)

// Pcscd is a card reader service of our own with one virtual reader of two
// slots. It needs neither root nor the machine's own pcscd, which it does not
// disturb: its socket is passed to it the way systemd would (sd_listen_fds(3)),
// and clients find it through the environment variable PCSCLITE_CSOCK_NAME.
type Pcscd struct {
	dir  string
	temp string // a directory of ours to remove, or empty
	port int

	mu   sync.Mutex
	cmd  *exec.Cmd
	done chan struct{}
}

// ReaderName is what FRIENDLYNAME becomes in the list of readers: pcsc-lite
// appends interface and slot, " 00 00".
const ReaderName = "Mot Cua Virtual Reader"

// The longest path a unix socket may have (unix(7): sun_path of 108 bytes with
// its terminating zero).
const socketPathLimit = 107

// StartPcscd starts the service with its files in dir, which may be new, and
// returns when it answers. It ends with Stop, with ctx or with this process,
// whichever is first. Without the programs it fails with ToolMissing.
func StartPcscd(ctx context.Context, dir string) (*Pcscd, error) {
	p := &Pcscd{dir: dir}
	if err := p.prepare(); err != nil {
		return nil, err
	}
	if err := p.start(); err != nil {
		p.clean()
		return nil, err
	}
	context.AfterFunc(ctx, func() { _ = p.Stop() })
	return p, nil
}

// Socket is the path for PCSCLITE_CSOCK_NAME.
func (p *Pcscd) Socket() string { return filepath.Join(p.place(), "pcscd.comm") }

// Port is the TCP port on which the first slot waits for its card; the second
// slot has the next one.
func (p *Pcscd) Port() int { return p.port }

// Addr is Port as an address for Serve.
func (p *Pcscd) Addr() string { return fmt.Sprintf("127.0.0.1:%d", p.port) }

// place is the directory of the socket.
func (p *Pcscd) place() string {
	if p.temp != "" {
		return p.temp
	}
	return p.dir
}

// prepare writes the reader configuration (reader.conf(5)).
func (p *Pcscd) prepare() error {
	library, err := vpcdLibrary()
	if err != nil {
		return err
	}
	if p.port, err = freePorts(); err != nil {
		return err
	}
	if abs, err := filepath.Abs(p.dir); err == nil {
		p.dir = abs
	}
	conf := filepath.Join(p.dir, "readers.d")
	if err := os.MkdirAll(conf, 0o700); err != nil {
		return motcua.Fail(motcua.StoreUnreadable, "the folder of the virtual reader", err)
	}
	text := fmt.Sprintf("FRIENDLYNAME \"%s\"\nDEVICENAME /dev/null:0x%X\nLIBPATH %s\nCHANNELID 0x%X\n", ReaderName, p.port, library, p.port)
	if err := os.WriteFile(filepath.Join(conf, "vpcd"), []byte(text), 0o600); err != nil {
		return motcua.Fail(motcua.StoreUnreadable, "the configuration of the virtual reader", err)
	}
	if len(p.Socket()) <= socketPathLimit {
		return nil
	}
	if p.temp, err = os.MkdirTemp("", "pcscd-"); err != nil {
		return motcua.Fail(motcua.StoreUnreadable, "a short folder for the reader service's socket", err)
	}
	return nil
}

var libraryLine = regexp.MustCompile(`(?m)^LIBPATH\s+(\S+)`)

// vpcdLibrary finds the driver where the package's own configuration says it
// is, or where Debian puts it.
func vpcdLibrary() (string, error) {
	candidates := []string{"/usr/lib/pcsc/drivers/serial/libifdvpcd.so"}
	if text, err := os.ReadFile("/etc/reader.conf.d/vpcd"); err == nil {
		if m := libraryLine.FindSubmatch(text); m != nil {
			candidates = append([]string{string(m[1])}, candidates...)
		}
	}
	for _, path := range candidates {
		if _, err := os.Stat(path); err == nil {
			return path, nil
		}
	}
	return "", motcua.Fail(motcua.ToolMissing, "vsmartcard-vpcd", nil)
}

// freePorts finds two neighbouring free ports: the driver opens one per slot.
func freePorts() (int, error) {
	for range 50 {
		a, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return 0, motcua.Fail(motcua.ReaderService, "no free port", err)
		}
		port := a.Addr().(*net.TCPAddr).Port
		b, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port+1))
		a.Close()
		if err == nil {
			b.Close()
			return port, nil
		}
	}
	return 0, motcua.Fail(motcua.ReaderService, "no two free ports", nil)
}

// start binds the socket, hands it to a new pcscd and waits for the driver.
func (p *Pcscd) start() error {
	program, err := pcscdProgram()
	if err != nil {
		return err
	}
	_ = os.Remove(p.Socket())
	socket, err := net.ListenUnix("unix", &net.UnixAddr{Name: p.Socket(), Net: "unix"})
	if err != nil {
		return motcua.Fail(motcua.ReaderService, "the socket of the private reader service", err)
	}
	socket.SetUnlinkOnClose(false)
	file, err := socket.File()
	socket.Close()
	if err != nil {
		return motcua.Fail(motcua.ReaderService, "the socket of the private reader service", err)
	}
	defer file.Close()
	if err := p.launch(program, file); err != nil {
		return err
	}
	return p.await()
}

func pcscdProgram() (string, error) {
	if path, err := exec.LookPath("pcscd"); err == nil {
		return path, nil
	}
	const outsidePath = "/usr/sbin/pcscd" // not in the PATH of a plain user
	if _, err := os.Stat(outsidePath); err != nil {
		return "", motcua.Fail(motcua.ToolMissing, "pcscd", err)
	}
	return outsidePath, nil
}

// launch runs pcscd as our child. The shell exists to write pcscd's own
// process id into LISTEN_PID before it becomes pcscd. The kernel ends the
// child with the thread that made it, so that thread is kept until then.
func (p *Pcscd) launch(program string, socket *os.File) error {
	cmd := exec.Command("/bin/sh", "-c", `LISTEN_PID=$$ exec "$0" --foreground -c "$1"`, program, filepath.Join(p.dir, "readers.d"))
	cmd.Env = append(os.Environ(), "LISTEN_FDS=1")
	cmd.ExtraFiles = []*os.File{socket}
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL, Setpgid: true}
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	started, done := make(chan error), make(chan struct{})
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := cmd.Start()
		started <- err
		if err == nil {
			_ = cmd.Wait()
		}
		close(done)
	}()
	if err := <-started; err != nil {
		return motcua.Fail(motcua.ReaderService, "pcscd", err)
	}
	p.mu.Lock()
	p.cmd, p.done = cmd, done
	p.mu.Unlock()
	return nil
}

// await returns when the driver's first slot listens. Looking is done in the
// kernel's table, because a connection would be a card laid down and taken away.
func (p *Pcscd) await() error {
	deadline := time.Now().Add(10 * time.Second)
	for time.Now().Before(deadline) {
		if listening(p.port) {
			return nil
		}
		select {
		case <-p.done:
			return motcua.Fail(motcua.ReaderService, "the private pcscd ended at once", nil)
		case <-time.After(10 * time.Millisecond):
		}
	}
	_ = p.end()
	return motcua.Fail(motcua.ReaderService, "the virtual reader did not open its port", nil)
}

// listening says whether a TCP port of this machine is in the state LISTEN
// (proc(5): state 0A).
func listening(port int) bool {
	want := fmt.Sprintf(":%04X 00000000:0000 0A", port)
	for _, table := range []string{"/proc/net/tcp", "/proc/net/tcp6"} {
		text, err := os.ReadFile(table)
		if err == nil && bytes.Contains(text, []byte(want)) {
			return true
		}
	}
	return false
}

// Kill ends the service and leaves its files, as a crash would.
func (p *Pcscd) Kill() error { return p.end() }

// Restart ends the service, if it runs, and starts it again on the same
// socket and port. Cards laid down with Serve come back by themselves.
func (p *Pcscd) Restart() error {
	if err := p.end(); err != nil {
		return err
	}
	return p.start()
}

// Stop ends the service and removes its socket. It may be called twice.
func (p *Pcscd) Stop() error {
	err := p.end()
	p.clean()
	return err
}

func (p *Pcscd) clean() {
	_ = os.Remove(p.Socket())
	if p.temp != "" {
		_ = os.RemoveAll(p.temp)
	}
}

// end asks the process to end and, after two seconds, makes it.
func (p *Pcscd) end() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.cmd == nil {
		return nil
	}
	process, done := p.cmd.Process, p.done
	p.cmd = nil
	_ = process.Signal(syscall.SIGTERM)
	select {
	case <-done:
		return nil
	case <-time.After(2 * time.Second):
	}
	_ = process.Kill()
	select {
	case <-done:
		return nil
	case <-time.After(2 * time.Second):
		return motcua.Fail(motcua.ReaderService, "the private pcscd does not end", nil)
	}
}
