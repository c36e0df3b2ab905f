// Package field is where a person types: a line of text, and a secret.
//
// Fyne's Entry takes any rune, does nothing at Enter, swallows the function
// keys and, with a screen redrawn under it, would lose what was half typed. A
// Field normalises to NFC, keeps a digits field to digits, sends on the keys it
// does not use, tells a scanner's burst from typing, and knows which of the
// values drawn into it are only the echo of its own edits.
package field

import (
	"strings"
	"time"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
	"golang.org/x/text/unicode/norm"

	"motcua/ui/screen"
	"motcua/ui/window/shape"
	"motcua/ui/window/theme"
)

// limits are the most runes a field of that kind takes.
var limits = map[screen.Kind]int{
	screen.Text: 400, screen.Digits: 20, screen.Date: 10, screen.Money: 15, screen.Scan: 4096,
}

// pending is how many edits are remembered until their echo comes back.
const pending = 256

// Field is one line of text with its border.
type Field struct {
	widget.BaseWidget
	OnEdit  func(text string)
	OnEnter func(text string)
	// OnBurst is offered what a scanner typed into a field that is not for
	// scans; true takes it, and the field is as it was before the burst.
	OnBurst func(raw string) bool
	// OnMove is offered the keys up, down, page up and page down.
	OnMove func(fyne.KeyName) bool
	Now    func() time.Time

	kind  screen.Kind
	look  *theme.Theme
	keys  shape.Keys
	input *input
	plain *container.ThemeOverride // the input without a bar for scrolling
	box   *canvas.Rectangle
	bad   bool

	drawn string   // the last value the screen gave
	sent  []string // edits whose echo has not come back
	quiet bool     // while we change the text ourselves
	burst burst
}

// New makes an empty field.
func New(t *theme.Theme, k shape.Keys, kind screen.Kind) *Field {
	f := &Field{look: t, keys: k, kind: kind, Now: time.Now, box: shape.Rounded(t, theme.Surface)}
	f.input = newInput(f)
	f.plain = container.NewThemeOverride(f.input, barless{t})
	f.ExtendBaseWidget(f)
	f.dress()
	return f
}

// Kind is what the field takes.
func (f *Field) Kind() screen.Kind { return f.kind }

// Target is what is given the keyboard.
func (f *Field) Target() fyne.Focusable { return f.input }

// Text is what is in the field.
func (f *Field) Text() string { return f.input.Text }

// Draw shows a value. An echo of an earlier edit, and a value that has not
// changed since the last drawing, leave the person's text alone; a value that
// is new is shown, because then the flow means it.
func (f *Field) Draw(value, placeholder string, bad bool) {
	value = norm.NFC.String(value)
	if f.input.PlaceHolder != placeholder {
		f.input.SetPlaceHolder(placeholder)
	}
	f.bad = bad
	if f.takes(value) && value != f.input.Text {
		f.set(value)
	}
	f.drawn = value
	f.dress()
}

// takes says whether a drawn value replaces the text.
func (f *Field) takes(value string) bool {
	for i, s := range f.sent {
		if s == value {
			f.sent = f.sent[i+1:]
			return len(f.sent) == 0
		}
	}
	if value == f.drawn {
		return false
	}
	if f.input.focused && value == strings.TrimSpace(f.input.Text) {
		return false // a flow that trims does not take away the space being typed
	}
	f.sent = nil
	return true
}

// Settled says that the screen has caught up with what was typed.
func (f *Field) Settled() bool { return len(f.sent) == 0 || f.drawn == f.input.Text }

func (f *Field) set(text string) {
	f.quiet = true
	f.input.SetText(text)
	f.input.CursorColumn = 0 // a text longer than its field shows its beginning
	if f.input.focused {
		f.input.CursorColumn = utf8.RuneCountInString(text)
	}
	f.quiet = false
	f.input.Refresh()
}

// Type, Erase and Enter are an on-screen key's way in.
func (f *Field) Type(r rune) { f.input.TypedRune(r) }

// Erase takes the last letter away.
func (f *Field) Erase() { f.input.TypedKey(&fyne.KeyEvent{Name: fyne.KeyBackspace}) }

// Enter submits.
func (f *Field) Enter() { f.enter() }

// changed looks at the text after a key or a paste and tells the page.
func (f *Field) changed(text string) {
	if f.quiet {
		return
	}
	f.keys.Touched()
	if clean := f.clean(text); clean != text {
		at := utf8.RuneCountInString(f.clean(string([]rune(text)[:min(f.input.CursorColumn, utf8.RuneCountInString(text))])))
		f.set(clean)
		f.input.CursorColumn = min(at, utf8.RuneCountInString(clean))
		f.input.Refresh()
		text = clean
	}
	if n := len(f.sent); text == f.lastKnown(n) {
		return
	}
	if f.sent = append(f.sent, text); len(f.sent) > pending {
		f.sent = f.sent[1:]
	}
	if f.OnEdit != nil {
		f.OnEdit(text)
	}
}

func (f *Field) lastKnown(n int) string {
	if n > 0 {
		return f.sent[n-1]
	}
	return f.drawn
}

// clean normalises, filters and shortens; a scan stays as it came.
func (f *Field) clean(s string) string {
	if f.kind != screen.Scan {
		s = norm.NFC.String(s)
		s = strings.Map(f.keep, s)
	}
	if limit := limits[f.kind]; limit > 0 && utf8.RuneCountInString(s) > limit {
		s = string([]rune(s)[:limit])
	}
	return s
}

// keep drops what cannot stand in a field of this kind.
func (f *Field) keep(r rune) rune {
	digit := r >= '0' && r <= '9'
	switch f.kind {
	case screen.Digits:
		if !digit {
			return -1
		}
	case screen.Money:
		if !digit && r != '.' {
			return -1
		}
	case screen.Date:
		if !digit && r != '/' {
			return -1
		}
	default:
		if r < ' ' || r == utf8.RuneError {
			return -1
		}
	}
	return r
}

func (f *Field) enter() {
	f.keys.Touched()
	text := f.input.Text
	if raw, ok := f.burst.end(f.Now()); ok {
		switch {
		case f.kind == screen.Scan:
			text = raw
		case f.OnBurst != nil && f.OnBurst(raw):
			f.set(f.burst.before)
			f.changed(f.burst.before)
			return
		}
	}
	if f.OnEnter != nil {
		f.OnEnter(text)
	}
	if f.kind == screen.Scan {
		f.input.TypedShortcut(&fyne.ShortcutSelectAll{}) // the next scan takes this one's place
	}
}

// dress colours the border.
func (f *Field) dress() {
	f.box.StrokeWidth, f.box.StrokeColor = theme.Stroke, f.look.Of(theme.Edge)
	if f.bad {
		f.box.StrokeColor = f.look.Of(theme.Bad)
	}
	if f.input.focused {
		f.box.StrokeWidth = theme.Ring
		if !f.bad {
			f.box.StrokeColor = f.look.Of(theme.Action)
		}
	}
	f.box.Refresh()
}

// Tapped gives the keyboard to the field, also at its edge.
func (f *Field) Tapped(*fyne.PointEvent) {
	if c := fyne.CurrentApp().Driver().CanvasForObject(f); c != nil {
		c.Focus(f.input)
	}
}

// MinSize is as high as a button.
func (f *Field) MinSize() fyne.Size { return fyne.NewSize(f.look.Control()*2, f.look.Control()) }

// CreateRenderer draws the border and the text.
func (f *Field) CreateRenderer() fyne.WidgetRenderer { return &renderer{f} }

type renderer struct{ *Field }

func (r *renderer) Destroy()           {}
func (r *renderer) MinSize() fyne.Size { return r.Field.MinSize() }
func (r *renderer) Refresh()           { r.dress(); r.input.Refresh() }
func (r *renderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.box, r.plain}
}

func (r *renderer) Layout(size fyne.Size) {
	r.box.Resize(size)
	h := r.input.MinSize().Height
	r.plain.Resize(fyne.NewSize(size.Width-r.look.Gap(theme.Tight), h)) // a long text ends before the border
	r.plain.Move(fyne.NewPos(0, (size.Height-h)/2))
}

// barless is the theme without the bar that Fyne draws under a long text.
type barless struct{ *theme.Theme }

// Size leaves no room for a bar.
func (b barless) Size(n fyne.ThemeSizeName) float32 {
	if n == fynetheme.SizeNameScrollBar || n == fynetheme.SizeNameScrollBarSmall {
		return 0
	}
	return b.Theme.Size(n)
}
