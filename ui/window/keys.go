package window

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"motcua/ui/flow"
	"motcua/ui/screen"
	"motcua/ui/window/field"
)

// submit begins the key of an action that stands for Enter in a field:
// "submit/pin". What is in a Secret leaves it by no other way.
const submit = "submit/"

// arm collects the actions that answer keys: first those next to what they are
// about, then those of the page.
func (w *Window) arm(s screen.Screen) {
	w.hot, w.scan = nil, ""
	notice := func(n *screen.Notice) {
		if n != nil {
			w.hot = append(w.hot, n.Actions...)
		}
	}
	notice(s.Notice)
	for _, sec := range s.Sections {
		if sec.State != screen.Open && s.Face != screen.Setup {
			continue
		}
		notice(sec.Notice)
		w.hot = append(w.hot, sec.Actions...)
		for _, b := range sec.Blocks {
			w.findScan(b)
		}
	}
	w.hot = append(w.hot, s.Actions...)
}

func (w *Window) findScan(b screen.Block) {
	if form, ok := b.(screen.Form); ok {
		for _, f := range form.Fields {
			if f.Kind == screen.Scan && !f.ReadOnly && w.scan == "" {
				w.scan = f.Key
			}
		}
	}
}

// act does an action, or says why it cannot be done.
func (w *Window) act(a screen.Action) {
	w.Touched()
	if a.Off != "" {
		w.reason = a.Off
		w.redraw()
		return
	}
	if key, ok := strings.CutPrefix(a.Key, submit); ok {
		if t := w.typer(key); t != nil {
			t.Enter()
			return
		}
	}
	w.post(flow.Pressed{Action: a.Key})
}

// typer is what an on-screen key types into.
type typer interface {
	Type(rune)
	Erase()
	Enter()
}

func (w *Window) typer(key string) typer {
	if k, ok := w.pool.kept["field/"+key]; ok {
		return k.obj.(typer)
	}
	return nil
}

// TypedKey answers the keys nothing else had a use for.
func (w *Window) TypedKey(e *fyne.KeyEvent) {
	w.Touched()
	switch e.Name {
	case fyne.KeyReturn, fyne.KeyEnter:
		w.enter()
	case fyne.KeyEscape:
		if a, ok := w.find(func(a screen.Action) bool { return a.Back || a.Keys == "Esc" }); ok {
			w.act(a)
		}
	case fyne.KeyDown, fyne.KeyUp:
		if w.canvas.Focused() == nil {
			w.canvas.FocusNext()
		}
	default:
		if a, ok := w.find(func(a screen.Action) bool { return a.Keys == string(e.Name) }); ok {
			w.act(a)
		}
	}
}

func (w *Window) enter() {
	if a, ok := w.find(func(a screen.Action) bool { return a.Main }); ok {
		w.act(a)
	} else if a, ok := w.find(func(a screen.Action) bool { return a.Keys == "Enter" }); ok {
		w.act(a)
	}
}

func (w *Window) find(want func(screen.Action) bool) (screen.Action, bool) {
	for _, a := range w.hot {
		if want(a) {
			return a, true
		}
	}
	return screen.Action{}, false
}

// TypedRune answers what is typed while nothing has the keyboard. It belongs
// to the field that the screen means to be filled, which gets the keyboard
// back; the slash only goes to the first field.
func (w *Window) TypedRune(r rune) {
	w.Touched()
	if r == '/' {
		if f := w.pool.firstField(); f != nil {
			w.canvas.Focus(f)
		}
		return
	}
	if f := w.pool.target(w.last.Focus); f != nil && w.typer(w.last.Focus) != nil {
		w.canvas.Focus(f)
		f.TypedRune(r)
	}
}

// TypedShortcut answers Ctrl+Enter as the main action, and the others by name.
func (w *Window) TypedShortcut(s fyne.Shortcut) {
	w.Touched()
	c, ok := s.(*desktop.CustomShortcut)
	if !ok {
		return
	}
	if c.Modifier == fyne.KeyModifierControl && (c.KeyName == fyne.KeyReturn || c.KeyName == fyne.KeyEnter) {
		w.enter()
		return
	}
	if a, ok := w.find(func(a screen.Action) bool { return a.Keys == chord(c) }); ok {
		w.act(a)
	}
}

// chord writes a shortcut as an action shows it: "Ctrl+K".
func chord(c *desktop.CustomShortcut) string {
	var b strings.Builder
	for _, m := range []struct {
		is   fyne.KeyModifier
		name string
	}{{fyne.KeyModifierControl, "Ctrl+"}, {fyne.KeyModifierAlt, "Alt+"}, {fyne.KeyModifierShift, "Shift+"}} {
		if c.Modifier&m.is != 0 {
			b.WriteString(m.name)
		}
	}
	return b.String() + string(c.KeyName)
}

// listen registers a page's chords with the canvas, for when nothing has the
// keyboard. What has it sends them on itself.
func (w *Window) listen() {
	c := w.canvas
	for _, a := range w.hot {
		at := strings.LastIndex(a.Keys, "+")
		if at < 0 {
			continue
		}
		s := &desktop.CustomShortcut{KeyName: fyne.KeyName(a.Keys[at+1:])}
		for name, m := range map[string]fyne.KeyModifier{"Ctrl": fyne.KeyModifierControl, "Alt": fyne.KeyModifierAlt, "Shift": fyne.KeyModifierShift} {
			if strings.Contains(a.Keys[:at], name) {
				s.Modifier |= m
			}
		}
		c.AddShortcut(s, w.TypedShortcut)
	}
}

// among is how the arrows move between things that stand side by side: to the
// one step further under the same prefix.
func (w *Window) among(prefix string, keys []string, i int) func(step int) bool {
	return func(step int) bool {
		if i+step < 0 || i+step >= len(keys) {
			return false
		}
		k, ok := w.pool.kept[prefix+keys[i+step]]
		if ok {
			w.canvas.Focus(focusable(k.obj))
		}
		return ok
	}
}

// onward moves the keyboard from a field to the next one of its form, or to
// the main button after the last.
func (w *Window) onward(form screen.Form, key string) {
	found := false
	for _, f := range form.Fields {
		if found && !f.ReadOnly {
			if t := w.pool.target(f.Key); t != nil {
				w.canvas.Focus(t)
				return
			}
		}
		found = found || f.Key == key
	}
	if a, ok := w.find(func(a screen.Action) bool { return a.Main }); ok {
		if t := w.pool.target(a.Key); t != nil {
			w.canvas.Focus(t)
		}
	}
}

// stays says that Enter leaves the keyboard in the field: what is scanned or
// looked up may be wanted again.
func stays(k screen.Kind) bool { return k == screen.Scan || k == screen.Secret }

// burst takes what a scanner typed into another field to the page's field for
// scans.
func (w *Window) burst(from *field.Field, raw string) bool {
	if w.scan == "" {
		return false
	}
	if from.Kind() != screen.Text && strings.Trim(raw, "0123456789") == "" {
		return false // figures in a field for figures were meant for it
	}
	w.post(flow.Entered{Field: w.scan, Value: raw})
	return true
}
