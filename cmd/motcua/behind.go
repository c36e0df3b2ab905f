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
	"motcua/ui/flow/kiosk"
	"motcua/ui/flow/reception"
	"motcua/ui/flow/setup"
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
	loop *flow.Loop
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

// face is the dialogue of the role and the hands that serve it.
func (b *behind) face() (flow.Flow, flow.Hands) {
	var f flow.Flow = reception.Flow{}
	var h flow.Hands = desk.Reception{Desk: b.desk}
	switch screen.Face(b.role) {
	case screen.Kiosk:
		f, h = kiosk.Flow{}, desk.Kiosk{Desk: b.desk}
	case screen.Setup:
		f, h = setup.Flow{}, desk.Setup{Desk: b.desk}
	}
	if b.trial != nil {
		t := trial.Hand{Flow: f, Hands: h, Trial: b.trial}
		return t, t
	}
	return f, h
}

// post gives the window's events to the loop.
func (b *behind) post(e flow.Event) {
	b.mu.Lock()
	l := b.loop
	b.mu.Unlock()
	if l != nil {
		l.Post(e)
	}
}

// run works until stop, or until the played story has ended.
func (b *behind) run(draw func(screen.Screen)) error {
	defer b.end()
	if b.play {
		return b.tell(draw)
	}
	f, h := b.face()
	loop := flow.NewLoop(f, h, b.desk.Words, draw)
	b.mu.Lock()
	b.loop = loop
	b.mu.Unlock()
	var wg sync.WaitGroup
	wg.Add(1)
	go func() { defer wg.Done(); b.desk.Run(b.ctx) }()
	stop := b.desk.Listen(b.ctx, loop.Post)
	loop.Run(b.ctx)
	stop()
	wg.Wait()
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
