package window

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"motcua/ui/screen"
	"motcua/ui/window/shape"
	"motcua/ui/window/theme"
)

// counter arranges a page for an officer: the rail at the left, the page in
// the middle over its actions, the citizen's panel at the right, the quiet
// line at the bottom.
type counter struct {
	w       *Window
	ground  *ground
	rail    *shape.Pane
	page    *shape.Pane
	bar     *fyne.Container
	panel   *shape.Pane
	quiet   *fyne.Container
	body    fyne.CanvasObject
	tables  []*shape.List
	citizen bool
	acts    bool
}

func newCounter(w *Window) *counter {
	c := &counter{
		w: w, ground: newGround(w), page: shape.NewPane(), panel: shape.NewPane(),
		rail: shape.NewPane(), bar: shape.Box(shape.Inset{}), quiet: shape.Box(shape.Inset{}),
	}
	c.page.Fit = c.fit
	return c
}

func (c *counter) root() fyne.CanvasObject {
	return &fyne.Container{Layout: c, Objects: []fyne.CanvasObject{c.ground, c.page, c.bar, c.panel, c.rail, c.quiet}}
}

func (c *counter) draw(s screen.Screen, fresh bool) {
	w := c.w
	rail := w.pool.piece("rail", s.Rail, func() fyne.CanvasObject { return w.rail(s.Rail) })
	set(c.quiet, w.pool.piece("quiet", s.Status, func() fyne.CanvasObject { return w.quiet(s.Status) }))
	c.citizen = s.Aside != nil
	panel := shape.Gap(0, 0)
	if c.citizen {
		panel = w.pool.piece("aside", *s.Aside, func() fyne.CanvasObject { return w.panel(*s.Aside) })
	}
	c.acts = len(s.Actions) > 0
	set(c.bar, w.foot(s, w.broad(s)))
	c.body = w.sheet(s)
	c.tables = w.lists(s)
	// The places are right before the pages are measured in them.
	c.Layout(nil, c.ground.Size())
	c.rail.Set(rail, false)
	c.panel.Set(panel, fresh)
	c.page.Set(c.body, fresh)
	w.listen()
	for _, o := range []fyne.CanvasObject{c.bar, c.quiet} {
		o.Refresh()
	}
}

func set(c *fyne.Container, o fyne.CanvasObject) { c.Objects = []fyne.CanvasObject{o} }

func (c *counter) reveal(o fyne.CanvasObject) {
	c.page.Reveal(o, c.w.gap(theme.Even))
	c.rail.Reveal(o, 0)
}

// fit lets a lone table take the height that is left.
func (c *counter) fit(width, height float32) { fit(c.body, c.tables, width, height) }

func fit(body fyne.CanvasObject, tables []*shape.List, width, height float32) {
	if body == nil || len(tables) != 1 {
		return
	}
	t := tables[0]
	t.Most = 0
	over := shape.HeightFor(body, width) - height
	if over > 0 {
		t.Most = max(theme.Rows, t.Len()-int(over/t.RowHeight())-1)
	}
}

// MinSize leaves the size to the person.
func (c *counter) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(480, 320) }

// Layout places the parts.
func (c *counter) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	if size.Width <= 0 {
		return
	}
	t := c.w.look
	put(c.ground, 0, 0, size.Width, size.Height)
	low := shape.HeightFor(c.quiet, size.Width)
	high := size.Height - low
	put(c.quiet, 0, high, size.Width, low)
	left := t.Rail()
	put(c.rail, 0, 0, left, high)
	right := float32(0)
	if c.citizen {
		right = min(t.Aside(), size.Width*0.3)
	}
	put(c.panel, size.Width-right, 0, right, high)
	width := size.Width - left - right
	bar := float32(0)
	if c.acts {
		bar = shape.HeightFor(c.bar, width)
	}
	put(c.bar, left, high-bar, width, bar)
	put(c.page, left, 0, width, high-bar)
}

// ground is the canvas everything lies on. A tap on it is a sign of life.
type ground struct {
	widget.BaseWidget
	w *Window
}

func newGround(w *Window) *ground {
	g := &ground{w: w}
	g.ExtendBaseWidget(g)
	return g
}

// Tapped is a sign of life.
func (g *ground) Tapped(*fyne.PointEvent) { g.w.Touched() }

func (g *ground) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(shape.Fill(g.w.look, theme.Canvas))
}

// rail is where else one can go.
func (w *Window) rail(places []screen.Place) fyne.CanvasObject {
	t := w.look
	mark := shape.Box(tall{t.Control() * 1.6}, shape.Box(middle{}, shape.Icon(t, "door", theme.Seal, t.Mark(theme.Title))))
	objs := []fyne.CanvasObject{mark}
	for _, p := range places {
		objs = append(objs, w.place(p))
	}
	column := shape.Box(shape.Inset{Left: w.gap(theme.Tight), Right: w.gap(theme.Tight), Top: w.gap(theme.Tight)},
		shape.Box(shape.Column{Gap: w.gap(theme.Hair)}, objs...))
	return shape.Box(shape.Inset{}, shape.Fill(t, theme.Surface), shape.Box(edgeRight{}, shape.Fill(t, theme.Line)), column)
}

// edgeRight is a hairline along the right edge.
type edgeRight struct{}

func (edgeRight) Layout(objs []fyne.CanvasObject, size fyne.Size) {
	for _, o := range objs {
		put(o, size.Width-theme.Stroke, 0, theme.Stroke, size.Height)
	}
}
func (edgeRight) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.Size{} }

func (w *Window) place(p screen.Place) fyne.CanvasObject {
	t := w.look
	ink, ground := theme.Muted, shape.Rounded(t, theme.ActionWash)
	if p.Here {
		ink = theme.Action
	} else {
		ground.FillColor = nil
	}
	title := shape.NewProse(t, p.Title, theme.Small, ink).Centred()
	if p.Here {
		title = shape.NewBoldProse(t, p.Title, theme.Small, ink).Centred()
	}
	icon := shape.Box(middle{}, shape.Icon(t, p.Icon, ink, t.Mark(theme.Lead)))
	body := shape.Box(shape.PadXY(0, w.gap(theme.Tight)), shape.Box(shape.Column{Gap: w.gap(theme.Hair) / 2}, icon, title))
	layers := []fyne.CanvasObject{ground, body}
	if p.Count > 0 {
		layers = append(layers, shape.Box(corner{w.gap(theme.Hair)}, w.count(p.Count)))
	}
	o := w.press("rail/"+p.Action, p.Action)
	o.Still = p.Here
	action := screen.Action{Key: p.Action}
	o.Set(shape.Box(shape.Inset{}, layers...), func() { w.act(action) })
	return o
}

// count is the number beside a place.
func (w *Window) count(n int) fyne.CanvasObject {
	text := w.words.T("window.many")
	if n < 100 {
		text = itoa(n)
	}
	t := w.look
	ground := shape.Fill(t, theme.Action)
	label := shape.Bold(t, text, theme.Small, theme.OnAction)
	m := label.MinSize()
	ground.CornerRadius = m.Height / 2
	return shape.Box(pill{}, ground, label)
}

// pill is as high as its text and round at both ends.
type pill struct{}

func (pill) MinSize(objs []fyne.CanvasObject) fyne.Size {
	m := objs[1].MinSize()
	return fyne.NewSize(max(m.Height, m.Width+m.Height*0.6), m.Height)
}

func (p pill) Layout(objs []fyne.CanvasObject, size fyne.Size) {
	put(objs[0], 0, 0, size.Width, size.Height)
	m := objs[1].MinSize()
	put(objs[1], (size.Width-m.Width)/2, 0, m.Width, m.Height)
}

// corner places its object at the upper right.
type corner struct{ pad float32 }

func (c corner) Layout(objs []fyne.CanvasObject, size fyne.Size) {
	for _, o := range objs {
		m := o.MinSize()
		put(o, size.Width-m.Width-c.pad, c.pad, m.Width, m.Height)
	}
}
func (corner) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.Size{} }

// quiet is the line at the bottom: how each part of the desk is.
func (w *Window) quiet(lights []screen.Light) fyne.CanvasObject {
	t := w.look
	var objs, last []fyne.CanvasObject
	for _, l := range lights {
		if l.Key == "clock" {
			last = append(last, w.light(l))
		} else {
			objs = append(objs, w.light(l))
		}
	}
	row := shape.Box(ends{gap: w.gap(theme.Tight), lefts: len(objs)}, append(append(objs, last...), shape.Gap(0, 0))...)
	line := shape.Box(shape.PadXY(w.gap(theme.Near), w.gap(theme.Hair)), row)
	return shape.Box(shape.Inset{}, shape.Fill(t, theme.Surface), shape.Box(edgeTop{}, shape.Fill(t, theme.Line)), line)
}

// edgeTop is a hairline along the upper edge.
type edgeTop struct{}

func (edgeTop) Layout(objs []fyne.CanvasObject, size fyne.Size) {
	for _, o := range objs {
		put(o, 0, 0, size.Width, theme.Stroke)
	}
}
func (edgeTop) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.Size{} }

func (w *Window) light(l screen.Light) fyne.CanvasObject {
	t := w.look
	ink := theme.Muted
	if l.Tone == screen.Warn || l.Tone == screen.Bad {
		ink = role(l.Tone)
	}
	row := shape.Box(shape.PadXY(w.gap(theme.Tight), w.gap(theme.Hair)/2), shape.Box(middle{},
		shape.Box(shape.Row{Gap: w.gap(theme.Tight), Grow: -1}, w.lamp(l.Tone), shape.Text(t, l.Text, theme.Small, ink))))
	if l.Action == "" {
		return row
	}
	p := w.press("light/"+l.Key, l.Action)
	action := screen.Action{Key: l.Action}
	p.Set(row, func() { w.act(action) })
	return p
}

// lamp is round when all is well; a triangle or a cross says otherwise
// without its colour.
func (w *Window) lamp(tone screen.Tone) fyne.CanvasObject {
	t := w.look
	side := t.Mark(theme.Small)
	switch tone {
	case screen.Warn, screen.Bad:
		return shape.Icon(t, sign(tone), role(tone), side)
	}
	dot := shape.Fill(t, theme.Good)
	if tone != screen.Good {
		dot = shape.Fill(t, theme.Edge)
	}
	dot.CornerRadius = t.Dot() / 2
	return shape.Box(shape.Sized{W: side, H: side}, shape.Box(shape.Centre{}, shape.Box(shape.Sized{W: t.Dot(), H: t.Dot()}, dot)))
}
