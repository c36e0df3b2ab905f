package paper

import (
	"image/color"

	"github.com/boombuler/barcode"
	"github.com/boombuler/barcode/qr"

	"motcua"
)

// quiet is the white border a reader needs, in modules (ISO/IEC 18004 section
// 5.3.8).
const quiet = 4

// qrLimit is the longest text a square of 30 mm holds with modules a phone can
// still read, in bytes.
const qrLimit = 300

// qr draws text as vector squares of one module each: no image object, and
// sharp at every resolution. The symbol with its border fills side; dot, when
// not zero, makes the module a whole number of printer dots of that length.
// It returns the side that was used.
func (s *sheet) qr(x, y, side, dot float64, text string) float64 {
	if len(text) > qrLimit {
		s.fail(motcua.BadInput, "the QR text is too long")
		return 0
	}
	code, err := qr.Encode(text, qr.M, qr.Auto)
	if err != nil {
		s.fail(motcua.BadInput, "the QR text cannot be encoded")
		return 0
	}
	n := code.Bounds().Dx()
	module := side / float64(n+2*quiet)
	if dots := float64(int(module / dot)); dot > 0 && dots >= 1 {
		module = dots * dot
	}
	s.SetFillColor(0, 0, 0)
	for row := range n {
		s.qrRow(code, row, x+quiet*module, y+(quiet+float64(row))*module, module)
	}
	return module * float64(n+2*quiet)
}

// qrRow draws each run of dark modules as one rectangle.
func (s *sheet) qrRow(code barcode.Barcode, row int, x, y, module float64) {
	n := code.Bounds().Dx()
	dark := func(col int) bool { return code.At(col, row) == color.Black }
	for col := 0; col < n; col++ {
		start := col
		for col < n && dark(col) {
			col++
		}
		if col > start {
			s.Rect(x+float64(start)*module, y, float64(col-start)*module, module, "F")
		}
	}
}
