package field

import (
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"motcua/ui/window/shape"
	"motcua/ui/window/theme"
)

// secretMost is the longest PIN taken, in bytes; a token's is at most 32.
const secretMost = 64

// Secret takes a PIN. It keeps bytes, never a string, so that what was typed
// can be wiped; it shows one dot for each letter and cannot be copied from.
type Secret struct {
	widget.BaseWidget
	// OnSecret takes the bytes over. The field is empty when it is called.
	OnSecret func(pin []byte)

	look    *theme.Theme
	keys    shape.Keys
	pin     [secretMost]byte
	n       int
	box     *canvas.Rectangle
	dots    []*canvas.Circle
	cursor  *canvas.Rectangle
	hint    *canvas.Text
	focused bool
	bad     bool
}

var (
	_ fyne.Focusable    = (*Secret)(nil)
	_ fyne.Tappable     = (*Secret)(nil)
	_ fyne.Shortcutable = (*Secret)(nil)
)

// NewSecret makes an empty one.
func NewSecret(t *theme.Theme, k shape.Keys) *Secret {
	s := &Secret{look: t, keys: k, box: shape.Rounded(t, theme.Surface), cursor: shape.Fill(t, theme.Action), hint: shape.Text(t, "", theme.Body, theme.Muted)}
	s.ExtendBaseWidget(s)
	s.dress()
	return s
}

// Draw shows the placeholder and the border.
func (s *Secret) Draw(placeholder string, bad bool) {
	s.hint.Text, s.bad = placeholder, bad
	s.dress()
	s.Refresh()
}

// Wipe forgets what was typed.
func (s *Secret) Wipe() {
	clear(s.pin[:])
	s.n = 0
	s.Refresh()
}

// Len is the number of letters typed.
func (s *Secret) Len() int { return utf8.RuneCount(s.pin[:s.n]) }

// Type adds a letter.
func (s *Secret) Type(r rune) { s.TypedRune(r) }

// Erase takes the last letter away.
func (s *Secret) Erase() {
	if s.n > 0 {
		_, size := utf8.DecodeLastRune(s.pin[:s.n])
		clear(s.pin[s.n-size : s.n])
		s.n -= size
		s.Refresh()
	}
}

// Enter hands the PIN over and forgets it.
func (s *Secret) Enter() {
	s.keys.Touched()
	if s.n == 0 || s.OnSecret == nil {
		return
	}
	pin := append(make([]byte, 0, s.n), s.pin[:s.n]...)
	s.Wipe()
	s.OnSecret(pin)
}

// TypedRune adds a letter.
func (s *Secret) TypedRune(r rune) {
	s.keys.Touched()
	if r < ' ' || r == utf8.RuneError || s.n+utf8.RuneLen(r) > secretMost {
		return
	}
	s.n += utf8.EncodeRune(s.pin[s.n:], r)
	s.Refresh()
}

// TypedKey edits, submits, or sends the key on.
func (s *Secret) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeyBackspace, fyne.KeyDelete:
		s.keys.Touched()
		s.Erase()
	case fyne.KeyReturn, fyne.KeyEnter:
		s.Enter()
	default:
		if len(e.Name) > 1 && e.Name != fyne.KeySpace {
			s.keys.TypedKey(e)
		}
	}
}

// TypedShortcut sends on what is no copy or paste; those do nothing here.
func (s *Secret) TypedShortcut(sc fyne.Shortcut) {
	switch sc.(type) {
	case *fyne.ShortcutCopy, *fyne.ShortcutCut, *fyne.ShortcutPaste, *fyne.ShortcutSelectAll, *fyne.ShortcutUndo, *fyne.ShortcutRedo:
	default:
		s.keys.TypedShortcut(sc)
	}
}

// Tapped asks for the keyboard.
func (s *Secret) Tapped(*fyne.PointEvent) {
	s.keys.Touched()
	if c := fyne.CurrentApp().Driver().CanvasForObject(s); c != nil {
		c.Focus(s)
	}
}

// FocusGained shows the ring.
func (s *Secret) FocusGained() {
	s.focused = true
	s.dress()
	s.Refresh()
	s.keys.Focused(s)
}

// FocusLost hides the ring; what was typed stays until it is submitted or the
// field goes away.
func (s *Secret) FocusLost() {
	s.focused = false
	s.dress()
	s.Refresh()
}

func (s *Secret) dress() {
	s.box.StrokeWidth, s.box.StrokeColor = theme.Stroke, s.look.Of(theme.Edge)
	if s.focused {
		s.box.StrokeWidth, s.box.StrokeColor = theme.Ring, s.look.Of(theme.Action)
	}
	if s.bad {
		s.box.StrokeColor = s.look.Of(theme.Bad)
	}
	s.box.Refresh()
}

// MinSize is as high as a button.
func (s *Secret) MinSize() fyne.Size { return fyne.NewSize(s.look.Control()*2, s.look.Control()) }

// CreateRenderer draws the border and the dots.
func (s *Secret) CreateRenderer() fyne.WidgetRenderer { return &secretRenderer{s} }

type secretRenderer struct{ *Secret }

func (r *secretRenderer) Destroy()           {}
func (r *secretRenderer) MinSize() fyne.Size { return r.Secret.MinSize() }

func (r *secretRenderer) Objects() []fyne.CanvasObject {
	out := []fyne.CanvasObject{r.box, r.hint, r.cursor}
	for _, d := range r.dots {
		out = append(out, d)
	}
	return out
}

func (r *secretRenderer) Layout(size fyne.Size) {
	r.box.Resize(size)
	pad, dot := r.look.Gap(theme.Near), r.look.Text(theme.Body)*0.55
	step := dot * 1.6
	r.dots = r.dots[:0]
	for i := range r.Len() {
		x := pad + float32(i)*step
		if x+dot > size.Width-pad {
			break
		}
		d := canvas.NewCircle(r.look.Of(theme.Ink))
		d.Move(fyne.NewPos(x, (size.Height-dot)/2))
		d.Resize(fyne.NewSize(dot, dot))
		r.dots = append(r.dots, d)
	}
	h := r.look.Text(theme.Body) * 1.3
	r.cursor.Move(fyne.NewPos(pad+float32(len(r.dots))*step, (size.Height-h)/2))
	r.cursor.Resize(fyne.NewSize(theme.Ring, h))
	m := r.hint.MinSize()
	r.hint.Move(fyne.NewPos(pad+2*theme.Ring, (size.Height-m.Height)/2))
	r.hint.Resize(m)
	r.hint.Hidden = r.Secret.n > 0
	r.cursor.Hidden = !r.focused
}

func (r *secretRenderer) Refresh() {
	r.Layout(r.Size())
	canvas.Refresh(r.Secret)
}
