package trial

import (
	"context"

	"motcua"
	"motcua/cmd/internal/desk"
	"motcua/store"
	"motcua/store/dossier"
	"motcua/ui/flow"
	"motcua/ui/flow/kiosk"
	"motcua/ui/flow/setup"
	"motcua/ui/screen"
)

// PlayKiosk plays a citizen at the kiosk: the card is laid down, the greeting
// is masked, the receipt of the newest dossier is looked up, a ticket taken,
// and nothing is left when the card is taken away. Play must have been.
func (t *Trial) PlayKiosk(ctx context.Context, stage Stage) (Story, error) {
	return t.tell(ctx, stage, kiosk.Flow{}, func(d *desk.Desk) flow.Hands { return desk.Kiosk{Desk: d} },
		func(p *teller) []scene {
			return []scene{
				{"nobody there", func(ctx context.Context) (string, error) { return p.see(ctx, "kiosk/welcome") }},
				{"lay the card", p.layAtKiosk},
				{"type six digits, be greeted", p.greeted},
				{"scan the receipt", p.scanReceipt},
				{"take a ticket", p.takeTicket},
				{"take the card away: nothing is left", p.leave},
				{"number and code by hand", p.byHand},
			}
		})
}

func (p *teller) see(ctx context.Context, name string) (string, error) {
	s, err := p.face.named(ctx, name)
	return s.Title, err
}

func (p *teller) press(ctx context.Context, e flow.Event, name string) (string, error) {
	p.face.post(e)
	return p.see(ctx, name)
}

func (p *teller) layAtKiosk(ctx context.Context) (string, error) {
	p.LayCard(ctx, 0)
	return p.see(ctx, "kiosk/digits")
}

func (p *teller) greeted(ctx context.Context) (string, error) {
	digits := p.People[0].Number[6:]
	p.face.post(flow.Edited{Field: "digits", Value: digits})
	return p.press(ctx, flow.Entered{Field: "digits", Value: digits}, "kiosk/hello")
}

// newest is the dossier the officer received last.
func (p *teller) newest(ctx context.Context) (dossier.Dossier, error) {
	page, err := p.desk.Store.List(ctx, store.Query{Stage: dossier.Accepted, Limit: 1})
	if err != nil || len(page.Dossiers) == 0 {
		return dossier.Dossier{}, motcua.Fail(motcua.StoreNotFound, "no dossier was received yet", err)
	}
	return page.Dossiers[0], nil
}

func (p *teller) scanReceipt(ctx context.Context) (string, error) {
	d, err := p.newest(ctx)
	if err != nil {
		return "", err
	}
	if _, err := p.press(ctx, flow.Picked{Block: "menu", Key: "lookup"}, "kiosk/reference"); err != nil {
		return "", err
	}
	p.pause(ctx)
	return p.press(ctx, flow.Entered{Field: "reference", Value: kiosk.ReceiptQR(d.Number, d.Lookup)}, "kiosk/found")
}

func (p *teller) takeTicket(ctx context.Context) (string, error) {
	p.face.post(flow.Pressed{Action: "home"})
	if _, err := p.see(ctx, "kiosk/welcome"); err != nil {
		return "", err
	}
	if _, err := p.press(ctx, flow.Picked{Block: "menu", Key: "ticket"}, "kiosk/services"); err != nil {
		return "", err
	}
	p.pause(ctx)
	return p.press(ctx, flow.Picked{Block: "services", Key: "chung-thuc"}, "kiosk/ticket")
}

func (p *teller) leave(ctx context.Context) (string, error) {
	p.face.post(flow.Pressed{Action: "home"})
	if _, err := p.see(ctx, "kiosk/welcome"); err != nil {
		return "", err
	}
	p.TakeCard()
	p.LayCard(ctx, 1)
	if _, err := p.see(ctx, "kiosk/digits"); err != nil {
		return "", err
	}
	p.TakeCard()
	return p.see(ctx, "kiosk/welcome")
}

func (p *teller) byHand(ctx context.Context) (string, error) {
	d, err := p.newest(ctx)
	if err != nil {
		return "", err
	}
	p.face.post(flow.Picked{Block: "menu", Key: "lookup"})
	if _, err := p.press(ctx, flow.Entered{Field: "reference", Value: d.Reference()}, "kiosk/lookup"); err != nil {
		return "", err
	}
	p.pause(ctx)
	if _, err := p.press(ctx, flow.Entered{Field: "lookup", Value: d.Lookup}, "kiosk/found"); err != nil {
		return "", err
	}
	_, err = p.press(ctx, flow.Pressed{Action: "help"}, "kiosk/help")
	return "", err
}

// PlaySetup plays the technician: every device is looked at and a card read.
func (t *Trial) PlaySetup(ctx context.Context, stage Stage) (Story, error) {
	return t.tell(ctx, stage, setup.Flow{}, func(d *desk.Desk) flow.Hands { return desk.Setup{Desk: d} },
		func(p *teller) []scene {
			return []scene{
				{"look at every device", p.probed},
				{"a test read with its checks", p.testRead},
			}
		})
}

func (p *teller) probed(ctx context.Context) (string, error) {
	if err := p.PortalUp(ctx); err != nil {
		return "", err
	}
	p.face.post(flow.Pressed{Action: "test/portal"})
	_, err := p.face.until(ctx, "the portal's answer", func(s screen.Screen) bool { return tone(s, "portal") == screen.Good })
	if err != nil {
		return "", err
	}
	p.face.post(flow.Pressed{Action: "test/clock"})
	_, err = p.face.until(ctx, "all devices well", func(s screen.Screen) bool {
		for _, key := range setup.Keys {
			if key != "card" && tone(s, key) != screen.Good {
				return false
			}
		}
		return true
	})
	return "", err
}

func tone(s screen.Screen, key string) screen.Tone {
	for _, sec := range s.Sections {
		if sec.Key == key {
			return sec.Tone
		}
	}
	return screen.Plain
}

func (p *teller) testRead(ctx context.Context) (string, error) {
	p.LayCard(ctx, 0)
	if _, err := p.face.until(ctx, "the card", func(s screen.Screen) bool {
		text, _ := light(s, "reader")
		return text == p.desk.Words.T("light.reader.card")
	}); err != nil {
		return "", err
	}
	p.face.post(flow.Entered{Field: "number", Value: p.People[0].Number})
	_, err := p.face.until(ctx, "the checks", func(s screen.Screen) bool { return tone(s, "card") == screen.Good })
	return "", err
}
