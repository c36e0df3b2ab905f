package dvcqg

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"motcua"
	"motcua/sync/portal"
	"motcua/sync/wire"
)

// Paths and life of a session when the profile names none. The paths are what
// integrators report, not what a published guide says.
const (
	defaultLogin    = "/mapi/login"
	defaultServices = "/mapi/g"
	defaultLife     = 10 * time.Minute
)

// Portal is the classic adapter of one profile.
type Portal struct {
	profile      portal.Profile
	loginPath    string
	servicesPath string
	wire         *wire.Client
	now          func() time.Time
	turn         chan struct{} // held by whoever reads or renews session
	session      session
}

// Options are what a profile does not hold. The zero value is the real world.
type Options struct {
	Now  func() time.Time
	Wire wire.Config // Dial, for tests; the rest comes from the profile
}

// Open makes the adapter. PortalConfig names what the profile lacks.
func Open(p portal.Profile, o Options) (*Portal, error) {
	if p.User == "" {
		return nil, motcua.Fail(motcua.PortalConfig, "user is empty", nil)
	}
	o.Wire.Base, o.Wire.CACert = p.URL, p.CACert
	o.Wire.ConnectTimeout, o.Wire.Timeout = p.ConnectTimeout, p.Timeout
	if o.Now == nil {
		o.Now = time.Now
	}
	o.Wire.Now = o.Now
	w, err := wire.New(o.Wire)
	if err != nil {
		return nil, err
	}
	a := &Portal{profile: p, wire: w, now: o.Now, turn: make(chan struct{}, 1),
		loginPath: p.Login, servicesPath: p.Services}
	if a.loginPath == "" {
		a.loginPath = defaultLogin
	}
	if a.servicesPath == "" {
		a.servicesPath = defaultServices
	}
	return a, nil
}

// Name is the kind of portal this is.
func (p *Portal) Name() string { return "dvcqg" }

// Close ends idle connections.
func (p *Portal) Close() error { p.wire.Close(); return nil }

// post is one call: the bytes, and the answer in them.
func (p *Portal) post(ctx context.Context, r wire.Request, log *[]portal.Exchange) (answer, wire.Reply, error) {
	r.Show = p.show(r.Service)
	if p.profile.DstCode != "" {
		r.Header = map[string]string{"dstcode": p.profile.DstCode}
	}
	reply, err := p.wire.Post(ctx, r)
	*log = append(*log, reply.Exchange)
	if err != nil && !(motcua.CodeOf(err) == motcua.PortalNotJSON && reply.HTTP < 300) {
		return answer{}, reply, err
	}
	a, err := decode(reply.Body)
	return a, reply, err
}

// show adds the profile's own fields to what a record may hold. What the
// portal says in words about a dossier that is only asked for may name a
// person whom the request does not: it is not recorded.
func (p *Portal) show(service string) wire.Show {
	s := wire.Show{p.profile.CodeField: wire.Code, p.profile.StatusField: wire.Code}
	for k, v := range show {
		s[k] = v
	}
	delete(s, "")
	if service == serviceLook {
		delete(s, "message")
	}
	return s
}

// envelopeOut is the request body; its order is the order on the wire.
type envelopeOut struct {
	Session    string            `json:"session"`
	Unit       string            `json:"madonvi"`
	Service    string            `json:"service"`
	IsUpdating string            `json:"isUpdating,omitempty"`
	Reference  string            `json:"mahoso,omitempty"`
	Data       []json.RawMessage `json:"data,omitempty"`

	hide []string // see wire.Request
}

// call asks a service, signing in first when needed. When the portal says that
// the session ended it signs in once more and asks once more.
func (p *Portal) call(ctx context.Context, e envelopeOut, r *portal.Receipt) (answer, error) {
	word, err := p.signedIn(ctx, "", &r.Exchanges)
	if err != nil {
		return answer{}, err
	}
	a, err := p.callWith(ctx, word, e, r)
	if motcua.CodeOf(err) != motcua.PortalAuth {
		return a, err
	}
	if word, err = p.signedIn(ctx, word, &r.Exchanges); err != nil {
		return answer{}, err
	}
	a, err = p.callWith(ctx, word, e, r)
	if motcua.CodeOf(err) == motcua.PortalAuth {
		// The password was taken a moment ago: this is not for a person to mend.
		err = motcua.Fail(motcua.PortalServer, e.Service+": a fresh session was refused", err)
	}
	return a, err
}

func (p *Portal) callWith(ctx context.Context, word string, e envelopeOut, r *portal.Receipt) (answer, error) {
	e.Session, e.Unit = word, p.profile.Unit
	body, err := compact(e)
	if err != nil {
		return answer{}, err
	}
	a, reply, err := p.post(ctx, wire.Request{Service: e.Service, Path: p.servicesPath, Body: body, Hide: e.hide}, &r.Exchanges)
	if err != nil {
		return answer{}, err
	}
	if e.Service != serviceLook {
		r.Said = text(reply.Scrub(a.message), maxSaid)
	}
	if a.meaning() == signedOut {
		return a, motcua.Fail(motcua.PortalAuth, e.Service+": session ended", nil)
	}
	return a, nil
}

// maxSaid bounds the portal's sentence in a receipt, in characters.
const maxSaid = 300

func coded(a answer) string {
	if !a.coded {
		return "no error_code"
	}
	return fmt.Sprintf("error_code %d", a.code)
}

// fault is an answer other than acceptance as an error.
func fault(service string, a answer) error {
	detail := service + ": " + coded(a)
	switch a.meaning() {
	case absent, refused:
		return motcua.Fail(motcua.PortalRejected, detail, nil)
	case failing:
		return motcua.Fail(motcua.PortalServer, detail, nil)
	case signedOut:
		return motcua.Fail(motcua.PortalAuth, detail, nil)
	}
	return motcua.Fail(motcua.PortalUnknown, detail, nil)
}
