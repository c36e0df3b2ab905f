package virtual

import (
	"bytes"
	"hash/fnv"
	"image"
	"image/color"
	"image/jpeg"
	"math"
	"math/rand/v2"

	"motcua"
)

// The size of the drawn portrait in pixels, three by four as on the card.
const (
	faceWidth  = 360
	faceHeight = 480
)

// portrait is the citizen's own picture or a drawn one.
func (c Citizen) portrait() ([]byte, error) {
	if c.Portrait != nil {
		return c.Portrait, nil
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, c.draw(), &jpeg.Options{Quality: 82}); err != nil {
		return nil, motcua.Fail(motcua.Internal, "the drawn portrait", err)
	}
	return out.Bytes(), nil
}

// shape is one flat piece of the drawing: where it is and its colour.
type shape struct {
	inside func(x, y float64) bool
	color  color.RGBA
}

func ellipse(cx, cy, rx, ry float64) func(x, y float64) bool {
	return func(x, y float64) bool {
		dx, dy := (x-cx)/rx, (y-cy)/ry
		return dx*dx+dy*dy <= 1
	}
}

func both(f, g func(x, y float64) bool) func(x, y float64) bool {
	return func(x, y float64) bool { return f(x, y) && g(x, y) }
}

func above(limit float64) func(x, y float64) bool {
	return func(_, y float64) bool { return y < limit }
}

func below(limit float64) func(x, y float64) bool {
	return func(_, y float64) bool { return y > limit }
}

// draw paints a friendly face, a little different for every number. Nobody
// looks like it.
func (c Citizen) draw() image.Image {
	h := fnv.New64a()
	h.Write([]byte(c.Number))
	r := rand.New(rand.NewPCG(h.Sum64(), 7))
	shapes := c.shapes(r)
	img := image.NewRGBA(image.Rect(0, 0, faceWidth, faceHeight))
	for y := range faceHeight {
		for x := range faceWidth {
			img.SetRGBA(x, y, grain(blend(shapes, x, y), r))
		}
	}
	return img
}

// blend averages four points of a pixel, so that edges are smooth.
func blend(shapes []shape, x, y int) [3]float64 {
	var sum [3]float64
	for i := range 4 {
		px, py := float64(x)+0.25+0.5*float64(i&1), float64(y)+0.25+0.5*float64(i>>1)
		col := backdrop(py)
		for _, s := range shapes {
			if s.inside(px, py) {
				col = s.color
			}
		}
		sum[0] += float64(col.R) / 4
		sum[1] += float64(col.G) / 4
		sum[2] += float64(col.B) / 4
	}
	return sum
}

func backdrop(y float64) color.RGBA {
	t := y / faceHeight
	return color.RGBA{uint8(214 - 40*t), uint8(230 - 34*t), uint8(244 - 26*t), 255}
}

// grain is the paper's: it also brings the file to a real portrait's size.
func grain(v [3]float64, r *rand.Rand) color.RGBA {
	n := r.NormFloat64() * 2.3
	clamp := func(f float64) uint8 { return uint8(math.Max(0, math.Min(255, f+n))) }
	return color.RGBA{clamp(v[0]), clamp(v[1]), clamp(v[2]), 255}
}

func (c Citizen) shapes(r *rand.Rand) []shape {
	wide, eye := 88+r.Float64()*12, 36+r.Float64()*6
	skin := color.RGBA{uint8(226 + r.IntN(20)), uint8(184 + r.IntN(20)), uint8(150 + r.IntN(20)), 255}
	shade := color.RGBA{skin.R - 22, skin.G - 24, skin.B - 24, 255}
	hair := color.RGBA{40, 32, 30, 255}
	if c.Issued.Year()-c.Birth.Year() >= 60 {
		hair = color.RGBA{168, 168, 172, 255}
	}
	white, ink := color.RGBA{252, 252, 250, 255}, color.RGBA{38, 30, 30, 255}
	lips, shirt := color.RGBA{190, 96, 92, 255}, color.RGBA{uint8(90 + r.IntN(150)), uint8(110 + r.IntN(120)), uint8(150 + r.IntN(100)), 255}
	const cx = faceWidth / 2
	var list []shape
	add := func(in func(x, y float64) bool, col color.RGBA) { list = append(list, shape{in, col}) }
	if c.Sex == "Nữ" {
		add(ellipse(cx, 240, wide+34, 190), hair)
	} else {
		add(ellipse(cx, 175, wide+14, 108), hair)
	}
	add(ellipse(cx, 520, 172, 150), shirt)
	add(both(ellipse(cx, 380, 50, 60), above(430)), white)
	add(both(ellipse(cx, 350, 36, 66), above(412)), shade)
	add(ellipse(cx-wide, 228, 16, 28), shade)
	add(ellipse(cx+wide, 228, 16, 28), shade)
	add(ellipse(cx, 225, wide, 122), skin)
	add(both(ellipse(cx, 180, wide+8, 96), above(142+r.Float64()*16)), hair)
	for _, side := range []float64{-1, 1} {
		x := cx + side*eye
		add(both(ellipse(x, 194, 24, 12), above(191)), hair)
		add(ellipse(x, 218, 17, 10), white)
		add(ellipse(x, 218, 8, 9), ink)
		add(ellipse(x+3, 215, 2.5, 2.5), white)
	}
	add(ellipse(cx, 252, 13, 18), shade)
	add(ellipse(cx, 247, 11, 18), skin)
	add(both(ellipse(cx, 282, 32, 20), below(286)), lips)
	add(both(ellipse(cx, 278, 28, 14), below(286)), white)
	return list
}
