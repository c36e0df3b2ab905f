package window

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"motcua/ui/screen"
	"motcua/ui/window/shape"
	"motcua/ui/window/theme"
)

// button draws an action. where tells apart two places that offer the same.
func (w *Window) button(where string, a screen.Action) fyne.CanvasObject {
	p := w.press("act/"+where+"/"+a.Key, a.Key)
	p.Still, p.Outer = a.Main && a.Off == "", 2*theme.Ring
	ground, face := w.buttonFace(a)
	p.Ground(ground)
	p.Set(face, func() { w.act(a) })
	return p
}

// press is the kept thing to press under that key.
func (w *Window) press(key, name string) *shape.Press {
	return keep(w.pool, key, name, func() *shape.Press { return shape.NewPress(w.look, w) })
}

// buttonFace is what a button shows, and on what: icon, title and the key that does
// the same.
func (w *Window) buttonFace(a screen.Action) (*canvas.Rectangle, fyne.CanvasObject) {
	t := w.look
	ground, ink, dim := shape.Rounded(t, theme.Surface), theme.Ink, theme.Muted
	ground.StrokeColor, ground.StrokeWidth = t.Of(theme.Edge), theme.Stroke
	switch {
	case a.Off != "":
		ground.StrokeColor, ground.FillColor, ink = t.Of(theme.Line), t.Of(theme.Canvas), theme.Muted
	case a.Main:
		ground.FillColor, ground.StrokeWidth, ink, dim = t.Of(theme.Action), 0, theme.OnAction, theme.OnAction
	}
	var parts []fyne.CanvasObject
	icon := a.Icon
	if icon == "" && a.Back {
		icon = "back"
	}
	if theme.HasIcon(icon) {
		parts = append(parts, shape.Icon(t, icon, ink, t.Mark(theme.Body)))
	}
	title := shape.Text(t, a.Title, theme.Body, ink)
	title.TextStyle.Bold = a.Main
	parts = append(parts, title)
	if a.Keys != "" && !t.Kiosk {
		parts = append(parts, shape.Gap(0, 0), shape.Text(t, a.Keys, theme.Small, dim))
	}
	row := shape.Box(shape.Row{Gap: w.gap(theme.Tight), Grow: -1}, parts...)
	return ground, shape.Box(tall{t.Control()}, shape.Box(shape.PadXY(w.gap(theme.Even), 0), shape.Box(middle{}, row)))
}

// tall lays objects over one another, at least so high.
type tall struct{ h float32 }

func (l tall) Layout(objs []fyne.CanvasObject, size fyne.Size) { shape.Inset{}.Layout(objs, size) }

func (l tall) MinSize(objs []fyne.CanvasObject) fyne.Size {
	m := shape.Inset{}.MinSize(objs)
	return fyne.NewSize(max(m.Width, l.h), max(m.Height, l.h))
}

func (l tall) HeightFor(objs []fyne.CanvasObject, width float32) float32 {
	return max(l.h, shape.Inset{}.HeightFor(objs, width))
}

// middle centres its object from top to bottom and from left to right.
type middle struct{}

func (middle) Layout(objs []fyne.CanvasObject, size fyne.Size) { shape.Centre{}.Layout(objs, size) }
func (middle) MinSize(objs []fyne.CanvasObject) fyne.Size      { return shape.Centre{}.MinSize(objs) }

// bar is the row of actions at the bottom: back at the left, help and the main
// one at the right, the others beside it.
func (w *Window) bar(actions []screen.Action) fyne.CanvasObject {
	var left, right, last []fyne.CanvasObject
	reason := w.reason
	for _, a := range actions {
		b := w.button("bar", a)
		switch {
		case a.Back:
			left = append(left, b)
		case a.Main, a.Help:
			last = append(last, b)
		default:
			right = append(right, b)
		}
		if a.Main && a.Off != "" && reason == "" {
			reason = a.Off
		}
	}
	return shape.Box(ends{gap: w.gap(theme.Near), lefts: len(left)},
		append(append(append(left, right...), last...), shape.NewProse(w.look, reason, theme.Small, theme.Muted).Trailing())...)
}

// foot is the bar under a page, with the hairline that the page ends at.
func (w *Window) foot(s screen.Screen, most float32) fyne.CanvasObject {
	return shape.Box(shape.Inset{}, shape.Fill(w.look, theme.Canvas), shape.Box(edgeTop{}, shape.Fill(w.look, theme.Line)),
		shape.Box(shape.PadXY(w.gap(theme.Wide), w.gap(theme.Near)), shape.Box(narrow{most}, w.bar(s.Actions))))
}

// ends places the first ones from the left and the others against the right
// edge, with the last object, a text, in the room between. What does not fit
// takes another row.
type ends struct {
	gap   float32
	lefts int
}

func (e ends) rows(objs []fyne.CanvasObject, width float32) [][]fyne.CanvasObject {
	var out [][]fyne.CanvasObject
	var row []fyne.CanvasObject
	used := float32(0)
	for _, o := range objs[:len(objs)-1] {
		m := o.MinSize().Width
		if len(row) > 0 && used+e.gap+m > width {
			out, row, used = append(out, row), nil, 0
		}
		row = append(row, o)
		used += m + e.gap
	}
	return append(out, row)
}

func (e ends) HeightFor(objs []fyne.CanvasObject, width float32) float32 {
	h := float32(0)
	rows := e.rows(objs, width)
	for _, row := range rows {
		h += shape.Row{}.MinSize(row).Height
	}
	return h + e.gap*float32(len(rows)-1)
}

func (e ends) MinSize(objs []fyne.CanvasObject) fyne.Size {
	return shape.Row{}.MinSize(objs)
}

func (e ends) Layout(objs []fyne.CanvasObject, size fyne.Size) {
	text := objs[len(objs)-1]
	y, n := float32(0), 0
	for _, row := range e.rows(objs, size.Width) {
		h := shape.Row{}.MinSize(row).Height
		x, right := float32(0), size.Width
		split := max(0, min(len(row), e.lefts-n))
		for _, o := range row[:split] {
			m := o.MinSize()
			put(o, x, y, m.Width, h)
			x += m.Width + e.gap
		}
		for i := len(row) - 1; i >= split; i-- {
			m := row[i].MinSize()
			right -= m.Width
			put(row[i], right, y, m.Width, h)
			right -= e.gap
		}
		if n == 0 {
			room := max(0, right-x)
			th := shape.HeightFor(text, room)
			put(text, x, y+(h-th)/2, room, th)
		}
		n += len(row)
		y += h + e.gap
	}
}

func put(o fyne.CanvasObject, x, y, width, height float32) {
	o.Move(fyne.NewPos(x, y))
	o.Resize(fyne.NewSize(width, height))
}

// role is the colour of a tone, for words; a plain word is ink.
func role(t screen.Tone) theme.Role {
	switch t {
	case screen.Muted:
		return theme.Muted
	case screen.Good:
		return theme.Good
	case screen.Warn:
		return theme.Warn
	case screen.Bad:
		return theme.Bad
	}
	return theme.Ink
}

func wash(t screen.Tone) theme.Role {
	switch t {
	case screen.Good:
		return theme.GoodWash
	case screen.Warn:
		return theme.WarnWash
	case screen.Bad:
		return theme.BadWash
	}
	return theme.ActionWash
}

// sign is the icon that says a tone without its colour.
func sign(t screen.Tone) string {
	switch t {
	case screen.Good:
		return "done"
	case screen.Warn:
		return "warn"
	case screen.Bad:
		return "bad"
	case screen.Muted:
		return "unknown"
	}
	return "info"
}

// notice tells of one thing: what, what to try, its code, what can be done.
func (w *Window) notice(where string, n *screen.Notice) fyne.CanvasObject {
	t := w.look
	r := role(n.Tone)
	if n.Tone == screen.Plain || n.Tone == screen.Muted {
		r = theme.Action
	}
	lines := []fyne.CanvasObject{shape.NewBoldProse(t, n.Text, theme.Body, theme.Ink)}
	if n.Try != "" {
		lines = append(lines, shape.NewProse(t, n.Try, theme.Body, theme.Ink))
	}
	if len(n.Actions) > 0 {
		var row []fyne.CanvasObject
		for _, a := range n.Actions {
			row = append(row, w.button(where, a))
		}
		lines = append(lines, shape.Gap(0, 0), shape.Box(shape.Row{Gap: w.gap(theme.Tight), Grow: -1}, row...))
	}
	body := shape.Box(shape.Column{Gap: w.gap(theme.Hair)}, lines...)
	parts := []fyne.CanvasObject{shape.Icon(t, sign(n.Tone), r, t.Mark(theme.Lead)), body}
	if n.Code != "" {
		parts = append(parts, shape.Text(t, w.words.T("window.code", "code", n.Code), theme.Small, theme.Muted))
	}
	row := shape.Box(shape.Row{Gap: w.gap(theme.Near), Grow: 1, Top: true}, parts...)
	edge := shape.Box(edgeLeft{theme.Bar}, shape.Fill(t, r))
	return shape.Box(shape.Inset{}, canvasFill(t, wash(n.Tone)), edge, shape.Box(shape.PadXY(w.gap(theme.Even), w.gap(theme.Near)), row))
}

func canvasFill(t *theme.Theme, r theme.Role) *canvas.Rectangle {
	o := shape.Fill(t, r)
	o.TopRightCornerRadius, o.BottomRightCornerRadius = theme.Radius, theme.Radius
	return o
}

// edgeLeft is a bar along the left edge.
type edgeLeft struct{ w float32 }

func (e edgeLeft) Layout(objs []fyne.CanvasObject, size fyne.Size) {
	for _, o := range objs {
		put(o, 0, 0, e.w, size.Height)
	}
}
func (e edgeLeft) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.Size{} }
