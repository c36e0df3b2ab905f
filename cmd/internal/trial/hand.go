package trial

import (
	"context"

	"motcua/ui/flow"
	"motcua/ui/screen"
	"motcua/ui/words"
)

// Hand puts the trial's own controls on every screen of a face: lay the card
// down or take it away, portal up or down. It stands between the window and
// the flow, so that neither knows of a trial.
type Hand struct {
	Flow  flow.Flow
	Hands flow.Hands
	Trial *Trial
}

var (
	_ flow.Flow  = Hand{}
	_ flow.Hands = Hand{}
)

// turn is a control that was pressed.
type turn struct {
	flow.IsEffect
	what string
}

// Start is the face's.
func (h Hand) Start() (flow.State, []flow.Effect) { return h.Flow.Start() }

// Step takes the controls' presses; all else is the face's.
func (h Hand) Step(s flow.State, e flow.Event) (flow.State, []flow.Effect) {
	if p, ok := e.(flow.Pressed); ok && (p.Action == "trial/card" || p.Action == "trial/portal") {
		return s, []flow.Effect{turn{what: p.Action}}
	}
	return h.Flow.Step(s, e)
}

// Do turns the controls; all else is the desk's.
func (h Hand) Do(ctx context.Context, s flow.State, e flow.Effect, tell func(flow.Event)) {
	t, ok := e.(turn)
	if !ok {
		h.Hands.Do(ctx, s, e, tell)
		return
	}
	switch {
	case t.what == "trial/card" && h.Trial.CardLies():
		h.Trial.TakeCard()
	case t.what == "trial/card":
		h.Trial.LayCard(context.WithoutCancel(ctx), 0)
	case h.Trial.PortalRuns():
		h.Trial.PortalDown()
	default:
		if err := h.Trial.PortalUp(ctx); err != nil {
			tell(flow.Failed{Effect: e, Fault: err})
		}
	}
}

// View adds the controls: to the rail at the counter, as actions elsewhere.
func (h Hand) View(s flow.State, w *words.Words) screen.Screen {
	v := h.Flow.View(s, w)
	hint := screen.Light{Key: "trial", Text: w.T("trial.hint", "number", h.Trial.People[0].Number, "pin", PIN), Tone: screen.Muted}
	if v.Face == screen.Counter {
		v.Rail = append(v.Rail,
			screen.Place{Action: "trial/card", Title: w.T("trial.card"), Icon: "card"},
			screen.Place{Action: "trial/portal", Title: w.T("trial.portal"), Icon: "again"})
		v.Status = append(append([]screen.Light{}, v.Status...), hint)
		return v
	}
	v.Actions = append(v.Actions, screen.Action{Key: "trial/card", Title: w.T("trial.card"), Icon: "card"})
	if v.Face == screen.Setup {
		v.Actions = append(v.Actions, screen.Action{Key: "trial/portal", Title: w.T("trial.portal"), Icon: "again"})
		v.Status = append(append([]screen.Light{}, v.Status...), hint)
	}
	return v
}
