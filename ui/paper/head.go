package paper

// The national heading (NĐ 30/2020, Phụ lục I, phần I mục II).
const (
	nation = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
	motto  = "Độc lập - Tự do - Hạnh phúc"
	dots   = "……………"
)

// head draws the two columns: agency on the left, nation on the right, and
// under them the number and the date on one line.
func (f *form) head() {
	f.font("B", 12)
	right := f.GetStringWidth(nation) + 1
	nationAt := f.width - f.right - right/2
	below := max(f.agency(f.left, column-right-4), f.nation(nationAt))
	f.y = below + 2
	f.font("", body)
	f.centred(f.left+(column-right-4)/2, f.y, "Số: "+f.orDots(f.Serial)+"/"+f.orDots(f.Suffix))
	f.font("I", body)
	place := f.clean(f.Place)
	if place == "" {
		place = dots
	}
	f.centred(nationAt, f.y, place+", "+day(f.Received))
	f.y += f.line() + 5
	f.font("B", 14)
	f.centred(f.left+column/2.0, f.y, "GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ")
	f.y += f.line() + 3
}

// agency draws the parent in capitals, the unit in bold capitals, and a rule
// below of two fifths the length of the unit's last line. It returns where
// the next thing may begin.
func (f *form) agency(x, w float64) float64 {
	b := block{x: x, w: w, centre: true}
	f.y = f.top
	f.font("", 12)
	f.paragraph(b, span{upper(f.Parent), ""})
	f.font("B", 12)
	lines := f.wrap(b, []span{{upper(f.Unit), "B"}})
	f.paragraph(b, span{upper(f.Unit), "B"})
	if len(lines) > 0 {
		half := f.lineWidth(lines[len(lines)-1]) / 5
		f.rule(x+w/2-half, x+w/2+half, f.y+0.8)
	}
	return f.y + 1
}

// nation draws the country's name and the motto with a solid line under it,
// exactly as long as the text.
func (f *form) nation(x float64) float64 {
	f.font("B", 12)
	y := f.top
	f.centred(x, y, nation)
	y += f.line()
	f.font("B", 13)
	w := f.centred(x, y, motto)
	y += f.line()
	f.rule(x-w/2, x+w/2, y+0.6)
	return y + 1
}

func (s *sheet) rule(x1, x2, y float64) {
	s.SetLineWidth(0.25)
	s.Line(x1, y, x2, y)
}

// orDots is the text, or a leader to be filled by hand.
func (s *sheet) orDots(text string) string {
	if text = s.clean(text); text == "" {
		return dots
	}
	return text
}
