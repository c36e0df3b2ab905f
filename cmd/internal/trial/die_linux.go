package trial

import (
	"os/exec"
	"runtime"
	"syscall"
)

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
