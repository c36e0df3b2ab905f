package outbox

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"time"

	"motcua"
	"motcua/store"
	"motcua/store/dossier"
	"motcua/sync/portal"
)

// fill leases as many messages as the gate has room for and sends them. What
// room is left goes to the poll.
func (o *Outbox) fill(ctx context.Context) {
	now := o.now()
	o.mu.Lock()
	room := o.gate.room(now, o.flying, o.workers)
	o.mu.Unlock()
	if room <= 0 {
		return
	}
	entries, err := o.store.Lease(ctx, now, now.Add(o.wait.Lease), room)
	if err != nil && ctx.Err() == nil {
		o.log.Warn("outbox: lease", "code", motcua.CodeOf(err))
	}
	o.forget(now)
	for _, e := range entries {
		o.flying++
		go func() {
			defer func() { o.done <- false }()
			o.send(ctx, e)
		}()
	}
	if len(entries) < room {
		o.poll(ctx, now)
	}
}

// forget drops the next tries that have come: they are leased now, or not ours
// to wait for.
func (o *Outbox) forget(now time.Time) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for seq, at := range o.waiting {
		if !at.After(now) {
			delete(o.waiting, seq)
		}
	}
}

// landed takes back the room of a call that ended.
func (o *Outbox) landed(poll bool) {
	if poll {
		o.polling = false
		return
	}
	o.flying--
	if soon := o.now().Add(o.wait.PollMin); soon.Before(o.nextPoll) {
		o.nextPoll = soon // what was just sent is to be asked about
	}
}

// send tries one message and settles what came of it.
func (o *Outbox) send(ctx context.Context, e store.Entry) {
	began := o.now()
	receipt, err := o.try(ctx, e)
	outcome := o.judge(ctx, e, receipt, err, began)
	o.log.Info("outbox: try", "seq", e.Seq, "dossier", e.Dossier, "kind", e.Kind,
		"state", outcome.State, "code", outcome.Try.Code, "took", outcome.Try.Took)
	// A call given up at the end of the program is settled all the same.
	if err := o.store.Settle(context.WithoutCancel(ctx), e.Seq, outcome); err != nil {
		o.log.Warn("outbox: settle", "seq", e.Seq, "code", motcua.CodeOf(err))
		return // the lease runs out and the message goes again
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if outcome.State == store.Ready {
		o.waiting[e.Seq] = outcome.NextTry
	}
}

// try sends the message, giving up well before its lease ends: after that it
// may be somebody else's.
func (o *Outbox) try(ctx context.Context, e store.Entry) (portal.Receipt, error) {
	m, err := o.message(ctx, e)
	if err != nil {
		return portal.Receipt{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, o.wait.Lease*9/10)
	defer cancel()
	return o.portal.Send(ctx, m)
}

// message is the entry as the portal's adapter wants it. Its dossier is the
// body fixed at keeping time, checked against the digest of that moment.
func (o *Outbox) message(ctx context.Context, e store.Entry) (portal.Message, error) {
	m := portal.Message{Key: e.Key(), First: e.Order == 1, Progress: e.Kind == store.Progress && e.Order > 1}
	if sum := sha256.Sum256(e.Body); hex.EncodeToString(sum[:]) != e.SHA256 {
		return m, motcua.Fail(motcua.StoreDamaged, "message does not match its digest", nil)
	}
	if json.Unmarshal(e.Body, &m.Dossier) != nil {
		return m, motcua.Fail(motcua.StoreDamaged, "message is not a dossier", nil)
	}
	m.Again = len(e.Tries) > 0 || o.recovered && e.KeptAt.Before(o.began)
	if m.First {
		return m, nil
	}
	var err error
	m.Confirmed, err = o.confirmed(ctx, e)
	return m, err
}

// confirmed is how many steps the portal confirmed with earlier messages: each
// carries all steps of its revision.
func (o *Outbox) confirmed(ctx context.Context, e store.Entry) (int, error) {
	earlier, err := o.store.Entries(ctx, e.Dossier)
	if err != nil {
		return 0, err
	}
	most := 0
	for _, s := range earlier {
		var d dossier.Dossier
		if s.State == store.Sent && s.Order < e.Order && json.Unmarshal(s.Body, &d) == nil {
			most = max(most, len(d.Steps))
		}
	}
	return most, nil
}

// record is the try as the store keeps it: the last exchange stands for it.
func record(began, now time.Time, r portal.Receipt, err error) store.Try {
	t := store.Try{At: began, Took: now.Sub(began), Code: string(motcua.CodeOf(err)), Said: r.Said}
	if n := len(r.Exchanges); n > 0 {
		last := r.Exchanges[n-1]
		t.Request, t.Reply = last.Service+" "+last.Request, last.Reply
	}
	return t
}
