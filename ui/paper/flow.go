package paper

import "strings"

// span is a piece of text in one style; an empty style is upright.
type span struct {
	text  string
	style string
}

// word is an unbreakable piece of a line with the space that follows it.
type word struct {
	span
	width float64
	space bool // a space follows
}

// words splits spans, and splits further any word wider than room: an address
// of electronic mail has no spaces.
func (s *sheet) words(spans []span, room float64) []word {
	var all []word
	for _, p := range spans {
		s.SetFontStyle(p.style)
		text := s.clean(p.text)
		if text == "" {
			continue
		}
		if n := len(all); n > 0 && strings.HasPrefix(p.text, " ") {
			all[n-1].space = true
		}
		for _, w := range strings.Split(text, " ") {
			for _, piece := range s.pieces(w, room) {
				all = append(all, word{span{piece, p.style}, s.GetStringWidth(piece), false})
			}
			all[len(all)-1].space = true
		}
		all[len(all)-1].space = strings.HasSuffix(p.text, " ")
	}
	s.SetFontStyle(s.style)
	return all
}

func (s *sheet) pieces(w string, room float64) []string {
	if s.GetStringWidth(w) <= room {
		return []string{w}
	}
	var all []string
	start := 0
	for i, r := range w {
		if i > start && s.GetStringWidth(w[start:i]+string(r)) > room {
			all, start = append(all, w[start:i]), i
		}
	}
	return append(all, w[start:])
}

// lines fills lines of at most room. A word without a space after it may be
// broken from the next only when it was too wide for a line by itself.
func (s *sheet) lines(all []word, room float64) [][]word {
	gap := s.GetStringWidth(" ")
	var out [][]word
	var line []word
	used := 0.0
	for _, w := range all {
		if len(line) > 0 && used+w.width > room+0.01 {
			out, line, used = append(out, line), nil, 0
		}
		line = append(line, w)
		used += w.width
		if w.space {
			used += gap
		}
	}
	if len(line) > 0 {
		out = append(out, line)
	}
	return out
}

// drawLine draws the words from x on; neighbours of one style are one text, so
// that a reader which extracts text finds whole phrases.
func (s *sheet) drawLine(x, y float64, line []word) {
	for i := 0; i < len(line); {
		text, j := "", i
		for ; j < len(line) && line[j].style == line[i].style; j++ {
			text += line[j].text
			if line[j].space && j+1 < len(line) {
				text += " "
			}
		}
		s.SetFontStyle(line[i].style)
		s.at(x, y, text)
		x += s.GetStringWidth(text)
		i = j
	}
	s.SetFontStyle(s.style)
}

// width is how long a line is when drawn.
func (s *sheet) lineWidth(line []word) float64 {
	total := 0.0
	for i, w := range line {
		total += w.width
		if w.space && i+1 < len(line) {
			total += s.GetStringWidth(" ")
		}
	}
	return total
}

// room makes sure that h fits on the page, turning it when it does not.
func (s *sheet) room(h float64) {
	if s.y+h <= s.height-s.bottom+0.01 || s.turned == nil {
		return
	}
	style, size := s.style, s.size
	s.AddPage()
	s.y = s.top
	s.turned()
	s.font(style, size)
}

// block is where a paragraph runs.
type block struct {
	x, w   float64 // left edge and width
	hang   float64 // how far the lines after the first are set in
	centre bool
	after  float64 // space below
}

// paragraph draws spans as wrapped lines from s.y on and moves s.y below them.
func (s *sheet) paragraph(b block, spans ...span) {
	for i, line := range s.wrap(b, spans) {
		s.room(s.line())
		x := b.x
		if i > 0 {
			x += b.hang
		}
		if b.centre {
			x = b.x + (b.w-s.lineWidth(line))/2
		}
		s.drawLine(x, s.y, line)
		s.y += s.line()
	}
	s.y += b.after
}

// measure is the height paragraph would take.
func (s *sheet) measure(b block, spans ...span) float64 {
	return float64(len(s.wrap(b, spans)))*s.line() + b.after
}

// wrap is the lines of a block. Centred ones are balanced: of all widths that
// need as few lines the narrowest is taken, so that no word hangs alone below
// the name of an office.
func (s *sheet) wrap(b block, spans []span) [][]word {
	room := b.w - b.hang
	all := s.words(spans, room)
	best := s.lines(all, room)
	if !b.centre || len(best) < 2 {
		return best
	}
	for w := room - 1; w > room/2; w-- {
		tighter := s.lines(all, w)
		if len(tighter) > len(best) {
			break
		}
		best = tighter
	}
	return best
}

// fits is whether the spans stay on one line of width w.
func (s *sheet) fits(w float64, spans ...span) bool {
	return len(s.lines(s.words(spans, w), w)) <= 1
}
