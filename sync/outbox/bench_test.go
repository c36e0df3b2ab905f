package outbox_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"motcua/store"
	"motcua/store/dossier"
	"motcua/store/memory"
	"motcua/sync/outbox"
	"motcua/sync/portal"
	"motcua/sync/portal/dvcqg"
	"motcua/sync/portal/reference"
	"motcua/sync/wire"
)

// bench is the real adapter talking to the reference portal through pipes,
// between them the real HTTP client and server, under a fake clock.
type bench struct {
	t       *testing.T
	store   store.Store
	portal  *reference.Server
	pipe    *reference.Pipe
	adapter *dvcqg.Portal
	via     portal.Portal // what the outbox sees: the adapter, or a trouble before it
	outbox  *outbox.Outbox
	rand    float64
	stop    func()
	halt    func()
}

// quick is a schedule without spread: a test that means a pause names it.
var quick = outbox.Wait{Start: -1}

// onBench runs story in a bubble of its own.
func onBench(t *testing.T, c reference.Config, w outbox.Wait, story func(b *bench)) {
	t.Helper()
	onBenchIn(t, t.TempDir(), c, w, story)
}

func onBenchIn(t *testing.T, dir string, c reference.Config, w outbox.Wait, story func(b *bench)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, dir, c, w)
		defer b.close()
		story(b)
	})
}

func newBench(t *testing.T, dir string, c reference.Config, w outbox.Wait) *bench {
	b := &bench{t: t, store: memory.New(), pipe: reference.NewPipe(), rand: 0.5}
	c.Dir = dir
	var err error
	if b.portal, err = reference.Open(c); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- b.portal.Serve(ctx, b.pipe) }()
	b.adapter, err = dvcqg.Open(portal.Profile{
		Kind: "dvcqg", URL: "http://portal.invalid/", User: "motcua", Unit: "X99",
		CodeField: "MaHoSo", StatusField: "TrangThaiHoSo", StepsField: "DanhSachTienDo",
	}, dvcqg.Options{Wire: wire.Config{Dial: b.pipe.Dial}})
	if err != nil {
		t.Fatal(err)
	}
	b.via = b.adapter
	b.halt = func() {
		b.adapter.Close()
		cancel()
		<-served
		b.portal.Close()
	}
	b.open(w)
	return b
}

// open makes an outbox on the bench, as a fresh start of the program does.
func (b *bench) open(w outbox.Wait) {
	b.outbox = outbox.New(outbox.Config{
		Store: b.store, Portal: b.via, Wait: w, Rand: func() float64 { return b.rand },
	})
}

func (b *bench) run() {
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() { defer close(ended); _ = b.outbox.Run(ctx) }()
	b.stop = func() { cancel(); <-ended; b.stop = nil }
}

func (b *bench) close() {
	if b.stop != nil {
		b.stop()
	}
	b.halt()
}

// citizen is an invented person whose number belongs to nobody.
func citizen(n int) dossier.Person {
	return dossier.Person{
		Kind: dossier.Citizen, Name: fmt.Sprintf("Trần Thị Thử Nghiệm %d", n), Number: fmt.Sprintf("001190%06d", n),
		Address: "Số 0 phố Không Có", Phone: fmt.Sprintf("0900000%03d", n%1000), Email: "thu.nghiem@vidu.invalid",
	}
}

func received(n int) dossier.Dossier {
	at := time.Now()
	return dossier.Dossier{
		ID: dossier.ID(fmt.Sprintf("01J%023d", n)), Schema: dossier.Schema,
		Number: dossier.FormatNumber("Q1", at, n), Lookup: "4821",
		Procedure: dossier.Procedure{Code: "2.000815", Version: "1", Name: "Chứng thực bản sao từ bản chính", Field: "Chứng thực"},
		Units: dossier.Units{
			Receiving: dossier.Unit{Code: "X99", Name: "Trung tâm thử"}, Resolving: dossier.Unit{Code: "X99", Name: "UBND phường Thử"},
		},
		Officer: dossier.Officer{ID: "cb1", Name: "Lê Văn Cán Bộ", Counter: "Q1"}, Channel: dossier.Direct,
		Applicant: citizen(n), SubmittedAt: at, ReceivedAt: at, Stage: dossier.Accepted, Status: dossier.Received,
		Appointment: dossier.Appointment{Due: at.Add(24 * time.Hour), Limit: "1 ngày"}, ResultBy: dossier.AtCounter,
		Steps: []dossier.Step{{Seq: 1, At: at, By: "Lê Văn Cán Bộ", Unit: "Trung tâm thử", What: "Tiếp nhận", Status: dossier.Received}},
	}
}

// keep keeps d and says what the portal must hear.
func (b *bench) keep(d dossier.Dossier, send store.Kind) dossier.Dossier {
	b.t.Helper()
	kept, err := b.store.Keep(context.Background(), store.Change{Dossier: d, By: "cb1", Action: "test", At: time.Now(), Send: send})
	if err != nil {
		b.t.Fatal(err)
	}
	return kept
}

// step keeps the next step of the dossier with an id.
func (b *bench) step(id dossier.ID, what string, send store.Kind) dossier.Dossier {
	b.t.Helper()
	d := b.get(id)
	d.Steps = append(d.Steps, dossier.Step{
		Seq: len(d.Steps) + 1, At: time.Now(), By: "Lê Văn Cán Bộ", Unit: "Trung tâm thử", What: what, Status: dossier.Processing,
	})
	d.Status = dossier.Processing
	return b.keep(d, send)
}

func (b *bench) get(id dossier.ID) dossier.Dossier {
	b.t.Helper()
	d, err := b.store.Get(context.Background(), id)
	if err != nil {
		b.t.Fatal(err)
	}
	return d
}

func (b *bench) entries(id dossier.ID) []store.Entry {
	b.t.Helper()
	es, err := b.store.Entries(context.Background(), id)
	if err != nil {
		b.t.Fatal(err)
	}
	return es
}

// pass lets the fake time go by.
func pass(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

// wantHeldOnce checks that the portal has the dossier exactly once, its bytes
// those of the last whole revision sent, its steps those kept, in order.
func (b *bench) wantHeldOnce(id dossier.ID) reference.Held {
	b.t.Helper()
	number := b.get(id).Number
	held, ok := b.portal.Find(number)
	if !ok || held.Inserts != 1 {
		b.t.Fatalf("%s: at the portal %v, inserted %d times", number, ok, held.Inserts)
	}
	want, steps := lastSent(b.t, b.entries(id))
	if !bytes.Equal(held.Dossier, want) {
		b.t.Errorf("%s: the portal holds\n%s\nkept was\n%s", number, held.Dossier, want)
	}
	if got := contents(held.Steps); fmt.Sprint(got) != fmt.Sprint(steps) {
		b.t.Errorf("%s: steps at the portal %q, kept %q", number, got, steps)
	}
	return held
}

func lastSent(t *testing.T, es []store.Entry) (encoded []byte, steps []string) {
	t.Helper()
	for _, e := range es {
		var d dossier.Dossier
		if err := json.Unmarshal(e.Body, &d); err != nil || e.State != store.Sent {
			t.Fatalf("entry %d is %s (%v), last try %+v", e.Seq, e.State, err, e.Tries)
		}
		if e.Kind != store.Progress {
			var err error
			if encoded, err = dvcqg.Encode(d); err != nil {
				t.Fatal(err)
			}
		}
		steps = nil
		for _, s := range d.Steps {
			steps = append(steps, s.What)
		}
	}
	return encoded, steps
}

func contents(steps []json.RawMessage) (out []string) {
	for _, raw := range steps {
		var s struct{ NoiDungXuLy string }
		_ = json.Unmarshal(raw, &s)
		out = append(out, s.NoiDungXuLy)
	}
	return out
}
