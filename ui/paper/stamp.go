package paper

import (
	"bytes"
	"image"
	"image/draw"
	"image/png"
	"time"

	"github.com/jung-kurt/gofpdf"

	"motcua"
)

// Stamp is the visible block of a digital signature (NĐ 30/2020, Phụ lục I;
// field practice adds who, which agency, and the time to the second with its
// zone).
type Stamp struct {
	Signer string // needed
	Agency string
	At     time.Time
	W, H   float64 // points; the size of the signature field
	// Picture is the person's signature, blue on transparent, as PNG of at
	// most 2 million pixels; left out when empty. Seals are not drawn here.
	Picture []byte
}

// DrawStamp draws a document of one page of exactly W by H points, to be
// grafted into a signature field. The text shrinks to fit; BadInput is the
// fault when it cannot at 6 points.
func DrawStamp(t Stamp) (Document, error) {
	if t.Signer == "" || t.At.IsZero() || t.W < 60 || t.H < 20 || t.W > 1000 || t.H > 1000 {
		return Document{}, motcua.Fail(motcua.BadInput, "a stamp needs a name, a time and room", nil)
	}
	if err := bounded([]string{t.Signer, t.Agency}); err != nil {
		return Document{}, err
	}
	s := newSheet(t.W/mm, t.H/mm, t.At, "", ",B")
	const pad = 1.2
	b := block{x: pad, w: s.width - 2*pad}
	if len(t.Picture) > 0 {
		side := min(s.height-2*pad, s.width/3)
		s.picture(t.Picture, pad, (s.height-side)/2, side)
		b.x, b.w = b.x+side+pad, b.w-side-pad
	}
	spans := t.spans()
	size, need := 10.0, 0.0
	for ; size >= 6; size -= 0.5 {
		s.font("", size)
		need = 0
		for _, p := range spans {
			need += s.measure(b, p...)
		}
		if need <= s.height-2*pad {
			break
		}
	}
	if size < 6 {
		s.fail(motcua.BadInput, "the stamp is too small for its text")
	}
	s.SetDrawColor(0xA8, 0x20, 0x1A)
	s.SetLineWidth(0.3)
	s.Rect(0.3, 0.3, s.width-0.6, s.height-0.6, "D")
	s.y = (s.height - need) / 2
	for _, p := range spans {
		s.paragraph(b, p...)
	}
	return s.finish()
}

// spans is one paragraph for each thing the block says.
func (t *Stamp) spans() [][]span {
	all := [][]span{{{"Ký bởi: ", ""}, {t.Signer, "B"}}}
	if t.Agency != "" {
		all = append(all, []span{{"Cơ quan: ", ""}, {t.Agency, ""}})
	}
	return append(all, []span{{"Thời gian ký: ", ""}, {t.At.In(zone).Format("2006-01-02T15:04:05-07:00"), ""}})
}

// picture draws a PNG into a square, keeping its proportions. It is decoded
// and encoded again, so that gofpdf's reader sees only what ours has written.
func (s *sheet) picture(file []byte, x, y, side float64) {
	c, err := png.DecodeConfig(bytes.NewReader(file))
	if err != nil || c.Width <= 0 || c.Height <= 0 || c.Width > 2_000_000/c.Height {
		s.fail(motcua.BadInput, "the signature's picture")
		return
	}
	img, err := png.Decode(bytes.NewReader(file))
	if err != nil {
		s.fail(motcua.BadInput, "the signature's picture")
		return
	}
	var clean bytes.Buffer
	if err := png.Encode(&clean, eightBit(img)); err != nil {
		s.fail(motcua.BadInput, "the signature's picture")
		return
	}
	opts := gofpdf.ImageOptions{ImageType: "PNG"}
	s.RegisterImageOptionsReader("signature", opts, &clean)
	w, h := side, side
	if c.Width > c.Height {
		h = side * float64(c.Height) / float64(c.Width)
	} else {
		w = side * float64(c.Width) / float64(c.Height)
	}
	s.ImageOptions("signature", x+(side-w)/2, y+(side-h)/2, w, h, false, opts, 0, "")
}

// eightBit is the picture with straight alpha and eight bits a channel, the
// one kind of PNG with transparency gofpdf reads.
func eightBit(img image.Image) image.Image {
	out := image.NewNRGBA(image.Rect(0, 0, img.Bounds().Dx(), img.Bounds().Dy()))
	draw.Draw(out, out.Bounds(), img, img.Bounds().Min, draw.Src)
	return out
}
