package fonts

import (
	"bytes"
	"image"
	"image/color"
	"testing"
	"unicode/utf8"

	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"golang.org/x/text/unicode/norm"
)

func faces() map[string][]byte {
	return map[string][]byte{
		"SerifRegular": SerifRegular, "SerifBold": SerifBold,
		"SerifItalic": SerifItalic, "SerifBoldItalic": SerifBoldItalic,
		"SansRegular": SansRegular, "SansBold": SansBold,
	}
}

// ink draws r at 40 pixels and returns the picture: what an eye would see,
// which neither the character map nor the extracted text proves.
func ink(t *testing.T, face font.Face, r rune) []byte {
	t.Helper()
	img := image.NewGray(image.Rect(0, 0, 60, 80))
	d := font.Drawer{Dst: img, Src: image.NewUniform(color.White), Face: face, Dot: fixed.P(10, 55)}
	d.DrawString(string(r))
	return img.Pix
}

func TestVietnameseIsComplete(t *testing.T) {
	if n := utf8.RuneCountInString(Vietnamese); n != 134 {
		t.Fatalf("%d letters, want 134", n)
	}
	seen := map[rune]bool{}
	for _, r := range Vietnamese {
		if seen[r] {
			t.Errorf("%c is listed twice", r)
		}
		seen[r] = true
	}
	if !norm.NFC.IsNormalString(Vietnamese) {
		t.Error("the list is not in NFC")
	}
}

// TestEveryLetterHasInk holds the trap of Liberation 1.x shut: each letter has
// a glyph, and the glyph drawn is neither blank nor the box of .notdef.
func TestEveryLetterHasInk(t *testing.T) {
	for name, ttf := range faces() {
		f, err := opentype.Parse(ttf)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		face, err := opentype.NewFace(f, &opentype.FaceOptions{Size: 40, DPI: 72})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		box, blank := ink(t, face, '\uE000'), make([]byte, 60*80)
		if bytes.Equal(box, blank) {
			t.Logf("%s: .notdef is blank", name)
		}
		var buf sfnt.Buffer
		for _, r := range Vietnamese + "0123456789.,:;/-…–()" {
			if g, err := f.GlyphIndex(&buf, r); err != nil || g == 0 {
				t.Errorf("%s has no glyph for %c", name, r)
				continue
			}
			if p := ink(t, face, r); bytes.Equal(p, blank) || bytes.Equal(p, box) {
				t.Errorf("%s draws nothing for %c", name, r)
			}
		}
	}
}

// TestLettersDifferByTheirMarks: a face that dropped the marks would pass a
// test of presence and fail a citizen.
func TestLettersDifferByTheirMarks(t *testing.T) {
	for name, ttf := range faces() {
		f, err := opentype.Parse(ttf)
		if err != nil {
			t.Fatal(err)
		}
		face, _ := opentype.NewFace(f, &opentype.FaceOptions{Size: 40, DPI: 72})
		seen := map[string]rune{}
		for _, r := range Vietnamese + "aeiouydAEIOUYD" {
			p := string(ink(t, face, r))
			if other, dup := seen[p]; dup {
				t.Errorf("%s draws %c like %c", name, r, other)
			}
			seen[p] = r
		}
	}
}

func TestFiguresShareOneWidth(t *testing.T) {
	for name, ttf := range faces() {
		f, err := opentype.Parse(ttf)
		if err != nil {
			t.Fatal(err)
		}
		face, _ := opentype.NewFace(f, &opentype.FaceOptions{Size: 40, DPI: 72})
		want, _ := face.GlyphAdvance('0')
		for r := '1'; r <= '9'; r++ {
			if got, _ := face.GlyphAdvance(r); got != want {
				t.Errorf("%s: %c is %v wide, 0 is %v", name, r, got, want)
			}
		}
	}
}

func TestFilesAreSmall(t *testing.T) {
	for name, ttf := range faces() {
		if len(ttf) == 0 || len(ttf) > 900<<10 {
			t.Errorf("%s has %d bytes", name, len(ttf))
		}
	}
}
