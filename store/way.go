package store

import (
	"strings"
	"time"

	"motcua"
	"motcua/store/dossier"
)

// The way of an outbox entry: ready, taken, and then sent, held or ready again.
// Both rooms move entries with these functions only.

// NewEntry is the entry for the revision d; body and sum come from Body.
func NewEntry(c Change, d *dossier.Dossier, body []byte, sum string) Entry {
	return Entry{
		Dossier: d.ID, Kind: c.Send, Revision: d.Revision,
		Body: body, SHA256: sum, KeptAt: c.At, State: Ready,
	}
}

// Due is when the first of a dossier's entries is to be offered: its next try,
// or the end of its lease. A held or sent entry never is.
func (e *Entry) Due() (time.Time, bool) {
	switch e.State {
	case Ready:
		return e.NextTry, true
	case Taken:
		return e.LeaseUntil, true
	}
	return time.Time{}, false
}

// Take leases the entry.
func (e *Entry) Take(until time.Time) { e.State, e.LeaseUntil = Taken, until }

// End settles the entry with o. first says that it is the first unsent of its
// dossier. The try gets the next number. StoreConflict means that the lease is
// not the caller's any more: somebody settled or resent the entry since. That
// the portal confirmed is a fact all the same, so Sent is taken from anyone.
func (e *Entry) End(o Outcome, first bool) error {
	switch {
	case o.State != Sent && o.State != Ready && o.State != Held:
		return motcua.Fail(motcua.StoreInvalid, "outcome", nil)
	case !first:
		return motcua.Fail(motcua.StoreConflict, "not the first unsent of its dossier", nil)
	case o.State != Sent && e.State != Taken:
		return motcua.Fail(motcua.StoreConflict, "not leased", nil)
	}
	e.State, e.LeaseUntil, e.NextTry = o.State, time.Time{}, o.NextTry
	if o.State != Ready {
		e.NextTry = time.Time{}
	}
	t := o.Try
	t.N, t.Said, t.Request, t.Reply = 1, clip(t.Said), clip(t.Request), clip(t.Reply)
	if n := len(e.Tries); n > 0 {
		t.N = e.Tries[n-1].N + 1
	}
	e.Tries = append(e.Tries, t)
	if extra := len(e.Tries) - MaxTries; extra > 0 {
		e.Tries = append([]Try(nil), e.Tries[extra:]...)
	}
	return nil
}

// maxSaid bounds each text of a try, in bytes.
const maxSaid = 16 << 10

// clip cuts a text from outside to what is kept, as valid UTF-8.
func clip(s string) string { return strings.ToValidUTF8(s[:min(len(s), maxSaid)], "") }

// Again makes the entry ready at now. One that is out at this moment stays
// out: it is being sent already. StoreConflict when it was sent.
func (e *Entry) Again(now time.Time) error {
	if e.State == Sent {
		return motcua.Fail(motcua.StoreConflict, "sent already", nil)
	}
	if e.State == Taken && e.LeaseUntil.After(now) {
		return nil
	}
	e.State, e.NextTry, e.LeaseUntil = Ready, now, time.Time{}
	return nil
}

// Confirmed is when the portal confirmed what o settles.
func (o *Outcome) Confirmed(now time.Time) time.Time {
	switch {
	case o.Portal.At != nil:
		return *o.Portal.At
	case !o.Try.At.IsZero():
		return o.Try.At.Add(o.Try.Took)
	}
	return now
}

// Count adds one entry in the given state.
func (q *Queue) Count(s State) {
	switch s {
	case Ready:
		q.Ready++
	case Taken:
		q.Taken++
	case Held:
		q.Held++
	case Sent:
		q.Sent++
	}
}
