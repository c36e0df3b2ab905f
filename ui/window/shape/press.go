package shape

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"motcua/ui/window/theme"
)

// Keys is where an object sends what it has no use for itself.
type Keys interface {
	TypedKey(*fyne.KeyEvent)
	TypedRune(rune)
	TypedShortcut(fyne.Shortcut)
	Touched()                  // somebody did something
	Focused(fyne.CanvasObject) // the keyboard came to this object
}

// Press is something to press: by pointer, by Enter and by Space. It shows
// what it holds over a wash while the pointer is on it, and a ring while it
// has the keyboard.
type Press struct {
	widget.BaseWidget
	Do    func()
	Arrow func(step int) bool // the arrow keys, -1 or 1; false sends the key on
	Space bool                // Enter is sent on; Space alone presses
	Still bool                // no wash under the pointer: the ground is coloured already
	Outer float32             // how far the ring lies outside

	look    *theme.Theme
	keys    Keys
	content fyne.CanvasObject
	ground  fyne.CanvasObject // under the wash
	wash    *canvas.Rectangle
	ring    *canvas.Rectangle
	over    bool
	focused bool
}

var (
	_ fyne.Focusable     = (*Press)(nil)
	_ fyne.Tappable      = (*Press)(nil)
	_ fyne.Shortcutable  = (*Press)(nil)
	_ desktop.Hoverable  = (*Press)(nil)
	_ desktop.Cursorable = (*Press)(nil)
)

// NewPress makes an empty one.
func NewPress(t *theme.Theme, k Keys) *Press {
	p := &Press{look: t, keys: k, content: Gap(0, 0), ground: Gap(0, 0), wash: Rounded(t, theme.Hover), ring: canvas.NewRectangle(nil)}
	p.ring.CornerRadius = theme.Radius
	p.ring.StrokeWidth = theme.Ring
	p.ring.StrokeColor = t.Of(theme.Action)
	p.wash.Hide()
	p.ring.Hide()
	p.ExtendBaseWidget(p)
	return p
}

// Set changes what it holds.
func (p *Press) Set(content fyne.CanvasObject, do func()) {
	p.content, p.Do = content, do
	p.Refresh()
}

// Ground puts something under the wash.
func (p *Press) Ground(o fyne.CanvasObject) { p.ground = o }

// Off says that pressing does nothing now.
func (p *Press) Off() bool { return p.Do == nil }

// HeightFor is the height of what it holds.
func (p *Press) HeightFor(width float32) float32 { return HeightFor(p.content, width) }

// MinSize is the size of what it holds.
func (p *Press) MinSize() fyne.Size { return p.content.MinSize() }

func (p *Press) press() {
	p.keys.Touched()
	if p.Do != nil {
		p.Do()
	}
}

// Tapped presses.
func (p *Press) Tapped(*fyne.PointEvent) { p.press() }

// TypedKey presses at Enter or Space and sends the rest on.
func (p *Press) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeySpace:
		p.press()
		return
	case fyne.KeyReturn, fyne.KeyEnter:
		if !p.Space && p.Do != nil {
			p.press()
			return
		}
	case fyne.KeyUp, fyne.KeyDown, fyne.KeyLeft, fyne.KeyRight:
		step := 1
		if e.Name == fyne.KeyUp || e.Name == fyne.KeyLeft {
			step = -1
		}
		if p.Arrow != nil && p.Arrow(step) {
			p.keys.Touched()
			return
		}
	}
	p.keys.TypedKey(e)
}

// TypedRune sends the letter on; the space has come as a key already.
func (p *Press) TypedRune(r rune) {
	if r != ' ' {
		p.keys.TypedRune(r)
	}
}

// TypedShortcut sends it on.
func (p *Press) TypedShortcut(s fyne.Shortcut) { p.keys.TypedShortcut(s) }

// FocusGained shows the ring.
func (p *Press) FocusGained() {
	p.focused = true
	p.ring.Show()
	p.ring.Refresh()
	p.keys.Focused(p)
}

// FocusLost hides the ring.
func (p *Press) FocusLost() {
	p.focused = false
	p.ring.Hide()
	p.ring.Refresh()
}

// MouseIn shows the wash.
func (p *Press) MouseIn(*desktop.MouseEvent) { p.hover(true) }

// MouseMoved counts as a sign of life.
func (p *Press) MouseMoved(*desktop.MouseEvent) { p.keys.Touched() }

// MouseOut hides the wash.
func (p *Press) MouseOut() { p.hover(false) }

func (p *Press) hover(on bool) {
	p.over = on
	if on && !p.Still && p.Do != nil {
		p.wash.Show()
	} else {
		p.wash.Hide()
	}
	p.wash.Refresh()
}

// Cursor is a hand where a press does something.
func (p *Press) Cursor() desktop.Cursor {
	if p.Do == nil {
		return desktop.DefaultCursor
	}
	return desktop.PointerCursor
}

// CreateRenderer draws the wash, the content and the ring.
func (p *Press) CreateRenderer() fyne.WidgetRenderer { return &pressRenderer{p} }

type pressRenderer struct{ *Press }

func (r *pressRenderer) Destroy() {}

func (r *pressRenderer) MinSize() fyne.Size { return r.Press.MinSize() }

func (r *pressRenderer) Layout(size fyne.Size) {
	place(r.ground, 0, 0, size.Width, size.Height)
	place(r.wash, theme.Stroke, theme.Stroke, size.Width-2*theme.Stroke, size.Height-2*theme.Stroke)
	place(r.content, 0, 0, size.Width, size.Height)
	o := r.Outer
	place(r.ring, -o, -o, size.Width+2*o, size.Height+2*o)
}

func (r *pressRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.ground, r.wash, r.content, r.ring}
}

func (r *pressRenderer) Refresh() {
	r.Layout(r.Size())
	r.hover(r.over)
	r.content.Refresh()
	canvas.Refresh(r.Press)
}
