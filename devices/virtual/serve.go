package virtual

import (
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"sync"
	"time"

	"motcua"
)

// The control bytes of vpcd: a frame of one byte is one of these and not an
// APDU.
const (
	vpcdOff   = 0
	vpcdOn    = 1
	vpcdReset = 2
	vpcdATR   = 4
)

// Serve lays the chip on the virtual reader that vpcd opens at addr
// ("127.0.0.1:35963") and keeps it there until ctx ends, over restarts of the
// service. Connecting is inserting; ending ctx is removing, and then Serve
// returns nil. When the chip's profile takes the card away Serve returns that
// fault: call it again to put the card back.
//
// The driver looks for its card every 400 ms and takes a quicker exchange for
// one card that has gone mute, so Serve leaves that time between two
// connections to the same reader.
func Serve(ctx context.Context, addr string, chip *Chip) error {
	for ctx.Err() == nil {
		err := insert(ctx, addr, chip)
		if motcua.CodeOf(err) == motcua.CardRemoved {
			return err
		}
		_ = wait(ctx, 50*time.Millisecond)
	}
	return nil
}

// exchange is a little more than the driver's interval.
const exchange = 600 * time.Millisecond

// left is when the last card left each reader, by address.
var left sync.Map

func lastLeft(addr string) time.Time {
	t, _ := left.Load(addr)
	at, _ := t.(time.Time)
	return at
}

// insert is one connection, from laying down to taking away.
func insert(ctx context.Context, addr string, chip *Chip) error {
	if err := wait(ctx, time.Until(lastLeft(addr).Add(exchange))); err != nil {
		return err
	}
	var d net.Dialer
	conn, err := d.DialContext(ctx, "tcp", addr)
	if err != nil {
		return err
	}
	defer func() { left.Store(addr, time.Now()) }()
	defer conn.Close()
	stop := context.AfterFunc(ctx, func() { conn.Close() })
	defer stop()
	for {
		frame, err := readFrame(conn)
		if err != nil {
			return err
		}
		reply, err := chip.respond(ctx, frame)
		if err != nil {
			return err
		}
		if err := writeFrame(conn, reply); err != nil {
			return err
		}
	}
}

// respond answers one frame of vpcd; nil means that none is expected.
func (c *Chip) respond(ctx context.Context, frame []byte) ([]byte, error) {
	if len(frame) != 1 {
		return c.Transmit(ctx, frame)
	}
	switch frame[0] {
	case vpcdOff, vpcdOn, vpcdReset:
		c.Reset()
	case vpcdATR:
		return c.ATR(), nil
	}
	return nil, nil
}

// readFrame reads a frame: its length in two bytes, then its bytes.
//
// The acknowledgement of every segment is asked for at once. vpcd writes
// length and payload separately without TCP_NODELAY, so a delayed one holds
// back each APDU by 40 ms.
func readFrame(conn net.Conn) ([]byte, error) {
	var head [2]byte
	quickAck(conn)
	if _, err := io.ReadFull(conn, head[:]); err != nil {
		return nil, err
	}
	frame := make([]byte, binary.BigEndian.Uint16(head[:]))
	quickAck(conn)
	_, err := io.ReadFull(conn, frame)
	return frame, err
}

func writeFrame(conn net.Conn, b []byte) error {
	if b == nil {
		return nil
	}
	if len(b) > 0xFFFF {
		return errors.New("a response longer than a frame")
	}
	frame := binary.BigEndian.AppendUint16(make([]byte, 0, len(b)+2), uint16(len(b)))
	_, err := conn.Write(append(frame, b...))
	return err
}
