//go:build linux

package bolt

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"motcua"
	"motcua/store"
	"motcua/store/storetest"
)

// TestFileLimit: a process that may not make its files larger meets the same
// errors as a full disk, in the same places, and needs no privilege.
func TestFileLimit(t *testing.T) {
	if out, err := child("limited", t.TempDir()).CombinedOutput(); err != nil {
		t.Fatalf("%s%v", out, err)
	}
}

// TestFullDisk fills a small file system in a namespace of its own.
func TestFullDisk(t *testing.T) {
	if _, err := exec.LookPath("unshare"); err != nil {
		if os.Getenv("MOTCUA_BENCH") == "1" {
			t.Fatal("unshare (package util-linux) is not installed")
		}
		t.Skip("unshare is not installed: a real full disk is not tried")
	}
	inside := func(cmd string) *exec.Cmd {
		c := child("full", t.TempDir())
		c.Path, c.Args = "/bin/sh", []string{"sh", "-c",
			`exec unshare --user --map-root-user --mount sh -c 'mount -t tmpfs -o size=8m tmpfs "$MOTCUA_CHILD_DIR" && ` +
				cmd + `' `}
		c.Env = append(c.Env, "MOTCUA_SELF="+os.Args[0])
		return c
	}
	if err := inside("true").Run(); err != nil {
		t.Skip("this system gives no namespaces to its users: a real full disk is not tried")
	}
	if out, err := inside(`exec "$MOTCUA_SELF"`).CombinedOutput(); err != nil {
		t.Fatalf("%s%v", out, err)
	}
}

// fillLimited runs fill with a limit of 20 MiB on every file: bbolt grows its
// file by 16.
func fillLimited(dir string) error {
	signal.Ignore(syscall.SIGXFSZ)
	var old syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &old); err != nil {
		return err
	}
	tight := syscall.Rlimit{Cur: 20 << 20, Max: old.Max}
	return fillUp(dir, 100_000,
		func() error { return syscall.Setrlimit(syscall.RLIMIT_FSIZE, &tight) },
		func() error { return syscall.Setrlimit(syscall.RLIMIT_FSIZE, &old) })
}

// fillDisk runs fillUp on a file system of 8 MiB with 2 MiB of ballast.
func fillDisk(dir string) error {
	ballast := filepath.Join(dir, "ballast")
	return fillUp(dir, 5_000,
		func() error { return os.WriteFile(ballast, make([]byte, 2<<20), 0o600) },
		func() error { return os.Remove(ballast) })
}

// fillUp keeps dossiers of about size bytes until nothing more fits. Then
// everything kept before must be there, a refused change must be in the
// caller's hands unchanged, and must be kept when there is room again.
func fillUp(dir string, size int, narrow, widen func() error) error {
	s, err := Open(dir, Options{})
	if err != nil {
		return err
	}
	if err := narrow(); err != nil {
		return err
	}
	kept, refused, err := keepUntilFull(s, size)
	if err != nil {
		return err
	}
	before := mustBody(&refused.Dossier)
	if err := checkKept(s, kept, size); err != nil {
		return fmt.Errorf("while full: %w", err)
	}
	if _, err := s.Put(ctx, bytes.NewReader(make([]byte, 30<<20)), "a", "b"); motcua.CodeOf(err) != motcua.StoreFull {
		return fmt.Errorf("an attachment on a full disk: %w", err)
	}
	if err := widen(); err != nil {
		return err
	}
	if !bytes.Equal(before, mustBody(&refused.Dossier)) {
		return errors.New("the refused change was altered")
	}
	if _, err := s.Keep(ctx, refused); err != nil {
		return fmt.Errorf("with room again: %w", err)
	}
	if err := s.Close(); err != nil {
		return err
	}
	if s, err = Open(dir, Options{}); err != nil {
		return err
	}
	return errors.Join(checkKept(s, kept+1, size), s.Close())
}

func sized(n, size int) store.Change {
	d := storetest.Dossier(n)
	d.Remarks = []string{strings.Repeat("x", size)}
	return change(d, store.Create)
}

func keepUntilFull(s *Store, size int) (kept int, refused store.Change, err error) {
	for n := 1; n < 5000; n++ {
		c := sized(n, size)
		_, err := s.Keep(ctx, c)
		if motcua.CodeOf(err) == motcua.StoreFull {
			return n - 1, c, nil
		}
		if err != nil {
			return 0, c, fmt.Errorf("dossier %d: %w", n, err)
		}
	}
	return 0, store.Change{}, errors.New("it never became full")
}

// checkKept demands the first n dossiers whole, and not one more.
func checkKept(s *Store, n, size int) error {
	for i := 1; i <= n; i++ {
		want := sized(i, size).Dossier
		want.Revision = 1
		got, err := s.Get(ctx, want.ID)
		if err != nil || !bytes.Equal(mustBody(&got), mustBody(&want)) {
			return fmt.Errorf("dossier %d of %d: %w", i, n, err)
		}
	}
	if _, err := s.Get(ctx, storetest.Dossier(n+1).ID); motcua.CodeOf(err) != motcua.StoreNotFound {
		return fmt.Errorf("a refused dossier is there: %w", err)
	}
	if q, err := s.Queue(ctx); err != nil || q.Ready != n {
		return fmt.Errorf("%d entries of %d: %w", q.Ready, n, err)
	}
	return s.Check(ctx)
}

func init() {
	children["limited"], children["full"] = fillLimited, fillDisk
}
