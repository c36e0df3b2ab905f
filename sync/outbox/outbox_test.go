package outbox_test

import (
	"testing"
	"time"

	"motcua/store"
	"motcua/sync/outbox"
	"motcua/sync/portal/reference"
)

func TestSendsAndHearsTheCode(t *testing.T) {
	onBench(t, reference.Config{}, quick, func(b *bench) {
		d := b.keep(received(1), store.Create)
		b.run()
		pass(time.Minute)
		held := b.wantHeldOnce(d.ID)
		got := b.get(d.ID)
		if got.Code != held.Code || got.Portal.Status != 2 || got.SynchronisedAt == nil {
			t.Errorf("code %q, portal %+v, synchronised %v; want code %q", got.Code, got.Portal, got.SynchronisedAt, held.Code)
		}
		if s := b.outbox.State(); s.Portal != outbox.Up || s.Waiting != 0 || s.LastSuccess.IsZero() {
			t.Errorf("state %+v", s)
		}
		if err := b.portal.Move(held.Code, 9); err != nil {
			t.Fatal(err)
		}
		pass(2 * time.Minute)
		if got := b.get(d.ID).Portal.Status; got != 9 {
			t.Errorf("the portal's status is %d, want 9", got)
		}
	})
}
