package desk

import (
	"context"
	"sync"

	"motcua/ui/flow"
	"motcua/ui/flow/kiosk"
	"motcua/ui/flow/reception"
	"motcua/ui/flow/setup"
	"motcua/ui/screen"
)

// Face is the dialogue of a role and the hands that serve it.
func (d *Desk) Face(role screen.Face) (flow.Flow, flow.Hands) {
	switch role {
	case screen.Kiosk:
		return kiosk.Flow{}, Kiosk{d}
	case screen.Setup:
		return setup.Flow{}, Setup{d}
	}
	return reception.Flow{}, Reception{d}
}

// Serve runs the dialogue and the desk behind it until ctx ends. begin is
// given the loop's Post before the first screen is drawn.
func (d *Desk) Serve(ctx context.Context, f flow.Flow, h flow.Hands, draw func(screen.Screen), begin func(post func(flow.Event))) {
	loop := flow.NewLoop(f, h, d.Words, draw)
	begin(loop.Post)
	var wg sync.WaitGroup
	wg.Add(1)
	go func() { defer wg.Done(); d.Run(ctx) }()
	defer wg.Wait()
	defer d.Listen(ctx, loop.Post)()
	loop.Run(ctx)
}
