package main

import (
	"context"
	"fmt"
	"os"
	"sync"
	"time"

	"fyne.io/fyne/v2"

	"motcua"
	"motcua/cmd/internal/desk"
	"motcua/cmd/internal/trial"
	"motcua/ui/flow"
	"motcua/ui/screen"
)

// kioskPatience is how long nobody touches a kiosk before its time left begins
// to shrink.
const kioskPatience = 40 * time.Second

// pace is how long a screen of a played story stands: long enough for a person
// to see it and for its picture to be taken.
const pace = 1600 * time.Millisecond

// behind is what works behind the window: a desk with one face, or a trial
// that plays by itself.
type behind struct {
	options
	ctx    context.Context
	cancel context.CancelFunc
	trial  *trial.Trial
	desk   *desk.Desk

	mu   sync.Mutex
	send func(flow.Event) // to the loop; nil until it runs
}

// open opens the desk, so that a fault (a second instance, a full disk) is
// known before the window stands there empty.
func open(ctx context.Context, o options) (*behind, error) {
	b := &behind{options: o}
	b.ctx, b.cancel = context.WithCancel(ctx)
	cfg := desk.Config{}
	var err error
	if o.trial != "" {
		if b.trial, err = trial.Start(b.ctx, o.trial); err != nil {
			return nil, err
		}
		cfg = b.trial.Config
	} else if cfg, err = desk.Load(o.config); err != nil {
		return nil, err
	}
	if o.play {
		return b, nil
	}
	cfg.Language = o.lang
	if b.desk, err = desk.Open(cfg); err != nil {
		b.end()
		return nil, err
	}
	return b, nil
}

// face is the dialogue of the role, with the trial's controls in a trial.
func (b *behind) face() (flow.Flow, flow.Hands) {
	f, h := b.desk.Face(screen.Face(b.role))
	if b.trial != nil {
		t := trial.Hand{Flow: f, Hands: h, Trial: b.trial}
		return t, t
	}
	return f, h
}

// post gives the window's events to the loop.
func (b *behind) post(e flow.Event) {
	b.mu.Lock()
	send := b.send
	b.mu.Unlock()
	if send != nil {
		send(e)
	}
}

// run works until stop, or until the played story has ended.
func (b *behind) run(draw func(screen.Screen)) error {
	defer b.end()
	if b.play {
		return b.tell(draw)
	}
	f, h := b.face()
	b.desk.Serve(b.ctx, f, h, draw, func(post func(flow.Event)) {
		b.mu.Lock()
		b.send = post
		b.mu.Unlock()
	})
	return nil
}

// tell plays the role's story.
func (b *behind) tell(draw func(screen.Screen)) error {
	stage := trial.Stage{Out: os.Stdout, Draw: draw, Pace: pace}
	var err error
	switch screen.Face(b.role) {
	case screen.Kiosk:
		_, err = b.trial.PlayKiosk(b.ctx, stage)
	case screen.Setup:
		_, err = b.trial.PlaySetup(b.ctx, stage)
	default:
		_, err = b.trial.Play(b.ctx, stage)
	}
	return err
}

func (b *behind) stop() { b.cancel() }

func (b *behind) end() {
	if b.desk != nil {
		if err := b.desk.Close(); err != nil {
			fmt.Fprintln(os.Stderr, "motcua:", motcua.CodeOf(err), err)
		}
	}
	if b.trial != nil {
		if err := b.trial.Stop(); err != nil {
			fmt.Fprintln(os.Stderr, "motcua:", err)
		}
	}
}

func quit(a fyne.App) { fyne.Do(a.Quit) }
