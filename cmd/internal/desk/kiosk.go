package desk

import (
	"context"
	"fmt"

	"motcua"
	"motcua/devices"
	"motcua/store/dossier"
	"motcua/ui/flow"
	"motcua/ui/flow/kiosk"
)

// Kiosk is the hands of the self-service machine. It holds nothing of a
// person between two effects, so Forget has nothing left to wipe but what a
// face shows.
type Kiosk struct{ *Desk }

var _ flow.Hands = Kiosk{}

// Do carries an effect out.
func (h Kiosk) Do(ctx context.Context, s flow.State, e flow.Effect, tell func(flow.Event)) {
	var answer flow.Event
	var err error
	switch e := e.(type) {
	case flow.Read:
		if s, ok := kiosk.Here(s).(kiosk.Digits); ok {
			h.read(ctx, s.Typed, e, tell)
		}
	case kiosk.Ask:
		answer, err = h.ask(ctx, s)
	case kiosk.Offer:
		answer = h.offer()
	case kiosk.Take:
		answer, err = h.take(ctx, e.Service)
	case kiosk.Forget:
	}
	switch {
	case err != nil:
		tell(flow.Failed{Effect: e, Fault: err})
	case answer != nil:
		tell(answer)
	}
}

// ask answers only who knows both number and code, and says the same of an
// unknown number and a wrong code: nothing can be learned by guessing.
func (h Kiosk) ask(ctx context.Context, s flow.State) (flow.Event, error) {
	l, ok := kiosk.Here(s).(kiosk.Lookup)
	if !ok {
		return nil, motcua.Fail(motcua.Internal, "ask outside look-up", nil)
	}
	d, err := h.Store.Find(ctx, l.Ref)
	if motcua.CodeOf(err) == motcua.StoreNotFound || err == nil && (d.Lookup != l.Typed || d.Stage == dossier.Draft) {
		return nil, motcua.Fail(motcua.StoreNotFound, "reference and code", nil)
	}
	if err != nil {
		return nil, err
	}
	a := kiosk.Answer{Reference: d.Reference(), Procedure: d.Procedure.Name, Status: d.Status, Due: d.Appointment.Due}
	if d.Portal.Status.Valid() {
		a.Status = d.Portal.Status
	}
	a.Ready = d.ReleasedAt != nil && d.DeliveredAt == nil
	return kiosk.Answered{Answer: a}, nil
}

func (h Kiosk) offer() flow.Event {
	var out kiosk.Offered
	for _, s := range h.Services {
		out.Services = append(out.Services, kiosk.Service{Key: s.Key, Name: s.Name})
	}
	return out
}

// take gives the next number of the day and prints it.
func (h Kiosk) take(ctx context.Context, key string) (flow.Event, error) {
	for _, s := range h.Services {
		if s.Key != key {
			continue
		}
		now := h.now()
		n, err := h.Store.Next(ctx, "ticket/"+officeDay(now)+"/"+s.Key)
		if err != nil {
			return nil, err
		}
		t := kiosk.Ticket{Number: fmt.Sprintf("%s%03d", s.Prefix, n), Service: s.Name, At: now}
		pdf, err := h.ticket(t)
		if err != nil {
			return nil, err
		}
		if err := h.Tickets.Print(ctx, devices.Job{Title: t.Number, PDF: pdf, Copies: 1}); err != nil {
			return nil, err
		}
		return kiosk.Taken{Ticket: t}, nil
	}
	return nil, motcua.Fail(motcua.BadInput, "service", nil)
}
