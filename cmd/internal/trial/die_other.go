//go:build !linux

package trial

import "os/exec"

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
