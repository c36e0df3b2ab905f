package window

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"

	"motcua/ui/flow"
	"motcua/ui/screen"
	"motcua/ui/window/field"
	"motcua/ui/window/shape"
	"motcua/ui/window/theme"
)

// most is how many short options stand side by side; more make a list.
const most = 5

// choice draws options as tiles, as a row of short ones, or as a list.
func (w *Window) choice(c screen.Choice) fyne.CanvasObject {
	switch {
	case c.Big:
		return w.tiles(c)
	case c.Filter == nil && len(c.Options) > 0 && len(c.Options) <= most && short(c.Options):
		return w.inline(c)
	}
	return w.options(c)
}

func names(c screen.Choice) []string {
	out := make([]string, len(c.Options))
	for i, o := range c.Options {
		out[i] = o.Key
	}
	return out
}

func short(options []screen.Option) bool {
	return !slices.ContainsFunc(options, func(o screen.Option) bool { return o.Detail != "" || o.Tag != "" || o.Off != "" })
}

func (w *Window) pick(block string, o screen.Option) {
	if o.Off != "" {
		w.reason = o.Off
		w.redraw()
		return
	}
	w.post(flow.Picked{Block: block, Key: o.Key})
}

// inline is a row of short options; the chosen one carries a check.
func (w *Window) inline(c screen.Choice) fyne.CanvasObject {
	t := w.look
	var row []fyne.CanvasObject
	for i, o := range c.Options {
		p := w.press("option/"+c.Key+"/"+o.Key, c.Key)
		p.Arrow = w.among("option/"+c.Key+"/", names(c), i)
		chosen := o.Key == c.Selected
		ground := shape.Rounded(t, theme.Surface)
		ground.StrokeColor, ground.StrokeWidth, ground.FillColor = t.Of(theme.Edge), theme.Stroke, t.Of(theme.Surface)
		ink := theme.Ink
		var parts []fyne.CanvasObject
		if chosen {
			ground.FillColor, ground.StrokeColor, ground.StrokeWidth, ink = t.Of(theme.ActionWash), t.Of(theme.Action), theme.Ring, theme.Action
			parts = append(parts, shape.Icon(t, "check", theme.Action, t.Mark(theme.Body)))
		}
		text := shape.Text(t, o.Title, theme.Body, ink)
		parts = append(parts, text)
		p.Outer, p.Still = 2*theme.Ring, chosen
		p.Ground(ground)
		p.Set(shape.Box(tall{t.Control()}, shape.Box(shape.PadXY(w.gap(theme.Near), 0),
			shape.Box(middle{}, shape.Box(shape.Row{Gap: w.gap(theme.Hair), Grow: -1}, parts...)))),
			func() { w.Touched(); w.pick(c.Key, o) })
		row = append(row, p)
	}
	body := shape.Box(wrap{w.gap(theme.Tight)}, row...)
	label := c.Label
	if label == "" {
		label = c.Empty
	}
	if label == "" {
		return body
	}
	return shape.Box(shape.Column{Gap: w.gap(theme.Hair)}, shape.NewProse(t, label, theme.Small, theme.Muted), body)
}

// wrap places from left to right and goes on below.
type wrap struct{ gap float32 }

func (l wrap) each(objs []fyne.CanvasObject, width float32, do func(o fyne.CanvasObject, x, y float32, m fyne.Size)) float32 {
	x, y, high := float32(0), float32(0), float32(0)
	for _, o := range objs {
		m := o.MinSize()
		if x > 0 && x+m.Width > width {
			x, y, high = 0, y+high+l.gap, 0
		}
		do(o, x, y, m)
		x, high = x+m.Width+l.gap, max(high, m.Height)
	}
	return y + high
}

func (l wrap) HeightFor(objs []fyne.CanvasObject, width float32) float32 {
	return l.each(objs, width, func(fyne.CanvasObject, float32, float32, fyne.Size) {})
}

func (l wrap) Layout(objs []fyne.CanvasObject, size fyne.Size) {
	l.each(objs, size.Width, func(o fyne.CanvasObject, x, y float32, m fyne.Size) { put(o, x, y, m.Width, m.Height) })
}

func (l wrap) MinSize(objs []fyne.CanvasObject) fyne.Size { return shape.Inset{}.MinSize(objs) }

// options is a list, under its filter when it has one.
func (w *Window) options(c screen.Choice) fyne.CanvasObject {
	list := w.list("list/"+c.Key, c.Key)
	w.fill(list, c)
	var parts []fyne.CanvasObject
	switch {
	case c.Filter != nil:
		parts = append(parts, w.filter(c, list))
	case c.Label != "":
		parts = append(parts, shape.NewProse(w.look, c.Label, theme.Small, theme.Muted))
	}
	if len(c.Options) == 0 {
		parts = append(parts, shape.NewProse(w.look, c.Empty, theme.Body, theme.Muted))
	}
	return shape.Box(shape.Column{Gap: w.gap(theme.Tight)}, append(parts, list)...)
}

func (w *Window) list(key, name string) *shape.List {
	return keep(w.pool, key, name, func() *shape.List {
		l := shape.NewList(w.look, w)
		l.Most = theme.Rows
		return l
	})
}

func (w *Window) fill(l *shape.List, c screen.Choice) {
	t := w.look
	keys, high := names(c), t.Line()
	for _, o := range c.Options {
		if o.Detail != "" || o.Off != "" {
			high = t.High(theme.Body) + t.High(theme.Small) + w.gap(theme.Even)
		}
	}
	l.Lit = c.Filter != nil
	l.OnPick = func(i int) { w.pick(c.Key, c.Options[i]) }
	l.Chosen = slices.Index(keys, c.Selected)
	l.Set(len(c.Options), l.Place(keys, c.Selected), high, func(i int) fyne.CanvasObject {
		return w.option(c.Options[i], c.Options[i].Key == c.Selected)
	})
}

// option is one row of a list.
func (w *Window) option(o screen.Option, chosen bool) fyne.CanvasObject {
	t := w.look
	ink := theme.Ink
	detail := o.Detail
	if o.Off != "" {
		ink, detail = theme.Muted, strings.TrimSpace(o.Detail+"  "+o.Off)
	}
	text := []fyne.CanvasObject{shape.NewLine(t, o.Title, theme.Body, ink)}
	if detail != "" {
		text = append(text, shape.NewLine(t, detail, theme.Small, theme.Muted))
	}
	var parts []fyne.CanvasObject
	if theme.HasIcon(o.Icon) {
		parts = append(parts, shape.Icon(t, o.Icon, theme.Muted, t.Mark(theme.Body)))
	}
	grow := len(parts)
	parts = append(parts, shape.Box(shape.Column{}, text...))
	if o.Tag != "" {
		parts = append(parts, shape.Text(t, o.Tag, theme.Small, tagRole(o.Tone)))
	}
	if chosen {
		parts = append(parts, shape.Icon(t, "check", theme.Action, t.Mark(theme.Body)))
	}
	row := shape.Box(shape.Row{Gap: w.gap(theme.Near), Grow: grow}, parts...)
	return shape.Box(shape.PadXY(w.gap(theme.Near), 0), shape.Box(centreY{}, row))
}

func tagRole(t screen.Tone) theme.Role {
	if t == screen.Plain {
		return theme.Muted
	}
	return role(t)
}

// centreY gives objects the whole width and centres them from top to bottom.
type centreY struct{}

func (centreY) Layout(objs []fyne.CanvasObject, size fyne.Size) {
	for _, o := range objs {
		h := shape.HeightFor(o, size.Width)
		put(o, 0, (size.Height-h)/2, size.Width, h)
	}
}
func (centreY) MinSize(objs []fyne.CanvasObject) fyne.Size { return shape.Inset{}.MinSize(objs) }
func (centreY) HeightFor(objs []fyne.CanvasObject, width float32) float32 {
	return shape.Inset{}.HeightFor(objs, width)
}

// filter narrows a list: typing tells the flow, up and down move in the list,
// Enter picks the row under the cursor.
func (w *Window) filter(c screen.Choice, list *shape.List) fyne.CanvasObject {
	f := c.Filter
	o := w.field(f.Key, f.Kind)
	o.OnMove = func(k fyne.KeyName) bool { list.Key(k); return true }
	o.OnEnter = func(text string) { w.choose(f.Key, text, o, list) }
	o.Draw(f.Value, f.Hint, f.Error != "")
	said := *f
	said.Hint = "" // it stands in the empty field
	parts := []fyne.CanvasObject{o, w.remark(said)}
	if f.Label != "" {
		parts = append([]fyne.CanvasObject{w.labels(*f)}, parts...)
	}
	return shape.Box(shape.Column{Gap: w.gap(theme.Hair)}, parts...)
}

// choose picks at Enter. Somebody who types fast, or scans, is ahead of the
// list: then the pick waits for the answer to what was typed.
func (w *Window) choose(key, text string, o *field.Field, list *shape.List) {
	if !o.Settled() {
		w.late = func() {
			if o.Settled() {
				w.late = nil
				w.choose(key, text, o, list)
			}
		}
		return
	}
	if !list.Pick() {
		w.post(flow.Entered{Field: key, Value: text})
	}
}

// tiles are large options for a thumb.
func (w *Window) tiles(c screen.Choice) fyne.CanvasObject {
	t := w.look
	var objs []fyne.CanvasObject
	for i, o := range c.Options {
		p := w.press("option/"+c.Key+"/"+o.Key, c.Key)
		p.Arrow = w.among("option/"+c.Key+"/", names(c), i)
		p.Still, p.Outer = true, 2*theme.Ring
		p.Set(w.tile(o, o.Key == c.Selected), func() { w.Touched(); w.pick(c.Key, o) })
		objs = append(objs, p)
	}
	if len(objs) == 0 {
		return shape.NewProse(t, c.Empty, theme.Lead, theme.Muted)
	}
	return shape.Box(shape.Grid{Least: t.Tile(), Most: 2, Gap: w.gap(theme.Even), Even: true}, objs...)
}

func (w *Window) tile(o screen.Option, chosen bool) fyne.CanvasObject {
	t := w.look
	ground, ink, tint := shape.Card(t), theme.Ink, theme.Action
	if chosen {
		ground.FillColor, ground.StrokeColor, ground.StrokeWidth = t.Of(theme.ActionWash), t.Of(theme.Action), theme.Ring
	}
	detail := o.Detail
	if o.Off != "" {
		ink, tint, detail = theme.Muted, theme.Muted, o.Off
	}
	text := []fyne.CanvasObject{shape.NewBoldProse(t, o.Title, theme.Body, ink)}
	if detail != "" {
		text = append(text, shape.NewProse(t, detail, theme.Small, theme.Muted))
	}
	if o.Tag != "" {
		text = append(text, shape.NewProse(t, o.Tag, theme.Small, tagRole(o.Tone)))
	}
	row := []fyne.CanvasObject{shape.Box(shape.Column{Gap: w.gap(theme.Hair)}, text...)}
	if theme.HasIcon(o.Icon) {
		row = append([]fyne.CanvasObject{shape.Icon(t, o.Icon, tint, t.Mark(theme.Title))}, row...)
	}
	return shape.Box(tall{t.Control() * 1.5}, ground, shape.Box(shape.Pad(w.gap(theme.Even)),
		shape.Box(centreY{}, shape.Box(shape.Row{Gap: w.gap(theme.Even), Grow: len(row) - 1}, row...))))
}
