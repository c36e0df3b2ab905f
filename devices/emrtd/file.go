package emrtd

import (
	"context"
	"slices"

	"motcua"
)

// limits is the response lengths tried, in bytes, largest first. Each step
// costs one command on a reader that is met for the first time, so there are
// few.
var limits = []int{65000, 2048, shortNe}

func firstLimit(o Options) int {
	switch {
	case o.MaxLe > shortNe && o.Extended:
		return min(o.MaxLe, extendedNe)
	case o.MaxLe > 0:
		return min(max(o.MaxLe, 64), shortNe)
	case o.Extended:
		return limits[0]
	}
	return shortNe
}

// lower goes down to the next response length; false at the last one.
func (r *reader) lower() bool {
	i := slices.IndexFunc(limits, func(n int) bool { return n < r.limit })
	if i < 0 {
		return false
	}
	r.limit = limits[i]
	return true
}

// aboutLength says that a status word may mean "not so many bytes at once": wrong
// length, an instruction or class that is unknown in the extended form, or no
// diagnosis at all.
func aboutLength(sw uint16) bool {
	switch sw {
	case swWrongLength, swNoINS, swNoCLA, swUnknown:
		return true
	}
	return sw>>8 == 0x6C || sw>>8 == 0x67
}

// sfiState is what is known of reading by short file identifier.
type sfiState int

const (
	sfiUntried sfiState = iota
	sfiWorks
	sfiRefused
)

// maxReopen is how often access control is run again in one reading because
// the card dropped the session after an error in the clear.
const maxReopen = 3

// file reads a whole file. A nil result without error means that the card did
// not give it, with the status word, or with swOK that its first bytes are no
// TLV header.
func (r *reader) file(ctx context.Context, f file) ([]byte, uint16, error) {
	for reopened := false; ; {
		raw, sw, err := r.attempt(ctx, f)
		if err != nil || raw != nil {
			return raw, sw, err
		}
		again := aboutLength(sw) && r.lower()
		lost := r.suspect && (again || sw>>8 == 0x69 && !reopened)
		if lost && r.reopened < maxReopen {
			if err := r.reopen(ctx); err != nil {
				return nil, 0, err
			}
			again, reopened = true, true
		}
		if !again {
			return nil, sw, nil
		}
	}
}

// attempt reads the file once with the present response length.
func (r *reader) attempt(ctx context.Context, f file) ([]byte, uint16, error) {
	first, err := r.head(ctx, f)
	if err != nil {
		return nil, 0, err
	}
	if !delivered(first.SW) {
		return nil, first.SW, nil
	}
	_, head, length, err := readHeader(first.Data)
	if err != nil {
		return nil, swOK, nil //nolint:nilerr // a good status without a file is told to the caller as such
	}
	return r.rest(ctx, first.Data, head+length)
}

func delivered(sw uint16) bool { return sw == swOK || sw == swEndOfFile }

// head reads the first block: by short file identifier in one command, which
// also makes the file current (ISO 7816-4 7.2.1), or after a SELECT where the
// card does not do that.
func (r *reader) head(ctx context.Context, f file) (Response, error) {
	if r.sfi != sfiRefused {
		resp, err := r.command(ctx, Command{INS: 0xB0, P1: 0x80 | f.sfi, Ne: r.room()})
		switch {
		case err != nil:
			return resp, err
		case delivered(resp.SW):
			r.sfi = sfiWorks
			return resp, nil
		case r.sfi == sfiWorks, isRefusal(resp.SW), aboutLength(resp.SW) && r.limit > shortNe:
			return resp, nil
		}
	}
	return r.selected(ctx, f)
}

func (r *reader) selected(ctx context.Context, f file) (Response, error) {
	resp, err := r.command(ctx, selectFile(f))
	if err != nil || resp.SW != swOK {
		return resp, err
	}
	resp, err = r.command(ctx, Command{INS: 0xB0, Ne: r.room()})
	if err == nil && delivered(resp.SW) && r.sfi == sfiUntried {
		r.sfi = sfiRefused
	}
	return resp, err
}

func selectFile(f file) Command {
	return Command{INS: 0xA4, P1: 0x02, P2: 0x0C, Data: []byte{byte(f.id >> 8), byte(f.id)}}
}

// room is the plain bytes that one response can bring now.
func (r *reader) room() int {
	if r.sm == nil {
		return r.limit
	}
	return r.sm.largest(r.limit)
}

// rest completes a file of total bytes whose beginning is there. Each block
// must bring something, so that the loop ends.
func (r *reader) rest(ctx context.Context, start []byte, total int) ([]byte, uint16, error) {
	if total > maxFile {
		return nil, swOK, nil
	}
	raw := make([]byte, 0, max(total, len(start)))
	raw = append(raw, start...)
	r.forget(start)
	for len(raw) < total {
		block, sw, err := r.block(ctx, len(raw), total-len(raw))
		if err != nil || !delivered(sw) {
			wipe(raw)
			return nil, sw, err
		}
		if len(block) == 0 {
			wipe(raw)
			return nil, 0, broken("file ends before its length")
		}
		raw = append(raw, block...)
		r.forget(block)
	}
	return raw[:total:total], swOK, nil
}

// forget wipes a decrypted block. One that came in the clear belongs to the
// Transmitter.
func (r *reader) forget(block []byte) {
	if r.sm != nil {
		wipe(block)
	}
}

// block reads up to want bytes at an offset of the current file, beyond 32,767
// with the odd instruction and the offset in a data object (ISO 7816-4 7.2.3).
func (r *reader) block(ctx context.Context, offset, want int) ([]byte, uint16, error) {
	if offset <= 0x7FFF {
		c := Command{INS: 0xB0, P1: byte(offset >> 8), P2: byte(offset), Ne: min(want, r.room())}
		resp, err := r.command(ctx, c)
		return resp.Data, resp.SW, err
	}
	at := []byte{byte(offset >> 16), byte(offset >> 8), byte(offset)}
	if offset <= 0xFFFF {
		at = at[1:]
	}
	const frame = 4 // tag and length of the data object in the response
	c := Command{INS: 0xB1, Data: appendTLV(nil, 0x54, at), Ne: min(want+frame, r.room())}
	resp, err := r.command(ctx, c)
	if err != nil || !delivered(resp.SW) {
		return nil, resp.SW, err
	}
	t, err := ReadOnly(resp.Data, 0x53)
	if err != nil || len(t.Value) > want {
		return nil, 0, broken("odd read binary: malformed reply")
	}
	return t.Value, resp.SW, nil
}

// command sends under the session and remembers whether the card answered an
// error outside it.
func (r *reader) command(ctx context.Context, c Command) (Response, error) {
	resp, protected, err := r.send(ctx, c)
	if r.fresh {
		resp, protected, err = r.prove(resp, protected, err)
	}
	r.suspect = err == nil && r.sm != nil && !protected
	if err == nil && r.suspect && delivered(resp.SW) {
		return Response{}, motcua.Fail(motcua.CardBroken, "answer outside secure messaging", nil)
	}
	return resp, err
}
