package pcsc_test

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"motcua"
	"motcua/devices"
	"motcua/devices/pcsc"
	"motcua/devices/virtual"
)

// bench is the private reader service that every test here shares: the client
// library speaks to one socket for the life of a process.
var bench struct {
	pcscd   *virtual.Pcscd
	pki     *virtual.PKI
	missing error
}

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "motcua-pcsc-")
	if err != nil {
		panic(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	bench.pcscd, bench.missing = virtual.StartPcscd(ctx, dir)
	if bench.missing == nil {
		bench.pki, bench.missing = virtual.MintPKI(filepath.Join(dir, "pki"))
	}
	code := m.Run()
	cancel()
	if bench.pcscd != nil {
		bench.pcscd.Stop()
	}
	os.RemoveAll(dir)
	os.Exit(code)
}

const (
	patience = 10 * time.Second
	reader   = virtual.ReaderName + " 00 00"
)

func service(t testing.TB) *pcsc.Service {
	t.Helper()
	if bench.missing != nil {
		if os.Getenv("MOTCUA_BENCH") == "1" {
			t.Fatal(bench.missing)
		}
		t.Skip("the bench is not complete here: ", bench.missing)
	}
	s, err := pcsc.Open(bench.pcscd.Socket())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func chip(t testing.TB, name string) *virtual.Chip {
	t.Helper()
	p, err := virtual.ProfileNamed(name)
	if err != nil {
		t.Fatal(err)
	}
	p.PKI = bench.pki
	c, err := virtual.NewChip(p)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// lay puts the chip on the reader; the function it returns takes it away.
//
// It waits for the last test's card to be gone first.
func lay(t testing.TB, s *pcsc.Service, c *virtual.Chip) (remove func()) {
	t.Helper()
	until(t, s, devices.ReaderEmpty)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = virtual.Serve(ctx, bench.pcscd.Addr(), c)
	}()
	remove = func() {
		cancel()
		<-done
	}
	t.Cleanup(remove)
	return remove
}

// until lists the readers until the first one is in the state.
func until(t testing.TB, s *pcsc.Service, want devices.ReaderState) devices.ReaderInfo {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	var list []devices.ReaderInfo
	for {
		now, err := s.List(ctx)
		if err == nil {
			list = now
		}
		for _, r := range list {
			if r.Name == reader && r.State == want {
				return r
			}
		}
		if ctx.Err() != nil {
			t.Fatalf("the reader did not become %v: %v %v", want, list, err)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

func connect(t testing.TB, s *pcsc.Service) devices.Card {
	t.Helper()
	c, err := s.Connect(t.Context(), reader)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

func transmit(t testing.TB, c devices.Card, command string) string {
	t.Helper()
	raw, _ := hex.DecodeString(command)
	r, err := c.Transmit(t.Context(), raw)
	if err != nil {
		t.Fatal(err)
	}
	return hex.EncodeToString(r)
}

func TestListInsertRemove(t *testing.T) {
	s := service(t)
	until(t, s, devices.ReaderEmpty)
	c := chip(t, "2021")
	remove := lay(t, s, c)
	info := until(t, s, devices.ReaderCard)
	if info.Short != virtual.ReaderName || !bytes.Equal(info.ATR, c.ATR()) {
		t.Errorf("the reader is %+v", info)
	}
	remove()
	until(t, s, devices.ReaderEmpty)
	if _, err := s.Connect(t.Context(), reader); motcua.CodeOf(err) != motcua.CardAbsent {
		t.Errorf("connecting to no card gave %v", err)
	}
	if _, err := s.Connect(t.Context(), "no such reader"); motcua.CodeOf(err) != motcua.ReaderGone {
		t.Errorf("connecting to no reader gave %v", err)
	}
}

func TestTransmit(t *testing.T) {
	s := service(t)
	lay(t, s, chip(t, "2021"))
	until(t, s, devices.ReaderCard)
	c := connect(t, s)
	for _, x := range []struct{ command, reply string }{
		{"00a4000c023f00", "9000"},
		{"00a4020c02011c", "9000"},
		{"00b000000000ff", "3134"}, // extended length
		{"00b0810000", "6982"},
	} {
		if got := transmit(t, c, x.command); !strings.HasPrefix(got, x.reply) {
			t.Errorf("%s answered %s, not %s", x.command, got, x.reply)
		}
	}
	if _, err := c.Transmit(t.Context(), nil); motcua.CodeOf(err) != motcua.BadInput {
		t.Errorf("no command gave %v", err)
	}
	if info := until(t, s, devices.ReaderCard); info.State == devices.ReaderInUse {
		t.Error("a card we hold is called in use")
	}
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Transmit(t.Context(), []byte{0, 0xA4, 0, 0}); err == nil {
		t.Error("a closed card answered")
	}
	// Close has reset the chip: the selection is gone.
	if got := transmit(t, connect(t, s), "00b0000004"); got != "6985" {
		t.Errorf("after Close the chip still has its file selected: %s", got)
	}
}

func TestExtendedLength(t *testing.T) {
	s := service(t)
	p, _ := virtual.ProfileNamed("2021")
	p.PKI, p.PACE, p.BAC = bench.pki, "", false // an open chip: no secure messaging here
	c, err := virtual.NewChip(p)
	if err != nil {
		t.Fatal(err)
	}
	lay(t, s, c)
	until(t, s, devices.ReaderCard)
	held := connect(t, s)
	transmit(t, held, "00a4040c07a0000002471001")
	portrait := transmit(t, held, "00b0820000fff0")
	if len(portrait) < 2*15000 || !strings.HasPrefix(portrait, "7582") || !strings.HasSuffix(portrait, "9000") {
		t.Errorf("DG2 in one command has %d digits", len(portrait))
	}
	if got := transmit(t, held, "0022c1a4"+"000fff"+strings.Repeat("00", 0x0FFF)); got != "6a80" {
		t.Errorf("a command of 4 KB answered %s", got)
	}
}

func TestSecondSlot(t *testing.T) {
	s := service(t)
	lay(t, s, chip(t, "2021"))
	until(t, s, devices.ReaderCard)
	list, err := s.List(t.Context())
	if err != nil || len(list) != 2 {
		t.Fatalf("the readers are %+v, %v", list, err)
	}
	if second := list[1]; second.State != devices.ReaderEmpty || second.Short != virtual.ReaderName+" (2)" || len(second.ATR) != 0 {
		t.Errorf("the second slot is %+v", second)
	}
}

func TestBusy(t *testing.T) {
	s := service(t)
	lay(t, s, chip(t, "2021"))
	until(t, s, devices.ReaderCard)
	first := connect(t, s)
	if _, err := s.Connect(t.Context(), reader); motcua.CodeOf(err) != motcua.CardBusy {
		t.Fatalf("a second connection gave %v", err)
	}
	other, err := pcsc.Open(bench.pcscd.Socket())
	if err != nil {
		t.Fatal(err)
	}
	until(t, other, devices.ReaderInUse)
	time.AfterFunc(300*time.Millisecond, func() { first.Close() })
	c, err := s.Connect(t.Context(), reader)
	if err != nil {
		t.Fatalf("a card that is let go in time: %v", err)
	}
	c.Close()
	if _, err := pcsc.Open("/another/socket"); motcua.CodeOf(err) != motcua.BadInput {
		t.Errorf("a second socket gave %v", err)
	}
}

func TestRemovedInMidCommand(t *testing.T) {
	s := service(t)
	slow, err := virtual.ProfileNamed("slow")
	if err != nil {
		t.Fatal(err)
	}
	slow.PKI, slow.APDUDelay = bench.pki, time.Minute
	c, err := virtual.NewChip(slow)
	if err != nil {
		t.Fatal(err)
	}
	remove := lay(t, s, c)
	until(t, s, devices.ReaderCard)
	held := connect(t, s)
	time.AfterFunc(200*time.Millisecond, remove)
	if _, err := held.Transmit(t.Context(), []byte{0, 0xA4, 0, 0x0C}); motcua.CodeOf(err) != motcua.CardRemoved {
		t.Fatalf("removal in mid-command gave %v", err)
	}
	if _, err := held.Transmit(t.Context(), []byte{0, 0xA4, 0, 0x0C}); motcua.CodeOf(err) != motcua.CardRemoved {
		t.Errorf("the command after it gave %v", err)
	}
}

func TestCardThatDies(t *testing.T) {
	s := service(t)
	lay(t, s, chip(t, "dies-at-3"))
	until(t, s, devices.ReaderCard)
	c := connect(t, s)
	transmit(t, c, "00a4000c023f00")
	transmit(t, c, "00a4020c02011c")
	if _, err := c.Transmit(t.Context(), []byte{0, 0xB0, 0, 0, 0}); motcua.CodeOf(err) != motcua.CardRemoved {
		t.Fatalf("the third command gave %v", err)
	}
}

func TestAbandonedCommand(t *testing.T) {
	s := service(t)
	p, _ := virtual.ProfileNamed("slow")
	p.PKI, p.APDUDelay = bench.pki, 600*time.Millisecond
	c, err := virtual.NewChip(p)
	if err != nil {
		t.Fatal(err)
	}
	lay(t, s, c)
	until(t, s, devices.ReaderCard)
	held := connect(t, s)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := held.Transmit(ctx, []byte{0, 0xA4, 2, 0x0C, 2, 1, 0x1C}); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("an abandoned command gave %v", err)
	}
	if _, err := held.Transmit(t.Context(), []byte{0, 0xB0, 0, 0, 0}); motcua.CodeOf(err) != motcua.Cancelled {
		t.Fatalf("the command after it gave %v", err)
	}
	// The card is released when the driver comes back, and reset.
	if got := transmit(t, connect(t, s), "00b0000004"); got != "6985" {
		t.Errorf("the chip was not reset: %s", got)
	}
}

// story collects what Watch tells, as short words.
type story struct {
	t      testing.TB
	events chan string
}

func watch(t testing.TB, s *pcsc.Service) *story {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done, st := make(chan error, 1), &story{t, make(chan string, 100)}
	go func() {
		done <- s.Watch(ctx, func(e devices.ReaderEvent) {
			switch {
			case e.Reader == "":
				st.events <- "service " + string(motcua.CodeOf(e.Fault))
			case e.Reader == reader:
				st.events <- fmt.Sprint(e.State)
			}
		})
	}()
	t.Cleanup(func() {
		cancel()
		select {
		case err := <-done:
			if err != nil {
				t.Errorf("Watch ended with %v", err)
			}
		case <-time.After(patience):
			t.Error("Watch did not end with its context")
		}
	})
	return st
}

func (st *story) expect(want ...string) {
	st.t.Helper()
	for _, w := range want {
		select {
		case got := <-st.events:
			if got != w {
				st.t.Fatalf("told %q, not %q", got, w)
			}
		case <-time.After(patience):
			st.t.Fatalf("%q was not told", w)
		}
	}
}

func (st *story) quiet(d time.Duration) {
	st.t.Helper()
	select {
	case got := <-st.events:
		st.t.Fatalf("told %q without cause", got)
	case <-time.After(d):
	}
}

func TestWatchInsertRemove(t *testing.T) {
	s := service(t)
	until(t, s, devices.ReaderEmpty)
	st := watch(t, s)
	st.expect("empty")
	remove := lay(t, s, chip(t, "2021"))
	st.expect("card")
	c := connect(t, s)
	transmit(t, c, "00a4000c023f00")
	c.Close()
	st.quiet(600 * time.Millisecond) // our own use is no news
	remove()
	st.expect("empty")
}

func TestWatchStandsARestart(t *testing.T) {
	s := service(t)
	lay(t, s, chip(t, "2021"))
	until(t, s, devices.ReaderCard)
	held := connect(t, s)
	st := watch(t, s)
	st.expect("card")
	if err := bench.pcscd.Kill(); err != nil {
		t.Fatal(err)
	}
	st.expect("lost", "service "+string(motcua.ReaderService))
	if _, err := held.Transmit(t.Context(), []byte{0, 0xA4, 0, 0x0C}); motcua.CodeOf(err) != motcua.ReaderService {
		t.Errorf("a command without a service gave %v", err)
	}
	if _, err := s.List(t.Context()); motcua.CodeOf(err) != motcua.ReaderService {
		t.Errorf("listing without a service gave %v", err)
	}
	if _, err := s.Connect(t.Context(), reader); motcua.CodeOf(err) != motcua.ReaderService {
		t.Errorf("connecting without a service gave %v", err)
	}
	if err := bench.pcscd.Restart(); err != nil {
		t.Fatal(err)
	}
	st.expect("service ")
	for deadline := time.Now().Add(patience); ; {
		select {
		case got := <-st.events: // the service may come up before reader and card
			if got == "card" {
				return
			}
		case <-time.After(time.Until(deadline)):
			t.Fatal("the card did not come back")
		}
	}
}

func TestAnotherProgramReadsTheSameBytes(t *testing.T) {
	service(t)
	if _, err := exec.LookPath("opensc-tool"); err != nil {
		if os.Getenv("MOTCUA_BENCH") == "1" {
			t.Fatal("the bench promises opensc-tool and it is not installed")
		}
		t.Skip("opensc-tool is not installed")
	}
	s := service(t)
	lay(t, s, chip(t, "2021"))
	until(t, s, devices.ReaderCard)
	cmd := exec.Command("opensc-tool", "-r", reader, "-c", "default",
		"-s", "00:A4:02:0C:02:01:1C", "-s", "00:B0:00:00:36", "-s", "00:B0:81:00:00")
	cmd.Env = append(os.Environ(), "PCSCLITE_CSOCK_NAME="+bench.pcscd.Socket())
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("opensc-tool: %v\n%s", err, out)
	}
	for _, want := range []string{"SW1=0x90, SW2=0x00", "31 34 30 0D 06 08 04 00 7F 00 07 02 02 02 02 01", "SW1=0x69, SW2=0x82"} {
		if !strings.Contains(string(out), want) {
			t.Errorf("opensc-tool does not say %q:\n%s", want, out)
		}
	}
}

// BenchmarkTransmit compares a command through service, driver and socket with
// the same command given to the chip itself.
func BenchmarkTransmit(b *testing.B) {
	s := service(b)
	stand := chip(b, "2021")
	lay(b, s, stand)
	until(b, s, devices.ReaderCard)
	c, err := s.Connect(b.Context(), reader)
	if err != nil {
		b.Fatal(err)
	}
	defer c.Close()
	command := []byte{0, 0xB0, 0x9C, 0, 0}
	measure := func(card devices.Card, n int) time.Duration {
		start := time.Now()
		for range n {
			if _, err := card.Transmit(b.Context(), command); err != nil {
				b.Fatal(err)
			}
		}
		return time.Since(start) / time.Duration(n)
	}
	direct := measure(chip(b, "2021"), 10_000)
	b.ResetTimer()
	through := measure(c, b.N)
	b.ReportMetric(float64(through)/float64(direct), "x-direct")
}
