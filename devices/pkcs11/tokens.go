// Package pkcs11 is the signing tokens of this machine, each vendor's module
// held by a helper process of its own.
//
// The package itself is free of foreign code. It starts cmd/tokend once for
// each module, speaks package talk with it, restarts it after it has crashed
// and kills it when it does not answer. It never believes a signature: each is
// checked with the certificate's public key before it is handed out.
package pkcs11

import (
	"context"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"path/filepath"
	"sync"
	"time"

	"motcua"
	"motcua/devices"
	"motcua/devices/pkcs11/talk"
)

// Config says where the helper is and which modules to look through.
type Config struct {
	Helper  string   // path of the tokend program
	Modules []string // paths of vendor modules, in the order of the list
	// Timeout ends a helper that has not answered one command; 30 seconds when
	// zero. Tokens take 0.3 to 1.5 seconds for an RSA signature.
	Timeout time.Duration
	// PadTimeout replaces Timeout while a person types at a PIN pad; 90
	// seconds when zero.
	PadTimeout time.Duration
	Now        func() time.Time // for the validity of certificates
	// Env is added to the helper's environment, which is otherwise ours:
	// SOFTHSM2_CONF of the stand-in token, never anything personal.
	Env []string
}

// Tokens implements devices.Tokens. It is safe for concurrent use; commands to
// one module wait for each other.
type Tokens struct {
	config  Config
	helpers []*helper

	mu   sync.Mutex
	seen map[string]place // by fingerprint, from the last lists
}

// place is where a certificate was last seen.
type place struct {
	helper *helper
	cert   devices.Certificate
}

var _ devices.Tokens = (*Tokens)(nil)

// Open prepares the modules; no helper is started before the first List. It
// fails with ConfigBad when the helper, a clock or an absolute module path is
// missing. A module file that is missing or of the wrong kind is a fault of
// List, because a vendor's program may be installed later.
func Open(c Config) (*Tokens, error) {
	if c.Helper == "" || c.Now == nil {
		return nil, motcua.Fail(motcua.ConfigBad, "tokens need a helper and a clock", nil)
	}
	if c.Timeout <= 0 {
		c.Timeout = 30 * time.Second
	}
	if c.PadTimeout <= 0 {
		c.PadTimeout = 90 * time.Second
	}
	t := &Tokens{config: c, seen: map[string]place{}}
	for _, path := range c.Modules {
		if !filepath.IsAbs(path) { // a relative name would be searched for
			return nil, motcua.Fail(motcua.ConfigBad, "a token module needs an absolute path", nil)
		}
		t.helpers = append(t.helpers, &helper{program: c.Helper, module: path, env: c.Env})
	}
	return t, nil
}

// List asks all modules at once. The certificates of the modules that answered
// are returned beside the joined faults of those that did not.
func (t *Tokens) List(ctx context.Context) ([]devices.Certificate, error) {
	lists := make([][]devices.Certificate, len(t.helpers))
	faults := make([]error, len(t.helpers))
	var wg sync.WaitGroup
	for i, h := range t.helpers {
		wg.Go(func() { lists[i], faults[i] = t.listOne(ctx, h) })
	}
	wg.Wait()
	var all []devices.Certificate
	known := map[string]bool{}
	for i := range lists {
		for _, c := range lists[i] {
			if !known[c.Fingerprint] { // two modules may serve the same token
				known[c.Fingerprint] = true
				all = append(all, c)
			}
		}
	}
	return all, errors.Join(faults...)
}

func (t *Tokens) listOne(ctx context.Context, h *helper) ([]devices.Certificate, error) {
	a, err := h.call(ctx, talk.Request{Op: talk.List}, t.config.Timeout)
	if err != nil {
		return nil, err
	}
	var all []devices.Certificate
	var unreadable error
	for _, c := range a.Certificates {
		leaf, err := x509.ParseCertificate(c.DER)
		if err != nil {
			unreadable = motcua.Fail(motcua.TokenCertificate, "a certificate of the token is not readable", nil)
			continue
		}
		all = append(all, t.certificate(h, c, leaf))
	}
	t.remember(h, all)
	return all, unreadable
}

func (t *Tokens) certificate(h *helper, c talk.Certificate, leaf *x509.Certificate) devices.Certificate {
	sum := sha256.Sum256(c.DER)
	return devices.Certificate{
		Token: c.Token, Serial: c.Serial, Module: h.module,
		Fingerprint: hex.EncodeToString(sum[:]),
		Leaf:        leaf, PIN: c.PIN,
		Unusable: unusable(leaf, c.NoKey, t.config.Now()),
	}
}

// remember replaces what was known of the helper's certificates.
func (t *Tokens) remember(h *helper, all []devices.Certificate) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for f, p := range t.seen {
		if p.helper == h {
			delete(t.seen, f)
		}
	}
	for _, c := range all {
		if _, taken := t.seen[c.Fingerprint]; !taken {
			t.seen[c.Fingerprint] = place{h, c}
		}
	}
}

// Open logs in to the token that holds the certificate. A fingerprint that no
// list has shown is looked for first; only the module that holds it is ever
// given the pin.
func (t *Tokens) Open(ctx context.Context, fingerprint string, pin []byte) (devices.Signer, error) {
	defer clear(pin)
	at, err := t.place(ctx, fingerprint)
	if err != nil {
		return nil, err
	}
	if len(at.cert.Unusable) > 0 {
		return nil, motcua.Fail(motcua.TokenCertificate, at.cert.Unusable[0], nil)
	}
	timeout := t.config.Timeout
	if at.cert.PIN.Protected {
		timeout = t.config.PadTimeout
	}
	q := talk.Request{Op: talk.Open, Certificate: fingerprint, PIN: pin}
	if _, err := at.helper.call(ctx, q, timeout); err != nil {
		return nil, err
	}
	return &signer{helper: at.helper, session: at.helper.current(), leaf: at.cert.Leaf, timeout: timeout}, nil
}

func (t *Tokens) place(ctx context.Context, fingerprint string) (place, error) {
	if p, ok := t.lookup(fingerprint); ok {
		return p, nil
	}
	_, err := t.List(ctx)
	if p, ok := t.lookup(fingerprint); ok {
		return p, nil
	}
	if err != nil {
		return place{}, err
	}
	return place{}, motcua.Fail(motcua.TokenAbsent, "no token holds the certificate", nil)
}

func (t *Tokens) lookup(fingerprint string) (place, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	p, ok := t.seen[fingerprint]
	if ok { // the clock may have passed a validity since the list
		p.cert.Unusable = unusable(p.cert.Leaf, contains(p.cert.Unusable, "no-key"), t.config.Now())
	}
	return p, ok
}

// Restart ends every helper, so that the next List loads the modules afresh:
// some drivers show a token put in later only then. Open signers are lost.
func (t *Tokens) Restart() {
	for _, h := range t.helpers {
		h.stop()
	}
}

// Close ends every helper; their tokens are logged out by it.
func (t *Tokens) Close() error {
	t.Restart()
	return nil
}
