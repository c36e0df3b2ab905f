package desk

import (
	"context"
	"time"

	"motcua"
	"motcua/devices"
	"motcua/store"
	"motcua/sync/outbox"
	"motcua/ui/flow"
	"motcua/ui/flow/reception"
	"motcua/ui/screen"
	"motcua/ui/words"
)

// watchReaders tells the faces of cards that come and go.
func (d *Desk) watchReaders(ctx context.Context) {
	_ = d.Readers.Watch(ctx, func(e devices.ReaderEvent) {
		d.mu.Lock()
		before := d.reader
		if e.Reader == "" {
			d.service = e.Fault
			if e.Fault != nil {
				clear(d.readers)
			}
		} else if e.State == devices.ReaderLost {
			delete(d.readers, e.Reader)
		} else {
			d.readers[e.Reader], d.short[e.Reader] = e.State, e.Short
		}
		d.reader = d.withCard(before)
		after := d.reader
		short := d.short[after]
		d.mu.Unlock()
		if before != "" && before != after {
			d.post(flow.CardOut{})
		}
		if after != "" && before != after {
			d.post(flow.CardIn{Reader: short})
		}
		d.nudge()
	})
}

// withCard is the reader to read from: the one that had the card stays chosen
// while it has it.
func (d *Desk) withCard(before string) string {
	if d.readers[before] == devices.ReaderCard {
		return before
	}
	found := ""
	for name, state := range d.readers {
		if state == devices.ReaderCard && (found == "" || name < found) {
			found = name
		}
	}
	return found
}

// watchDesk looks now and then at what does not tell by itself: tokens, the
// printer, the minute.
func (d *Desk) watchDesk(ctx context.Context) {
	tick := time.NewTicker(5 * time.Second)
	defer tick.Stop()
	var last, now seen
	for i := 0; ; i++ {
		if i%6 == 0 { // asking the print system starts a program
			now.printer = d.Sheets.Ready(ctx) == nil
		}
		list, _ := d.Tokens.List(ctx)
		now.tokens, now.clock = len(list), words.Clock(d.now())
		d.mu.Lock()
		d.seen = now
		d.mu.Unlock()
		if now != last {
			d.nudge()
			last = now
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// seen is what watchDesk saw last.
type seen struct {
	tokens  int // signing certificates
	printer bool
	clock   string
}

// watchStore tells the faces of dossiers that changed. The store's own
// goroutine must not wait for a face, so a channel stands between.
func (d *Desk) watchStore(ctx context.Context) {
	changes := make(chan store.Event, 1024)
	stop := d.Store.Watch(func(e store.Event) {
		select {
		case changes <- e:
		default: // a face that is so far behind will list anew anyway
		}
	})
	defer stop()
	for {
		select {
		case <-ctx.Done():
			return
		case e := <-changes:
			d.post(reception.Changed{ID: e.Dossier})
			d.nudge()
		}
	}
}

// outboxIs hears of the portal. It returns at once: the outbox waits for it.
func (d *Desk) outboxIs(ctx context.Context, s outbox.State) {
	d.mu.Lock()
	ask := s.Portal == outbox.Up && !d.health.Reachable
	d.mu.Unlock()
	if ask {
		go func() {
			_, _ = d.check(ctx) // its clock, for the quiet line; the outbox tells of faults
			d.nudge()
		}()
	}
	d.nudge()
}

// nudge has the quiet line drawn anew, soon.
func (d *Desk) nudge() {
	select {
	case d.dim <- struct{}{}:
	default:
	}
}

// watchLights draws the quiet line: many changes at once are one drawing.
func (d *Desk) watchLights(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-d.dim:
			d.light(ctx)
		}
	}
}

// light posts the quiet line as it is now.
func (d *Desk) light(ctx context.Context) {
	q, err := d.Store.Queue(ctx)
	if err != nil {
		return
	}
	d.post(flow.Lights{Lights: []screen.Light{d.portalLight(), d.queueLight(q), d.readerLight(), d.tokenLight(), d.printerLight(), d.clockLight()}})
	d.post(reception.Counted{Unsent: q.Waiting()})
}

func (d *Desk) portalLight() screen.Light {
	l := screen.Light{Key: "portal", Text: d.Words.T("light.portal.unknown"), Tone: screen.Muted, Action: "rail/dossiers"}
	if d.Outbox == nil {
		return l
	}
	switch d.Outbox.State().Portal {
	case outbox.Up:
		l.Text, l.Tone = d.Words.T("light.portal.up"), screen.Good
	case outbox.Down, outbox.Busy:
		l.Text, l.Tone = d.Words.T("light.portal.down"), screen.Warn
	case outbox.Refused:
		l.Text, l.Tone = d.Words.T("light.portal.refused"), screen.Bad
	}
	return l
}

func (d *Desk) queueLight(q store.Queue) screen.Light {
	l := screen.Light{Key: "queue", Text: d.Words.T("light.queue.none"), Tone: screen.Good, Action: "rail/dossiers"}
	if n := q.Waiting(); n > 0 {
		l.Text, l.Tone = d.Words.T("light.queue", "n", n), screen.Warn
	}
	if q.Held > 0 {
		l.Tone = screen.Bad
	}
	return l
}

func (d *Desk) readerLight() screen.Light {
	d.mu.Lock()
	defer d.mu.Unlock()
	l := screen.Light{Key: "reader", Text: d.Words.T("light.reader.none"), Tone: screen.Warn}
	switch {
	case motcua.CodeOf(d.service) == motcua.ReaderService:
		l.Text, l.Tone = d.Words.T("light.reader.down"), screen.Bad
	case d.reader != "":
		l.Text, l.Tone = d.Words.T("light.reader.card"), screen.Good
	case len(d.readers) > 0:
		l.Text, l.Tone = d.Words.T("light.reader.empty"), screen.Good
	}
	return l
}

func (d *Desk) tokenLight() screen.Light {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.seen.tokens > 0 {
		return screen.Light{Key: "token", Text: d.Words.T("light.token.ready"), Tone: screen.Good}
	}
	return screen.Light{Key: "token", Text: d.Words.T("light.token.none"), Tone: screen.Warn}
}

func (d *Desk) printerLight() screen.Light {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.seen.printer {
		return screen.Light{Key: "printer", Text: d.Words.T("light.printer.ready"), Tone: screen.Good}
	}
	return screen.Light{Key: "printer", Text: d.Words.T("light.printer.none"), Tone: screen.Warn}
}

// clockLight is the time that is printed on receipts. It warns when the portal
// has another.
func (d *Desk) clockLight() screen.Light {
	d.mu.Lock()
	defer d.mu.Unlock()
	l := screen.Light{Key: "clock", Text: d.seen.clock, Tone: screen.Muted}
	if d.health.Reachable && d.health.Skew.Abs() > maxSkew {
		l.Text, l.Tone = d.Words.T("light.clock.wrong", "time", d.seen.clock), screen.Bad
	}
	return l
}
