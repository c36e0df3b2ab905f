package setup

import (
	"fmt"
	"strings"
	"testing"

	"motcua"
	"motcua/ui/flow"
	"motcua/ui/screen"
	"motcua/ui/words"
)

// Every device that is not well says its code and what to do.
func TestSickDeviceSaysWhatToDo(t *testing.T) {
	w, err := words.Load("vi")
	if err != nil {
		t.Fatal(err)
	}
	s, effects := Flow{}.Start()
	if len(effects) != len(Keys)-1 {
		t.Fatalf("%d probes at the start, want %d", len(effects), len(Keys)-1)
	}
	for _, e := range effects {
		s, _ = Flow{}.Step(s, flow.Failed{Effect: e, Fault: motcua.Fail(motcua.ReaderService, "", nil)})
	}
	v := Flow{}.View(s, w)
	for _, sec := range v.Sections {
		if sec.Key == "card" {
			continue
		}
		if sec.Notice == nil || sec.Notice.Code != "C22" || sec.Notice.Try == "" || sec.Tone != screen.Bad {
			t.Errorf("%s is sick and does not say so: %+v", sec.Key, sec)
		}
		if len(sec.Actions) == 0 {
			t.Errorf("%s has no test button", sec.Key)
		}
	}
}

// A test read shows the checks and nothing of the person.
func TestReadShowsNoPerson(t *testing.T) {
	s, _ := Flow{}.Start()
	s, effects := Flow{}.Step(s, flow.Entered{Field: "number", Value: "001090000001"})
	if len(effects) != 1 {
		t.Fatal("Enter does not read")
	}
	s, _ = Flow{}.Step(s, flow.CardRead{Citizen: flow.Citizen{Name: "Nguyễn Văn Thử", Address: "Thôn Thử", Access: "PACE-CAN",
		Checks: []flow.CheckResult{{Name: "hashes", Outcome: "failed"}}, Link: flow.Link{APDUs: 12}}})
	for _, lang := range []string{"vi", "en"} {
		w, err := words.Load(lang)
		if err != nil {
			t.Fatal(err)
		}
		text := fmt.Sprintf("%+v", Flow{}.View(s, w))
		if strings.Contains(text, "Nguyễn") || strings.Contains(text, "Thôn") {
			t.Error("the board shows the person")
		}
		if !strings.Contains(text, "PACE-CAN") || strings.Contains(text, "!(") {
			t.Errorf("the board says: %s", text)
		}
	}
	if b := s.(Board); b.Read == nil {
		t.Error("the reading is lost")
	}
}
