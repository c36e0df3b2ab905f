package outbox

import (
	"context"
	"maps"
	"slices"
	"time"

	"motcua"
	"motcua/store"
	"motcua/store/dossier"
	"motcua/sync/portal"
)

const (
	pollList  = 500 // dossiers looked through for one that is due
	pollBatch = 8   // asked about in one round
	// pollRest is the longest pause between two rounds.
	pollRest = 5 * time.Minute
)

// poll asks about the dossiers whose turn has come, one after the other, as a
// single call of the gate's point of view. Messages go first.
func (o *Outbox) poll(ctx context.Context, now time.Time) {
	if o.polling || now.Before(o.nextPoll) {
		return
	}
	list, err := o.store.Unheard(ctx, pollList)
	if err != nil {
		o.nextPoll = now.Add(o.wait.PollMin)
		return
	}
	due, next := o.due(append(o.unnamed(ctx), list...), now)
	o.nextPoll = later(next, now.Add(o.wait.PollMin))
	if len(due) == 0 && !o.inDoubt() {
		return
	}
	o.polling = true
	go func() {
		defer func() { o.done <- true }()
		if len(due) == 0 {
			o.probe(ctx)
			return
		}
		o.askAll(ctx, due)
	}()
}

// unnamed is the dossiers sent since the start that have no official code yet.
// Where many old ones wait for their end, these would be far down the list of
// the longest silent, and somebody stands at the counter for them.
func (o *Outbox) unnamed(ctx context.Context) (out []dossier.Dossier) {
	o.mu.Lock()
	ids := slices.Collect(maps.Keys(o.fresh))
	o.mu.Unlock()
	for _, id := range ids {
		d, err := o.store.Get(ctx, id)
		if err == nil && d.Provisional() {
			out = append(out, d)
			continue
		}
		o.mu.Lock()
		delete(o.fresh, id)
		o.mu.Unlock()
	}
	return out
}

// inDoubt reports that nothing has shown the portal at work since it was last
// seen not to be.
func (o *Outbox) inDoubt() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.gate.mode != Up
}

// probe finds out how the portal is when there is nothing to send or ask, so
// that the quiet line does not tell yesterday's news.
func (o *Outbox) probe(ctx context.Context) {
	began := o.now()
	_, err := o.portal.Check(ctx)
	if ctx.Err() != nil {
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.portalIs(err, began)
}

// due picks the dossiers whose pause is over, and tells when the next one's
// will be. The pause is half of how long the dossier has been at the portal:
// both times are in the store, so the schedule outlives a restart.
func (o *Outbox) due(list []dossier.Dossier, now time.Time) (out []dossier.Dossier, next time.Time) {
	o.mu.Lock()
	defer o.mu.Unlock()
	next = now.Add(min(pollRest, o.wait.PollMax))
	seen := map[dossier.ID]bool{}
	for _, d := range list {
		if seen[d.ID] {
			continue
		}
		seen[d.ID] = true
		at := o.askAt(d)
		if !now.Before(at) && len(out) < pollBatch {
			out = append(out, d)
			d.Portal.At = &now
			at = o.askAt(d) // and once more after this answer
		}
		if at.Before(next) {
			next = at
		}
	}
	return out, next
}

func (o *Outbox) askAt(d dossier.Dossier) time.Time {
	if at, ok := o.missing[d.ID]; ok {
		return at
	}
	heard := store.Heard(&d)
	there := d.ReceivedAt
	if d.SynchronisedAt != nil {
		there = *d.SynchronisedAt
	}
	return heard.Add(min(max(heard.Sub(there)/2, o.wait.PollMin), o.wait.PollMax))
}

func (o *Outbox) askAll(ctx context.Context, due []dossier.Dossier) {
	for _, d := range due {
		if !o.ask(ctx, d) {
			return
		}
	}
}

// ask looks one dossier up and reports whether to go on with the others.
func (o *Outbox) ask(ctx context.Context, d dossier.Dossier) bool {
	began := o.now()
	r, err := o.portal.Look(ctx, d.Reference())
	if ctx.Err() != nil {
		return false
	}
	o.mu.Lock()
	goOn := o.heard(d, err, began)
	o.mu.Unlock()
	if err != nil {
		o.log.Info("outbox: poll", "dossier", d.ID, "code", motcua.CodeOf(err))
		return goOn
	}
	at := o.now()
	if err := o.store.Hear(ctx, d.ID, dossier.Portal{Code: r.Code, Status: r.Status, At: &at}); err != nil {
		o.log.Warn("outbox: hear", "dossier", d.ID, "code", motcua.CodeOf(err))
	}
	return goOn
}

// heard tells the gate and remembers a dossier that the portal does not know,
// though it confirmed it: that is for a person to see.
func (o *Outbox) heard(d dossier.Dossier, err error, began time.Time) bool {
	switch code := motcua.CodeOf(err); {
	case err == nil:
		delete(o.missing, d.ID)
	case code == motcua.PortalNotFound, o.aboutOne(err):
		o.missing[d.ID] = o.now().Add(o.wait.PollMax)
		if code != motcua.PortalNotFound {
			return true // a strange answer: the others can still be asked
		}
		err = nil // an answer all the same
	}
	return o.portalIs(err, began)
}

// aboutOne reports that an error concerns the one dossier asked about.
func (o *Outbox) aboutOne(err error) bool {
	class := portal.Classify(err)
	return class == portal.Unknown || class == portal.Validation && motcua.CodeOf(err) != motcua.PortalConfig
}

// portalIs tells the gate how a question ended, and reports whether the portal
// answered it.
func (o *Outbox) portalIs(err error, began time.Time) bool {
	now, code := o.now(), motcua.CodeOf(err)
	switch class := portal.Classify(err); {
	case err == nil:
		o.gate.succeed(now)
	case class == portal.Auth, code == motcua.PortalConfig:
		o.gate.refuse(code, now)
	case class == portal.Busy:
		o.gate.busy(wish(err), now)
	default:
		o.gate.fail(code, began, now)
	}
	return err == nil
}
