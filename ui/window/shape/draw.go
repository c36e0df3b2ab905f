package shape

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"motcua/ui/window/theme"
)

// Sized holds an object at a fixed size.
type Sized struct{ W, H float32 }

// Layout places the objects.
func (s Sized) Layout(objs []fyne.CanvasObject, _ fyne.Size) {
	for _, o := range objs {
		place(o, 0, 0, s.W, s.H)
	}
}

// MinSize is the fixed size.
func (s Sized) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(s.W, s.H) }

// HeightFor is the fixed height.
func (s Sized) HeightFor([]fyne.CanvasObject, float32) float32 { return s.H }

// Centre places objects in the middle at their smallest size.
type Centre struct{}

// Layout places the objects.
func (Centre) Layout(objs []fyne.CanvasObject, size fyne.Size) {
	for _, o := range objs {
		m := o.MinSize()
		place(o, (size.Width-m.Width)/2, (size.Height-m.Height)/2, m.Width, m.Height)
	}
}

// MinSize is the largest object.
func (Centre) MinSize(objs []fyne.CanvasObject) fyne.Size { return Inset{}.MinSize(objs) }

// Icon is a drawn sign of side pixels; an unknown name leaves the room empty.
func Icon(t *theme.Theme, name string, r theme.Role, side float32) fyne.CanvasObject {
	return image(t.Mono(name, r), side, side)
}

// Picture is a drawn picture by name, w by h pixels.
func Picture(t *theme.Theme, name string, w, h float32) fyne.CanvasObject {
	return image(t.Picture(name), w, h)
}

func image(res fyne.Resource, w, h float32) fyne.CanvasObject {
	if res == nil {
		return Box(Sized{w, h})
	}
	img := canvas.NewImageFromResource(res)
	img.FillMode = canvas.ImageFillContain
	return Box(Sized{w, h}, img)
}

// Fill is a plain ground.
func Fill(t *theme.Theme, r theme.Role) *canvas.Rectangle { return canvas.NewRectangle(t.Of(r)) }

// Rounded is a ground with the corner radius.
func Rounded(t *theme.Theme, r theme.Role) *canvas.Rectangle {
	o := Fill(t, r)
	o.CornerRadius = theme.Radius
	return o
}

// Card is the ground of what lies on the canvas: surface and one hairline.
func Card(t *theme.Theme) *canvas.Rectangle {
	o := Rounded(t, theme.Surface)
	o.StrokeColor, o.StrokeWidth = t.Of(theme.Line), theme.Stroke
	return o
}

// Rule is a hairline across.
func Rule(t *theme.Theme) fyne.CanvasObject {
	return Box(thick{h: theme.Stroke}, Fill(t, theme.Line))
}

// Upright is a hairline from top to bottom.
func Upright(t *theme.Theme) fyne.CanvasObject {
	return Box(thick{w: theme.Stroke}, Fill(t, theme.Line))
}

// Gap is empty room.
func Gap(w, h float32) fyne.CanvasObject { return Box(Sized{w, h}) }

// thick fills what it is given and asks for w or h.
type thick struct{ w, h float32 }

func (k thick) Layout(objs []fyne.CanvasObject, size fyne.Size) {
	for _, o := range objs {
		place(o, 0, 0, size.Width, size.Height)
	}
}

func (k thick) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(k.w, k.h) }

func (k thick) HeightFor([]fyne.CanvasObject, float32) float32 { return k.h }
