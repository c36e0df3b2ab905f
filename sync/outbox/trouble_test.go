package outbox_test

import (
	"context"
	"testing"
	"time"

	"pgregory.net/rapid"

	"motcua"
	"motcua/store"
	"motcua/store/dossier"
	"motcua/sync/outbox"
	"motcua/sync/portal"
	"motcua/sync/portal/reference"
)

// allergic is a portal that one dossier upsets.
type allergic struct {
	portal.Portal
	to   dossier.ID
	code motcua.Code
	sent int
}

func (a *allergic) Send(ctx context.Context, m portal.Message) (portal.Receipt, error) {
	if m.Dossier.ID == a.to {
		a.sent++
		return portal.Receipt{}, motcua.Fail(a.code, "", nil)
	}
	return a.Portal.Send(ctx, m)
}

// TestPoisonNeverBlocks keeps dossiers coming while the first one makes the
// portal answer as if it were ill itself.
func TestPoisonNeverBlocks(t *testing.T) {
	for _, code := range []motcua.Code{motcua.PortalServer, motcua.PortalEmpty, motcua.PortalTimeout} {
		t.Run(string(code), func(t *testing.T) {
			onBench(t, reference.Config{}, quick, func(b *bench) {
				bad := b.keep(received(1), store.Create)
				b.via = &allergic{Portal: b.adapter, to: bad.ID, code: code}
				b.open(quick)
				b.run()
				for n := 2; n <= 60; n++ {
					d := b.keep(received(n), store.Create)
					pass(20 * time.Minute)
					b.wantHeldOnce(d.ID)
				}
				if e := b.entries(bad.ID)[0]; e.State != store.Held {
					t.Errorf("after twenty hours the poison is %s", e.State)
				}
			})
		})
	}
}

func TestUnknownIsHeldAfterFive(t *testing.T) {
	onBench(t, reference.Config{}, quick, func(b *bench) {
		d := b.keep(received(1), store.Create)
		trouble := &allergic{Portal: b.adapter, to: d.ID, code: motcua.PortalUnknown}
		b.via = trouble
		b.open(quick)
		b.run()
		pass(24 * time.Hour)
		if e := b.entries(d.ID)[0]; e.State != store.Held || trouble.sent != 5 {
			t.Errorf("%s after %d tries", e.State, trouble.sent)
		}
		trouble.to = ""
		if err := b.store.Resend(t.Context(), b.entries(d.ID)[0].Seq, time.Now()); err != nil {
			t.Fatal(err)
		}
		pass(time.Second)
		b.wantHeldOnce(d.ID)
	})
}

func TestWatchTells(t *testing.T) {
	onBench(t, reference.Config{}, quick, func(b *bench) {
		var modes []outbox.Mode
		stop := b.outbox.Watch(func(s outbox.State) {
			if len(modes) == 0 || modes[len(modes)-1] != s.Portal {
				modes = append(modes, s.Portal)
			}
		})
		b.pipe.Refuse.Store(true)
		b.keep(received(1), store.Create)
		b.run()
		pass(time.Minute)
		b.pipe.Refuse.Store(false)
		pass(5 * time.Minute)
		stop()
		if len(modes) != 3 || modes[0] != outbox.Starting || modes[1] != outbox.Down || modes[2] != outbox.Up {
			t.Errorf("told %v", modes)
		}
	})
}

// TestPortalForgot lets the portal lose its memory behind our back: that is
// told, and no second dossier is made of it in silence.
func TestPortalForgot(t *testing.T) {
	onBench(t, reference.Config{}, quick, func(b *bench) {
		d := b.keep(received(1), store.Create)
		b.run()
		pass(time.Minute)
		b.wantHeldOnce(d.ID)
		b.stop()
		b.via = forgetful{b.adapter}
		b.open(quick)
		b.run()
		pass(2 * time.Hour)
		if s := b.outbox.State(); s.Missing != 1 || s.Portal != outbox.Up {
			t.Errorf("state %+v", s)
		}
	})
}

type forgetful struct{ portal.Portal }

func (forgetful) Look(context.Context, string) (portal.Receipt, error) {
	return portal.Receipt{}, motcua.Fail(motcua.PortalNotFound, "", nil)
}

// TestAnyFaultsThenHealthy is the promise: whatever the portal and the line do
// for hours, once all is well every dossier is at the portal exactly once and
// equal to what was kept, its steps each once and in order.
func TestAnyFaultsThenHealthy(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(r *rapid.T) {
		sub, wait := rapid.StringMatching(`[a-z]{16}`).Draw(r, "folder"), quick
		onBenchIn(t, dir+"/"+sub, reference.Config{}, wait, func(b *bench) {
			dossiers := 0
			b.run()
			for range rapid.IntRange(1, 12).Draw(r, "acts") {
				dossiers = b.act(r, dossiers)
				pass(time.Duration(rapid.IntRange(0, 1200).Draw(r, "seconds")) * time.Second)
			}
			b.healthy()
			b.pipe.Refuse.Store(false)
			pass(time.Hour)
			b.resendHeld(dossiers)
			pass(time.Hour)
			for n := 1; n <= dossiers; n++ {
				b.wantHeldOnce(received(n).ID)
			}
			if got := len(b.portal.All()); got != dossiers {
				t.Errorf("%d dossiers at the portal, %d kept", got, dossiers)
			}
		})
	})
}

// act does one thing that happens at a counter, and returns how many dossiers
// there are.
func (b *bench) act(r *rapid.T, dossiers int) int {
	pick := func() dossier.ID { return received(rapid.IntRange(1, dossiers).Draw(r, "which")).ID }
	switch rapid.IntRange(0, 9).Draw(r, "act") {
	case 0, 1, 2:
		dossiers++
		b.keep(received(dossiers), store.Create)
	case 3:
		if dossiers > 0 {
			b.step(pick(), "Chuyển xử lý", store.Progress)
		}
	case 4:
		if dossiers > 0 {
			b.step(pick(), "Sửa thông tin", store.Update)
		}
	case 5:
		b.stop()
		b.open(quick)
		b.run()
	case 6:
		b.pipe.Refuse.Store(rapid.Bool().Draw(r, "refuse"))
	case 7:
		b.healthy()
	default:
		b.fault(rapid.SampledFrom([]string{
			"down", "html", "empty", "string-json", "lossy=0.5", "lossy=1", "busy=3m", "slow=90s", "expire-sessions=1",
		}).Draw(r, "fault"))
	}
	return dossiers
}

// resendHeld is the person who looks at what is held and sends it again.
func (b *bench) resendHeld(dossiers int) {
	for n := 1; n <= dossiers; n++ {
		for _, e := range b.entries(received(n).ID) {
			if e.State == store.Held {
				if err := b.store.Resend(context.Background(), e.Seq, time.Now()); err != nil {
					b.t.Fatal(err)
				}
			}
		}
	}
}
