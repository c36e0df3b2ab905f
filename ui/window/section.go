package window

import (
	"slices"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"motcua/ui/screen"
	"motcua/ui/window/shape"
	"motcua/ui/window/theme"
)

func itoa(n int) string { return strconv.Itoa(n) }

// sheet is the page: its title, what went wrong, and its sections on one sheet
// of surface with hairlines between them.
func (w *Window) sheet(s screen.Screen) fyne.CanvasObject {
	parts := []fyne.CanvasObject{w.heading(s.Title, s.Lead)}
	if s.Notice != nil {
		n := *s.Notice
		parts = append(parts, w.pool.piece("notice", n, func() fyne.CanvasObject { return w.notice("page", &n) }))
	}
	// Sections that are folded or wait make a sequence; open ones stand side
	// by side and have no order.
	steps := slices.ContainsFunc(s.Sections, func(sec screen.Section) bool { return sec.State != screen.Open })
	var rows []fyne.CanvasObject
	for i, sec := range s.Sections {
		if i > 0 {
			rows = append(rows, shape.Rule(w.look))
		}
		rows = append(rows, w.pool.piece("section/"+sec.Key+itoa(i), drawn{sec, w.cramped()}, func() fyne.CanvasObject { return w.section(sec, i, steps) }))
	}
	if len(rows) > 0 {
		parts = append(parts, shape.Box(shape.Inset{}, shape.Card(w.look), shape.Box(shape.Column{}, rows...)))
	}
	pad := shape.Inset{Top: w.gap(theme.Wide), Right: w.gap(theme.Wide), Bottom: w.gap(theme.Wide), Left: w.gap(theme.Wide)}
	return shape.Box(pad, shape.Box(narrow{w.broad(s)}, shape.Box(shape.Column{Gap: w.gap(theme.Even)}, parts...)))
}

// broad is how wide the page may grow: a lone list wants more than a form.
func (w *Window) broad(s screen.Screen) float32 {
	if len(s.Sections) == 1 && tabular(s.Sections[0]) {
		return w.look.Page() * 2
	}
	return w.look.Page()
}

func tabular(sec screen.Section) bool {
	return slices.ContainsFunc(sec.Blocks, func(b screen.Block) bool { _, ok := b.(screen.Table); return ok })
}

// narrow keeps a page from growing wider than can be read. It stays at the
// left, so that nothing jumps when the citizen's panel comes.
type narrow struct{ most float32 }

func (n narrow) Layout(objs []fyne.CanvasObject, size fyne.Size) {
	width := min(size.Width, n.most)
	for _, o := range objs {
		put(o, 0, 0, width, size.Height)
	}
}
func (n narrow) MinSize(objs []fyne.CanvasObject) fyne.Size { return shape.Inset{}.MinSize(objs) }
func (n narrow) HeightFor(objs []fyne.CanvasObject, width float32) float32 {
	return shape.Inset{}.HeightFor(objs, min(width, n.most))
}

// drawn is what the drawing of a section depends on.
type drawn struct {
	section screen.Section
	cramped bool
}

func (w *Window) heading(title, lead string) fyne.CanvasObject {
	parts := []fyne.CanvasObject{shape.NewBoldProse(w.look, title, theme.Title, theme.Ink)}
	if lead != "" {
		parts = append(parts, shape.NewProse(w.look, lead, theme.Body, theme.Muted))
	}
	return shape.Box(shape.Column{}, parts...)
}

// lists are the tables of the open sections.
func (w *Window) lists(s screen.Screen) []*shape.List {
	var out []*shape.List
	for _, sec := range s.Sections {
		for _, b := range sec.Blocks {
			if t, ok := b.(screen.Table); ok {
				if k, ok := w.pool.kept["list/"+t.Key]; ok {
					out = append(out, k.obj.(*shape.List))
				}
			}
		}
	}
	return out
}

// section is one part of the page: a line when it is finished or waiting, in
// full when it is open.
func (w *Window) section(sec screen.Section, i int, steps bool) fyne.CanvasObject {
	switch sec.State {
	case screen.Done:
		return w.folded(sec)
	case screen.Waiting:
		return w.waiting(sec, i)
	}
	var parts []fyne.CanvasObject
	if sec.Title != "" {
		parts = append(parts, shape.NewBoldProse(w.look, sec.Title, theme.Lead, theme.Ink))
	}
	parts = append(parts, w.blocks(sec.Blocks)...)
	if sec.Notice != nil {
		parts = append(parts, w.notice("section/"+sec.Key, sec.Notice))
	}
	if len(sec.Actions) > 0 {
		var row []fyne.CanvasObject
		for _, a := range sec.Actions {
			row = append(row, w.button("section/"+sec.Key, a))
		}
		parts = append(parts, shape.Box(wrap{w.gap(theme.Tight)}, row...))
	}
	body := shape.Box(shape.Column{Gap: w.gap(theme.Even)}, parts...)
	pad := shape.PadXY(w.gap(theme.Even), w.gap(theme.Even))
	if !steps {
		return shape.Box(pad, body)
	}
	pad.Bottom = w.gap(theme.Wide)
	return shape.Box(pad, shape.Box(shape.Row{Gap: w.gap(theme.Near), Grow: 1, Top: true}, w.number(i, true), body))
}

// number is the place of a section in its order, in a ring or on a disc.
func (w *Window) number(i int, here bool) fyne.CanvasObject {
	t := w.look
	side := t.Mark(theme.Lead)
	disc := canvas.NewCircle(nil)
	ink := theme.Muted
	if here {
		disc.FillColor, ink = t.Of(theme.Action), theme.OnAction
	} else {
		disc.StrokeColor, disc.StrokeWidth = t.Of(theme.Edge), theme.Stroke
	}
	text := shape.Text(t, itoa(i+1), theme.Small, ink)
	text.TextStyle.Bold = here
	return shape.Box(shape.Sized{W: side, H: side}, disc, shape.Box(shape.Centre{}, text))
}

// folded is a finished section: a check, its title, its one line.
func (w *Window) folded(sec screen.Section) fyne.CanvasObject {
	t := w.look
	side := t.Mark(theme.Lead)
	words := shape.Box(split{t.Label(), w.gap(theme.Near)},
		shape.NewLine(t, sec.Title, theme.Body, theme.Muted), shape.NewLine(t, sec.Summary, theme.Body, role(sec.Tone)))
	parts := []fyne.CanvasObject{shape.Icon(t, "done", theme.Good, side), words}
	if sec.Reopen != "" {
		parts = append(parts, shape.Icon(t, "edit", theme.Muted, t.Mark(theme.Body)))
	}
	row := shape.Box(shape.PadXY(w.gap(theme.Even), w.gap(theme.Near)), shape.Box(shape.Row{Gap: w.gap(theme.Near), Grow: 1}, parts...))
	if sec.Reopen == "" {
		return row
	}
	p := w.press("fold/"+sec.Key, sec.Reopen)
	action := screen.Action{Key: sec.Reopen}
	p.Set(row, func() { w.act(action) })
	return p
}

// split gives its first object a column of its own, at most a third of the
// width, and the second the rest.
type split struct{ most, gap float32 }

func (l split) Layout(objs []fyne.CanvasObject, size fyne.Size) {
	left := min(l.most, size.Width/3)
	put(objs[0], 0, 0, left, size.Height)
	put(objs[1], left+l.gap, 0, size.Width-left-l.gap, size.Height)
}
func (split) MinSize(objs []fyne.CanvasObject) fyne.Size { return shape.Inset{}.MinSize(objs) }
func (split) HeightFor(objs []fyne.CanvasObject, _ float32) float32 {
	return shape.Inset{}.MinSize(objs).Height
}

// waiting is a section not reached yet: its title only.
func (w *Window) waiting(sec screen.Section, i int) fyne.CanvasObject {
	return shape.Box(shape.PadXY(w.gap(theme.Even), w.gap(theme.Near)),
		shape.Box(shape.Row{Gap: w.gap(theme.Near), Grow: 1}, w.number(i, false), shape.NewLine(w.look, sec.Title, theme.Body, theme.Muted)))
}

// panel is the citizen's: portrait, name, what the card says, what was checked.
func (w *Window) panel(a screen.Aside) fyne.CanvasObject {
	t := w.look
	parts := []fyne.CanvasObject{shape.Box(leading{}, w.portrait(a.Portrait))}
	if a.Title != "" {
		parts = append(parts, shape.NewBoldProse(t, a.Title, theme.Lead, theme.Ink))
	}
	for _, l := range a.Lines {
		parts = append(parts, shape.Box(shape.Column{}, shape.NewProse(t, l.Label, theme.Small, theme.Muted), shape.NewProse(t, l.Value, theme.Body, theme.Ink)))
	}
	if len(a.Checks) > 0 {
		parts = append(parts, shape.Rule(t))
	}
	for _, c := range a.Checks {
		parts = append(parts, shape.Box(shape.Row{Gap: w.gap(theme.Tight), Grow: 1, Top: true},
			shape.Icon(t, sign(c.Tone), role(c.Tone), t.Mark(theme.Body)), shape.NewProse(t, c.Text, theme.Body, theme.Ink)))
	}
	body := shape.Box(shape.Pad(w.gap(theme.Wide)), shape.Box(shape.Column{Gap: w.gap(theme.Near)}, parts...))
	return shape.Box(shape.Inset{}, shape.Fill(t, theme.Surface), shape.Box(edgeLeft{theme.Stroke}, shape.Fill(t, theme.Line)), body)
}

// leading places its object at the left at its own size.
type leading struct{}

func (leading) Layout(objs []fyne.CanvasObject, _ fyne.Size) {
	for _, o := range objs {
		m := o.MinSize()
		put(o, 0, 0, m.Width, m.Height)
	}
}
func (leading) MinSize(objs []fyne.CanvasObject) fyne.Size { return shape.Inset{}.MinSize(objs) }

func (w *Window) portrait(picture []byte) fyne.CanvasObject {
	t := w.look
	width, height := t.Portrait()
	if img := safeImage(picture); img != nil {
		o := canvas.NewImageFromImage(img)
		o.FillMode = canvas.ImageFillCover
		o.CornerRadius = theme.Radius
		return shape.Box(shape.Sized{W: width, H: height}, o)
	}
	return shape.Picture(t, "person", width, height)
}
