// Package shape holds the layouts and primitives that pages are made of: a
// column, a row, a grid, a paragraph, something to press, something to scroll.
//
// A paragraph's height follows from its width, which Fyne's own layouts do not
// ask about. Here everything that can answers HeightFor, so that one pass from
// top to bottom places a page without clipping a line.
package shape

import (
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
)

// Tall is an object whose height follows from its width.
type Tall interface{ HeightFor(width float32) float32 }

// Flow is a layout whose height follows from its width.
type Flow interface {
	fyne.Layout
	HeightFor(objs []fyne.CanvasObject, width float32) float32
}

// HeightFor is the height o needs when it is width pixels wide.
func HeightFor(o fyne.CanvasObject, width float32) float32 {
	if !o.Visible() {
		return 0
	}
	if t, ok := o.(Tall); ok {
		return t.HeightFor(width)
	}
	if c, ok := o.(*fyne.Container); ok {
		if f, ok := c.Layout.(Flow); ok {
			return f.HeightFor(c.Objects, width)
		}
	}
	return o.MinSize().Height
}

// Box puts objects under a layout.
func Box(l fyne.Layout, objs ...fyne.CanvasObject) *fyne.Container {
	return &fyne.Container{Layout: l, Objects: objs}
}

func place(o fyne.CanvasObject, x, y, w, h float32) {
	o.Move(fyne.NewPos(x, y))
	o.Resize(fyne.NewSize(w, h))
}

// Column stacks from top to bottom, each as wide as the column.
type Column struct{ Gap float32 }

// HeightFor is the sum of the heights and gaps.
func (c Column) HeightFor(objs []fyne.CanvasObject, width float32) float32 {
	h, n := float32(0), 0
	for _, o := range objs {
		if o.Visible() {
			h += HeightFor(o, width)
			n++
		}
	}
	return h + c.Gap*float32(max(0, n-1))
}

// Layout places the objects.
func (c Column) Layout(objs []fyne.CanvasObject, size fyne.Size) {
	y := float32(0)
	for _, o := range objs {
		if !o.Visible() {
			continue
		}
		h := HeightFor(o, size.Width)
		place(o, 0, y, size.Width, h)
		y += h + c.Gap
	}
}

// MinSize is the widest object and the sum of the heights.
func (c Column) MinSize(objs []fyne.CanvasObject) fyne.Size {
	s, n := fyne.Size{}, 0
	for _, o := range objs {
		if o.Visible() {
			m := o.MinSize()
			s.Width, s.Height = max(s.Width, m.Width), s.Height+m.Height
			n++
		}
	}
	s.Height += c.Gap * float32(max(0, n-1))
	return s
}

// lift raises words beside an icon: most letters are low, and their middle lies
// under the middle of the line.
const lift = 0.05

// Row places from left to right. The object at Grow takes what is left, the
// others their smallest width; -1 leaves the rest empty. Top aligns at the top
// edge instead of the middle.
type Row struct {
	Gap  float32
	Grow int
	Top  bool
}

func (r Row) widths(objs []fyne.CanvasObject, width float32) []float32 {
	ws, left, n := make([]float32, len(objs)), width, 0
	for i, o := range objs {
		if !o.Visible() {
			continue
		}
		n++
		if i != r.Grow {
			ws[i] = o.MinSize().Width
			left -= ws[i]
		}
	}
	left -= r.Gap * float32(max(0, n-1))
	if r.Grow >= 0 && r.Grow < len(objs) {
		ws[r.Grow] = max(0, left)
	}
	return ws
}

// HeightFor is the tallest object's height.
func (r Row) HeightFor(objs []fyne.CanvasObject, width float32) float32 {
	h := float32(0)
	for i, w := range r.widths(objs, width) {
		h = max(h, HeightFor(objs[i], w))
	}
	return h
}

// Layout places the objects.
func (r Row) Layout(objs []fyne.CanvasObject, size fyne.Size) {
	x := float32(0)
	for i, w := range r.widths(objs, size.Width) {
		o := objs[i]
		if !o.Visible() {
			continue
		}
		h, y := HeightFor(o, w), float32(0)
		if !r.Top {
			y = (size.Height - h) / 2
			if t, ok := o.(*canvas.Text); ok {
				y -= t.TextSize * lift
			}
		}
		place(o, x, float32(math.Round(float64(y))), w, h)
		x += w + r.Gap
	}
}

// MinSize is the sum of the widths and the tallest height.
func (r Row) MinSize(objs []fyne.CanvasObject) fyne.Size {
	s, n := fyne.Size{}, 0
	for _, o := range objs {
		if o.Visible() {
			m := o.MinSize()
			s.Width, s.Height = s.Width+m.Width, max(s.Height, m.Height)
			n++
		}
	}
	s.Width += r.Gap * float32(max(0, n-1))
	return s
}

// Inset leaves room around its objects, which lie over one another.
type Inset struct{ Top, Right, Bottom, Left float32 }

// Pad is the same room on all sides.
func Pad(all float32) Inset { return Inset{all, all, all, all} }

// PadXY is room at the sides and above and below.
func PadXY(x, y float32) Inset { return Inset{y, x, y, x} }

// HeightFor is the tallest object's height and the room.
func (p Inset) HeightFor(objs []fyne.CanvasObject, width float32) float32 {
	h := float32(0)
	for _, o := range objs {
		h = max(h, HeightFor(o, width-p.Left-p.Right))
	}
	return h + p.Top + p.Bottom
}

// Layout places the objects.
func (p Inset) Layout(objs []fyne.CanvasObject, size fyne.Size) {
	for _, o := range objs {
		place(o, p.Left, p.Top, max(0, size.Width-p.Left-p.Right), max(0, size.Height-p.Top-p.Bottom))
	}
}

// MinSize is the largest object and the room.
func (p Inset) MinSize(objs []fyne.CanvasObject) fyne.Size {
	s := fyne.Size{}
	for _, o := range objs {
		if o.Visible() {
			s = s.Max(o.MinSize())
		}
	}
	return s.AddWidthHeight(p.Left+p.Right, p.Top+p.Bottom)
}

// Grid has as many equal columns as fit when each is at least Least wide, at
// most Most when that is set. An object whose index is in Full takes a row.
type Grid struct {
	Least float32
	Most  int
	Gap   float32
	Full  map[int]bool
	Even  bool // rows of one height
}

type cell struct{ x, y, w, h float32 }

func (g Grid) cells(objs []fyne.CanvasObject, width float32) ([]cell, float32) {
	cols := int((width + g.Gap) / (g.Least + g.Gap))
	cols = max(1, min(cols, len(objs)))
	if g.Most > 0 {
		cols = min(cols, g.Most)
	}
	w := (width - g.Gap*float32(cols-1)) / float32(cols)
	out := make([]cell, len(objs))
	y, high, col, first := float32(0), float32(0), 0, 0
	close := func(end int) {
		for i := first; i < end; i++ {
			out[i].h = high
		}
		y, high, col, first = y+high+g.Gap, 0, 0, end
	}
	for i, o := range objs {
		if g.Full[i] && col > 0 || col == cols {
			close(i)
		}
		cw := w
		if g.Full[i] {
			cw = width
		}
		out[i] = cell{x: float32(col) * (w + g.Gap), y: y, w: cw}
		high = max(high, HeightFor(o, cw))
		col++
		if g.Full[i] {
			col = cols
		}
	}
	if len(objs) > 0 {
		close(len(objs))
	}
	y = max(0, y-g.Gap)
	if g.Even {
		y = level(out, g.Gap)
	}
	return out, y
}

// level makes all rows as high as the highest.
func level(cells []cell, gap float32) float32 {
	high, row, last := float32(0), -1, float32(-1)
	for _, c := range cells {
		high = max(high, c.h)
	}
	for i := range cells {
		if cells[i].y != last {
			row, last = row+1, cells[i].y
		}
		cells[i].y, cells[i].h = float32(row)*(high+gap), high
	}
	return float32(row+1)*high + float32(max(0, row))*gap
}

// HeightFor is the height of all rows.
func (g Grid) HeightFor(objs []fyne.CanvasObject, width float32) float32 {
	_, h := g.cells(objs, width)
	return h
}

// Layout places the objects.
func (g Grid) Layout(objs []fyne.CanvasObject, size fyne.Size) {
	cells, _ := g.cells(objs, size.Width)
	for i, c := range cells {
		place(objs[i], c.x, c.y, c.w, c.h)
	}
}

// MinSize is one column.
func (g Grid) MinSize(objs []fyne.CanvasObject) fyne.Size { return Column{g.Gap}.MinSize(objs) }
