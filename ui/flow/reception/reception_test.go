package reception

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"motcua"
	"motcua/store/dossier"
	"motcua/ui/flow"
	"motcua/ui/flow/flowtest"
	"motcua/ui/screen"
	"motcua/ui/words"
)

func sample() Case {
	d := dossier.Dossier{ID: "01J00000000000000000000001", Number: "TAM/Q1/261123/0001", Lookup: "123456",
		Procedure:  dossier.Procedure{Code: "2.000815", Name: "Chứng thực bản sao từ bản chính"},
		Applicant:  dossier.Person{Name: "Nguyễn Văn Thử", Number: "001090000001"},
		Components: []dossier.Component{{Key: "original", Name: "Bản chính", Kind: dossier.Presented, Quantity: 1, Shown: true}},
		Answers:    map[string]string{"copies": "1"}, Steps: nil,
		Appointment: dossier.Appointment{Due: time.Date(2026, 11, 23, 17, 0, 0, 0, words.Zone)},
	}
	return Case{Dossier: d, Asks: []Ask{{Key: "copies", Label: "Số bản sao", Required: true}},
		Citizen: &flow.Citizen{Method: "chip", Name: d.Applicant.Name, Checks: []flow.CheckResult{{Name: "hashes", Outcome: "verified"}}}}
}

func states() []flow.State {
	c := sample()
	signing := Signing{Case: c, Signers: []Signer{{Fingerprint: "aa", Name: "Cán bộ Thử"}}, Chosen: "aa"}
	return on(
		Choosing{Offers: []Offer{{Code: "2.000815"}}},
		Identifying{Case: c}, Identifying{Case: c, Typed: "001090000001", Ready: true},
		Person{Case: c}, Papers{Case: c}, Promise{Case: c}, signing,
		signed{Signing{Case: c, Busy: "keep"}}, signed{Signing{Case: c, Fault: motcua.Fail(motcua.StoreFull, "", nil)}},
		Finished{Case: c}, Browsing{Back: Papers{Case: c}}, Browsing{Back: Papers{Case: c}, Open: &Opened{Dossier: c.Dossier}},
	)
}

// on puts pages into a room with a card on the reader.
func on(pages ...Page) []flow.State {
	var out []flow.State
	for _, p := range pages {
		out = append(out, Counter{Room: Room{Reader: "R"}, At: p})
	}
	return out
}

func events() []flow.Event {
	c := sample()
	var out []flow.Event
	for _, a := range []string{"next", "back", "read", "by-hand", "all", "reckon", "tokens", "unsigned", "keep", "print", "resend",
		"discard", "discard/yes", "discard/no", "rail/dossiers", "rail/reception", "reopen/procedure", "reopen/person", "reopen/papers", "reopen/promise"} {
		out = append(out, flow.Pressed{Action: a})
	}
	return append(out,
		flow.Edited{Field: "number", Value: "0010"}, flow.Entered{Field: "number", Value: "001090000001"},
		flow.Picked{Block: "procedures", Key: "2.000815"}, flow.Picked{Block: "payment", Key: "cash"},
		flow.Ticked{Block: "papers", Key: "original", On: false},
		flow.Secret{Field: "pin", PIN: flow.NewPIN([]byte("918273"))},
		flow.CardIn{Reader: "R"}, flow.CardOut{}, flow.TextRead{Citizen: *c.Citizen}, flow.CardRead{Citizen: *c.Citizen},
		Began{Dossier: c.Dossier, Asks: c.Asks}, Reckoned{Dossier: c.Dossier}, Saw{}, Drawn{}, Kept{Dossier: c.Dossier}, Printed{},
		Changed{ID: c.Dossier.ID}, Listed{}, Shown{},
		flow.Failed{Effect: flow.Read{}, Fault: motcua.Fail(motcua.CardWrongSecret, "", nil)},
		flow.Failed{Effect: Sign{}, Fault: motcua.Fail(motcua.TokenPINWrong, "", nil)},
		flow.Failed{Effect: Keep{}, Fault: motcua.Fail(motcua.StoreFull, "", nil)},
		flow.Failed{Effect: Print{}, Fault: motcua.Fail(motcua.PrinterFailed, "", nil)},
	)
}

func TestTimetable(t *testing.T) { flowtest.Timetable(t, Flow{}, states(), events()) }

// A PIN reaches the Sign effect and nothing that is kept or drawn.
func TestPINStaysOut(t *testing.T) {
	w := load(t)
	for _, s := range states() {
		pin := flow.NewPIN([]byte("918273"))
		next, effects := Flow{}.Step(s, flow.Secret{Field: "pin", PIN: pin})
		seen := fmt.Sprintf("%+v %#v %+v", next, next, Flow{}.View(next, w))
		seen += fmt.Sprintf("%+v %#v", effects, effects)
		if strings.Contains(seen, "918273") {
			t.Errorf("%s shows the PIN", s.Name())
		}
		for _, e := range effects {
			if e, ok := e.(Sign); ok && string(e.PIN.Take()) != "918273" {
				t.Errorf("%s: the PIN did not reach the effect", s.Name())
			}
		}
	}
	if again := flow.NewPIN([]byte("1")); len(again.Take()) != 1 || again.Take() != nil {
		t.Error("a PIN can be taken twice")
	}
}

// What was typed survives every fault, in every state with a case.
func TestFaultsLoseNothing(t *testing.T) {
	w := load(t)
	for _, s := range states() {
		before, had := CaseOf(s)
		if !had {
			continue
		}
		for _, e := range []flow.Effect{Save{}, flow.Read{}, Reckon{}, Sign{}, Draw{}, Keep{}, Print{}} {
			next, _ := Flow{}.Step(s, flow.Failed{Effect: e, Fault: motcua.Fail(motcua.StoreFull, "", nil)})
			after, has := CaseOf(next)
			if !has || fmt.Sprintf("%+v", after.Dossier) != fmt.Sprintf("%+v", before.Dossier) {
				t.Errorf("%s lost the dossier when %T failed", s.Name(), e)
			}
			_ = Flow{}.View(next, w)
		}
	}
}

// A number that the chip refused is not tried again by itself: the person is
// asked. A card that was lifted is.
func TestRefusedNumberIsNotTriedAgain(t *testing.T) {
	s := on(Identifying{Case: sample(), Typed: "001090000001", Ready: true})[0]
	s, _ = Flow{}.Step(s, flow.Failed{Effect: flow.Read{}, Fault: motcua.Fail(motcua.CardWrongSecret, "", nil)})
	s, effects := Flow{}.Step(s, flow.CardIn{Reader: "R"})
	if len(effects) != 0 {
		t.Fatalf("a refused number was tried again by itself: %v", effects)
	}
	if _, effects = (Flow{}).Step(s, flow.Entered{Field: "number", Value: "001090000001"}); len(effects) != 1 {
		t.Error("the person may not try the number again")
	}
	s = on(Identifying{Case: sample(), Typed: "001090000001", Ready: true, Reading: true})[0]
	s, _ = Flow{}.Step(s, flow.Failed{Effect: flow.Read{}, Fault: motcua.Fail(motcua.CardRemoved, "", nil)})
	s, _ = Flow{}.Step(s, flow.CardOut{})
	if _, effects = (Flow{}).Step(s, flow.CardIn{Reader: "R"}); len(effects) != 1 {
		t.Error("a card laid down again was not read")
	}
}

// A draft is thrown away only by an officer who says so twice.
func TestDiscardAsksTwice(t *testing.T) {
	s := on(Papers{Case: sample()})[0]
	if _, effects := (Flow{}).Step(s, flow.Pressed{Action: "discard/yes"}); len(effects) != 0 {
		t.Error("thrown away unasked")
	}
	s, effects := Flow{}.Step(s, flow.Pressed{Action: "discard"})
	if len(effects) != 0 || (Flow{}).View(s, load(t)).Notice == nil {
		t.Error("the officer is not asked")
	}
	kept, _ := Flow{}.Step(s, flow.Pressed{Action: "discard/no"})
	if c, _ := CaseOf(kept); c.Leaving || c.Dossier.Number == "" {
		t.Error("what was to stay is gone")
	}
	if gone, effects := (Flow{}).Step(s, flow.Pressed{Action: "discard/yes"}); gone.Name() != "procedure" || len(effects) != 2 {
		t.Errorf("not thrown away: %s %v", gone.Name(), effects)
	}
}

// What is wrong is never hidden behind what is right, and a proof that hangs on
// a forged signature is not told as one.
func TestChecksAreToldTruly(t *testing.T) {
	w := load(t)
	sentence := func(name, outcome string) string { return w.T("check." + name + "." + outcome) }
	for name, k := range map[string]struct{ outcomes, want map[string]string }{
		"all well": {map[string]string{"hashes": "verified", "signature": "verified", "chain": "verified", "chipAuth": "verified", "activeAuth": "verified"},
			map[string]string{"chain": "verified", "chipAuth": "verified"}},
		"a copy": {map[string]string{"hashes": "verified", "signature": "verified", "chain": "verified", "chipAuth": "failed", "activeAuth": "verified"},
			map[string]string{"chain": "verified", "chipAuth": "failed", "activeAuth": "verified"}},
		"a forged signature": {map[string]string{"hashes": "verified", "signature": "failed", "chain": "failed", "chipAuth": "verified", "activeAuth": "verified"},
			map[string]string{"hashes": "verified", "signature": "failed", "chain": "failed"}},
		"only the second proof failed": {map[string]string{"hashes": "verified", "signature": "verified", "chain": "not-attempted", "chipAuth": "unsupported", "activeAuth": "failed"},
			map[string]string{"chain": "not-attempted", "chipAuth": "unsupported", "activeAuth": "failed"}},
	} {
		got := map[string]bool{}
		for _, c := range (view{w: w}).checks(k.outcomes) {
			got[c.Text] = true
		}
		want := map[string]bool{}
		for n, o := range k.want {
			want[sentence(n, o)] = true
		}
		if k.outcomes["hashes"] == "verified" && k.outcomes["signature"] == "verified" {
			want[w.T("check.whole")] = true
		}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s is told as %v, want %v", name, got, want)
		}
	}
}

// A card with a failed check is told with its code, next to what it filled.
func TestCardThatIsNotGenuineIsTold(t *testing.T) {
	c := sample().with(flow.Citizen{Method: "chip", Name: "N", Checks: []flow.CheckResult{{Name: "chipAuth", Outcome: "failed"}}})
	s := Flow{}.View(on(Person{Case: c})[0], load(t))
	for _, sec := range s.Sections {
		if sec.Key == "person" && (sec.Notice == nil || sec.Notice.Code != string(motcua.CardNotGenuine) || sec.Notice.Try == "") {
			t.Errorf("the officer is told %+v", sec.Notice)
		}
	}
}

// Every screen can be drawn in both languages without a missing word, and
// never shows a whole personal number but to the officer who reads the card.
func TestScreensHaveWords(t *testing.T) {
	for _, lang := range []string{"vi", "en"} {
		w, err := words.Load(lang)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range states() {
			for _, e := range append(events(), flow.Lights{}) {
				next, _ := Flow{}.Step(s, e)
				text := fmt.Sprintf("%+v", Flow{}.View(next, w))
				if i := strings.Index(text, "!("); i >= 0 {
					t.Fatalf("%s %s: %s", lang, next.Name(), text[i:min(i+60, len(text))])
				}
			}
		}
	}
}

// Without a card a scanned QR still fills the form, marked as a claim; garbage
// leaves the way by hand open.
func TestQRWithoutCard(t *testing.T) {
	s := on(Identifying{Case: Case{Dossier: dossier.Dossier{ID: "01J"}}, Typed: "001090000001||Nguyễn Văn Thử|01011990|Nam|Thôn Thử|10052021"})[0]
	s, effects := Flow{}.Step(s, flow.Pressed{Action: "by-hand"})
	if len(effects) != 1 || effects[0] != (Scan{}) {
		t.Fatalf("the QR is not taken: %v", effects)
	}
	done, _ := Flow{}.Step(s, flow.CardRead{Citizen: flow.Citizen{Method: "qr", Name: "Nguyễn Văn Thử", Number: "001090000001"}})
	if c, _ := CaseOf(done); c.Dossier.Identity.Method != "qr" || c.Dossier.Applicant.Name != "Nguyễn Văn Thử" {
		t.Errorf("the form holds %+v", c.Dossier.Applicant)
	}
	s, _ = Flow{}.Step(s, flow.Failed{Effect: Scan{}, Fault: motcua.Fail(motcua.QRGarbled, "", nil)})
	if s, _ = (Flow{}).Step(s, flow.Pressed{Action: "by-hand"}); s.Name() != "person" {
		t.Error("a garbled QR bars the way by hand")
	}
}

func TestAcceptNeedsAnAppointment(t *testing.T) {
	c := sample()
	c.Dossier.Appointment = dossier.Appointment{}
	next, effects := Flow{}.Step(on(Promise{Case: c})[0], flow.Pressed{Action: "next"})
	if next.Name() != "promise" || len(effects) != 0 {
		t.Error("a dossier without an appointment was accepted")
	}
}

func TestRailKeepsTheCase(t *testing.T) {
	s := on(Papers{Case: sample()})[0]
	s, _ = Flow{}.Step(s, flow.Pressed{Action: "rail/dossiers"})
	s, _ = Flow{}.Step(s, flow.Lights{Lights: []screen.Light{{Key: "portal"}}})
	s, _ = Flow{}.Step(s, flow.Pressed{Action: "rail/reception"})
	p, ok := Here(s).(Papers)
	if !ok || p.Dossier.Number != sample().Dossier.Number || len(s.(Counter).Room.Lights) != 1 {
		t.Errorf("the case did not survive a look at the list: %#v", s)
	}
}

func load(t *testing.T) *words.Words {
	t.Helper()
	w, err := words.Load("vi")
	if err != nil {
		t.Fatal(err)
	}
	return w
}
