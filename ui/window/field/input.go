package field

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"motcua/ui/screen"
)

// input is Fyne's Entry with the keys a page wants sent on to it.
type input struct {
	widget.Entry
	field   *Field
	focused bool
}

func newInput(f *Field) *input {
	in := &input{field: f}
	in.ExtendBaseWidget(in)
	in.OnChanged = f.changed
	in.MinSize() // makes the renderer, without which Entry cannot take a key
	return in
}

// TypedRune takes a letter the kind allows; a burst remembers every letter.
func (in *input) TypedRune(r rune) {
	f := in.field
	f.burst.add(r, f.Now(), in.Text)
	if f.kind != screen.Scan && f.keep(r) < 0 {
		f.keys.Touched()
		return
	}
	in.Entry.TypedRune(r)
}

// TypedKey keeps the keys that edit and sends on the others.
func (in *input) TypedKey(e *fyne.KeyEvent) {
	f := in.field
	f.keys.Touched()
	switch e.Name {
	case fyne.KeyReturn, fyne.KeyEnter:
		f.enter()
	case fyne.KeyUp, fyne.KeyDown, fyne.KeyPageUp, fyne.KeyPageDown:
		if f.OnMove == nil || !f.OnMove(e.Name) {
			f.keys.TypedKey(e)
		}
	case fyne.KeyBackspace, fyne.KeyDelete, fyne.KeyLeft, fyne.KeyRight, fyne.KeyHome, fyne.KeyEnd:
		in.Entry.TypedKey(e)
	default:
		if len(e.Name) > 1 && e.Name != fyne.KeySpace {
			f.keys.TypedKey(e) // F1 to F12, Esc: letters come as runes
		}
	}
}

// TypedShortcut keeps copy, paste and the like.
func (in *input) TypedShortcut(s fyne.Shortcut) {
	switch s.(type) {
	case *fyne.ShortcutCopy, *fyne.ShortcutCut, *fyne.ShortcutPaste, *fyne.ShortcutSelectAll, *fyne.ShortcutUndo, *fyne.ShortcutRedo:
		in.field.keys.Touched()
		in.Entry.TypedShortcut(s)
	default:
		in.field.keys.TypedShortcut(s)
	}
}

// FocusGained shows the ring.
func (in *input) FocusGained() {
	in.focused = true
	in.Entry.FocusGained()
	in.field.dress()
	in.field.keys.Focused(in.field)
}

// FocusLost hides the ring.
func (in *input) FocusLost() {
	in.focused = false
	in.Entry.FocusLost()
	in.field.dress()
}
