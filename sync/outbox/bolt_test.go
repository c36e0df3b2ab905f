package outbox_test

import (
	"testing"
	"time"

	"motcua/store"
	"motcua/store/bolt"
	"motcua/sync/portal/reference"
)

// TestCrashOnARealFile keeps on disk, delivers, dies before it could write
// that down, and is opened again from the file.
func TestCrashOnARealFile(t *testing.T) {
	dir := t.TempDir()
	onBench(t, reference.Config{}, quick, func(b *bench) {
		open := func() {
			s, err := bolt.Open(dir, bolt.Options{})
			if err != nil {
				t.Fatal(err)
			}
			b.store = s
			b.open(quick)
		}
		reopen := func() {
			if err := b.store.Close(); err != nil {
				t.Fatal(err)
			}
			open()
		}
		open()
		defer func() { b.store.Close() }()
		d := b.keep(received(1), store.Create)
		b.deliverAndDie()
		reopen()
		b.run()
		pass(20 * time.Minute)
		held := b.wantHeldOnce(d.ID)
		b.stop()
		b.step(d.ID, "Chuyển xử lý", store.Progress)
		b.deliverAndDie()
		reopen()
		b.run()
		pass(20 * time.Minute)
		b.wantHeldOnce(d.ID)
		if got := b.get(d.ID); got.Code != held.Code || got.SynchronisedAt == nil {
			t.Errorf("code %q, synchronised %v", got.Code, got.SynchronisedAt)
		}
		b.stop()
	})
}
