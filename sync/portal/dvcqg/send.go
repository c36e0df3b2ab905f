package dvcqg

import (
	"context"
	"encoding/json"

	"motcua"
	"motcua/store/dossier"
	"motcua/sync/portal"
)

// The two words of isUpdating, capitalised as the portal wants them.
const (
	inserting = "False"
	replacing = "True"
)

// Send makes the portal hold the dossier of m, then the steps it has not
// confirmed. See the package's text on how often.
func (p *Portal) Send(ctx context.Context, m portal.Message) (r portal.Receipt, err error) {
	if !m.Progress {
		if err := p.sendDossier(ctx, m, &r); err != nil {
			return r, err
		}
	}
	return r, p.sendSteps(ctx, m, &r)
}

func (p *Portal) sendDossier(ctx context.Context, m portal.Message, r *portal.Receipt) error {
	body, err := Encode(m.Dossier)
	if err != nil {
		return motcua.Fail(motcua.PortalRejected, "dossier cannot be translated", err)
	}
	e := envelopeOut{Service: serviceSend, IsUpdating: inserting, Data: []json.RawMessage{body}, hide: personal(m.Dossier)}
	if !m.First {
		e.IsUpdating = replacing
	}
	a, err := p.call(ctx, e, r)
	if err == nil && a.meaning() == duplicate && e.IsUpdating == inserting {
		r.Duplicate, e.IsUpdating = true, replacing
		a, err = p.call(ctx, e, r)
	}
	if err != nil {
		return err
	}
	return p.accept(serviceSend, a, r)
}

// accept takes an answer as success or says why not. What the portal tells of
// code and status is kept.
func (p *Portal) accept(service string, a answer, r *portal.Receipt) error {
	if a.meaning() != accepted {
		return fault(service, a)
	}
	if rows := a.found(); len(rows) > 0 {
		p.learn(rows[0], r)
	}
	return nil
}

func (p *Portal) learn(row map[string]json.RawMessage, r *portal.Receipt) {
	if code := officialCode(row, p.profile.CodeField); code != "" {
		r.Code = code
	}
	if s := statusOf(row, p.profile.StatusField); s != 0 {
		r.Status = s
	}
}

// sendSteps appends the steps after those confirmed, at most stepsPerCall a
// call, in order.
func (p *Portal) sendSteps(ctx context.Context, m portal.Message, r *portal.Receipt) error {
	todo := steps(m.Dossier, m.Confirmed)
	if len(todo) == 0 {
		return nil
	}
	if (m.Again || r.Duplicate) && p.profile.StepsField != "" {
		var err error
		if todo, err = p.unheard(ctx, m.Dossier.Reference(), todo, r); err != nil {
			return err
		}
	}
	for len(todo) > 0 {
		n := min(len(todo), stepsPerCall)
		if err := p.appendSteps(ctx, m.Dossier, todo[:n], r); err != nil {
			return err
		}
		todo = todo[n:]
	}
	return nil
}

// unheard asks the portal which of the steps it has and returns the others.
func (p *Portal) unheard(ctx context.Context, reference string, todo []buoc, r *portal.Receipt) ([]buoc, error) {
	row, err := p.lookUp(ctx, reference, r)
	if err != nil {
		return nil, err
	}
	return missing(todo, row[p.profile.StepsField]), nil
}

func (p *Portal) appendSteps(ctx context.Context, d dossier.Dossier, some []buoc, r *portal.Receipt) error {
	e := envelopeOut{Service: serviceSteps, hide: personal(d)}
	for _, s := range some {
		body, err := compact(s)
		if err != nil {
			return err
		}
		e.Data = append(e.Data, body)
	}
	a, err := p.call(ctx, e, r)
	if err != nil {
		return err
	}
	return p.accept(serviceSteps, a, r)
}

// personal is what the portal may say back of a dossier's people.
func personal(d dossier.Dossier) (out []string) {
	people := []dossier.Person{d.Applicant}
	if d.Owner != nil {
		people = append(people, *d.Owner)
	}
	for _, p := range people {
		out = append(out, p.Name, p.Number, p.Phone, p.Email, p.Address)
	}
	return out
}

// Look asks with TraCuuHoSo what the portal holds under a number or code.
func (p *Portal) Look(ctx context.Context, reference string) (r portal.Receipt, err error) {
	_, err = p.lookUp(ctx, reference, &r)
	return r, err
}

func (p *Portal) lookUp(ctx context.Context, reference string, r *portal.Receipt) (map[string]json.RawMessage, error) {
	a, err := p.call(ctx, envelopeOut{Service: serviceLook, Reference: reference}, r)
	if err != nil {
		return nil, err
	}
	switch rows := a.found(); {
	case a.coded && a.code == 0 && !a.bare && len(rows) > 0:
		p.learn(rows[0], r)
		return rows[0], nil
	case a.coded && a.code == 0 && !a.bare, a.meaning() == absent:
		return nil, motcua.Fail(motcua.PortalNotFound, serviceLook, nil)
	}
	return nil, fault(serviceLook, a)
}

// Check signs in anew, so that it tells the truth about the password today,
// and reads the portal's clock.
func (p *Portal) Check(ctx context.Context) (portal.Health, error) {
	var log []portal.Exchange
	_, reply, err := p.login(ctx, &log)
	return portal.Health{
		Reachable: reply.HTTP != 0, SignedIn: err == nil, Took: reply.Took, Skew: reply.Skew,
	}, err
}
