package dvcqg

import (
	"context"
	"os"
	"strings"
	"time"

	"motcua"
	"motcua/sync/portal"
	"motcua/sync/wire"
)

// session is the portal's word that we signed in, and when it gave it.
type session struct {
	word string
	at   time.Time
}

// signedIn is a session to use now. Several callers that find none wait for
// one login. stale names a session that the portal no longer knows.
func (p *Portal) signedIn(ctx context.Context, stale string, log *[]portal.Exchange) (string, error) {
	select {
	case p.turn <- struct{}{}:
		defer func() { <-p.turn }()
	case <-ctx.Done():
		return "", motcua.Fail(motcua.Cancelled, "waiting to sign in", ctx.Err())
	}
	s := p.session
	if s.word != "" && s.word != stale && p.now().Sub(s.at) < p.life() {
		return s.word, nil
	}
	p.session = session{}
	word, _, err := p.login(ctx, log)
	if err == nil {
		p.session = session{word: word, at: p.now()}
	}
	return word, err
}

func (p *Portal) life() time.Duration {
	if p.profile.SessionLife > 0 {
		return p.profile.SessionLife
	}
	return defaultLife
}

// login asks for a session. A refusal is PortalAuth; a reply without a session
// is the portal's trouble, not the password's.
func (p *Portal) login(ctx context.Context, log *[]portal.Exchange) (string, wire.Reply, error) {
	password, err := p.password()
	if err != nil {
		return "", wire.Reply{}, err
	}
	body, err := compact(struct {
		User     string `json:"username"`
		Password string `json:"password"`
	}{p.profile.User, password})
	if err != nil {
		return "", wire.Reply{}, err
	}
	a, reply, err := p.post(ctx, wire.Request{Service: serviceLogin, Path: p.loginPath, Body: body}, log)
	switch {
	case err != nil:
		return "", reply, err
	case a.coded && a.code != 0 && a.meaning() == failing:
		return "", reply, motcua.Fail(motcua.PortalServer, coded(a), nil)
	case a.coded && a.code != 0:
		return "", reply, motcua.Fail(motcua.PortalAuth, "login refused, "+coded(a), nil)
	case a.session == "":
		return "", reply, motcua.Fail(motcua.PortalServer, "login reply without a session", nil)
	}
	return a.session, reply, nil
}

// password is read at each sign-in, so that a changed one needs no restart.
func (p *Portal) password() (string, error) {
	if p.profile.PasswordFile == "" {
		return "", nil
	}
	raw, err := os.ReadFile(p.profile.PasswordFile)
	if err != nil {
		return "", motcua.Fail(motcua.PortalConfig, "password_file cannot be read", err)
	}
	return strings.TrimRight(string(raw), "\r\n"), nil
}
