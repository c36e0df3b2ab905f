package pkcs11

import (
	"bufio"
	"context"
	"io"
	"os"
	"os/exec"
	"sync"
	"time"

	"motcua"
	"motcua/devices/pkcs11/talk"
)

// helper is one vendor module and the process that holds it, if any.
type helper struct {
	program, module string
	env             []string

	turn sync.Mutex // one command at a time

	mu      sync.Mutex // guards process, so that stop need not wait for a turn
	process *process
}

// process is one run of the helper program.
type process struct {
	cmd  *exec.Cmd
	in   io.WriteCloser
	out  *bufio.Reader
	last uint64 // id of the last request

	once  sync.Once
	ended string // how the process ended, after end
}

// call sends q and waits for the answer, starting the helper when none runs.
// TokenHung, TokenCrashed and Cancelled leave no helper behind; the next call
// starts another.
func (h *helper) call(ctx context.Context, q talk.Request, timeout time.Duration) (talk.Reply, error) {
	h.turn.Lock()
	defer h.turn.Unlock()
	if err := ctx.Err(); err != nil {
		return talk.Reply{}, motcua.Fail(motcua.Cancelled, "", err)
	}
	p := h.current()
	if p == nil {
		var err error
		if p, err = h.start(ctx, timeout); err != nil {
			return talk.Reply{}, err
		}
	}
	return h.exchange(ctx, p, q, timeout)
}

// callOn is call for a login of the past: it never starts a helper, because a
// new one has nobody logged in.
func (h *helper) callOn(p *process, q talk.Request, timeout time.Duration) (talk.Reply, error) {
	h.turn.Lock()
	defer h.turn.Unlock()
	if h.current() != p {
		return talk.Reply{}, motcua.Fail(motcua.TokenPINNeeded, "the helper was started anew", nil)
	}
	return h.exchange(context.Background(), p, q, timeout)
}

func (h *helper) start(ctx context.Context, timeout time.Duration) (*process, error) {
	if err := checkModule(h.program, h.module); err != nil {
		return nil, err
	}
	cmd := exec.Command(h.program)
	cmd.Env = append(os.Environ(), h.env...)
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, motcua.Fail(motcua.Internal, "token helper", err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, motcua.Fail(motcua.Internal, "token helper", err)
	}
	if err := cmd.Start(); err != nil { // standard error is dropped: drivers print there
		return nil, motcua.Fail(motcua.ToolMissing, "token helper", err)
	}
	p := &process{cmd: cmd, in: in, out: talk.NewReader(out)}
	h.put(p)
	if _, err := h.exchange(ctx, p, talk.Request{Op: talk.Load, Module: h.module}, timeout); err != nil {
		h.stop()
		return nil, err
	}
	return p, nil
}

// exchange is one request and its reply under a deadline.
func (h *helper) exchange(ctx context.Context, p *process, q talk.Request, timeout time.Duration) (talk.Reply, error) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	p.last++
	q.ID = p.last
	type result struct {
		reply talk.Reply
		err   error
	}
	done := make(chan result, 1)
	go func() {
		a, err := p.exchange(q)
		done <- result{a, err}
	}()
	select {
	case r := <-done:
		if r.err != nil {
			h.drop(p)
			return talk.Reply{}, motcua.Fail(motcua.TokenCrashed, p.ended, nil)
		}
		return r.reply, replyFault(r.reply)
	case <-ctx.Done():
		h.drop(p)
		<-done // q.PIN belongs to the caller again
		if ctx.Err() == context.DeadlineExceeded {
			return talk.Reply{}, motcua.Fail(motcua.TokenHung, string(q.Op)+" took longer than "+timeout.String(), nil)
		}
		return talk.Reply{}, motcua.Fail(motcua.Cancelled, "", ctx.Err())
	}
}

func replyFault(a talk.Reply) error {
	if a.Code == "" {
		return nil
	}
	return motcua.Fail(a.Code, a.Detail, nil)
}

// exchange writes the line, wipes it, and reads until the answer to it.
func (p *process) exchange(q talk.Request) (talk.Reply, error) {
	line, err := talk.AppendRequest(nil, q)
	if err == nil {
		_, err = p.in.Write(line)
	}
	clear(line)
	if err != nil {
		return talk.Reply{}, err
	}
	for {
		a, err := talk.ReadReply(p.out)
		if err != nil || a.ID == q.ID {
			return a, err
		}
	}
}

func (h *helper) current() *process {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.process
}

func (h *helper) put(p *process) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.process = p
}

// drop ends p and forgets it.
func (h *helper) drop(p *process) {
	h.mu.Lock()
	if h.process == p {
		h.process = nil
	}
	h.mu.Unlock()
	p.end()
}

// end kills the process. The module is not asked to finish: some hang in
// C_Finalize, and some when they are unloaded.
func (p *process) end() {
	p.once.Do(func() {
		p.cmd.Process.Kill()
		p.cmd.Wait()
		p.ended = p.cmd.ProcessState.String()
	})
}

// stop ends the helper, if one runs.
func (h *helper) stop() {
	if p := h.current(); p != nil {
		h.drop(p)
	}
}
