package bolt

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"sync"
	"testing"
	"time"

	"motcua/store"
	"motcua/store/dossier"
	"motcua/store/storetest"
)

// revision is the n-th dossier as the child keeps it the r-th time.
func revision(n, r int) dossier.Dossier {
	d := storetest.Dossier(n)
	d.Revision = r
	d.Summary = fmt.Sprintf("lần %d của %d", r, n)
	return d
}

const revisions = 3 // of each dossier

// keepForever keeps dossiers with four writers, and says so on standard output
// when each is kept; when early, before: then the oracle must find losses.
func keepForever(dir string, early bool) error {
	s, err := Open(dir, Options{})
	if err != nil {
		return err
	}
	errs := make(chan error)
	for range 4 {
		go func() { errs <- keepSome(s, early) }()
	}
	return <-errs
}

func keepSome(s *Store, early bool) error {
	for {
		n, err := s.Next(ctx, "dossiers")
		if err != nil {
			return err
		}
		for r := 1; r <= revisions; r++ {
			if early {
				fmt.Printf("%d %d\n", n, r)
				time.Sleep(2 * time.Millisecond)
			}
			d := revision(n, r)
			d.Revision--
			if _, err := s.Keep(ctx, change(d, store.Update)); err != nil {
				return err
			}
			if !early {
				fmt.Printf("%d %d\n", n, r)
			}
		}
	}
}

// killRound lets the child run for a while, kills it, and gives the newest
// revision that it said was kept, by dossier.
func killRound(t *testing.T, name, dir string, said map[int]int) {
	t.Helper()
	cmd := child(name, dir)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	ok(t, err)
	ok(t, cmd.Start())
	var once sync.Once
	lines := bufio.NewReader(out)
	for {
		line, err := lines.ReadString('\n')
		if err == io.EOF {
			break // a line without its end was never said
		}
		ok(t, err)
		once.Do(func() { // the time runs from the first word, not from the start of the process
			time.AfterFunc(time.Duration(5+rand.IntN(80))*time.Millisecond, func() { cmd.Process.Kill() })
		})
		var n, r int
		if _, err := fmt.Sscanf(line, "%d %d\n", &n, &r); err != nil {
			t.Fatalf("the child said %q", line)
		}
		said[n] = max(said[n], r)
	}
	if err := cmd.Wait(); cmd.ProcessState.Exited() {
		t.Fatalf("the child ended by itself: %v", err)
	}
}

// judge compares the store with what was said. A revision that was kept but
// not said is allowed: the child was killed in between.
func judge(dir string, said map[int]int) error {
	s, err := Open(dir, Options{})
	if err != nil {
		return err
	}
	defer s.Close()
	for n, r := range said {
		got, err := s.Get(ctx, storetest.Dossier(n).ID)
		if err != nil {
			return fmt.Errorf("dossier %d, revision %d: %w", n, r, err)
		}
		if got.Revision < r || got.Revision > r+1 {
			return fmt.Errorf("dossier %d is at revision %d, said was %d", n, got.Revision, r)
		}
		want := revision(n, got.Revision)
		if !bytes.Equal(mustBody(&got), mustBody(&want)) {
			return fmt.Errorf("dossier %d has another content", n)
		}
		es, err := s.Entries(ctx, got.ID)
		if err != nil || len(es) != got.Revision || !bytes.Equal(es[len(es)-1].Body, mustBody(&want)) {
			return fmt.Errorf("dossier %d has %d outbox entries: %w", n, len(es), err)
		}
	}
	return s.Check(ctx)
}

// TestKilled: whatever was acknowledged before a kill -9 is there after it.
// The pages a killed process wrote stay with the system, so this is a proof of
// the order of things (nothing is acknowledged before its commit, nothing is
// half there), not of the disk.
func TestKilled(t *testing.T) {
	rounds := 12
	if testing.Short() {
		rounds = 3
	}
	dir, said := t.TempDir(), map[int]int{}
	for range rounds {
		killRound(t, "keeper", dir, said)
		ok(t, judge(dir, said))
	}
	t.Logf("%d rounds, %d dossiers acknowledged, none lost", rounds, len(said))
	if len(said) < rounds {
		t.Error("too few dossiers to prove anything")
	}
}

// TestKilledControl: a store that acknowledges too early must be found out by
// the same judge.
func TestKilledControl(t *testing.T) {
	dir, said := t.TempDir(), map[int]int{}
	for range 10 {
		killRound(t, "early keeper", dir, said)
		if err := judge(dir, said); err != nil {
			t.Log("found out:", err)
			return
		}
	}
	t.Fatal("an acknowledgement before the commit was not found out")
}
