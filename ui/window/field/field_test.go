package field

import (
	"testing"
	"time"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"golang.org/x/text/unicode/norm"

	"motcua/ui/screen"
	"motcua/ui/window/theme"
)

// nobody is a page that has no use for a key.
type nobody struct{ keys []fyne.KeyName }

func (n *nobody) TypedKey(e *fyne.KeyEvent)   { n.keys = append(n.keys, e.Name) }
func (n *nobody) TypedRune(rune)              {}
func (n *nobody) TypedShortcut(fyne.Shortcut) {}
func (n *nobody) Touched()                    {}
func (n *nobody) Focused(fyne.CanvasObject)   {}

func newField(t testing.TB, k screen.Kind) (*Field, *nobody) {
	n := &nobody{}
	return New(theme.New(theme.Light, 1, false), n, k), n
}

func TestPasteIsCleanedToo(t *testing.T) {
	app := test.NewTempApp(t)
	f, _ := newField(t, screen.Digits)
	app.Clipboard().SetContent("001 190-000017\n")
	f.input.TypedShortcut(&fyne.ShortcutPaste{Clipboard: app.Clipboard()})
	if f.Text() != "001190000017" {
		t.Errorf("pasting gave %q", f.Text())
	}
}

func TestKeysWithoutUseAreSentOn(t *testing.T) {
	test.NewTempApp(t)
	f, n := newField(t, screen.Text)
	for _, k := range []fyne.KeyName{fyne.KeyF6, fyne.KeyEscape, fyne.KeyA, fyne.KeyUp, fyne.KeyLeft} {
		f.input.TypedKey(&fyne.KeyEvent{Name: k})
	}
	if len(n.keys) != 3 || n.keys[0] != fyne.KeyF6 || n.keys[1] != fyne.KeyEscape || n.keys[2] != fyne.KeyUp {
		t.Errorf("the page was sent %v", n.keys)
	}
}

func TestAFlowThatTrimsDoesNotTakeTheSpace(t *testing.T) {
	test.NewTempApp(t)
	f, _ := newField(t, screen.Text)
	f.input.FocusGained()
	for _, r := range "An " {
		f.Type(r)
	}
	f.Draw("An", "", false)
	f.Type('h')
	if f.Text() != "An h" {
		t.Errorf("the field holds %q", f.Text())
	}
}

func TestASecretForgets(t *testing.T) {
	test.NewTempApp(t)
	s := NewSecret(theme.New(theme.Light, 1, false), &nobody{})
	var got []byte
	s.OnSecret = func(pin []byte) { got = pin }
	for _, r := range "12ệ4" {
		s.Type(r)
	}
	s.Erase()
	s.Erase()
	s.Type('9')
	s.Enter()
	if string(got) != "129" {
		t.Errorf("the PIN is %q", got)
	}
	for i, b := range s.pin {
		if b != 0 {
			t.Fatalf("byte %d is left", i)
		}
	}
	for range 200 {
		s.Type('7')
	}
	if s.Len() != secretMost {
		t.Errorf("the field took %d letters", s.Len())
	}
	s.Wipe()
	got = nil
	s.Enter()
	if got != nil {
		t.Error("an empty PIN was handed over")
	}
}

func FuzzField(f *testing.F) {
	f.Add("Nguyễn", byte(0), 3)
	f.Add("e\u0323\u0302|\x00", byte(5), 0)
	kinds := []screen.Kind{screen.Text, screen.Digits, screen.Date, screen.Money, screen.Scan}
	test.NewTempApp(f)
	f.Fuzz(func(t *testing.T, s string, kind byte, back int) {
		if len(s) > 2000 {
			return
		}
		k := kinds[int(kind)%len(kinds)]
		in, _ := newField(t, k)
		now := time.Unix(0, 0)
		in.Now = func() time.Time { now = now.Add(time.Millisecond); return now }
		for i, r := range s {
			in.Type(r)
			if back > 0 && i%back == 0 {
				in.Erase()
			}
		}
		got := in.Text()
		if !utf8.ValidString(got) || utf8.RuneCountInString(got) > limits[k] {
			t.Errorf("%s: the field holds %q", k, got)
		}
		if k != screen.Scan && !norm.NFC.IsNormalString(got) {
			t.Errorf("%s: %+q is not NFC", k, got)
		}
		in.Enter()
	})
}
