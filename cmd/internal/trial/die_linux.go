package trial

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"syscall"

	"motcua"
)

// lockDir keeps a second trial out of dir, whose sockets it would take over.
// The lock goes with the file or with the process.
func lockDir(dir string) (*os.File, error) {
	f, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, motcua.Fail(motcua.StoreUnreadable, dir, err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		f.Close()
		return nil, motcua.Fail(motcua.StoreLocked, "another trial runs in "+dir, err)
	}
	return f, nil
}

// startBound starts cmd so that the kernel ends it when we are killed. The
// promise holds for the thread that started it, so that thread is kept for as
// long as cmd runs (prctl(2), PR_SET_PDEATHSIG).
func startBound(cmd *exec.Cmd) (done <-chan struct{}, err error) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	started, ended := make(chan error), make(chan struct{})
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		defer close(ended)
		err := cmd.Start()
		started <- err
		if err == nil {
			_ = cmd.Wait()
		}
	}()
	return ended, <-started
}
