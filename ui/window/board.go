package window

import (
	"fyne.io/fyne/v2"

	"motcua/ui/screen"
	"motcua/ui/window/shape"
	"motcua/ui/window/theme"
)

// board arranges the technician's page: a card for each device, the quiet line
// below.
type board struct {
	w      *Window
	ground *ground
	page   *shape.Pane
	bar    *fyne.Container
	quiet  *fyne.Container
	acts   bool
}

func newBoard(w *Window) *board {
	return &board{w: w, ground: newGround(w), page: shape.NewPane(), bar: shape.Box(shape.Inset{}), quiet: shape.Box(shape.Inset{})}
}

func (b *board) root() fyne.CanvasObject {
	return &fyne.Container{Layout: b, Objects: []fyne.CanvasObject{b.ground, b.page, b.bar, b.quiet}}
}

func (b *board) reveal(o fyne.CanvasObject) { b.page.Reveal(o, b.w.gap(theme.Even)) }

func (b *board) draw(s screen.Screen, fresh bool) {
	w := b.w
	set(b.quiet, w.pool.piece("quiet", s.Status, func() fyne.CanvasObject { return w.quiet(s.Status) }))
	b.acts = len(s.Actions) > 0
	set(b.bar, w.foot(s, 2*w.look.Page()))
	parts := []fyne.CanvasObject{w.heading(s.Title, s.Lead)}
	if s.Notice != nil {
		parts = append(parts, w.notice("page", s.Notice))
	}
	var cards []fyne.CanvasObject
	for _, sec := range s.Sections {
		cards = append(cards, w.pool.piece("device/"+sec.Key, sec, func() fyne.CanvasObject { return w.device(sec) }))
	}
	parts = append(parts, shape.Box(shape.Grid{Least: w.look.Device(), Most: 3, Gap: w.gap(theme.Even)}, cards...))
	body := shape.Box(shape.Pad(w.gap(theme.Wide)), shape.Box(shape.Column{Gap: w.gap(theme.Even)}, parts...))
	b.Layout(nil, b.ground.Size())
	b.page.Set(body, fresh)
	w.listen()
	b.bar.Refresh()
	b.quiet.Refresh()
}

// device is one card: name, state in words, facts, what to do, one test.
func (w *Window) device(sec screen.Section) fyne.CanvasObject {
	t := w.look
	icon := sec.Key
	if !theme.HasIcon(icon) {
		icon = "settings"
	}
	name := shape.Box(shape.Row{Gap: w.gap(theme.Near), Grow: 1},
		shape.Icon(t, icon, theme.Ink, t.Mark(theme.Lead)), shape.NewBoldProse(t, sec.Title, theme.Lead, theme.Ink))
	parts := []fyne.CanvasObject{name}
	if sec.Summary != "" {
		parts = append(parts, shape.Box(shape.Row{Gap: w.gap(theme.Tight), Grow: 1, Top: true},
			shape.Icon(t, sign(sec.Tone), role(sec.Tone), t.Mark(theme.Body)), shape.NewBoldProse(t, sec.Summary, theme.Body, role(sec.Tone))))
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
	return shape.Box(shape.Inset{}, shape.Card(t), shape.Box(shape.Pad(w.gap(theme.Even)), shape.Box(shape.Column{Gap: w.gap(theme.Near)}, parts...)))
}

// MinSize leaves the size to the person.
func (b *board) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(480, 320) }

// Layout places the parts.
func (b *board) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	if size.Width <= 0 {
		return
	}
	put(b.ground, 0, 0, size.Width, size.Height)
	low := shape.HeightFor(b.quiet, size.Width)
	put(b.quiet, 0, size.Height-low, size.Width, low)
	bar := float32(0)
	if b.acts {
		bar = shape.HeightFor(b.bar, size.Width)
	}
	put(b.bar, 0, size.Height-low-bar, size.Width, bar)
	put(b.page, 0, 0, size.Width, size.Height-low-bar)
}
