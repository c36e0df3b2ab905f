package shape

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
)

// Pane shows a tall object and scrolls it. It keeps its place when the object
// is exchanged.
type Pane struct {
	widget.BaseWidget
	scroll *container.Scroll
	holder *holder
	// Fit is told the height there is before the content is measured, so that
	// a list inside can take what is left.
	Fit func(width, height float32)
}

// NewPane makes an empty pane.
func NewPane() *Pane {
	p := &Pane{holder: newHolder()}
	p.scroll = container.NewVScroll(p.holder)
	p.ExtendBaseWidget(p)
	return p
}

// Set shows another object; Top begins at its top.
func (p *Pane) Set(o fyne.CanvasObject, top bool) {
	p.holder.content = o
	p.lay(p.Size())
	if top {
		p.scroll.ScrollToTop()
	}
}

func (p *Pane) lay(size fyne.Size) {
	if p.Fit != nil {
		p.Fit(size.Width, size.Height)
	}
	p.holder.width = size.Width
	place(p.scroll, 0, 0, size.Width, size.Height)
	p.holder.Resize(p.holder.MinSize().Max(size))
	p.holder.Refresh()
	p.scroll.Refresh()
}

// Reveal scrolls as little as is needed to see o, which lies in the pane.
func (p *Pane) Reveal(o fyne.CanvasObject, margin float32) {
	d := fyne.CurrentApp().Driver()
	at := d.AbsolutePositionForObject(o).Subtract(d.AbsolutePositionForObject(p.holder))
	if at.X < 0 || at.X >= p.holder.Size().Width || at.Y < 0 || at.Y > p.holder.Size().Height {
		return // not in this pane
	}
	y := at.Y
	top, bottom := y-margin, y+o.Size().Height+margin
	off := p.scroll.Offset.Y
	switch {
	case top < off:
		off = max(0, top)
	case bottom > off+p.Size().Height:
		off = min(bottom-p.Size().Height, top)
	default:
		return
	}
	p.scroll.ScrollToOffset(fyne.NewPos(0, off))
}

// Offset is how far it is scrolled.
func (p *Pane) Offset() float32 { return p.scroll.Offset.Y }

// MinSize is small: a pane takes what it is given.
func (p *Pane) MinSize() fyne.Size { return fyne.NewSize(1, 1) }

// CreateRenderer draws the scroll.
func (p *Pane) CreateRenderer() fyne.WidgetRenderer { return &paneRenderer{p} }

type paneRenderer struct{ *Pane }

func (r *paneRenderer) Destroy()                     {}
func (r *paneRenderer) MinSize() fyne.Size           { return r.Pane.MinSize() }
func (r *paneRenderer) Layout(size fyne.Size)        { r.lay(size) }
func (r *paneRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.scroll} }
func (r *paneRenderer) Refresh()                     { r.lay(r.Size()) }

// holder is as high as its content needs at the pane's width.
type holder struct {
	widget.BaseWidget
	content fyne.CanvasObject
	width   float32
}

func newHolder() *holder {
	h := &holder{content: Gap(0, 0)}
	h.ExtendBaseWidget(h)
	return h
}

func (h *holder) MinSize() fyne.Size { return fyne.NewSize(0, HeightFor(h.content, h.width)) }

func (h *holder) CreateRenderer() fyne.WidgetRenderer { return &holderRenderer{h} }

type holderRenderer struct{ *holder }

func (r *holderRenderer) Destroy()              {}
func (r *holderRenderer) MinSize() fyne.Size    { return r.holder.MinSize() }
func (r *holderRenderer) Layout(size fyne.Size) { place(r.content, 0, 0, size.Width, size.Height) }
func (r *holderRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.content}
}

func (r *holderRenderer) Refresh() {
	r.Layout(r.Size())
	r.content.Refresh()
}
