package storetest

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"motcua"
	"motcua/store"
	"motcua/store/dossier"
)

// zone is the zone of every time in a dossier. It is fixed, so that the exam
// needs no time zone files.
var zone = time.FixedZone("Asia/Ho_Chi_Minh", 7*3600)

// Day is the day on which the exam's invented dossiers are received.
var Day = time.Date(2026, 3, 2, 8, 0, 0, 0, zone)

// Dossier is the n-th invented dossier, from 1: accepted, received n minutes
// after Day. Its person is nobody.
func Dossier(n int) dossier.Dossier {
	at := Day.Add(time.Duration(n) * time.Minute)
	return dossier.Dossier{
		ID: dossier.ID(fmt.Sprintf("01KJN00000000000000000%04d", n)), Schema: dossier.Schema,
		Number: dossier.FormatNumber("Q1", Day, n), Lookup: fmt.Sprintf("K%05d", n),
		Procedure: dossier.Procedure{Code: "2.000815", Version: "2026-01", Name: "Chứng thực bản sao"},
		Officer:   dossier.Officer{ID: "cb01", Name: "Lê Thị Thử", Counter: "Q1"},
		Channel:   dossier.Direct,
		Applicant: dossier.Person{
			Kind: dossier.Citizen, Name: "Trần Văn Mẫu", Number: fmt.Sprintf("001090%06d", n),
			Address: "1 Phố Thử, Hà Nội",
		},
		Sets: 1, SubmittedAt: at, ReceivedAt: at,
		Appointment: dossier.Appointment{Due: at.Add(24 * time.Hour), Limit: "01 ngày làm việc"},
		Stage:       dossier.Accepted, Status: dossier.Received,
	}
}

// bench is one store under examination.
type bench struct {
	*testing.T
	store.Store
	ctx context.Context
}

func (b *bench) ok(err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}

// code demands that err is a Fault with this code.
func (b *bench) code(err error, want motcua.Code) {
	b.Helper()
	var f *motcua.Fault
	if !errors.As(err, &f) || f.Code != want {
		b.Fatalf("error is %v, want %s", err, want)
	}
}

// change keeps d on its day.
func (b *bench) change(d dossier.Dossier, send store.Kind) store.Change {
	return store.Change{Dossier: d, By: "cb01", Action: "receive", At: d.ReceivedAt, Send: send}
}

func (b *bench) keep(d dossier.Dossier, send store.Kind) dossier.Dossier {
	b.Helper()
	kept, err := b.Keep(b.ctx, b.change(d, send))
	b.ok(err)
	return kept
}

func (b *bench) get(id dossier.ID) dossier.Dossier {
	b.Helper()
	d, err := b.Get(b.ctx, id)
	b.ok(err)
	return d
}

// many keeps n dossiers and nothing to send.
func (b *bench) many(n int) {
	b.Helper()
	for i := 1; i <= n; i++ {
		b.keep(Dossier(i), store.Nothing)
	}
}

// list gives the order numbers of what q finds, over all its pages.
func (b *bench) list(q store.Query) []int {
	b.Helper()
	var out []int
	for {
		p, err := b.List(b.ctx, q)
		b.ok(err)
		for _, d := range p.Dossiers {
			var n int
			_, err := fmt.Sscanf(string(d.ID[len(d.ID)-4:]), "%d", &n)
			b.ok(err)
			out = append(out, n)
		}
		if q.Cursor = p.Next; p.Next == "" {
			return out
		}
	}
}

// lease takes entries at a minute of the day, for five minutes.
func (b *bench) lease(minute, n int) []store.Entry {
	b.Helper()
	es, err := b.Lease(b.ctx, clock(minute), clock(minute+5), n)
	b.ok(err)
	return es
}

// clock is a minute after the day of reception.
func clock(minute int) time.Time { return Day.Add(24*time.Hour + time.Duration(minute)*time.Minute) }

// sent is the outcome of a try that the portal confirmed.
func sent(minute int, code string, status dossier.Status) store.Outcome {
	at := clock(minute)
	return store.Outcome{
		State:  store.Sent,
		Try:    store.Try{At: at, Took: time.Second},
		Portal: dossier.Portal{Code: code, Status: status, At: &at},
	}
}

// failed is the outcome of a try that was not confirmed.
func failed(minute int, state store.State, next int) store.Outcome {
	return store.Outcome{
		State: state, NextTry: clock(next),
		Try: store.Try{At: clock(minute), Took: time.Second, Code: string(motcua.PortalTimeout)},
	}
}
