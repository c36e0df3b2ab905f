package paper

import (
	"time"

	"motcua"
)

// Ticket is a queue number for a roll of 80 mm. Texts are Vietnamese; an empty
// one is left out.
type Ticket struct {
	Unit    string
	Number  string // "A 012"; needed
	Service string // what the person came for
	Counter string // "Quầy 3"
	Waiting string // "Có 4 người đang chờ trước"
	Notes   []string
	At      time.Time
	QR      string // at most 300 bytes
}

// The roll's measures: 80 mm wide, of which a head of 576 dots prints 72.
const (
	rollWidth  = 80
	rollMargin = 4
	rollDot    = 0.125 // at 203 dpi
	rollMax    = 400   // longest ticket
)

// DrawTicket draws the ticket on one page exactly as high as what is on it: a
// printer feeds the height the page asks for.
func DrawTicket(t Ticket) (Document, error) {
	texts := append([]string{t.Unit, t.Number, t.Service, t.Counter, t.Waiting}, t.Notes...)
	if t.Number == "" || t.At.IsZero() || len(t.Notes) > 20 {
		return Document{}, motcua.Fail(motcua.BadInput, "a ticket needs a number and a time", nil)
	}
	if err := bounded(texts); err != nil {
		return Document{}, err
	}
	height := t.draw(rollMax).y
	if height > rollMax {
		return Document{}, motcua.Fail(motcua.BadInput, "the ticket is too long", nil)
	}
	return t.draw(height).finish()
}

// draw draws onto a page of the height; afterwards y is the height needed.
func (t *Ticket) draw(height float64) *sheet {
	s := newSheet(rollWidth, height, t.At, "Phiếu số thứ tự "+t.Number, ",B")
	b := block{x: rollMargin, w: rollWidth - 2*rollMargin, centre: true, after: 1}
	s.y = rollMargin
	put := func(style string, size float64, text string) {
		if text != "" {
			s.font(style, size)
			s.paragraph(b, span{text, style})
		}
	}
	put("B", 12, upper(t.Unit))
	put("", 12, "Số thứ tự của Ông/Bà")
	put("B", 48, t.Number)
	put("B", 15, t.Counter)
	put("", 13, t.Service)
	put("", 13, t.Waiting)
	if t.QR != "" {
		const side = 32
		used := s.qr(-side, 0, side, rollDot, t.QR) // off the page, to learn its side
		s.qr((rollWidth-used)/2, s.y, side, rollDot, t.QR)
		s.y += used + 1
	}
	for _, note := range t.Notes {
		put("", 11, note)
	}
	put("", 11, moment(t.At))
	s.y += rollMargin
	return s
}
