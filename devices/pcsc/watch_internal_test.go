package pcsc

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/ebfe/scard"

	"motcua"
	"motcua/devices"
)

// A flapping card is faster than the driver of the virtual reader, so what the
// service reports is written down here.
func TestFlappingIsToldWhenSettled(t *testing.T) {
	var told []string
	w := &watch{service: &Service{}, readers: map[string]*sight{}, tell: func(e devices.ReaderEvent) { told = append(told, fmt.Sprint(e.State)) }}
	w.compare([]string{"r"})
	see := func(count scard.StateFlag, flags scard.StateFlag) {
		w.observe([]scard.ReaderState{{Reader: pnp}, {Reader: "r", EventState: count<<16 | flags | scard.StateChanged}})
		w.report()
	}
	lasts := func() {
		w.readers["r"].since = w.readers["r"].since.Add(-settle)
		w.report()
	}
	expect := func(want ...string) {
		t.Helper()
		if !slices.Equal(told, want) {
			t.Fatalf("told %v, not %v", told, want)
		}
	}
	see(0, scard.StateEmpty)
	expect("empty")
	see(1, scard.StatePresent)
	see(2, scard.StateEmpty)
	see(3, scard.StatePresent)
	expect("empty")
	lasts()
	expect("empty", "card")
	see(3, scard.StatePresent|scard.StateInuse) // another program looked
	see(3, scard.StatePresent)
	lasts()
	expect("empty", "card")
	see(5, scard.StatePresent) // away and back between two reports
	lasts()
	expect("empty", "card", "card")
	see(5, scard.StatePresent|scard.StateExclusive|scard.StateInuse)
	lasts()
	see(5, scard.StatePresent|scard.StateMute)
	lasts()
	expect("empty", "card", "card", "in-use", "mute")
	w.compare(nil)
	expect("empty", "card", "card", "in-use", "mute", "lost", "empty")
}

func TestPatienceEndsWithTheUnsettled(t *testing.T) {
	w := &watch{readers: map[string]*sight{"r": {}}}
	if w.patience() != tick {
		t.Error("nothing is open, yet the wait is short")
	}
	w.readers["r"] = &sight{open: true, since: time.Now()}
	if w.patience() > settle {
		t.Error("a change would be told late")
	}
}

func TestShortNames(t *testing.T) {
	names := []string{
		"ACS ACR1252 Dual Reader [ACR1252 Dual Reader PICC] (0123456789) 00 00",
		"ACS ACR1252 Dual Reader [ACR1252 Dual Reader SAM] (0123456789) 00 01",
		"ACS ACR1252 1S CL Reader PICC 0",
		"HID Global OMNIKEY 5022 Smart Card Reader 0",
		"Mot Cua Virtual Reader 00 00", "Mot Cua Virtual Reader 00 01",
		"(1)", "",
	}
	want := []string{
		"ACS ACR1252 Dual Reader PICC", "ACS ACR1252 Dual Reader SAM", "ACS ACR1252 1S CL Reader PICC",
		"HID Global OMNIKEY 5022 Smart Card Reader", "Mot Cua Virtual Reader", "Mot Cua Virtual Reader (2)",
		"(1)", "",
	}
	if got := shortNames(names); !slices.Equal(got, want) {
		t.Errorf("the names are %q", got)
	}
}

func TestFaults(t *testing.T) {
	for e, want := range map[scard.Error]motcua.Code{
		scard.ErrRemovedCard: motcua.CardRemoved, scard.ErrResetCard: motcua.CardRemoved,
		scard.ErrNoSmartcard: motcua.CardAbsent, scard.ErrSharingViolation: motcua.CardBusy,
		scard.ErrUnresponsiveCard: motcua.CardMute, scard.ErrNotTransacted: motcua.CardMute,
		scard.ErrReaderUnavailable: motcua.ReaderGone, scard.ErrUnknownReader: motcua.ReaderGone,
		scard.ErrNoService: motcua.ReaderService, scard.ErrServiceStopped: motcua.ReaderService,
		scard.ErrInvalidHandle: motcua.ReaderService, scard.ErrCommError: motcua.ReaderService,
		scard.Error(0x12345): motcua.ReaderService,
	} {
		if got := motcua.CodeOf(fault(e)); got != want {
			t.Errorf("%v is %s, not %s", e, got, want)
		}
	}
}
