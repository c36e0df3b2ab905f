package window

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"motcua/ui/flow"
	"motcua/ui/screen"
	"motcua/ui/window/field"
	"motcua/ui/words"
)

// desk is a window with what it raised.
type desk struct {
	*Window
	t      *testing.T
	events []flow.Event
}

func newDesk(t *testing.T, f screen.Face) *desk {
	t.Helper()
	w, err := words.Load(words.Default)
	if err != nil {
		t.Fatal(err)
	}
	d := &desk{t: t}
	d.Window = New(test.NewTempApp(t), f, w, func(e flow.Event) { d.events = append(d.events, e) })
	d.win.Resize(fyne.NewSize(1366, 768))
	return d
}

// raised takes the events so far, written out.
func (d *desk) raised() []string {
	var out []string
	for _, e := range d.events {
		out = append(out, strings.TrimPrefix(fmt.Sprintf("%+v", e), "{IsEvent:{} "))
	}
	d.events = nil
	return out
}

func (d *desk) want(what string, events ...string) {
	d.t.Helper()
	if got := d.raised(); !slices.Equal(got, events) {
		d.t.Errorf("%s raised %q, want %q", what, got, events)
	}
}

func (d *desk) key(name fyne.KeyName) {
	d.t.Helper()
	if f := d.canvas.Focused(); f != nil {
		f.TypedKey(&fyne.KeyEvent{Name: name})
		return
	}
	d.canvas.OnTypedKey()(&fyne.KeyEvent{Name: name})
}

func (d *desk) write(s string) {
	d.t.Helper()
	for _, r := range s {
		if d.canvas.Focused() == nil {
			d.t.Fatalf("nothing has the keyboard for %q", s)
		}
		d.canvas.Focused().TypedRune(r)
	}
}

func (d *desk) text(key string) string {
	d.t.Helper()
	k, ok := d.pool.kept["field/"+key]
	if !ok {
		d.t.Fatalf("there is no field %q", key)
	}
	return k.obj.(*field.Field).Text()
}

func (d *desk) focusedOn(name string) {
	d.t.Helper()
	if f := d.canvas.Focused(); f == nil || f != d.pool.target(name) {
		d.t.Errorf("the keyboard is at %T, want %q", f, name)
	}
}

// form is a counter's page with these fields.
func form(name, focus string, fields ...screen.Field) screen.Screen {
	return screen.Screen{
		Name: name, Face: screen.Counter, Title: "Tiếp nhận", Focus: focus,
		Sections: []screen.Section{{Key: "s", Title: "Người nộp", State: screen.Open, Blocks: []screen.Block{screen.Form{Fields: fields}}}},
		Actions: []screen.Action{
			{Key: "next", Title: "Tiếp tục", Keys: "F9", Main: true}, {Key: "back", Title: "Quay lại", Keys: "Esc", Back: true},
			{Key: "find", Title: "Tìm", Keys: "Ctrl+K"},
		},
	}
}

func TestTypingIsToldAtOnceAndInNFC(t *testing.T) {
	d := newDesk(t, screen.Counter)
	d.Draw(form("a", "name", screen.Field{Key: "name", Label: "Họ tên"}))
	d.focusedOn("name")
	d.write("Ư\u0323a") // dot below as a letter of its own
	if got := d.text("name"); got != "Ựa" {
		t.Errorf("the field holds %+q", got)
	}
	d.want("typing", "Field:name Value:Ư}", "Field:name Value:Ự}", "Field:name Value:Ựa}")
}

func TestFiguresStayFigures(t *testing.T) {
	d := newDesk(t, screen.Counter)
	d.Draw(form("a", "n", screen.Field{Key: "n", Kind: screen.Digits}))
	d.write("0a1 2-" + strings.Repeat("3", 40))
	if got := d.text("n"); got != "012"+strings.Repeat("3", 17) {
		t.Errorf("the field holds %q", got)
	}
}

func TestARedrawTakesNothingAway(t *testing.T) {
	d := newDesk(t, screen.Counter)
	name := screen.Field{Key: "name", Label: "Họ tên"}
	d.Draw(form("a", "name", name, screen.Field{Key: "phone"}))
	d.canvas.Focus(d.pool.target("phone"))
	d.write("0912")

	late := form("a", "name", name, screen.Field{Key: "phone", Value: "09"}) // the echo of an earlier edit
	late.Status = []screen.Light{{Key: "portal", Text: "Cổng", Tone: screen.Good}}
	d.Draw(late)
	d.focusedOn("phone")
	if got := d.text("phone"); got != "0912" {
		t.Errorf("after an old echo the field holds %q", got)
	}
	at := d.canvas.Focused().(interface{ CursorTextOffset() int })
	if got := at.CursorTextOffset(); got != 4 {
		t.Errorf("the cursor is at %d", got)
	}
	d.write("3")
	late.Sections[0].Notice = &screen.Notice{Tone: screen.Bad, Text: "Máy in hết giấy."}
	d.Draw(late)
	if got := d.text("phone"); got != "09123" {
		t.Errorf("after an unchanged value the field holds %q", got)
	}
}

func TestANewValueIsShown(t *testing.T) {
	d := newDesk(t, screen.Counter)
	d.Draw(form("a", "name", screen.Field{Key: "name"}))
	d.write("Ng")
	d.Draw(form("a", "name", screen.Field{Key: "name", Value: "Ng"}))
	d.Draw(form("a", "name", screen.Field{Key: "name", Value: "Nguyễn Thị Ượng", From: "từ chip"}))
	if got := d.text("name"); got != "Nguyễn Thị Ượng" {
		t.Errorf("what the chip said is not shown: %q", got)
	}
	d.Draw(form("a", "name", screen.Field{Key: "name"}))
	if got := d.text("name"); got != "" {
		t.Errorf("the next person finds %q", got)
	}
}

func TestTheFocusMovesOnlyWhenAsked(t *testing.T) {
	d := newDesk(t, screen.Counter)
	fields := []screen.Field{{Key: "a"}, {Key: "b"}}
	d.Draw(form("one", "a", fields...))
	d.canvas.Focus(d.pool.target("b"))
	d.Draw(form("one", "a", screen.Field{Key: "a", Value: "x"}, fields[1]))
	d.focusedOn("b")
	d.Draw(form("two", "a", fields...))
	d.focusedOn("a")
	d.Draw(form("two", "next", fields...))
	d.focusedOn("next")
}

// A click beside the field must not make the next digits go nowhere.
func TestTypingWithoutFocusGoesToTheField(t *testing.T) {
	d := newDesk(t, screen.Counter)
	d.Draw(form("one", "a", screen.Field{Key: "a"}, screen.Field{Key: "b"}))
	d.canvas.Unfocus()
	d.canvas.OnTypedRune()('0')
	d.write("01")
	d.focusedOn("a")
	if got := d.text("a"); got != "001" {
		t.Errorf("the field holds %q", got)
	}
	d.Draw(form("two", "next", screen.Field{Key: "a"}))
	d.canvas.Unfocus()
	d.canvas.OnTypedRune()('x')
	if got := d.text("a"); got != "001" {
		t.Errorf("a page that means a button typed %q", got)
	}
}

func TestEnterGoesOnToTheButton(t *testing.T) {
	d := newDesk(t, screen.Counter)
	d.Draw(form("a", "a", screen.Field{Key: "a"}, screen.Field{Key: "fixed", ReadOnly: true}, screen.Field{Key: "b"}))
	d.write("x")
	d.raised()
	d.key(fyne.KeyReturn)
	d.want("Enter", "Field:a Value:x}")
	d.focusedOn("b")
	d.key(fyne.KeyEnter)
	d.focusedOn("next")
	d.raised()
	d.key(fyne.KeyReturn)
	d.want("Enter on the button", "Action:next}")
}

func TestShortcutsReachThePageFromAField(t *testing.T) {
	d := newDesk(t, screen.Counter)
	d.Draw(form("a", "a", screen.Field{Key: "a"}))
	d.key(fyne.KeyF9)
	d.want("F9", "Action:next}")
	d.key(fyne.KeyEscape)
	d.want("Esc", "Action:back}")
	ctrlK := &desktop.CustomShortcut{KeyName: fyne.KeyK, Modifier: fyne.KeyModifierControl}
	d.canvas.Focused().(fyne.Shortcutable).TypedShortcut(ctrlK)
	d.want("Ctrl+K", "Action:find}")
	d.canvas.Unfocus()
	d.key(fyne.KeyReturn)
	d.want("Enter with nothing in hand", "Action:next}")
}

func TestAnActionThatIsOffSaysWhy(t *testing.T) {
	d := newDesk(t, screen.Counter)
	s := form("a", "")
	s.Actions[0].Off = "Chưa có thẻ trên đầu đọc"
	d.Draw(s)
	d.key(fyne.KeyF9)
	d.want("F9")
	if d.reason != "Chưa có thẻ trên đầu đọc" {
		t.Errorf("it says %q", d.reason)
	}
}

func TestAPINLeavesByOneDoorOnly(t *testing.T) {
	d := newDesk(t, screen.Counter)
	s := form("sign", "pin", screen.Field{Key: "pin", Label: "Mã PIN", Kind: screen.Secret})
	s.Actions[0] = screen.Action{Key: "submit/pin", Title: "Ký", Main: true, Keys: "F9"}
	d.Draw(s)
	d.focusedOn("pin")
	d.write("24680")
	d.key(fyne.KeyBackspace)
	d.want("typing a PIN")
	if m := test.RenderToMarkup(d.canvas); strings.Contains(m, "2468") {
		t.Error("the PIN is on the screen")
	}
	d.key(fyne.KeyF9)
	if len(d.events) != 1 {
		t.Fatalf("events: %v", d.raised())
	}
	secret, ok := d.events[0].(flow.Secret)
	if !ok || string(secret.PIN.Take()) != "2468" {
		t.Errorf("the event is %T", d.events[0])
	}
	box := d.pool.kept["field/pin"].obj.(*field.Secret)
	if box.Len() != 0 {
		t.Error("the PIN is still in the field")
	}
	d.write("11")
	d.Draw(form("other", ""))
	if box.Len() != 0 {
		t.Error("a PIN outlives its screen")
	}
	if strings.Contains(fmt.Sprintf("%#v", secret), "2468") {
		t.Error("the event prints its PIN")
	}
}

func TestAFinishedSectionOpensAgain(t *testing.T) {
	d := newDesk(t, screen.Counter)
	s := form("a", "reopen/p")
	s.Sections = append([]screen.Section{{Key: "p", Title: "Thủ tục", State: screen.Done, Summary: "2.000815", Reopen: "reopen/p"}}, s.Sections...)
	d.Draw(s)
	d.focusedOn("reopen/p")
	d.key(fyne.KeyReturn)
	d.want("Enter on a finished section", "Action:reopen/p}")
}

func TestTheRailAndTheQuietLineAreButtons(t *testing.T) {
	d := newDesk(t, screen.Counter)
	s := form("a", "")
	s.Rail = []screen.Place{{Action: "rail/dossiers", Title: "Hồ sơ", Icon: "dossiers", Count: 120}}
	s.Status = []screen.Light{{Key: "portal", Text: "Cổng", Tone: screen.Bad, Action: "light/portal"}, {Key: "clock", Text: "09:41"}}
	d.Draw(s)
	for _, name := range []string{"rail/dossiers", "light/portal"} {
		test.Tap(d.pool.target(name).(fyne.Tappable))
		d.want(name, "Action:"+name+"}")
	}
}

func TestAnUnchangedScreenIsNotDrawnAgain(t *testing.T) {
	d := newDesk(t, screen.Counter)
	s := form("a", "", screen.Field{Key: "a"})
	d.Draw(s)
	before := d.frame.(*counter).body
	d.Draw(s)
	if d.frame.(*counter).body != before {
		t.Error("the same screen was drawn twice")
	}
}

func TestWhatDidNotChangeIsTakenOver(t *testing.T) {
	d := newDesk(t, screen.Counter)
	s := form("a", "", screen.Field{Key: "a"})
	d.Draw(s)
	part := d.pool.parts["part/section/s0"].obj
	s.Lead = "Thêm một câu."
	d.Draw(s)
	if d.pool.parts["part/section/s0"].obj != part {
		t.Error("an unchanged section was built anew")
	}
}

func TestANewLookKeepsThePage(t *testing.T) {
	d := newDesk(t, screen.Counter)
	d.Draw(form("a", "name", screen.Field{Key: "name", Value: "Nguyễn"}))
	d.SetLook(Look{Mode: "contrast", Scale: 2})
	if got := d.text("name"); got != "Nguyễn" {
		t.Errorf("after a new look the field holds %q", got)
	}
	d.focusedOn("name")
}
