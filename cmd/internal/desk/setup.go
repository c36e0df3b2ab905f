package desk

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"motcua"
	"motcua/store"
	"motcua/sync/portal"
	"motcua/ui/flow"
	"motcua/ui/flow/setup"
	"motcua/ui/screen"
	"motcua/ui/words"
)

// Setup is the hands of the technician's board.
type Setup struct{ *Desk }

var _ flow.Hands = Setup{}

// Do carries an effect out.
func (h Setup) Do(ctx context.Context, s flow.State, e flow.Effect, tell func(flow.Event)) {
	switch e := e.(type) {
	case setup.Probe:
		tell(setup.Probed{Device: h.Probe(ctx, e.Key)})
	case flow.Read:
		h.read(ctx, s.(setup.Board).Number, e, tell)
	}
}

// Probe looks at one device of setup.Keys. A fault is part of the answer.
func (d *Desk) Probe(ctx context.Context, key string) setup.Device {
	out := setup.Device{Key: key, Tone: screen.Good}
	var err error
	switch key {
	case "readers":
		err = d.probeReaders(ctx, &out)
	case "token":
		err = d.probeToken(ctx, &out)
	case "printer":
		out.State, out.Facts = "ready", []setup.Fact{{Label: "printer", Value: d.Sheets.Name()}}
		err = d.Sheets.Ready(ctx)
	case "portal":
		err = d.probePortal(ctx, &out)
	case "clock":
		d.probeClock(&out)
	case "store":
		err = d.probeStore(ctx, &out)
	}
	if err != nil {
		out.Tone, out.State, out.Fault = screen.Bad, "failed", err
	}
	return out
}

func (d *Desk) probeReaders(ctx context.Context, out *setup.Device) error {
	list, err := d.Readers.List(ctx)
	if err != nil {
		return err
	}
	if len(list) == 0 {
		return motcua.Fail(motcua.ReaderNone, "", nil)
	}
	out.State, out.Args = "readers", []any{"n", len(list)}
	for _, r := range list {
		out.Facts = append(out.Facts, setup.Fact{Label: "reader", Value: r.Short + ": " + d.Words.T("setup.reader."+r.State.String())})
	}
	return nil
}

func (d *Desk) probeToken(ctx context.Context, out *setup.Device) error {
	list, err := d.Tokens.List(ctx)
	for _, c := range list {
		f := setup.Fact{Label: "certificate", Value: c.Leaf.Subject.CommonName + ", " + d.Words.T("setup.fact.until") + " " + words.Date(c.Leaf.NotAfter)}
		if len(c.Unusable) > 0 {
			f.Tone, f.Value = screen.Warn, f.Value+": "+d.Words.T("certificate."+c.Unusable[0])
		}
		out.Facts = append(out.Facts, f)
	}
	out.State, out.Args = "tokens", []any{"n", len(list)}
	if err == nil && len(list) == 0 {
		err = motcua.Fail(motcua.TokenAbsent, "", nil)
	}
	return err
}

// check asks the portal and remembers what it said.
func (d *Desk) check(ctx context.Context) (portal.Health, error) {
	if d.Adapter == nil {
		return portal.Health{}, motcua.Fail(motcua.PortalConfig, "no portal in the configuration", nil)
	}
	h, err := d.Adapter.Check(ctx)
	d.mu.Lock()
	d.health = h
	d.mu.Unlock()
	return h, err
}

func (d *Desk) probePortal(ctx context.Context, out *setup.Device) error {
	h, err := d.check(ctx)
	if err != nil {
		return err
	}
	if d.Outbox != nil {
		d.Outbox.Kick() // it may not have noticed yet
	}
	out.State = "reachable"
	out.Facts = []setup.Fact{{Label: "took", Value: fmt.Sprintf("%d ms", h.Took.Milliseconds())}}
	return nil
}

// maxSkew is the difference from the portal's clock beyond which a printed
// time would be wrong by more than the minute it is printed in.
const maxSkew = 30 * time.Second

func (d *Desk) probeClock(out *setup.Device) {
	d.mu.Lock()
	h := d.health
	d.mu.Unlock()
	out.Facts = []setup.Fact{{Label: "now", Value: words.DateClock(d.now())}}
	if !h.Reachable {
		out.State, out.Tone = "unknown", screen.Muted
		return
	}
	out.State = "right"
	out.Facts = append(out.Facts, setup.Fact{Label: "skew", Value: h.Skew.Round(time.Second).String()})
	if h.Skew.Abs() > maxSkew {
		out.State, out.Tone, out.Fault = "wrong", screen.Bad, motcua.Fail(motcua.PortalClock, h.Skew.String(), nil)
	}
}

func (d *Desk) probeStore(ctx context.Context, out *setup.Device) error {
	q, err := d.Store.Queue(ctx)
	if err != nil {
		return err
	}
	n, err := d.Store.VerifyJournal(ctx)
	out.State = "healthy"
	out.Facts = []setup.Fact{
		{Label: "waiting", Value: strconv.Itoa(q.Waiting())},
		{Label: "held", Value: strconv.Itoa(q.Held), Tone: heldTone(q)},
		{Label: "journal", Value: strconv.Itoa(n)},
	}
	return err
}

func heldTone(q store.Queue) screen.Tone {
	if q.Held > 0 {
		return screen.Warn
	}
	return screen.Plain
}
