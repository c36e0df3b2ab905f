package window

import (
	"strings"

	"fyne.io/fyne/v2"

	"motcua/ui/flow"
	"motcua/ui/screen"
	"motcua/ui/window/shape"
	"motcua/ui/window/theme"
)

// block draws one block.
func (w *Window) block(b screen.Block) fyne.CanvasObject {
	switch b := b.(type) {
	case screen.Form:
		return w.form(b)
	case screen.Choice:
		return w.choice(b)
	case screen.Checklist:
		return w.checklist(b)
	case screen.Facts:
		return w.facts(b)
	case screen.Table:
		return w.table(b)
	case screen.Keypad:
		return w.keypad(b)
	case screen.Progress:
		return w.progress(b)
	case screen.Picture:
		return w.picture(b)
	}
	return shape.Gap(0, 0)
}

func (w *Window) blocks(bs []screen.Block) []fyne.CanvasObject {
	out := make([]fyne.CanvasObject, len(bs))
	for i, b := range bs {
		out[i] = w.block(b)
	}
	return out
}

// checklist is papers to tick: Space ticks, up and down move.
func (w *Window) checklist(c screen.Checklist) fyne.CanvasObject {
	var rows []fyne.CanvasObject
	for i, it := range c.Items {
		if i > 0 {
			rows = append(rows, shape.Rule(w.look))
		}
		rows = append(rows, w.tick(c, i, it))
	}
	return shape.Box(shape.Column{}, rows...)
}

func (w *Window) tick(c screen.Checklist, i int, it screen.Item) fyne.CanvasObject {
	t := w.look
	text := []fyne.CanvasObject{shape.NewProse(t, it.Text, theme.Body, theme.Ink)}
	detail := it.Detail
	if it.Required {
		detail = strings.TrimPrefix(detail+" · "+w.words.T("window.required"), " · ")
	}
	if detail != "" {
		text = append(text, shape.NewProse(t, detail, theme.Small, theme.Muted))
	}
	row := shape.Box(shape.Row{Gap: w.gap(theme.Near), Grow: 1, Top: true},
		w.box(it.On), shape.Box(shape.Column{}, text...))
	p := w.press("tick/"+c.Key+"/"+it.Key, c.Key)
	p.Space = true
	keys := make([]string, len(c.Items))
	for j := range c.Items {
		keys[j] = c.Items[j].Key
	}
	p.Arrow = w.among("tick/"+c.Key+"/", keys, i)
	p.Set(shape.Box(shape.PadXY(w.gap(theme.Tight), w.gap(theme.Tight)), row), func() {
		w.post(flow.Ticked{Block: c.Key, Key: it.Key, On: !it.On})
		w.canvas.Focus(p)
	})
	return p
}

// box is the square of a tick.
func (w *Window) box(on bool) fyne.CanvasObject {
	t := w.look
	side := t.Mark(theme.Body)
	ground := shape.Rounded(t, theme.Surface)
	ground.CornerRadius = theme.Radius / 2
	ground.StrokeColor, ground.StrokeWidth = t.Of(theme.Edge), theme.Stroke
	if !on {
		return shape.Box(shape.Sized{W: side, H: side}, ground)
	}
	ground.FillColor, ground.StrokeWidth = t.Of(theme.Action), 0
	return shape.Box(shape.Sized{W: side, H: side}, ground, shape.Icon(t, "check", theme.OnAction, side))
}

// facts are labels and values; the large ones come first and side by side.
func (w *Window) facts(f screen.Facts) fyne.CanvasObject {
	var large, rest []fyne.CanvasObject
	for _, r := range f.Rows {
		if r.Large {
			large = append(large, w.figure(r))
		} else {
			rest = append(rest, w.fact(r))
		}
	}
	var parts []fyne.CanvasObject
	if len(large) > 0 {
		parts = append(parts, shape.Box(shape.Grid{Least: w.look.Least(), Gap: w.gap(theme.Wide)}, large...))
	}
	if len(rest) > 0 {
		parts = append(parts, shape.Box(shape.Column{Gap: w.gap(theme.Tight)}, rest...))
	}
	return shape.Box(shape.Column{Gap: w.gap(theme.Even)}, parts...)
}

// longFigure is the number of letters beyond which a large value on the kiosk
// takes the smaller of the two large sizes.
const longFigure = 8

func (w *Window) figure(r screen.Fact) fyne.CanvasObject {
	t := w.look
	size := theme.Figure
	if t.Kiosk && len([]rune(r.Value)) > longFigure {
		size = theme.Title
	}
	parts := []fyne.CanvasObject{
		shape.NewProse(t, r.Label, theme.Small, theme.Muted),
		shape.NewBoldProse(t, r.Value, size, role(r.Tone)),
	}
	if r.Note != "" {
		parts = append(parts, shape.NewProse(t, r.Note, theme.Small, theme.Muted))
	}
	return shape.Box(shape.Column{}, parts...)
}

func (w *Window) fact(r screen.Fact) fyne.CanvasObject {
	t := w.look
	value := []fyne.CanvasObject{shape.NewProse(t, r.Value, theme.Body, role(r.Tone))}
	if r.Note != "" {
		value = append(value, shape.NewProse(t, r.Note, theme.Small, theme.Muted))
	}
	body := shape.Box(shape.Column{}, value...)
	if r.Tone == screen.Good || r.Tone == screen.Warn || r.Tone == screen.Bad {
		body = shape.Box(shape.Row{Gap: w.gap(theme.Hair), Grow: 1, Top: true}, shape.Icon(t, sign(r.Tone), role(r.Tone), t.Mark(theme.Body)), body)
	}
	return shape.Box(pair{t.Label(), w.gap(theme.Near)}, shape.NewProse(t, r.Label, theme.Small, theme.Muted), body)
}

// pair is a label beside its value, or above it where the room is short.
type pair struct{ label, gap float32 }

func (p pair) Layout(objs []fyne.CanvasObject, size fyne.Size) {
	if size.Width < 2.2*p.label {
		shape.Column{}.Layout(objs, size)
		return
	}
	left := shape.HeightFor(objs[0], p.label)
	right := shape.HeightFor(objs[1], size.Width-p.label-p.gap)
	put(objs[0], 0, max(0, min(3, (right-left)/2)), p.label, left)
	put(objs[1], p.label+p.gap, 0, size.Width-p.label-p.gap, right)
}

func (p pair) MinSize(objs []fyne.CanvasObject) fyne.Size { return shape.Inset{}.MinSize(objs) }

func (p pair) HeightFor(objs []fyne.CanvasObject, width float32) float32 {
	if width < 2.2*p.label {
		return shape.Column{}.HeightFor(objs, width)
	}
	return max(shape.HeightFor(objs[0], p.label), shape.HeightFor(objs[1], width-p.label-p.gap))
}

// table is a dense list under its headings.
func (w *Window) table(tb screen.Table) fyne.CanvasObject {
	t := w.look
	list := w.list("list/"+tb.Key, tb.Key)
	shares := shape.Share{Gap: w.gap(theme.Even), Side: w.gap(theme.Near)}
	var heads []fyne.CanvasObject
	for _, c := range tb.Columns {
		shares.Parts = append(shares.Parts, max(c.Share, 0.01))
		heads = append(heads, aligned(shape.NewLine(t, c.Title, theme.Small, theme.Muted), c))
	}
	keys := make([]string, len(tb.Rows))
	for i, r := range tb.Rows {
		keys[i] = r.Key
	}
	list.OnPick = func(i int) { w.post(flow.Picked{Block: tb.Key, Key: tb.Rows[i].Key}) }
	high := t.Line()
	if w.cramped() {
		high += t.High(theme.Body)
	}
	list.Set(len(tb.Rows), list.Place(keys, ""), high, func(i int) fyne.CanvasObject {
		return shape.Box(shares, w.cells(tb, i)...)
	})
	head := shape.Box(shape.PadXY(0, w.gap(theme.Hair)), shape.Box(shares, heads...))
	parts := []fyne.CanvasObject{head, shape.Rule(t)}
	if len(tb.Rows) == 0 {
		parts = append(parts, shape.Box(shape.Pad(w.gap(theme.Near)), shape.NewProse(t, tb.Empty, theme.Body, theme.Muted)))
	}
	return shape.Box(shape.Column{}, append(parts, list)...)
}

func (w *Window) cells(tb screen.Table, i int) []fyne.CanvasObject {
	var out []fyne.CanvasObject
	for j, c := range tb.Rows[i].Cells {
		if j < len(tb.Columns) {
			text := shape.NewLine(w.look, c.Text, theme.Body, role(c.Tone))
			if w.cramped() {
				text.Lines = 2
			}
			out = append(out, aligned(text, tb.Columns[j]))
		}
	}
	return out
}

// cramped says that the letters are large for the window: then a row of a table
// has two lines.
func (w *Window) cramped() bool { return w.canvas.Size().Width < w.look.Page()*1.1 }

func aligned(p *shape.Prose, c screen.Column) fyne.CanvasObject {
	if c.Right {
		return p.Trailing()
	}
	return p
}

// progress is something under way.
func (w *Window) progress(p screen.Progress) fyne.CanvasObject {
	t := w.look
	text := shape.Box(shape.Row{Gap: w.gap(theme.Tight), Grow: 1},
		shape.Icon(t, "clock", theme.Action, t.Mark(theme.Body)), shape.NewProse(t, p.Text, theme.Body, theme.Ink))
	var bar fyne.CanvasObject
	if p.Part < 0 {
		bar = keep(w.pool, "busy/"+p.Text, "", func() *busy { return newBusy(w.look) })
	} else {
		bar = w.share(float32(p.Part), theme.Action, w.gap(theme.Hair))
	}
	return shape.Box(shape.Column{Gap: w.gap(theme.Tight)}, text, bar)
}

// share is a bar of which a part is filled.
func (w *Window) share(part float32, r theme.Role, high float32) fyne.CanvasObject {
	back, front := shape.Fill(w.look, theme.Track), shape.Fill(w.look, r)
	back.CornerRadius, front.CornerRadius = high/2, high/2
	return shape.Box(filled{part: max(0, min(1, part)), h: high}, back, front)
}

type filled struct{ part, h float32 }

func (f filled) Layout(objs []fyne.CanvasObject, size fyne.Size) {
	put(objs[0], 0, 0, size.Width, f.h)
	put(objs[1], 0, 0, size.Width*f.part, f.h)
}
func (f filled) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(0, f.h) }
func (f filled) HeightFor([]fyne.CanvasObject, float32) float32 {
	return f.h
}

// picture is a drawn picture with its caption: beside it at the counter, under
// it on the kiosk.
func (w *Window) picture(p screen.Picture) fyne.CanvasObject {
	t := w.look
	width, height := t.Drawing()
	if s := w.canvas.Size(); t.Kiosk && s.Height > s.Width { // a standing screen has room
		width, height = t.LargeDrawing()
	}
	var img fyne.CanvasObject
	if theme.HasPicture(p.Name) {
		img = shape.Picture(t, p.Name, width, height)
	} else {
		img = shape.Icon(t, p.Name, theme.Muted, t.Mark(theme.Figure))
	}
	if t.Kiosk {
		return shape.Box(shape.Column{Gap: w.gap(theme.Tight)}, shape.Box(middle{}, img),
			shape.NewProse(t, p.Caption, theme.Lead, theme.Ink).Centred())
	}
	return shape.Box(shape.Row{Gap: w.gap(theme.Wide), Grow: 1}, img, shape.NewProse(t, p.Caption, theme.Lead, theme.Ink))
}
