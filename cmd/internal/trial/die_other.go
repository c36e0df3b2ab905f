//go:build !linux

package trial

import (
	"os"
	"os/exec"
	"path/filepath"

	"motcua"
)

// lockDir marks the directory; only Linux keeps a second trial out.
func lockDir(dir string) (*os.File, error) {
	f, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, motcua.Fail(motcua.StoreUnreadable, dir, err)
	}
	return f, nil
}

// startBound starts cmd. Only Linux can bind its life to ours; elsewhere Stop
// ends it.
func startBound(cmd *exec.Cmd) (done <-chan struct{}, err error) {
	ended := make(chan struct{})
	if err := cmd.Start(); err != nil {
		return ended, err
	}
	go func() {
		defer close(ended)
		_ = cmd.Wait()
	}()
	return ended, nil
}
