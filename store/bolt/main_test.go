package bolt

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"testing"

	"motcua/store"
	"motcua/store/dossier"
	"motcua/store/storetest"
)

// children are the programs that this test binary can be instead of a test:
// what must be killed, or must not write, needs a process of its own.
var children = map[string]func(dir string) error{
	"keeper":       func(dir string) error { return keepForever(dir, false) },
	"early keeper": func(dir string) error { return keepForever(dir, true) },
	"other":        openOther,
}

func TestMain(m *testing.M) {
	if run := children[os.Getenv("MOTCUA_CHILD")]; run != nil {
		if err := run(os.Getenv("MOTCUA_CHILD_DIR")); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// child is the command for one of the children.
func child(name, dir string) *exec.Cmd {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "MOTCUA_CHILD="+name, "MOTCUA_CHILD_DIR="+dir)
	return cmd
}

func open(t testing.TB, dir string) *Store {
	t.Helper()
	s, err := Open(dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func ok(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

var ctx = context.Background()

// change keeps d at its time of reception.
func change(d dossier.Dossier, send store.Kind) store.Change {
	return store.Change{Dossier: d, By: "cb01", Action: "receive", At: d.ReceivedAt, Send: send}
}

// keepN keeps the n-th invented dossier.
func keepN(t testing.TB, s *Store, n int, send store.Kind) dossier.Dossier {
	t.Helper()
	d, err := s.Keep(ctx, change(storetest.Dossier(n), send))
	ok(t, err)
	return d
}
