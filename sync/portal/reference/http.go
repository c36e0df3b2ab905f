package reference

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"math"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// maxBody bounds a request, in bytes.
const maxBody = 32 << 20

// Handler is the portal: its two endpoints, the page and the control.
func (s *Server) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST "+s.cfg.Login, s.misbehaving(s.login))
	mux.HandleFunc("POST "+s.cfg.Services, s.misbehaving(s.serve))
	mux.HandleFunc("GET /{$}", s.page)
	mux.HandleFunc("GET /held", s.listHeld)
	mux.HandleFunc("GET /held/{ref...}", s.showHeld)
	mux.HandleFunc("POST /control", s.control)
	return mux
}

// misbehaving wraps an endpoint in the faults of the moment.
func (s *Server) misbehaving(answer func([]byte) reply) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
		if err != nil {
			http.Error(w, "body", http.StatusRequestEntityTooLarge)
			return
		}
		s.mu.Lock()
		f := s.faults
		s.mu.Unlock()
		if f.Slow > 0 && !wait(r.Context(), f.Slow) {
			return
		}
		switch {
		case f.Down:
			hangUp(w)
			return
		case f.Busy > 0:
			w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(f.Busy.Seconds()))))
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		case f.HTML:
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			io.WriteString(w, "<!DOCTYPE html><title>Bảo trì</title><p>Hệ thống đang bảo trì")
			return
		}
		s.tell(w, answer(body), f)
	}
}

// tell sends the reply, or loses it: what it tells of is done in any case.
func (s *Server) tell(w http.ResponseWriter, r reply, f Faults) {
	switch {
	case f.Lossy > 0 && s.cfg.Rand() < f.Lossy:
		hangUp(w)
		return
	case f.Empty:
		w.WriteHeader(http.StatusOK)
		return
	}
	var v any = r
	if f.StringJSON {
		v = map[string]string{"message": string(compact(r))}
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Write(compact(v))
}

func wait(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// hangUp closes the connection without a word.
func hangUp(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0) // a reset, not an orderly end
	}
	conn.Close()
}

// compact is JSON without escapes; raw messages keep their bytes.
func compact(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return []byte(`{"error_code":-1,"message":"Lỗi hệ thống"}`)
	}
	return bytes.TrimSpace(b.Bytes())
}

// control changes faults and statuses: {"set":[...],"clear":[...],
// "move":[{"ref":...,"status":...}]}. Only from this machine, and only as
// JSON, which a web page elsewhere cannot send.
func (s *Server) control(w http.ResponseWriter, r *http.Request) {
	if !loopback(r.RemoteAddr) || !loopback(r.Host) || !strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
		http.Error(w, "control is for this machine, in JSON", http.StatusForbidden)
		return
	}
	var in struct {
		Set, Clear []string
		Move       []struct {
			Ref    string
			Status int
		}
	}
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<16)).Decode(&in); err != nil {
		http.Error(w, "body is not JSON", http.StatusBadRequest)
		return
	}
	var err error
	for _, name := range in.Clear {
		err = errors.Join(err, s.Clear(name))
	}
	for _, spec := range in.Set {
		err = errors.Join(err, s.Fault(spec))
	}
	for _, m := range in.Move {
		err = errors.Join(err, s.Move(m.Ref, m.Status))
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusUnprocessableEntity)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	w.Write(compact(s.faults))
}

func loopback(hostport string) bool {
	host, _, err := net.SplitHostPort(hostport)
	if err != nil {
		host = hostport
	}
	ip := net.ParseIP(strings.Trim(host, "[]"))
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// Serve answers on l until ctx ends; then it lets the calls at work finish.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	srv := &http.Server{Handler: s.Handler(), ReadHeaderTimeout: 10 * time.Second, IdleTimeout: time.Minute}
	done := make(chan error, 1)
	go func() { done <- srv.Serve(l) }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
	}
	end, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	err := srv.Shutdown(end)
	if serving := <-done; err == nil && !errors.Is(serving, http.ErrServerClosed) {
		err = serving
	}
	return err
}
