package demo

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"math"
)

// portrait is a drawn head and shoulders, 240 by 320: nobody.
func portrait() []byte {
	const w, h = 240, 320
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			img.Set(x, y, shade(float64(x), float64(y)))
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		return nil // a buffer does not fail; without a portrait an outline is drawn
	}
	return b.Bytes()
}

func shade(x, y float64) color.Color {
	in := func(cx, cy, rx, ry float64) bool { return math.Hypot((x-cx)/rx, (y-cy)/ry) < 1 }
	switch {
	case in(120, 136, 46, 58) && !(y < 100 && in(120, 84, 62, 30)):
		return color.RGBA{0xE3, 0xBF, 0xA2, 0xFF}
	case in(120, 126, 62, 74) && y < 230:
		return color.RGBA{0x2B, 0x26, 0x24, 0xFF}
	case x > 100 && x < 140 && y > 180 && y < 226:
		return color.RGBA{0xD6, 0xAE, 0x90, 0xFF}
	case in(120, 330, 104, 112):
		return color.RGBA{0x4F, 0x6D, 0x8C, 0xFF}
	}
	return color.RGBA{0xDD, 0xE6, 0xEE, 0xFF}
}
