//go:build !linux

package virtual

import (
	"context"

	"motcua"
)

// Pcscd is for Linux only: elsewhere there is no reader service to start.
type Pcscd struct{}

// ReaderName is the name of the virtual reader.
const ReaderName = "Mot Cua Virtual Reader"

// StartPcscd is the fault ToolMissing on this system.
func StartPcscd(context.Context, string) (*Pcscd, error) {
	return nil, motcua.Fail(motcua.ToolMissing, "the private reader service needs Linux", nil)
}

// Socket is empty on this system.
func (*Pcscd) Socket() string { return "" }

// Port is zero on this system.
func (*Pcscd) Port() int { return 0 }

// Addr is empty on this system.
func (*Pcscd) Addr() string { return "" }

// Kill does nothing on this system.
func (*Pcscd) Kill() error { return nil }

// Restart does nothing on this system.
func (*Pcscd) Restart() error { return nil }

// Stop does nothing on this system.
func (*Pcscd) Stop() error { return nil }
