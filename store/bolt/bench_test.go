package bolt

import (
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"motcua/store"
	"motcua/store/dossier"
	"motcua/store/storetest"
)

// numbered is the n-th dossier without the limit of four digits.
func numbered(n int) dossier.Dossier {
	d := storetest.Dossier(n)
	d.ID = dossier.ID(fmt.Sprintf("01KJN%021d", n))
	return d
}

// BenchmarkKeep is a durable Keep (record, lists, outbox, journal) beside the
// least that any store must do on the same disk in the same run: append the
// record's bytes and fsync.
func BenchmarkKeep(b *testing.B) {
	s := open(b, b.TempDir())
	f, err := os.OpenFile(filepath.Join(b.TempDir(), "raw"), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	ok(b, err)
	defer f.Close()
	body := mustBody(ptr(storetest.Dossier(1)))
	var keep, raw time.Duration
	for n := range b.N {
		start := time.Now()
		_, err := s.Keep(ctx, change(numbered(n+1), store.Create))
		ok(b, err)
		keep += time.Since(start)
		start = time.Now()
		_, err = f.Write(body)
		ok(b, err)
		ok(b, f.Sync())
		raw += time.Since(start)
	}
	b.ReportMetric(float64(keep)/float64(raw), "keep/fsync")
}

func ptr[T any](v T) *T { return &v }

// BenchmarkGroup is n writers at once: our committer beside bbolt's own Batch
// with the same work.
func BenchmarkGroup(b *testing.B) {
	for _, writers := range []int{8, 64} {
		b.Run(fmt.Sprint(writers), func(b *testing.B) {
			own, batch := open(b, b.TempDir()), open(b, b.TempDir())
			b.ResetTimer()
			ours := race(b, writers, func(c store.Change) error {
				_, err := own.Keep(ctx, c)
				return err
			})
			theirs := race(b, writers, func(c store.Change) error {
				return batch.db.Batch(func(tx *bbolt.Tx) error {
					_, err := (&writer{reader: reader{tx}}).keep(c, nil)
					return err
				})
			})
			b.ReportMetric(float64(theirs)/float64(ours), "batch/own")
			b.ReportMetric(float64(b.N)/ours.Seconds(), "keeps/s")
		})
	}
}

// race is how long the writers take for b.N keepings.
func race(b *testing.B, writers int, keep func(store.Change) error) time.Duration {
	var wait sync.WaitGroup
	start := time.Now()
	for w := range writers {
		wait.Go(func() {
			for n := w; n < b.N; n += writers {
				if err := keep(change(numbered(n+1), store.Create)); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	wait.Wait()
	return time.Since(start)
}

// BenchmarkList is the first page of a list and of a search among ten thousand
// dossiers, as a ratio to reading one dossier.
func BenchmarkList(b *testing.B) {
	s := open(b, b.TempDir())
	s.db.NoSync = true // only to fill it
	for n := range 10_000 {
		d := numbered(n + 1)
		d.Applicant.Name = fmt.Sprintf("Nguyễn %c%c", 'a'+rune(n%26), 'a'+rune(n/26%26))
		_, err := s.Keep(ctx, change(d, store.Nothing))
		ok(b, err)
	}
	for name, q := range map[string]store.Query{
		"newest": {}, "common name": {Text: "nguyen"}, "rare name": {Text: "nguyễn zz"}, "number": {Text: "5000"},
	} {
		b.Run(name, func(b *testing.B) {
			var list, get time.Duration
			for range b.N {
				start := time.Now()
				_, err := s.List(ctx, q)
				ok(b, err)
				list += time.Since(start)
				start = time.Now()
				_, err = s.Get(ctx, numbered(5000).ID)
				ok(b, err)
				get += time.Since(start)
			}
			b.ReportMetric(float64(list)/float64(get), "list/get")
		})
	}
}
