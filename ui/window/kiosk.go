package window

import (
	"fyne.io/fyne/v2"

	"motcua/ui/screen"
	"motcua/ui/window/shape"
	"motcua/ui/window/theme"
)

// kiosk arranges one question for somebody who stands: the time left along the
// top, the question, what to answer with, back at the lower left and help at
// the lower right.
type kiosk struct {
	w      *Window
	ground *ground
	left   *fyne.Container
	page   *shape.Pane
	bar    *fyne.Container
	body   fyne.CanvasObject
}

func newKiosk(w *Window) *kiosk {
	return &kiosk{w: w, ground: newGround(w), page: shape.NewPane(), left: shape.Box(shape.Inset{}), bar: shape.Box(shape.Inset{})}
}

func (k *kiosk) root() fyne.CanvasObject {
	return &fyne.Container{Layout: k, Objects: []fyne.CanvasObject{k.ground, k.page, k.bar, k.left}}
}

func (k *kiosk) reveal(o fyne.CanvasObject) { k.page.Reveal(o, k.w.gap(theme.Even)) }

func (k *kiosk) draw(s screen.Screen, fresh bool) {
	w := k.w
	left := shape.Gap(0, 0)
	if s.Left != nil {
		left = w.share(float32(s.Left.Part), theme.Action, w.gap(theme.Tight))
		if s.Left.Text != "" {
			left = shape.Box(shape.Column{Gap: w.gap(theme.Hair)}, left,
				shape.Box(shape.PadXY(k.side(w.canvas.Size().Width), 0), shape.NewProse(w.look, s.Left.Text, theme.Small, theme.Muted).Trailing()))
		}
	}
	set(k.left, left)
	set(k.bar, w.bar(s.Actions))
	k.body = w.pool.piece("question", question{s.Title, s.Lead, s.Sections, s.Notice, w.canvas.Size()}, func() fyne.CanvasObject { return k.question(s) })
	k.Layout(nil, k.ground.Size())
	k.page.Set(k.body, fresh)
	w.listen()
	k.bar.Refresh()
	k.left.Refresh()
}

// question is what the middle of the screen is made of; the time left and the
// actions change without it.
type question struct {
	title, lead string
	sections    []screen.Section
	notice      *screen.Notice
	size        fyne.Size
}

// side is the room at the left and right of the question.
func (k *kiosk) side(width float32) float32 {
	return max(k.w.gap(theme.Far), (width-k.w.look.Page())/2)
}

// wide says that the screen lies rather than stands.
func (k *kiosk) wide() bool {
	s := k.w.canvas.Size()
	return s.Width > s.Height
}

func (k *kiosk) question(s screen.Screen) fyne.CanvasObject {
	w := k.w
	t := w.look
	parts := []fyne.CanvasObject{shape.NewBoldProse(t, s.Title, theme.Title, theme.Ink)}
	if s.Lead != "" {
		parts = append(parts, shape.NewProse(t, s.Lead, theme.Lead, theme.Muted))
	}
	if s.Notice != nil {
		parts = append(parts, w.notice("page", s.Notice))
	}
	head := shape.Box(shape.Column{Gap: w.gap(theme.Hair)}, parts...)
	var blocks []fyne.CanvasObject
	aside := -1
	for _, sec := range s.Sections {
		if sec.Title != "" {
			blocks = append(blocks, shape.NewBoldProse(t, sec.Title, theme.Lead, theme.Ink))
		}
		for _, b := range sec.Blocks {
			if beside(b) && aside < 0 {
				aside = len(blocks)
			}
			blocks = append(blocks, w.block(b))
		}
		if sec.Notice != nil {
			blocks = append(blocks, w.notice("section/"+sec.Key, sec.Notice))
		}
		for _, a := range sec.Actions {
			blocks = append(blocks, shape.Box(wrap{w.gap(theme.Tight)}, w.button("section/"+sec.Key, a)))
		}
	}
	side, top := k.side(w.canvas.Size().Width), w.gap(theme.Even)
	if !k.wide() {
		top = w.gap(theme.Far)
	}
	return shape.Box(shape.PadXY(side, top), shape.Box(standing{gap: w.gap(theme.Even)}, head, k.spread(blocks, aside)))
}

// beside says that a block stands beside the others where the screen lies: the
// keys of a field, a picture.
func beside(b screen.Block) bool {
	switch b := b.(type) {
	case screen.Picture:
		return true
	case screen.Keypad:
		return !b.Letters
	}
	return false
}

func (k *kiosk) spread(blocks []fyne.CanvasObject, aside int) fyne.CanvasObject {
	gap := k.w.gap(theme.Even)
	if !k.wide() || aside < 0 || len(blocks) < 2 {
		return shape.Box(shape.Column{Gap: gap}, blocks...)
	}
	rest := append(append([]fyne.CanvasObject{}, blocks[:aside]...), blocks[aside+1:]...)
	first, second := fyne.CanvasObject(shape.Box(shape.Column{Gap: gap}, rest...)), blocks[aside]
	if aside == 0 {
		first, second = second, first
	}
	return shape.Box(shape.Grid{Least: 1, Most: 2, Gap: k.w.gap(theme.Far)}, first, second)
}

// standing places the question at the top and the answer in the middle of what
// is left.
type standing struct{ gap float32 }

func (l standing) HeightFor(objs []fyne.CanvasObject, width float32) float32 {
	return shape.Column{Gap: l.gap}.HeightFor(objs, width)
}

func (l standing) MinSize(objs []fyne.CanvasObject) fyne.Size {
	return shape.Column{Gap: l.gap}.MinSize(objs)
}

func (l standing) Layout(objs []fyne.CanvasObject, size fyne.Size) {
	head, body := shape.HeightFor(objs[0], size.Width), shape.HeightFor(objs[1], size.Width)
	put(objs[0], 0, 0, size.Width, head)
	free := size.Height - head - l.gap - body
	put(objs[1], 0, head+l.gap+max(0, free*0.45), size.Width, body)
}

// MinSize leaves the size to the screen.
func (k *kiosk) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(480, 320) }

// Layout places the parts.
func (k *kiosk) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	if size.Width <= 0 {
		return
	}
	w := k.w
	put(k.ground, 0, 0, size.Width, size.Height)
	put(k.left, 0, 0, size.Width, shape.HeightFor(k.left, size.Width))
	side := k.side(size.Width)
	pad := w.gap(theme.Even)
	bar := shape.HeightFor(k.bar, size.Width-2*side)
	put(k.bar, side, size.Height-pad-bar, size.Width-2*side, bar)
	top := w.gap(theme.Tight)
	put(k.page, 0, top, size.Width, size.Height-top-bar-pad)
}
