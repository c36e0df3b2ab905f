package window

import (
	"time"

	"fyne.io/fyne/v2"

	"motcua/ui/flow"
	"motcua/ui/screen"
	"motcua/ui/window/field"
	"motcua/ui/window/shape"
	"motcua/ui/window/theme"
)

// form places fields two by two where there is room.
func (w *Window) form(f screen.Form) fyne.CanvasObject {
	grid := shape.Grid{Least: w.look.Least(), Most: 2, Gap: w.gap(theme.Even), Full: map[int]bool{}}
	var objs []fyne.CanvasObject
	for i, fl := range f.Fields {
		grid.Full[i] = fl.Wide || w.look.Kiosk
		objs = append(objs, w.labelled(fl, f))
	}
	return shape.Box(grid, objs...)
}

// labelled is a field between its label and what is to be said about it.
func (w *Window) labelled(f screen.Field, form screen.Form) fyne.CanvasObject {
	return shape.Box(shape.Column{Gap: w.gap(theme.Hair)}, w.labels(f), w.input(f, form), w.remark(f))
}

func (w *Window) labels(f screen.Field) fyne.CanvasObject {
	t := w.look
	parts := []fyne.CanvasObject{shape.Text(t, f.Label, theme.Small, theme.Muted)}
	if f.Required && !f.ReadOnly {
		parts = append(parts, shape.Text(t, "· "+w.words.T("window.required"), theme.Small, theme.Muted))
	}
	grow := len(parts)
	parts = append(parts, shape.Gap(0, 0))
	if f.From != "" {
		parts = append(parts, shape.Icon(t, "chip", theme.Muted, t.Mark(theme.Small)), shape.Text(t, f.From, theme.Small, theme.Muted))
	}
	return shape.Box(shape.Row{Gap: w.gap(theme.Hair), Grow: grow}, parts...)
}

func (w *Window) remark(f screen.Field) fyne.CanvasObject {
	t := w.look
	switch {
	case f.Error != "":
		return shape.Box(shape.Row{Gap: w.gap(theme.Hair), Grow: 1, Top: true},
			shape.Icon(t, "bad", theme.Bad, t.Mark(theme.Small)), shape.NewProse(t, f.Error, theme.Small, theme.Bad))
	case f.Hint != "":
		return shape.NewProse(t, f.Hint, theme.Small, theme.Muted)
	}
	o := shape.Gap(0, 0)
	o.Hide()
	return o
}

// input is the field itself.
func (w *Window) input(f screen.Field, form screen.Form) fyne.CanvasObject {
	switch {
	case f.ReadOnly:
		return w.fixed(f.Value)
	case f.Kind == screen.Secret:
		return w.secret(f)
	}
	o := w.field(f.Key, f.Kind)
	o.OnEnter = func(text string) {
		w.post(flow.Entered{Field: f.Key, Value: text})
		if !stays(f.Kind) {
			w.onward(form, f.Key)
		}
	}
	o.OnMove = nil
	o.Draw(f.Value, "", f.Error != "")
	return o
}

// field is the kept field of that key, telling of edits.
func (w *Window) field(key string, kind screen.Kind) *field.Field {
	o := keep(w.pool, "field/"+key, key, func() *field.Field { return field.New(w.look, w, kind) })
	if o.Kind() != kind {
		delete(w.pool.kept, "field/"+key)
		return w.field(key, kind)
	}
	o.Now = func() time.Time { return w.Now() }
	o.OnEdit = func(text string) { w.post(flow.Edited{Field: key, Value: text}) }
	if kind != screen.Scan {
		o.OnBurst = func(raw string) bool { return w.burst(o, raw) }
	}
	return o
}

func (w *Window) secret(f screen.Field) fyne.CanvasObject {
	o := keep(w.pool, "field/"+f.Key, f.Key, func() *field.Secret { return field.NewSecret(w.look, w) })
	o.OnSecret = func(pin []byte) { w.post(flow.Secret{Field: f.Key, PIN: flow.NewPIN(pin)}) }
	o.Draw("", f.Error != "")
	return o
}

// fixed shows a value that cannot be changed: no border, nothing to stop at.
func (w *Window) fixed(value string) fyne.CanvasObject {
	t := w.look
	text := shape.NewProse(t, value, theme.Body, theme.Ink)
	pad := (t.Control() - t.High(theme.Body)) / 2
	return shape.Box(tall{t.Control()}, shape.Rounded(t, theme.Canvas), shape.Box(shape.PadXY(w.gap(theme.Near), pad), text))
}

// keypad is keys for a thumb that type into a field.
func (w *Window) keypad(k screen.Keypad) fyne.CanvasObject {
	rows := []string{"123", "456", "789", "<0>"}
	if k.Letters {
		rows = []string{"1234567890/", "ABCDEFGHIJ-", "KLMNOPQRST.", "UVWXYZ<>"}
	}
	var lines []fyne.CanvasObject
	for _, row := range rows {
		var keys []fyne.CanvasObject
		for _, r := range row {
			keys = append(keys, w.key(k.Field, r))
		}
		lines = append(lines, shape.Box(shape.Grid{Least: 1, Gap: w.gap(theme.Tight)}, keys...))
	}
	return shape.Box(shape.Column{Gap: w.gap(theme.Tight)}, lines...)
}

// key is one key: a letter, "<" to erase, ">" to submit.
func (w *Window) key(to string, r rune) fyne.CanvasObject {
	t := w.look
	p := w.press("key/"+to+"/"+string(r), "")
	ground := shape.Card(t)
	var face fyne.CanvasObject = shape.Bold(t, string(r), theme.Body, theme.Ink)
	switch r {
	case '<':
		face = shape.Icon(t, "erase", theme.Ink, t.Mark(theme.Body))
	case '>':
		ground = shape.Rounded(t, theme.Action)
		face = shape.Icon(t, "check", theme.OnAction, t.Mark(theme.Body))
	}
	p.Outer = theme.Ring
	p.Set(shape.Box(tall{t.Key()}, ground, shape.Box(middle{}, face)), func() { w.strike(to, r) })
	return p
}

// strike does what a key of the keypad says, and gives the keyboard back to the
// field, which lost it when the key was touched.
func (w *Window) strike(to string, r rune) {
	f := w.typer(to)
	if f == nil {
		return
	}
	if t := w.pool.target(to); t != nil {
		w.canvas.Focus(t)
	}
	switch r {
	case '<':
		f.Erase()
	case '>':
		f.Enter()
	default:
		f.Type(r)
	}
}
