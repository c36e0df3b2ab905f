package outbox

import (
	"context"
	"errors"
	"time"

	"motcua"
	"motcua/store"
	"motcua/store/dossier"
	"motcua/sync/portal"
)

// unknownTries is after how many answers outside every table, one after the
// other, a person must look.
const unknownTries = 5

// A message that fails while others pass is itself the trouble, though the
// portal's error looks like the portal's. Each such failure is a strike: an
// answered one counts two, a lost reply one, because a bad line loses
// anybody's. With maxStrikes it is held.
const (
	answeredStrike = 2
	lostStrike     = 1
	maxStrikes     = 16
)

// strike counts a message's failures that others did not share.
type strike struct {
	count int
	last  time.Time // its last failure
}

// judge turns the end of a try into what the store is told, and tells the
// gate. It is the table of error classes.
func (o *Outbox) judge(ctx context.Context, e store.Entry, r portal.Receipt, err error, began time.Time) store.Outcome {
	o.mu.Lock()
	defer o.mu.Unlock()
	now := o.now()
	out := store.Outcome{Try: record(began, now, r, err)}
	if err == nil {
		o.gate.succeed(now)
		delete(o.strikes, e.Seq)
		o.fresh[e.Dossier] = true
		out.State = store.Sent
		out.Portal = dossier.Portal{Code: r.Code, Status: r.Status, At: &now}
		return out
	}
	out.State, out.NextTry = o.treat(ctx, e, err, began, now)
	return out
}

func (o *Outbox) treat(ctx context.Context, e store.Entry, err error, began, now time.Time) (store.State, time.Time) {
	code := motcua.CodeOf(err)
	switch class := portal.Classify(err); {
	case ctx.Err() != nil: // the program ends; nothing is said about the portal
		return store.Ready, now
	case code == motcua.StoreDamaged:
		return store.Held, time.Time{}
	case class == portal.Auth, code == motcua.PortalConfig:
		// Not this dossier's fault: all wait, none is held.
		o.gate.refuse(code, now)
		return store.Ready, now
	case class == portal.Busy:
		o.gate.busy(wish(err), now)
		return store.Ready, o.gate.until
	case class == portal.Validation:
		o.gate.succeed(now) // it read the dossier
		return store.Held, time.Time{}
	case class == portal.Unknown:
		return o.puzzled(e, now)
	}
	return o.network(e, code, began, now)
}

// puzzled treats an answer outside every table.
func (o *Outbox) puzzled(e store.Entry, now time.Time) (store.State, time.Time) {
	n := trailing(e.Tries, portal.Unknown)
	if n+1 >= unknownTries {
		return store.Held, time.Time{}
	}
	return store.Ready, now.Add(o.gate.delay(n))
}

// network treats a failure that says nothing of the dossier: unless it is the
// only one to fail.
func (o *Outbox) network(e store.Entry, code motcua.Code, began, now time.Time) (store.State, time.Time) {
	if o.struck(e.Seq, code, now) {
		return store.Held, time.Time{}
	}
	o.gate.fail(code, began, now)
	if o.gate.mode != Up {
		// It goes to the end of the line: the next probe is another one.
		return store.Ready, later(o.gate.until, now.Add(o.wait.Floor))
	}
	return store.Ready, now.Add(o.gate.delay(trailing(e.Tries, portal.Network)))
}

// wish is how long the portal asked us to wait.
func wish(err error) time.Duration {
	var r *portal.Retry
	if errors.As(err, &r) {
		return r.After
	}
	return 0
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// struck counts a strike when another message passed since this one's last
// failure, and reports whether there are too many.
func (o *Outbox) struck(seq uint64, code motcua.Code, now time.Time) bool {
	if code == motcua.PortalUnreachable || code == motcua.Cancelled {
		return false
	}
	s := o.strikes[seq]
	if s == nil {
		s = &strike{}
		o.strikes[seq] = s
	} else if o.gate.success.After(s.last) {
		s.count += answeredStrike
		if code == motcua.PortalTimeout {
			s.count -= answeredStrike - lostStrike
		}
	}
	s.last = now
	if s.count < maxStrikes {
		return false
	}
	delete(o.strikes, seq)
	return true
}

// trailing is how many of the last tries, without a break, ended in a class.
func trailing(tries []store.Try, class portal.Class) (n int) {
	for i := len(tries) - 1; i >= 0; i-- {
		code := motcua.Code(tries[i].Code)
		if code == "" || portal.Classify(motcua.Fail(code, "", nil)) != class {
			break
		}
		n++
	}
	return n
}
