package paper

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"math"
	"strings"
	"testing"

	"motcua"
)

// TestEveryLetterShowsOnPaper renders letters through gofpdf and poppler: each
// leaves ink, unlike the box or blank of a letter the face lacks, and unlike
// each other. Extracting the text would not notice.
func TestEveryLetterShowsOnPaper(t *testing.T) {
	for _, style := range []string{"", "B", "I"} {
		letters := []rune("ởẩỗữặƯợĐắẫĩ\uE000")
		s := newSheet(20*float64(len(letters)), 30, at(8, 0, 1, 1, 2026), "", ",B,I")
		s.font(style, 36)
		for i, r := range letters {
			s.Text(20*float64(i)+4, 20, string(r))
		}
		d, err := s.finish()
		if err != nil {
			t.Fatal(err)
		}
		img := picture(t, d, 1, 127) // 5 pixels a millimetre
		seen := map[string]rune{}
		for i, r := range letters {
			ink, dots := cell(img, 100*i)
			if r != '\uE000' && dots < 100 {
				t.Errorf("style %q: %c leaves %d dots", style, r, dots)
			}
			if other, dup := seen[ink]; dup {
				t.Errorf("style %q: %c looks like %c", style, r, other)
			}
			seen[ink] = r
		}
	}
}

func cell(img image.Image, x0 int) (ink string, dots int) {
	var b strings.Builder
	for y := range img.Bounds().Dy() {
		for x := x0; x < x0+100; x++ {
			if dark(img, x, y) {
				b.WriteByte('#')
				dots++
			} else {
				b.WriteByte(' ')
			}
		}
	}
	return b.String(), dots
}

// TestTicketIsAsHighAsItsText: a line more makes the page a line higher, and
// the last line stands a margin above the end.
func TestTicketIsAsHighAsItsText(t *testing.T) {
	short := sampleTicket()
	long := sampleTicket()
	long.Notes = append(long.Notes, strings.Repeat("Mang theo thẻ căn cước và giấy tờ gốc để đối chiếu. ", 3))
	var heights []float64
	for _, tk := range []Ticket{short, long} {
		d, err := DrawTicket(tk)
		if err != nil {
			t.Fatal(err)
		}
		img := picture(t, d, 1, 203)
		last := 0
		for y := range img.Bounds().Dy() {
			for x := range img.Bounds().Dx() {
				if dark(img, x, y) {
					last = y
				}
			}
		}
		h := float64(img.Bounds().Dy())
		heights = append(heights, h)
		if blank := (h - float64(last)) / 203 * 25.4; blank < rollMargin-0.5 || blank > rollMargin+3 {
			t.Errorf("%.1f mm are blank at the end", blank)
		}
		for _, b := range boxes(t, d) {
			if b.xMin < rollMargin-0.3 || b.xMax > rollWidth-rollMargin+0.3 {
				t.Errorf("%q stands outside the printing head", b.text)
			}
		}
	}
	if heights[1] <= heights[0] {
		t.Error("a longer ticket is not higher")
	}
}

func TestTicketQRFitsTheDots(t *testing.T) {
	d, err := DrawTicket(sampleTicket())
	if err != nil {
		t.Fatal(err)
	}
	path := file(t, d)
	tool(t, "pdftoppm", "-r", "203", "-gray", "-png", "-singlefile", path, path)
	if got := strings.TrimSpace(string(tool(t, "zbarimg", "-q", "--raw", path+".png"))); got != sampleTicket().QR {
		t.Errorf("read %q", got)
	}
	s := newSheet(80, 80, sampleTicket().At, "", "")
	modules := s.qr(0, 0, 32, rollDot, "A 012") / rollDot
	if math.Abs(modules-math.Round(modules)) > 1e-6 {
		t.Errorf("the symbol is %v dots wide", modules)
	}
}

func TestTicketRefuses(t *testing.T) {
	for _, spoil := range []func(*Ticket){
		func(k *Ticket) { k.Number = "" }, func(k *Ticket) { k.Notes = make([]string, 21) },
		func(k *Ticket) { k.Service = strings.Repeat("a ", 999); k.Waiting = k.Service; k.Unit = k.Service },
	} {
		k := sampleTicket()
		spoil(&k)
		if _, err := DrawTicket(k); motcua.CodeOf(err) != motcua.BadInput {
			t.Error(err)
		}
	}
}

func pngOf(w, h int) []byte {
	img := image.NewNRGBA64(image.Rect(0, 0, w, h))
	for i := range min(w, h) {
		img.Set(i, i, color.NRGBA{0, 0, 200, 128})
	}
	var b bytes.Buffer
	png.Encode(&b, img)
	return b.Bytes()
}

func TestStampIsItsField(t *testing.T) {
	for _, p := range [][]byte{nil, pngOf(60, 30), pngOf(20, 90)} {
		d, err := DrawStamp(Stamp{Signer: "Nguyễn Vĩnh Nghĩa", Agency: "Ủy ban nhân dân phường Thử Nghiệm", W: 205, H: 62, Picture: p, At: at(16, 47, 23, 11, 2026)})
		if err != nil {
			t.Fatal(err)
		}
		got := flat(text(t, d))
		for _, want := range []string{"Nguyễn Vĩnh Nghĩa", "2026-11-23T16:47:00+07:00"} {
			if !strings.Contains(got, want) {
				t.Errorf("the stamp does not say %q", want)
			}
		}
		if size := string(tool(t, "pdfinfo", file(t, d))); !strings.Contains(size, "205 x 62 pts") {
			t.Errorf("the page is not the field: %s", size)
		}
	}
	for _, bad := range []Stamp{
		{Signer: strings.Repeat("dài ", 200), At: at(1, 1, 1, 1, 2026), W: 100, H: 30},
		{Signer: "A", At: at(1, 1, 1, 1, 2026), W: 100, H: 30, Picture: []byte("không phải ảnh")},
		{Signer: "A", At: at(1, 1, 1, 1, 2026), W: 10, H: 30},
	} {
		if _, err := DrawStamp(bad); motcua.CodeOf(err) != motcua.BadInput {
			t.Error(err)
		}
	}
}
