// Package wire carries bytes to a portal and back. It is the only room that
// uses the HTTP client.
//
// It promises bounds: a connection is given up after ConnectTimeout, a call
// after Timeout, a reply beyond MaxReply. It never follows a redirect, because
// the body holds a citizen's data and was meant for one host. And it says what
// is known of the outcome: PortalUnreachable means that no byte of the request
// left, PortalTimeout that the portal may have acted on it.
//
// What it records of a call is masked, see Show.
package wire

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"os"
	"strings"
	"sync/atomic"
	"time"

	"motcua"
	"motcua/sync/portal"
)

// The bounds when the configuration names none.
const (
	DefaultConnect = 10 * time.Second
	DefaultTotal   = 60 * time.Second
	// MaxReply is the largest reply taken, in bytes after decompression.
	MaxReply = 8 << 20
)

// Config of a client.
type Config struct {
	// Base is the portal's address, http or https.
	Base string
	// ConnectTimeout bounds dialling and the TLS handshake, Timeout the whole
	// call. Zero means DefaultConnect and DefaultTotal.
	ConnectTimeout, Timeout time.Duration
	// CACert is a PEM file; when set only certificates below it are trusted.
	CACert string
	// Now is the clock that Skew and the record are measured with; nil means
	// time.Now.
	Now func() time.Time
	// Dial replaces the network, for tests inside one process.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
}

// Client posts to one portal. It may be used from several goroutines.
type Client struct {
	base    *url.URL
	http    *http.Client
	connect time.Duration
	total   time.Duration
	now     func() time.Time
}

// New makes a client. PortalConfig means that the address or the certificate
// file is not usable.
func New(c Config) (*Client, error) {
	base, err := url.Parse(strings.TrimSpace(c.Base))
	if err != nil || (base.Scheme != "http" && base.Scheme != "https") || base.Host == "" || base.User != nil {
		return nil, motcua.Fail(motcua.PortalConfig, "url is not http(s)://host", nil)
	}
	roots, err := pinned(c.CACert)
	if err != nil {
		return nil, err
	}
	w := &Client{base: base, connect: c.ConnectTimeout, total: c.Timeout, now: c.Now}
	if w.connect <= 0 {
		w.connect = DefaultConnect
	}
	if w.total <= 0 {
		w.total = DefaultTotal
	}
	if w.now == nil {
		w.now = time.Now
	}
	w.http = &http.Client{
		Transport:     w.transport(c.Dial, roots),
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return w, nil
}

func (w *Client) transport(dial func(context.Context, string, string) (net.Conn, error), roots *x509.CertPool) *http.Transport {
	if dial == nil {
		dial = (&net.Dialer{Timeout: w.connect}).DialContext
	}
	return &http.Transport{
		Proxy:               http.ProxyFromEnvironment,
		DialContext:         dial,
		TLSClientConfig:     &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12},
		TLSHandshakeTimeout: w.connect,
		MaxIdleConnsPerHost: 4,
		IdleConnTimeout:     30 * time.Second,
	}
}

// pinned reads the one authority to trust; nil means the system's roots.
func pinned(file string) (*x509.CertPool, error) {
	if file == "" {
		return nil, nil
	}
	pem, err := os.ReadFile(file)
	if err != nil {
		return nil, motcua.Fail(motcua.PortalConfig, "ca_cert cannot be read", err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(pem) {
		return nil, motcua.Fail(motcua.PortalConfig, "ca_cert holds no certificate", nil)
	}
	return pool, nil
}

// Request is one call.
type Request struct {
	Service string            // what the record calls it
	Path    string            // below the base
	Header  map[string]string // besides the JSON headers
	Body    []byte            // JSON
	Show    Show              // what the record may show
	Hide    []string          // personal data that the reply may name though Body does not
}

// Reply is what came back. On an error it holds as much as is known, its
// Exchange in any case.
type Reply struct {
	HTTP     int
	Body     []byte // decompressed, without byte order mark and outer space
	Dated    bool   // the reply carried a Date
	Skew     time.Duration
	Took     time.Duration
	Exchange portal.Exchange
	// Scrub removes personal data from a text of this call: what the request
	// held, runs of nine digits or more, e-mail addresses.
	Scrub func(string) string
}

// Post sends r and reads the reply. The error is a Fault of area P, or a
// portal.Retry around one. A reply that is text but neither JSON nor HTML
// comes with PortalNotJSON and with its Body, so that an adapter whose portal
// answers in bare text can read it.
func (w *Client) Post(ctx context.Context, r Request) (Reply, error) {
	ctx, cancel := context.WithTimeout(ctx, w.total)
	defer cancel()
	began, m := w.now(), newMask(r.Show, r.Body, r.Hide...)
	reply, err := w.post(ctx, r)
	reply.Took = w.now().Sub(began)
	if reply.Dated {
		// A Date has whole seconds and was set about half-way through.
		reply.Skew += 500*time.Millisecond - reply.Took/2
	}
	reply.Scrub = m.scrub
	reply.Exchange = portal.Exchange{
		Service: r.Service, At: began, Took: reply.Took, HTTP: reply.HTTP,
		Request: m.record(r.Body), Reply: m.record(reply.Body),
	}
	return reply, err
}

func (w *Client) post(ctx context.Context, r Request) (Reply, error) {
	var left atomic.Bool
	req, err := w.request(ctx, r, &left)
	if err != nil {
		return Reply{}, motcua.Fail(motcua.PortalConfig, "path of "+r.Service, err)
	}
	resp, err := w.http.Do(req)
	if err != nil {
		return Reply{}, carried(ctx, err, left.Load())
	}
	defer resp.Body.Close()
	reply := Reply{HTTP: resp.StatusCode}
	if date, err := http.ParseTime(resp.Header.Get("Date")); err == nil {
		reply.Dated, reply.Skew = true, date.Sub(w.now())
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, MaxReply+1))
	switch {
	case len(body) > MaxReply:
		return reply, motcua.Fail(motcua.PortalTooBig, "reply beyond 8 MiB", nil)
	case err != nil:
		return reply, carried(ctx, err, true)
	}
	reply.Body = trim(body)
	return reply, judge(resp, reply.Body, w.now())
}

func (w *Client) request(ctx context.Context, r Request, left *atomic.Bool) (*http.Request, error) {
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		// From here on the transport may write, and bytes may arrive.
		GotConn: func(httptrace.GotConnInfo) { left.Store(true) },
	})
	at := w.base.JoinPath(r.Path)
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, at.String(), bytes.NewReader(r.Body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Accept", "application/json")
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Charset", "utf-8")
	for name, value := range r.Header {
		req.Header.Set(name, value)
	}
	return req, nil
}

// Close ends idle connections.
func (w *Client) Close() { w.http.CloseIdleConnections() }
