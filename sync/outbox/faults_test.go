package outbox_test

import (
	"context"
	"testing"
	"time"

	"motcua"
	"motcua/store"
	"motcua/store/dossier"
	"motcua/sync/outbox"
	"motcua/sync/portal/reference"
)

func (b *bench) fault(spec string) {
	b.t.Helper()
	if err := b.portal.Fault(spec); err != nil {
		b.t.Fatal(err)
	}
}

func (b *bench) healthy() {
	b.t.Helper()
	if err := b.portal.Clear("all"); err != nil {
		b.t.Fatal(err)
	}
}

// lastCode is the fault code of the entry's newest try.
func lastCode(e store.Entry) motcua.Code {
	if len(e.Tries) == 0 {
		return ""
	}
	return motcua.Code(e.Tries[len(e.Tries)-1].Code)
}

func TestReplyLostAfterCommit(t *testing.T) {
	for _, lost := range []string{"lossy=1", "empty"} {
		t.Run(lost, func(t *testing.T) {
			onBench(t, reference.Config{}, quick, func(b *bench) {
				d := b.keep(received(1), store.Create)
				// The login's reply gets through, the insert's does not.
				b.run()
				pass(time.Minute)
				b.wantHeldOnce(d.ID)
				b.fault(lost)
				b.step(d.ID, "Chuyển xử lý", store.Progress)
				pass(time.Minute)
				if held, _ := b.portal.Find(d.Number); len(held.Steps) != 2 {
					t.Fatalf("the fault did not let the step through: %d steps", len(held.Steps))
				}
				if e := b.entries(d.ID)[1]; e.State == store.Sent {
					t.Fatal("a lost reply passed as a confirmation")
				}
				other := b.keep(received(2), store.Create)
				pass(20 * time.Minute)
				b.healthy()
				pass(30 * time.Minute)
				b.wantHeldOnce(d.ID)
				b.wantHeldOnce(other.ID)
			})
		})
	}
}

func TestDownThenUpGoesOutAsOneProbe(t *testing.T) {
	onBench(t, reference.Config{}, quick, func(b *bench) {
		b.pipe.Refuse.Store(true)
		for n := 1; n <= 40; n++ {
			b.keep(received(n), store.Create)
		}
		b.run()
		pass(2 * time.Hour)
		s := b.outbox.State()
		if s.Portal != outbox.Down || s.Waiting != 40 || s.Code != motcua.PortalUnreachable || s.Next.IsZero() {
			t.Errorf("state %+v", s)
		}
		// With the pause at half of its 5 min cap, two hours hold some 50 probes.
		// Forty dossiers knocking by themselves would have made 2000.
		if dials := b.pipe.Dials.Load(); dials < 40 || dials > 70 {
			t.Errorf("%d dials in two hours", dials)
		}
		b.pipe.Refuse.Store(false)
		pass(10 * time.Minute)
		for n := 1; n <= 40; n++ {
			b.wantHeldOnce(received(n).ID)
		}
		if s := b.outbox.State(); s.Portal != outbox.Up || s.Waiting != 0 {
			t.Errorf("state %+v", s)
		}
	})
}

func TestKickEndsThePause(t *testing.T) {
	onBench(t, reference.Config{}, quick, func(b *bench) {
		b.pipe.Refuse.Store(true)
		d := b.keep(received(1), store.Create)
		b.run()
		pass(time.Hour)
		b.pipe.Refuse.Store(false)
		b.outbox.Kick()
		pass(0)
		b.wantHeldOnce(d.ID)
	})
}

func TestSessionEndsMidway(t *testing.T) {
	onBench(t, reference.Config{Faults: []string{"expire-sessions=2"}}, quick, func(b *bench) {
		for n := 1; n <= 12; n++ {
			b.keep(received(n), store.Create)
		}
		b.run()
		pass(20 * time.Minute)
		for n := 1; n <= 12; n++ {
			b.wantHeldOnce(received(n).ID)
		}
		if logins := b.portal.Requests()["login"]; logins < 6 {
			t.Errorf("%d logins: the sessions did not end", logins)
		}
	})
}

func TestPageInsteadOfJSON(t *testing.T) {
	onBench(t, reference.Config{}, quick, func(b *bench) {
		b.fault("html")
		d := b.keep(received(1), store.Create)
		b.run()
		pass(time.Minute)
		if e := b.entries(d.ID)[0]; e.State == store.Held || lastCode(e) != motcua.PortalNotJSON {
			t.Errorf("entry is %s after %s", e.State, lastCode(e))
		}
		b.healthy()
		pass(10 * time.Minute)
		b.wantHeldOnce(d.ID)
	})
}

func TestEnvelopeInsideMessage(t *testing.T) {
	onBench(t, reference.Config{Faults: []string{"string-json"}}, quick, func(b *bench) {
		d := b.keep(received(1), store.Create)
		b.run()
		pass(time.Minute)
		held := b.wantHeldOnce(d.ID)
		if got := b.get(d.ID).Code; got != held.Code {
			t.Errorf("code %q, want %q", got, held.Code)
		}
	})
}

func TestRejectedIsHeldAndOthersPass(t *testing.T) {
	onBench(t, reference.Config{}, quick, func(b *bench) {
		bad := received(1)
		bad.Units.Resolving.Name, bad.Units.Receiving.Name = "", "" // DonViXuLy is required there
		bad = b.keep(bad, store.Create)
		b.step(bad.ID, "Chuyển xử lý", store.Progress)
		good := b.keep(received(2), store.Create)
		b.run()
		pass(time.Hour)
		b.wantHeldOnce(good.ID)
		es := b.entries(bad.ID)
		if es[0].State != store.Held || lastCode(es[0]) != motcua.PortalRejected || len(es[0].Tries) != 1 {
			t.Errorf("entry is %s after %d tries, %s", es[0].State, len(es[0].Tries), lastCode(es[0]))
		}
		if said := es[0].Tries[0].Said; said != "Trường DonViXuLy không hợp lệ" {
			t.Errorf("said %q", said)
		}
		if len(es[1].Tries) != 0 {
			t.Error("a later message of a held dossier went out")
		}
		if s := b.outbox.State(); s.Held != 1 || s.Waiting != 2 || s.Portal != outbox.Up {
			t.Errorf("state %+v", s)
		}
	})
}

func TestWrongPasswordIsTriedOnce(t *testing.T) {
	onBench(t, reference.Config{User: "somebody", Password: "else"}, quick, func(b *bench) {
		for n := 1; n <= 8; n++ {
			b.keep(received(n), store.Create)
		}
		b.run()
		pass(10 * time.Hour)
		if s := b.outbox.State(); s.Portal != outbox.Refused || s.Held != 0 || s.Waiting != 8 || s.Code != motcua.PortalAuth {
			t.Errorf("state %+v", s)
		}
		if n := b.portal.Requests()["login"]; n != 1 {
			t.Errorf("%d logins: an account may be locked for that", n)
		}
		b.outbox.Kick()
		pass(time.Hour)
		if n := b.portal.Requests()["login"]; n != 2 {
			t.Errorf("%d logins after a person asked once", n)
		}
	})
}

func TestBusyIsObeyed(t *testing.T) {
	onBench(t, reference.Config{}, quick, func(b *bench) {
		b.fault("busy=20m")
		for n := 1; n <= 5; n++ {
			b.keep(received(n), store.Create)
		}
		b.rand = 0 // a quarter less
		b.run()
		pass(14 * time.Minute)
		if s := b.outbox.State(); s.Portal != outbox.Busy || s.Next.Sub(s.Since) != 15*time.Minute {
			t.Errorf("state %+v", s)
		}
		if n := b.pipe.Dials.Load(); n != 1 {
			t.Errorf("%d dials while the portal wants quiet", n)
		}
		b.healthy()
		pass(2 * time.Minute)
		for n := 1; n <= 5; n++ {
			b.wantHeldOnce(received(n).ID)
		}
	})
}

// TestCrashBetweenLeaseAndSettle lets a process take a message, deliver it and
// die before it could write that down.
func TestCrashBetweenLeaseAndSettle(t *testing.T) {
	onBench(t, reference.Config{}, quick, func(b *bench) {
		d := b.keep(received(1), store.Create)
		b.run()
		pass(time.Minute)
		b.stop()
		b.step(d.ID, "Chuyển xử lý", store.Progress)
		b.deliverAndDie()
		b.open(quick)
		b.run()
		pass(time.Minute)
		if e := b.entries(d.ID)[1]; e.State != store.Taken {
			t.Fatalf("the lease of the dead process was not respected: %s", e.State)
		}
		pass(10 * time.Minute)
		b.wantHeldOnce(d.ID) // two steps, not three
	})
}

// deliverAndDie sends with an outbox whose store cannot settle.
func (b *bench) deliverAndDie() {
	dying := outbox.New(outbox.Config{Store: deaf{b.store}, Portal: b.adapter, Wait: quick})
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	if err := dying.Run(ctx); err != nil {
		b.t.Fatal(err)
	}
}

// deaf is a store whose disk died between lease and settle.
type deaf struct{ outbox.Store }

func (deaf) Settle(context.Context, uint64, store.Outcome) error {
	return motcua.Fail(motcua.StoreFull, "", nil)
}

func (deaf) Hear(context.Context, dossier.ID, dossier.Portal) error {
	return motcua.Fail(motcua.StoreFull, "", nil)
}

func TestOrderWithinADossier(t *testing.T) {
	onBench(t, reference.Config{}, quick, func(b *bench) {
		d := b.keep(received(1), store.Create)
		for _, what := range []string{"Một", "Hai", "Ba", "Bốn", "Năm", "Sáu", "Bảy", "Tám", "Chín", "Mười", "Mười một", "Mười hai"} {
			kind := store.Progress
			if what == "Năm" {
				kind = store.Update
			}
			b.step(d.ID, what, kind)
		}
		b.run()
		pass(10 * time.Minute)
		held := b.wantHeldOnce(d.ID)
		if held.Updates != 1 {
			t.Errorf("%d updates", held.Updates)
		}
	})
}

func TestRestartKeepsTheSchedule(t *testing.T) {
	onBench(t, reference.Config{}, quick, func(b *bench) {
		b.pipe.Refuse.Store(true)
		d := b.keep(received(1), store.Create)
		b.run()
		pass(time.Hour)
		b.stop()
		before := b.entries(d.ID)[0]
		b.open(quick)
		b.run()
		pass(time.Until(before.NextTry) - time.Second)
		if after := b.entries(d.ID)[0]; len(after.Tries) != len(before.Tries) {
			t.Error("the message went out before the time written in the store")
		}
		b.pipe.Refuse.Store(false)
		pass(time.Minute)
		b.wantHeldOnce(d.ID)
	})
}

func TestStartIsSpread(t *testing.T) {
	onBench(t, reference.Config{}, outbox.Wait{Start: 40 * time.Second}, func(b *bench) {
		b.keep(received(1), store.Create)
		b.run() // rand is a half
		pass(19 * time.Second)
		if n := b.pipe.Dials.Load(); n != 0 {
			t.Errorf("%d dials before the spread was over", n)
		}
		pass(2 * time.Second)
		b.wantHeldOnce(received(1).ID)
	})
}
