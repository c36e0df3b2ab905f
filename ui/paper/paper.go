// Package paper draws what is printed: the receipt, the queue ticket and the
// visible block of a digital signature. It is the only room that knows gofpdf.
//
// Its inputs are plain values; it knows nothing of the store or of a flow. The
// same input gives the same bytes, so a document drawn again is the document
// that was signed. Measures are millimetres from the top left unless a name
// says points.
//
// Layout follows Phụ lục I of NĐ 30/2020/NĐ-CP where the form of TT
// 03/2025/TT-VPCP is silent.
package paper

import (
	"bytes"
	"fmt"
	"strings"
	"time"
	"unicode"

	"github.com/jung-kurt/gofpdf"
	"golang.org/x/text/unicode/norm"

	"motcua"
	"motcua/assets/fonts"
)

// Document is a drawn PDF.
type Document struct {
	PDF   []byte
	Pages int
	Sign  Place // where the visible signature belongs; zero when nowhere
}

// Place is a rectangle on a page in PDF points from the page's lower left
// corner, as a signature field wants it. Page counts from 1.
type Place struct {
	Page       int
	X, Y, W, H float64
}

// zone is the time of Vietnam, which knows no summer time.
var zone = time.FixedZone("+07", 7*60*60)

const (
	serif = "serif"
	// lead is the line height over the font size: single spacing.
	lead = 1.17
	mm   = 72 / 25.4 // points in a millimetre
)

// sheet is a document being drawn. The first fault sticks, and nothing is
// drawn after it.
type sheet struct {
	*gofpdf.Fpdf
	width, height            float64 // of the page
	left, top, right, bottom float64 // margins
	y                        float64 // where the next line's box begins
	style                    string
	size                     float64 // points
	fault                    error
	sign                     Place
	// turned is called after a page break has made a new page.
	turned func()
}

// newSheet starts a document whose dates are at, with the faces named in
// styles: each face costs 2 ms, so a ticket loads two and a receipt four.
func newSheet(width, height float64, at time.Time, title, styles string) *sheet {
	pdf := gofpdf.NewCustom(&gofpdf.InitType{UnitStr: "mm", Size: gofpdf.SizeType{Wd: width, Ht: height}})
	pdf.SetCatalogSort(true)
	pdf.SetCreationDate(at.In(zone))
	pdf.SetModificationDate(at.In(zone))
	pdf.SetProducer("Một Cửa", true)
	pdf.SetTitle(title, true)
	pdf.SetAutoPageBreak(false, 0)
	pdf.SetMargins(0, 0, 0)
	pdf.SetCellMargin(0)
	for _, style := range strings.Split(styles, ",") {
		// gofpdf writes padding behind the slice it is given.
		pdf.AddUTF8FontFromBytes(serif, style, bytes.Clone(faces[style]))
	}
	s := &sheet{Fpdf: pdf, width: width, height: height}
	pdf.AddPage()
	return s
}

var faces = map[string][]byte{
	"": fonts.SerifRegular, "B": fonts.SerifBold, "I": fonts.SerifItalic, "BI": fonts.SerifBoldItalic,
}

// finish ends the document.
func (s *sheet) finish() (Document, error) {
	if s.fault != nil {
		return Document{}, s.fault
	}
	pages := s.PageCount()
	var out bytes.Buffer
	if err := s.Output(&out); err != nil {
		return Document{}, motcua.Fail(motcua.Internal, "paper", err)
	}
	return Document{PDF: out.Bytes(), Pages: pages, Sign: s.sign}, nil
}

// font chooses the face ("", "B", "I", "BI") and the size in points.
func (s *sheet) font(style string, size float64) {
	s.style, s.size = style, size
	s.SetFont(serif, style, size)
}

// line is the height of a line in the current font.
func (s *sheet) line() float64 { return s.size * lead / mm }

// clean makes text fit to draw: composed letters, single spaces. A rune the
// faces cannot show is the fault PaperText: gofpdf would draw a blank.
func (s *sheet) clean(text string) string {
	text = strings.Join(strings.Fields(norm.NFC.String(text)), " ")
	for _, r := range text {
		if !drawable(r) {
			s.fail(motcua.PaperText, fmt.Sprintf("U+%04X has no glyph", r))
			return ""
		}
	}
	return text
}

func (s *sheet) fail(code motcua.Code, detail string) {
	if s.fault == nil {
		s.fault = motcua.Fail(code, detail, nil)
	}
}

// at draws text with its line's box at x, y.
func (s *sheet) at(x, y float64, text string) {
	s.Text(x, y+0.8*s.line(), text)
}

// centred draws one line of text around x and returns its width.
func (s *sheet) centred(x, y float64, text string) float64 {
	w := s.GetStringWidth(text)
	s.at(x-w/2, y, text)
	return w
}

// day writes a date as NĐ 30/2020 does: days below 10 and the months 1 and 2
// with a leading zero, so that no one can write a figure before them.
func day(t time.Time) string {
	t = t.In(zone)
	month := fmt.Sprint(int(t.Month()))
	if t.Month() <= time.February {
		month = "0" + month
	}
	return fmt.Sprintf("ngày %02d tháng %s năm %d", t.Day(), month, t.Year())
}

// moment writes hours and minutes before the day.
func moment(t time.Time) string {
	t = t.In(zone)
	return fmt.Sprintf("%02d giờ %02d phút, %s", t.Hour(), t.Minute(), day(t))
}

// dong writes an amount of money: 12000 is "12.000 đồng".
func dong(amount int64) string {
	digits := fmt.Sprint(amount)
	sign := ""
	if amount < 0 {
		sign, digits = "-", digits[1:]
	}
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "." + digits[i:]
	}
	return sign + digits + " đồng"
}

// upper is text in capitals; Vietnamese letters have one-rune capitals.
func upper(text string) string { return strings.Map(unicode.ToUpper, norm.NFC.String(text)) }
