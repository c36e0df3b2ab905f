package kiosk

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"motcua"
	"motcua/ui/flow"
	"motcua/ui/flow/flowtest"
	"motcua/ui/screen"
	"motcua/ui/words"
)

func states() []flow.State {
	pages := []Page{
		Welcome{}, Digits{Typed: "000001"}, Digits{Tries: maxTries - 1}, Hello{Who: "N•••••  Thử", Number: "001••••••001"},
		Reference{}, Reference{Typed: "TAM"}, Lookup{Ref: "TAM/Q1/261123/0001"}, Lookup{Tries: maxTries - 1, Typed: "999999"},
		Found{Answer: Answer{Reference: "TAM/Q1/261123/0001", Status: 2, Due: time.Unix(0, 0)}},
		Services{Offers: []Service{{"a", "Hộ tịch"}}}, Ticketed{Ticket: Ticket{Number: "A001", At: time.Unix(0, 0)}}, Help{Back: Hello{Who: "T"}},
	}
	var out []flow.State
	for _, p := range pages {
		out = append(out, Visit{At: p, Card: !home(p)})
	}
	return append(out, Visit{At: Reference{}})
}

func events() []flow.Event {
	c := flow.Citizen{Name: "Nguyễn Văn Thử", Number: "001090000001"}
	return []flow.Event{
		flow.CardIn{}, flow.CardOut{}, flow.Idle{Part: 0}, flow.Pressed{Action: "back"}, flow.Pressed{Action: "help"}, flow.Pressed{Action: "home"},
		flow.Picked{Block: "menu", Key: "lookup"}, flow.Picked{Block: "menu", Key: "ticket"}, flow.Picked{Block: "services", Key: "a"},
		flow.Edited{Field: "digits", Value: "1"}, flow.Entered{Field: "digits", Value: "000001"},
		flow.Entered{Field: "reference", Value: ReceiptQR("TAM/Q1/261123/0001", "123456")},
		flow.TextRead{Citizen: c}, flow.CardRead{Citizen: c}, Answered{}, Offered{}, Taken{},
		flow.Failed{Effect: flow.Read{}, Fault: motcua.Fail(motcua.CardWrongSecret, "", nil)},
		flow.Failed{Effect: Ask{}, Fault: motcua.Fail(motcua.StoreNotFound, "", nil)},
	}
}

func TestTimetable(t *testing.T) { flowtest.Timetable(t, Flow{}, states(), events()) }

// Nothing of the person outlives the person: after the time-out, and after the
// card left a session it had opened, the state is the first state, whole.
func TestNothingIsLeft(t *testing.T) {
	first, _ := Flow{}.Start()
	for _, s := range states() {
		after, _ := Flow{}.Step(s, flow.Idle{Part: 0})
		if !reflect.DeepEqual(after, first) {
			t.Errorf("%s leaves %#v after the time-out", s.Name(), after)
		}
		if s.(Visit).Card {
			after, effects := Flow{}.Step(s, flow.CardOut{})
			if !reflect.DeepEqual(after, first) || len(effects) != 1 {
				t.Errorf("%s leaves %#v after the card left", s.Name(), after)
			}
		}
	}
}

// A late answer to somebody who has gone is thrown away.
func TestLateAnswerIsNotShown(t *testing.T) {
	for _, e := range []flow.Event{flow.CardRead{Citizen: flow.Citizen{Name: "Nguyễn Văn Thử"}}, Answered{Answer: Answer{Reference: "X"}}, Taken{}} {
		s, _ := Flow{}.Step(Visit{At: Welcome{}}, e)
		if !reflect.DeepEqual(s, Visit{At: Welcome{}}) {
			t.Errorf("%T after the end gives %#v", e, s)
		}
	}
}

func TestGreetingIsMasked(t *testing.T) {
	s, _ := Flow{}.Step(Visit{At: Digits{Reading: true}}, flow.CardRead{Citizen: flow.Citizen{Name: "Nguyễn Văn Thử", Number: "001090000001"}})
	w, err := words.Load("vi")
	if err != nil {
		t.Fatal(err)
	}
	text := fmt.Sprintf("%+v %+v", s, Flow{}.View(s, w))
	for _, secret := range []string{"Nguyễn", "Văn", "001090000001", "090000"} {
		if strings.Contains(text, secret) {
			t.Errorf("the greeting shows %q", secret)
		}
	}
	if !strings.Contains(text, "Thử") {
		t.Error("nobody is greeted")
	}
}

// One question a screen, at most four choices, help and a way out always.
func TestEveryScreenIsSimple(t *testing.T) {
	for _, lang := range []string{"vi", "en"} {
		w, err := words.Load(lang)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range states() {
			v := Flow{}.View(s, w)
			help, out := false, s.Name() == "welcome"
			for _, a := range v.Actions {
				help = help || a.Help
				out = out || a.Back || a.Key == "home"
			}
			if s.Name() != "help" && !help || !out {
				t.Errorf("%s has no help or no way out", s.Name())
			}
			for _, sec := range v.Sections {
				for _, b := range sec.Blocks {
					if c, ok := b.(screen.Choice); ok && len(c.Options) > 4 {
						t.Errorf("%s offers %d choices", s.Name(), len(c.Options))
					}
				}
			}
			if text := fmt.Sprintf("%+v", v); strings.Contains(text, "!(") {
				t.Errorf("%s %s misses a word: %s", lang, s.Name(), text)
			}
		}
	}
}

func FuzzParseReceiptQR(f *testing.F) {
	f.Add(ReceiptQR("TAM/Q1/261123/0001", "123456"))
	f.Add("001090000001||Nguyễn Văn Thử|01011990|Nam||")
	f.Fuzz(func(t *testing.T, text string) {
		if n, l, ok := ParseReceiptQR(text); ok && (n == "" || l == "") {
			t.Errorf("%q gives an empty part", text)
		}
	})
}
