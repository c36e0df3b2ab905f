package shape

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"motcua/ui/window/theme"
)

// listBody is the whole length of the list; it holds what is seen of it.
type listBody struct {
	widget.BaseWidget
	list *List
}

var (
	_ fyne.Tappable     = (*listBody)(nil)
	_ desktop.Hoverable = (*listBody)(nil)
)

func (b *listBody) MinSize() fyne.Size { return fyne.NewSize(0, float32(b.list.count)*b.list.high) }

func (b *listBody) at(y float32) int {
	i := int(y / b.list.high)
	if y < 0 || i >= b.list.count {
		return -1
	}
	return i
}

// Tapped picks the row.
func (b *listBody) Tapped(e *fyne.PointEvent) {
	b.list.keys.Touched()
	if i := b.at(e.Position.Y); i >= 0 {
		b.list.To(i)
		b.list.Pick()
	}
}

func (b *listBody) MouseIn(e *desktop.MouseEvent) { b.point(b.at(e.Position.Y)) }
func (b *listBody) MouseMoved(e *desktop.MouseEvent) {
	b.list.keys.Touched()
	b.point(b.at(e.Position.Y))
}
func (b *listBody) MouseOut() { b.point(-1) }

func (b *listBody) point(i int) {
	l := b.list
	if i == l.hover {
		return
	}
	delete(l.made, l.hover)
	delete(l.made, i)
	l.hover = i
	b.Refresh()
}

func (b *listBody) CreateRenderer() fyne.WidgetRenderer { return &bodyRenderer{listBody: b} }

type bodyRenderer struct {
	*listBody
	seen []fyne.CanvasObject
}

func (r *bodyRenderer) Destroy()                     {}
func (r *bodyRenderer) MinSize() fyne.Size           { return r.listBody.MinSize() }
func (r *bodyRenderer) Objects() []fyne.CanvasObject { return r.seen }

func (r *bodyRenderer) Layout(size fyne.Size) {
	l := r.list
	r.seen = r.seen[:0]
	if l.count == 0 || l.row == nil {
		return
	}
	first := max(0, int(l.scroll.Offset.Y/l.high))
	last := min(l.count, first+int(l.Size().Height/l.high)+2)
	for i := range l.made {
		if i < first || i >= last {
			delete(l.made, i)
		}
	}
	for i := first; i < last; i++ {
		row, ok := l.made[i]
		if !ok {
			row = l.dress(i)
			l.made[i] = row
		}
		place(row, 0, float32(i)*l.high, size.Width, l.high)
		r.seen = append(r.seen, row)
	}
}

func (r *bodyRenderer) Refresh() {
	r.Layout(r.Size())
	canvas.Refresh(r.listBody)
}

// barAt is a bar at the left edge.
type barAt struct{ w float32 }

func (b barAt) Layout(objs []fyne.CanvasObject, size fyne.Size) {
	for _, o := range objs {
		place(o, 0, 0, b.w, size.Height)
	}
}
func (b barAt) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.Size{} }

// atTop is a hairline along the upper edge.
type atTop struct{}

func (atTop) Layout(objs []fyne.CanvasObject, size fyne.Size) {
	for _, o := range objs {
		place(o, 0, 0, size.Width, theme.Stroke)
	}
}
func (atTop) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.Size{} }

// Share lays cells out side by side, each with its part of the width.
type Share struct {
	Parts []float32
	Gap   float32
	Side  float32 // room at the left and right edge
}

// Layout places the cells.
func (s Share) Layout(objs []fyne.CanvasObject, size fyne.Size) {
	sum := float32(0)
	for _, p := range s.Parts {
		sum += p
	}
	free := size.Width - 2*s.Side - s.Gap*float32(len(s.Parts)-1)
	x := s.Side
	for i, o := range objs {
		if i >= len(s.Parts) || sum <= 0 {
			break
		}
		w := free * s.Parts[i] / sum
		h := HeightFor(o, w)
		place(o, x, (size.Height-h)/2, w, h)
		x += w + s.Gap
	}
}

// MinSize is the tallest cell.
func (s Share) MinSize(objs []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(0, Inset{}.MinSize(objs).Height)
}

// HeightFor is the tallest cell.
func (s Share) HeightFor(objs []fyne.CanvasObject, _ float32) float32 {
	return Inset{}.MinSize(objs).Height
}
