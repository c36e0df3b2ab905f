package console

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"motcua"
	"motcua/ui/flow"
	"motcua/ui/screen"
	"motcua/ui/words"
)

func TestWriteTellsEverythingButTheSecret(t *testing.T) {
	s := screen.Screen{
		Name: "reception/sign", Face: screen.Counter, Title: "Ký và in", Lead: "Ký giấy tiếp nhận.",
		Notice: &screen.Notice{Tone: screen.Bad, Code: "K05", Text: "Mã PIN chưa đúng.", Try: "Nhập lại.", Actions: []screen.Action{{Key: "again", Title: "Thử lại"}}},
		Sections: []screen.Section{
			{Key: "p", Title: "Giấy tờ", State: screen.Done, Summary: "3 trong 3", Reopen: "reopen/p"},
			{Key: "s", Title: "Ký", State: screen.Open, Blocks: []screen.Block{
				screen.Form{Fields: []screen.Field{{Key: "pin", Label: "Mã PIN", Kind: screen.Secret, Value: "123456"}, {Key: "n", Label: "Số", Value: "7", Error: "sai", From: "chip"}}},
				screen.Checklist{Key: "c", Items: []screen.Item{{Key: "a", Text: "Bản chính", On: true}}},
				screen.Choice{Key: "w", Label: "Cách", Selected: "x", Options: []screen.Option{{Key: "x", Title: "Một"}, {Key: "y", Title: "Hai", Off: "hết hạn"}}},
				screen.Facts{Rows: []screen.Fact{{Label: "Phí", Value: "48.000 đ", Tone: screen.Warn}}},
				screen.Table{Key: "t", Rows: []screen.Row{{Key: "r", Cells: []screen.Cell{{Text: "một"}, {Text: "hai"}}}}},
				screen.Progress{Text: "Đang ký"}, screen.Picture{Name: "ticket", Caption: "Lấy phiếu"}, screen.Keypad{Field: "n"},
			}},
			{Key: "z", Title: "Sau", State: screen.Waiting},
		},
		Aside:   &screen.Aside{Title: "Nguyễn Thị Ượng", Lines: []screen.Line{{Label: "Số", Value: "001190000017"}}, Checks: []screen.Check{{Text: "Chip gốc", Tone: screen.Good}}},
		Actions: []screen.Action{{Key: "next", Title: "Tiếp", Keys: "F9", Main: true, Off: "chưa xong"}},
		Status:  []screen.Light{{Text: "Cổng", Tone: screen.Warn}}, Left: &screen.Left{Part: 0.5},
	}
	var b strings.Builder
	if err := Write(&b, s); err != nil {
		t.Fatal(err)
	}
	got := b.String()
	for _, want := range []string{
		"== Ký và in [reception/sign]", "! Mã PIN chưa đúng. Nhập lại. #K05", "* Thử lại [again]", "v Giấy tờ: 3 trong 3 [reopen/p]",
		"Mã PIN [pin]:\n", "Số [n]: 7 ! sai < chip", "[x] Bản chính [c a]", "(o) Một [w x]", "( ) Hai [w y] ! hết hạn", "Phí: 48.000 đ (warn)",
		"một | hai [t r]", "... Đang ký", "(ticket) Lấy phiếu", "keypad [n]", "- Sau", "| Nguyễn Thị Ượng", "| Chip gốc (good)",
		"* Tiếp [next] F9 * ! chưa xong", "Cổng (warn)", "time left: 50 %",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("the text lacks %q:\n%s", want, got)
		}
	}
	if strings.Contains(got, "123456") {
		t.Error("the text shows a secret")
	}
}

func TestParseRefuses(t *testing.T) {
	for _, bad := range []string{"dance", "dance now", "press", "press two words", "pick procedures", "tick papers", "pin pin 123456"} {
		_, err := Parse(strings.NewReader("await x\n" + bad))
		if motcua.CodeOf(err) != motcua.BadInput || !strings.Contains(err.Error(), "line 2") {
			t.Errorf("%q: %v", bad, err)
		}
		if err != nil && strings.Contains(err.Error(), "123456") {
			t.Error("the error repeats a PIN")
		}
	}
	if _, err := Parse(strings.NewReader(strings.Repeat("press a\n", longest+1))); motcua.CodeOf(err) != motcua.BadInput {
		t.Errorf("an endless script: %v", err)
	}
}

// asking is a small dialogue: name, then PIN, then done.
type asking struct{}

type asks struct{ at, name string }

func (a asks) Name() string { return a.at }

func (asking) Start() (flow.State, []flow.Effect) { return asks{at: "name"}, nil }

func (asking) Step(s flow.State, e flow.Event) (flow.State, []flow.Effect) {
	a := s.(asks)
	switch e := e.(type) {
	case flow.Edited:
		a.name = e.Value
	case flow.Entered:
		a.at = "pin"
	case flow.Secret:
		if string(e.PIN.Take()) == "2468" {
			a.at = "done"
		}
	}
	return a, nil
}

func (asking) View(s flow.State, _ *words.Words) screen.Screen {
	a := s.(asks)
	f := screen.Field{Key: a.at, Label: a.at, Value: a.name}
	if a.at == "pin" {
		f = screen.Field{Key: "pin", Label: "pin", Kind: screen.Secret}
	}
	return screen.Screen{Name: a.at, Sections: []screen.Section{{State: screen.Open, Blocks: []screen.Block{screen.Form{Fields: []screen.Field{f}}}}}}
}

type idleHands struct{}

func (idleHands) Do(context.Context, flow.State, flow.Effect, func(flow.Event)) {}

func play(t *testing.T, script string, secret func(string) ([]byte, error)) (string, error) {
	t.Helper()
	lines, err := Parse(strings.NewReader(script))
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	var c *Console
	loop := flow.NewLoop(asking{}, idleHands{}, nil, func(s screen.Screen) { c.Draw(s) })
	c = New(&out, loop.Post)
	c.Secret = secret
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { defer close(done); loop.Run(ctx) }()
	limit, stop := context.WithTimeout(ctx, time.Minute)
	err = c.Play(limit, lines)
	stop()
	cancel()
	<-done
	return out.String(), err
}

func TestPlayAnswersADialogue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		out, err := play(t, "# two answers\nenter name Nguyễn Thị Ượng\nawait pin\npin pin ****\nawait done\n",
			func(string) ([]byte, error) { return []byte("2468"), nil })
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(out, "Nguyễn Thị Ượng") || !strings.Contains(out, "[done]") {
			t.Errorf("the play was:\n%s", out)
		}
		if strings.Contains(out, "2468") {
			t.Error("the play shows the PIN")
		}
	})
}

func TestPlaySaysWhereItWaited(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, err := play(t, "enter name A\npress accept\n", nil)
		if err == nil || !strings.Contains(err.Error(), "line 2: press accept") || !strings.Contains(err.Error(), `"pin"`) {
			t.Errorf("the error is %v", err)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		_, err := play(t, "enter name A\npin pin\n", func(string) ([]byte, error) { return nil, errors.New("no file") })
		if motcua.CodeOf(err) != motcua.TokenPINNeeded {
			t.Errorf("without a PIN: %v", err)
		}
	})
}

func FuzzParse(f *testing.F) {
	f.Add("await x\nenter a b c\npin p ***\n")
	f.Fuzz(func(t *testing.T, s string) {
		lines, err := Parse(strings.NewReader(s))
		for _, l := range lines {
			if l.Key == "" || err != nil {
				t.Errorf("%q gave %v and %v", s, l, err)
			}
		}
	})
}
