package trial

import (
	"os/exec"
	"syscall"
)

// dieWithParent has the kernel end cmd when we are killed.
func dieWithParent(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
}
