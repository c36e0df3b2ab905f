package virtual

import (
	"net"
	"syscall"
)

// quickAck asks for the next acknowledgement not to be delayed (tcp(7)). The
// kernel forgets it, so it is asked again before each read.
func quickAck(conn net.Conn) {
	c, ok := conn.(syscall.Conn)
	if !ok {
		return
	}
	raw, err := c.SyscallConn()
	if err != nil {
		return
	}
	_ = raw.Control(func(fd uintptr) {
		_ = syscall.SetsockoptInt(int(fd), syscall.IPPROTO_TCP, syscall.TCP_QUICKACK, 1)
	})
}
