package theme

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/software"
	"fyne.io/fyne/v2/test"
)

// pairs are the texts and grounds that meet on a screen, with what WCAG 2.2
// asks of them: 4.5 for text, 3 for what is only a shape.
var pairs = []struct {
	over, under Role
	shape       bool
}{
	{over: Ink, under: Canvas}, {over: Ink, under: Surface}, {over: Ink, under: ActionWash}, {over: Ink, under: Hover},
	{over: Ink, under: GoodWash}, {over: Ink, under: WarnWash}, {over: Ink, under: BadWash},
	{over: Muted, under: Canvas}, {over: Muted, under: Surface}, {over: Muted, under: ActionWash}, {over: Muted, under: Hover},
	{over: Muted, under: WarnWash}, {over: Muted, under: BadWash}, {over: Muted, under: GoodWash},
	{over: Action, under: Canvas}, {over: Action, under: Surface}, {over: Action, under: ActionWash}, {over: Action, under: Hover},
	{over: OnAction, under: Action},
	{over: Good, under: Surface}, {over: Good, under: Canvas}, {over: Good, under: GoodWash}, {over: Good, under: ActionWash}, {over: Good, under: Hover},
	{over: Warn, under: Surface}, {over: Warn, under: Canvas}, {over: Warn, under: WarnWash}, {over: Warn, under: ActionWash}, {over: Warn, under: Hover},
	{over: Bad, under: Surface}, {over: Bad, under: Canvas}, {over: Bad, under: BadWash}, {over: Bad, under: ActionWash}, {over: Bad, under: Hover},
	{over: Seal, under: Surface},
	{over: Edge, under: Surface, shape: true}, {over: Edge, under: Canvas, shape: true}, {over: Action, under: Track, shape: true},
}

func TestEveryPairIsReadable(t *testing.T) {
	for _, mode := range []Mode{Light, Dark, Contrast} {
		th := New(mode, 1, false)
		for _, p := range pairs {
			want := 4.5
			if mode == Contrast {
				want = 7
			}
			if p.shape {
				want = 3
			}
			if got := Ratio(th.Of(p.over), th.Of(p.under)); got < want {
				t.Errorf("%s: role %d on %d has contrast %.2f, want %.1f", mode, p.over, p.under, got, want)
			}
		}
	}
}

func TestRatioEnds(t *testing.T) {
	if r := Ratio(hex(0), hex(0xFFFFFF)); r < 20.99 || r > 21.01 {
		t.Errorf("black on white is %.2f, want 21", r)
	}
	if r := Ratio(hex(0x777777), hex(0xFFFFFF)); r < 4.47 || r > 4.49 {
		t.Errorf("#777 on white is %.2f, want 4.48", r)
	}
}

func TestScaleStaysBetweenOneAndTwo(t *testing.T) {
	for in, want := range map[float32]float32{0: 1, 1: 1, 1.5: 1.5, 9: 2} {
		if got := New(Light, in, false).Scale; got != want {
			t.Errorf("scale %v became %v, want %v", in, got, want)
		}
	}
	if New("mauve", 1, false).Mode != Light {
		t.Error("an unknown mode is not Light")
	}
}

func TestEveryIconDrawsInk(t *testing.T) {
	test.NewTempApp(t)
	th := New(Light, 1, false)
	for _, n := range Icons() {
		res := th.Mono(n, Ink)
		wellFormed(t, n, res.Content())
		if ink(t, res) < 20 {
			t.Errorf("icon %q draws almost nothing", n)
		}
	}
	if th.Mono("no such icon", Ink) != nil {
		t.Error("an unknown icon is drawn")
	}
}

func TestEveryPictureDraws(t *testing.T) {
	test.NewTempApp(t)
	for name := range pictures {
		for _, mode := range []Mode{Light, Dark, Contrast} {
			res := New(mode, 1, true).Picture(name)
			wellFormed(t, name, res.Content())
			if ink(t, res) < 200 {
				t.Errorf("picture %q draws almost nothing", name)
			}
		}
	}
}

func wellFormed(t *testing.T, name string, svg []byte) {
	t.Helper()
	d := xml.NewDecoder(bytes.NewReader(svg))
	for {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			t.Errorf("%s: %v", name, err)
			return
		}
	}
}

// ink counts the pixels that an image changes on a blank canvas.
func ink(t *testing.T, res fyne.Resource) int {
	t.Helper()
	img := canvas.NewImageFromResource(res)
	img.FillMode = canvas.ImageFillContain
	c := software.NewCanvas()
	c.SetContent(img)
	c.Resize(fyne.NewSize(64, 64))
	shot := c.Capture()
	base := shot.At(0, 0)
	n := 0
	b := shot.Bounds()
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			if shot.At(x, y) != base {
				n++
			}
		}
	}
	return n
}
