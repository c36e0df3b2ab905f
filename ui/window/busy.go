package window

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"motcua/ui/window/shape"
	"motcua/ui/window/theme"
)

// busy is a bar on which a piece goes slowly to and fro: something is under
// way and its end is not known.
type busy struct {
	widget.BaseWidget
	look  *theme.Theme
	back  *canvas.Rectangle
	piece *canvas.Rectangle
	at    float32
	anim  *fyne.Animation
}

func newBusy(t *theme.Theme) *busy {
	b := &busy{look: t, back: shape.Fill(t, theme.Track), piece: shape.Fill(t, theme.Action)}
	b.anim = fyne.NewAnimation(2*time.Second, func(f float32) { b.at = f; b.lay(b.Size()) })
	b.anim.AutoReverse, b.anim.RepeatCount = true, fyne.AnimationRepeatForever
	b.ExtendBaseWidget(b)
	return b
}

func (b *busy) high() float32 { return b.look.Gap(theme.Hair) }

func (b *busy) lay(size fyne.Size) {
	h := b.high()
	b.back.CornerRadius, b.piece.CornerRadius = h/2, h/2
	put(b.back, 0, 0, size.Width, h)
	w := size.Width / 4
	put(b.piece, (size.Width-w)*b.at, 0, w, h)
}

func (b *busy) MinSize() fyne.Size { return fyne.NewSize(0, b.high()) }

func (b *busy) HeightFor(float32) float32 { return b.high() }

func (b *busy) CreateRenderer() fyne.WidgetRenderer {
	b.anim.Start()
	return &busyRenderer{b}
}

type busyRenderer struct{ *busy }

func (r *busyRenderer) Destroy()              { r.anim.Stop() }
func (r *busyRenderer) MinSize() fyne.Size    { return r.busy.MinSize() }
func (r *busyRenderer) Layout(size fyne.Size) { r.lay(size) }
func (r *busyRenderer) Refresh()              { r.lay(r.Size()) }
func (r *busyRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.back, r.piece}
}
