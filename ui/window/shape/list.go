package shape

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"motcua/ui/window/theme"
)

// List shows rows of one height and makes only those that are seen. Arrows, j
// and k move the cursor, Enter picks; a tap does both.
type List struct {
	widget.BaseWidget
	Most   int  // rows shown before it scrolls; 0 is all
	Lit    bool // the cursor is shown without the keyboard: a filter steers it
	Chosen int  // the row that is taken already; -1 is none
	OnPick func(i int)

	look   *theme.Theme
	keys   Keys
	high   float32
	count  int
	row    func(i int) fyne.CanvasObject
	made   map[int]*fyne.Container
	names  []string
	cursor int
	hover  int

	focused bool
	scroll  *container.Scroll
	body    *listBody
}

var (
	_ fyne.Focusable    = (*List)(nil)
	_ fyne.Shortcutable = (*List)(nil)
)

// NewList makes an empty list.
func NewList(t *theme.Theme, k Keys) *List {
	l := &List{look: t, keys: k, high: t.Line(), made: map[int]*fyne.Container{}, hover: -1, Chosen: -1}
	l.body = &listBody{list: l}
	l.body.ExtendBaseWidget(l.body)
	l.scroll = container.NewVScroll(l.body)
	l.scroll.OnScrolled = func(fyne.Position) { l.body.Refresh() }
	l.ExtendBaseWidget(l)
	return l
}

// Set gives other rows; the cursor goes to that index.
func (l *List) Set(count, cursor int, high float32, row func(i int) fyne.CanvasObject) {
	l.count, l.high, l.row = count, high, row
	l.cursor = max(0, min(cursor, count-1))
	clear(l.made)
	l.Refresh()
}

// Place is where the cursor belongs among rows of those names: with the row it
// was on, wherever that went. In a list that a filter steers, another answer
// begins at its first row.
func (l *List) Place(names []string, chosen string) int {
	at := -1
	if l.cursor >= 0 && l.cursor < len(l.names) {
		at = slices.Index(names, l.names[l.cursor])
	}
	if at < 0 || l.Lit && !slices.Equal(names, l.names) {
		at = max(0, slices.Index(names, chosen))
	}
	l.names = names
	return at
}

// Cursor is the index under the cursor; there is none in an empty list.
func (l *List) Cursor() int { return l.cursor }

// Len is the number of rows.
func (l *List) Len() int { return l.count }

func (l *List) shown() int {
	if l.Most > 0 {
		return min(l.count, l.Most)
	}
	return l.count
}

// RowHeight is the height of one row.
func (l *List) RowHeight() float32 { return l.high }

// HeightFor is the height of the rows shown.
func (l *List) HeightFor(float32) float32 { return float32(l.shown()) * l.high }

// MinSize leaves the width to the layout.
func (l *List) MinSize() fyne.Size { return fyne.NewSize(0, l.HeightFor(0)) }

// To puts the cursor elsewhere; false when it cannot move that way.
func (l *List) To(to int) bool {
	to = max(0, min(to, l.count-1))
	if l.count == 0 || to == l.cursor {
		return false
	}
	old := l.cursor
	l.cursor = to
	delete(l.made, old)
	delete(l.made, to)
	top, bottom := float32(to)*l.high, float32(to+1)*l.high
	switch off := l.scroll.Offset.Y; {
	case top < off:
		l.scroll.ScrollToOffset(fyne.NewPos(0, top))
	case bottom > off+l.Size().Height:
		l.scroll.ScrollToOffset(fyne.NewPos(0, bottom-l.Size().Height))
	}
	l.body.Refresh()
	return true
}

// Key moves or picks; false when the key means nothing here.
func (l *List) Key(name fyne.KeyName) bool {
	page := max(1, l.shown()-1)
	switch name {
	case fyne.KeyDown:
		return l.To(l.cursor + 1)
	case fyne.KeyUp:
		return l.To(l.cursor - 1)
	case fyne.KeyPageDown:
		return l.To(l.cursor + page)
	case fyne.KeyPageUp:
		return l.To(l.cursor - page)
	case fyne.KeyHome:
		return l.To(0)
	case fyne.KeyEnd:
		return l.To(l.count - 1)
	case fyne.KeyReturn, fyne.KeyEnter:
		return l.Pick()
	}
	return false
}

// Pick takes the row under the cursor.
func (l *List) Pick() bool {
	if l.count == 0 || l.OnPick == nil {
		return false
	}
	l.OnPick(l.cursor)
	return true
}

// TypedKey moves, picks, or sends the key on.
func (l *List) TypedKey(e *fyne.KeyEvent) {
	l.keys.Touched()
	if e.Name == fyne.KeySpace {
		l.Pick()
		return
	}
	if !l.Key(e.Name) {
		l.keys.TypedKey(e)
	}
}

// TypedRune knows j and k and sends the rest on.
func (l *List) TypedRune(r rune) {
	switch r {
	case 'j':
		l.Key(fyne.KeyDown)
	case 'k':
		l.Key(fyne.KeyUp)
	case ' ':
	default:
		l.keys.TypedRune(r)
	}
}

// TypedShortcut sends it on.
func (l *List) TypedShortcut(s fyne.Shortcut) { l.keys.TypedShortcut(s) }

// FocusGained shows the cursor.
func (l *List) FocusGained() { l.focus(true); l.keys.Focused(l) }

// FocusLost hides it.
func (l *List) FocusLost() { l.focus(false) }

func (l *List) focus(on bool) {
	l.focused = on
	delete(l.made, l.cursor)
	l.body.Refresh()
}

// CreateRenderer draws the scroll with the rows.
func (l *List) CreateRenderer() fyne.WidgetRenderer { return &listRenderer{l} }

type listRenderer struct{ *List }

func (r *listRenderer) Destroy()                     {}
func (r *listRenderer) MinSize() fyne.Size           { return r.List.MinSize() }
func (r *listRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.scroll} }

func (r *listRenderer) Layout(size fyne.Size) {
	place(r.scroll, 0, 0, size.Width, size.Height)
	r.body.Refresh()
}

func (r *listRenderer) Refresh() {
	r.scroll.Refresh()
	r.Layout(r.Size())
}

// dress puts a row on its ground: a wash and a bar under the cursor, a hairline
// between rows.
func (l *List) dress(i int) *fyne.Container {
	parts := []fyne.CanvasObject{}
	switch lit := i == l.cursor && (l.focused || l.Lit); {
	case lit:
		bar := Box(barAt{theme.Bar}, Fill(l.look, theme.Action))
		parts = append(parts, Fill(l.look, theme.ActionWash), bar)
	case i == l.Chosen:
		parts = append(parts, Fill(l.look, theme.ActionWash))
	case i == l.hover:
		parts = append(parts, Fill(l.look, theme.Hover))
	}
	parts = append(parts, l.row(i))
	if i > 0 {
		parts = append(parts, Box(atTop{}, Fill(l.look, theme.Line)))
	}
	return Box(Inset{}, parts...)
}

// Made is how many rows there are as objects.
func (l *List) Made() int { return len(l.made) }
