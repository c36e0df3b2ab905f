package wire

import (
	"compress/gzip"
	"context"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"motcua"
	"motcua/sync/portal"
)

// served is a client of a portal that answers with handle.
func served(t *testing.T, handle http.HandlerFunc) *Client {
	t.Helper()
	s := httptest.NewServer(handle)
	t.Cleanup(s.Close)
	w, err := New(Config{Base: s.URL})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.Close)
	return w
}

func answers(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		io.WriteString(w, body)
	}
}

func post(t *testing.T, w *Client) (Reply, error) {
	t.Helper()
	return w.Post(t.Context(), Request{Service: "s", Path: "/mapi/g", Body: []byte(`{}`)})
}

func TestWhatAReplyMeans(t *testing.T) {
	for _, c := range []struct {
		status int
		body   string
		want   motcua.Code
		class  portal.Class
	}{
		{200, `{"error_code":0}`, "", ""},
		{200, "\xef\xbb\xbf {\"error_code\":0}\r\n", "", ""},
		{200, "", motcua.PortalEmpty, portal.Network},
		{200, " \r\n", motcua.PortalEmpty, portal.Network},
		{200, "<!DOCTYPE html><p>bảo trì", motcua.PortalNotJSON, portal.Network},
		{200, "Đồng bộ thành công", motcua.PortalNotJSON, portal.Network},
		{200, `{"error_code":`, motcua.PortalNotJSON, portal.Network},
		{302, "", motcua.PortalNotJSON, portal.Network},
		{401, `{}`, motcua.PortalAuth, portal.Auth},
		{403, "<html>", motcua.PortalAuth, portal.Auth},
		{404, "<html>", motcua.PortalServer, portal.Network},
		{400, `{}`, motcua.PortalUnknown, portal.Unknown},
		{429, "", motcua.PortalServer, portal.Busy},
		{500, "<html>", motcua.PortalServer, portal.Network},
		{503, "", motcua.PortalServer, portal.Network},
		{504, "<html>", motcua.PortalTimeout, portal.Network},
	} {
		t.Run(fmt.Sprintf("%d %.12s", c.status, c.body), func(t *testing.T) {
			reply, err := post(t, served(t, answers(c.status, c.body)))
			if got := motcua.CodeOf(err); got != c.want {
				t.Errorf("%v, want %s", err, c.want)
			}
			if err != nil && portal.Classify(err) != c.class {
				t.Errorf("class %s, want %s", portal.Classify(err), c.class)
			}
			if reply.HTTP != c.status || reply.Exchange.HTTP != c.status {
				t.Errorf("status %d", reply.HTTP)
			}
		})
	}
}

func TestRetryAfter(t *testing.T) {
	now := time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)
	for header, want := range map[string]time.Duration{
		"120": 2 * time.Minute, " 5 ": 5 * time.Second, "0": 0,
		"Mon, 23 Nov 2026 08:01:00 GMT": time.Minute,
		"Mon, 23 Nov 2026 07:00:00 GMT": 0,
		"99999999":                      maxRetryAfter,
		"Thu, 23 Nov 2056 08:01:00 GMT": maxRetryAfter,
	} {
		if got, ok := retryAfter(header, now); !ok || got != want {
			t.Errorf("%q: %v, %v, want %v", header, got, ok, want)
		}
	}
	for _, header := range []string{"", "-1", "soon", "1e9", "99999999999999999999"} {
		if got, ok := retryAfter(header, now); ok {
			t.Errorf("%q passed as %v", header, got)
		}
	}
	w := served(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "7")
		w.WriteHeader(http.StatusServiceUnavailable)
	})
	_, err := post(t, w)
	var r *portal.Retry
	if !errors.As(err, &r) || r.After != 7*time.Second {
		t.Errorf("503 with Retry-After is %v", err)
	}
}

func TestTheBodyGoesToOneHostOnly(t *testing.T) {
	reached := false
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached = true }))
	defer elsewhere.Close()
	w := served(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, elsewhere.URL, http.StatusTemporaryRedirect)
	})
	if _, err := post(t, w); motcua.CodeOf(err) != motcua.PortalNotJSON || reached {
		t.Errorf("%v, followed %v", err, reached)
	}
}

func TestTooBig(t *testing.T) {
	plain := func(w http.ResponseWriter, _ *http.Request) { fill(w) }
	packed := func(w http.ResponseWriter, r *http.Request) {
		if !strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
			t.Error("compression was not offered")
		}
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		fill(z)
		z.Close()
	}
	for name, handle := range map[string]http.HandlerFunc{"plain": plain, "packed": packed} {
		if _, err := post(t, served(t, handle)); motcua.CodeOf(err) != motcua.PortalTooBig {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// fill writes one byte more than is taken.
func fill(w io.Writer) {
	chunk := make([]byte, 1<<20)
	for range MaxReply >> 20 {
		w.Write(chunk)
	}
	w.Write([]byte{0})
}

func TestPackedReply(t *testing.T) {
	w := served(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		io.WriteString(z, `{"error_code":0}`)
		z.Close()
	})
	if r, err := post(t, w); err != nil || string(r.Body) != `{"error_code":0}` {
		t.Errorf("%s, %v", r.Body, err)
	}
}

func TestPinnedAuthority(t *testing.T) {
	s := httptest.NewUnstartedServer(answers(200, `{}`))
	s.Config.ErrorLog = nil
	s.StartTLS()
	defer s.Close()
	file := filepath.Join(t.TempDir(), "ca.pem")
	block := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw})
	if err := os.WriteFile(file, block, 0o600); err != nil {
		t.Fatal(err)
	}
	pinnedTo, err := New(Config{Base: s.URL, CACert: file})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := post(t, pinnedTo); err != nil {
		t.Errorf("pinned: %v", err)
	}
	system, err := New(Config{Base: s.URL})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := post(t, system); motcua.CodeOf(err) != motcua.PortalUnreachable {
		t.Errorf("without the pin: %v", err)
	}
}

func TestNewRefuses(t *testing.T) {
	empty := filepath.Join(t.TempDir(), "empty.pem")
	if err := os.WriteFile(empty, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []Config{
		{}, {Base: "portal.example"}, {Base: "ftp://portal.example"}, {Base: "http://"},
		{Base: "http://user:secret@portal.example/"}, {Base: "http://%zz/"},
		{Base: "http://portal.example", CACert: "/does/not/exist"}, {Base: "http://portal.example", CACert: empty},
	} {
		_, err := New(c)
		if motcua.CodeOf(err) != motcua.PortalConfig {
			t.Errorf("%+v: %v", c, err)
		}
		if err != nil && strings.Contains(err.Error(), "secret") {
			t.Error("the error holds the password")
		}
	}
}

// TestWhatIsKnownOfTheOutcome cuts the line at each stage of a call.
func TestWhatIsKnownOfTheOutcome(t *testing.T) {
	for _, c := range []struct {
		name string
		dial func(ctx context.Context, network, address string) (net.Conn, error)
		want motcua.Code
		took time.Duration
	}{
		{"refused", func(context.Context, string, string) (net.Conn, error) {
			return nil, errors.New("connection refused")
		}, motcua.PortalUnreachable, 0},
		{"connecting for ever", func(ctx context.Context, _, _ string) (net.Conn, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		}, motcua.PortalUnreachable, 60 * time.Second},
		{"closed after the request", piped(func(c net.Conn) { readSome(c); c.Close() }), motcua.PortalTimeout, 0},
		{"silent after the request", piped(func(c net.Conn) { readSome(c); readSome(c) }), motcua.PortalTimeout, 60 * time.Second},
		{"cut within the reply", piped(func(c net.Conn) {
			readSome(c)
			io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"error_code\":0")
			c.Close()
		}), motcua.PortalTimeout, 0},
		{"not HTTP", piped(func(c net.Conn) { readSome(c); io.WriteString(c, "220 smtp ready\r\n"); c.Close() }), motcua.PortalTimeout, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w, err := New(Config{Base: "http://portal.invalid", Dial: c.dial})
				if err != nil {
					t.Fatal(err)
				}
				defer w.Close()
				began := time.Now()
				reply, err := post(t, w)
				if motcua.CodeOf(err) != c.want || reply.Took != c.took || time.Since(began) != c.took {
					t.Errorf("%v after %v, want %s after %v", err, reply.Took, c.want, c.took)
				}
			})
		})
	}
}

func piped(serve func(net.Conn)) func(context.Context, string, string) (net.Conn, error) {
	return func(context.Context, string, string) (net.Conn, error) {
		near, far := net.Pipe()
		go serve(far)
		return near, nil
	}
}

func readSome(c net.Conn) { c.Read(make([]byte, 64<<10)) }

func TestGivenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, err := New(Config{Base: "http://portal.invalid", Dial: piped(func(c net.Conn) { readSome(c); readSome(c) })})
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		if _, err := w.Post(ctx, Request{Path: "/", Body: []byte("{}")}); motcua.CodeOf(err) != motcua.Cancelled {
			t.Errorf("%v", err)
		}
	})
}

func TestSkew(t *testing.T) {
	now := time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Date", now.Add(3*time.Minute).Format(http.TimeFormat))
		io.WriteString(w, "{}")
	}))
	defer s.Close()
	w, err := New(Config{Base: s.URL, Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	reply, err := post(t, w)
	if off := reply.Skew - 3*time.Minute; err != nil || !reply.Dated || off < 0 || off > time.Second {
		t.Errorf("skew %v (%v), dated %v", reply.Skew, err, reply.Dated)
	}
}

func TestHeaders(t *testing.T) {
	w := served(t, func(w http.ResponseWriter, r *http.Request) {
		for name, want := range map[string]string{
			"Accept": "application/json", "Content-Type": "application/json", "Charset": "utf-8", "dstcode": "VN:GOV:X99",
		} {
			if got := r.Header.Get(name); got != want {
				t.Errorf("%s is %q", name, got)
			}
		}
		io.WriteString(w, "{}")
	})
	_, err := w.Post(t.Context(), Request{Path: "x", Header: map[string]string{"dstcode": "VN:GOV:X99"}, Body: []byte("{}")})
	if err != nil {
		t.Error(err)
	}
}
