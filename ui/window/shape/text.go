package shape

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"motcua/ui/window/theme"
)

// Text is one line that is as wide as its letters.
func Text(t *theme.Theme, s string, size theme.Step, r theme.Role) *canvas.Text {
	o := canvas.NewText(s, t.Of(r))
	o.TextSize = t.Text(size)
	return o
}

// Bold is Text in the heavier weight.
func Bold(t *theme.Theme, s string, size theme.Step, r theme.Role) *canvas.Text {
	o := Text(t, s, size, r)
	o.TextStyle.Bold = true
	return o
}

// Prose is text that wraps at its width.
type Prose struct {
	widget.BaseWidget
	Align fyne.TextAlign
	Lines int // at most, the last one cut with an ellipsis; 0 is no limit

	text string
	form canvas.Text // what each line looks like
	rows []*canvas.Text
	at   float32 // the width the rows were made for
}

// NewProse makes wrapping text.
func NewProse(t *theme.Theme, s string, size theme.Step, r theme.Role) *Prose {
	p := &Prose{text: s, form: *Text(t, "", size, r), at: -1}
	p.ExtendBaseWidget(p)
	return p
}

// NewBoldProse makes wrapping text in the heavier weight.
func NewBoldProse(t *theme.Theme, s string, size theme.Step, r theme.Role) *Prose {
	p := NewProse(t, s, size, r)
	p.form.TextStyle.Bold = true
	return p
}

// NewLine is one line that is cut with an ellipsis where its room ends.
func NewLine(t *theme.Theme, s string, size theme.Step, r theme.Role) *Prose {
	p := NewProse(t, s, size, r)
	p.Lines = 1
	return p
}

// Centred aligns the text at the middle.
func (p *Prose) Centred() *Prose { p.Align = fyne.TextAlignCenter; return p }

// Trailing aligns the text at the right.
func (p *Prose) Trailing() *Prose { p.Align = fyne.TextAlignTrailing; return p }

func (p *Prose) measure(s string) float32 {
	return fyne.MeasureText(s, p.form.TextSize, p.form.TextStyle).Width
}

func (p *Prose) lineHeight() float32 {
	return fyne.MeasureText("Ẫg", p.form.TextSize, p.form.TextStyle).Height
}

// HeightFor is the height of the wrapped lines.
func (p *Prose) HeightFor(width float32) float32 {
	return float32(len(p.wrap(width))) * p.lineHeight()
}

// MinSize leaves the width to the layout.
func (p *Prose) MinSize() fyne.Size {
	return fyne.NewSize(0, float32(max(1, len(p.rows)))*p.lineHeight())
}

// Natural is the width of the text on one line.
func (p *Prose) Natural() float32 { return p.measure(p.text) }

func (p *Prose) wrap(width float32) []string {
	var out []string
	for par := range strings.SplitSeq(p.text, "\n") {
		out = append(out, p.wrapLine(par, width)...)
	}
	if p.Lines > 0 && len(out) > p.Lines {
		rest := strings.Join(out[p.Lines-1:], " ")
		out = append(out[:p.Lines-1], p.cut(rest, width))
	}
	return out
}

func (p *Prose) wrapLine(s string, width float32) []string {
	if p.measure(s) <= width || width <= 0 {
		return []string{s}
	}
	if p.Lines == 1 {
		return []string{p.cut(s, width)}
	}
	var out []string
	line := ""
	for _, word := range strings.Fields(s) {
		next := word
		if line != "" {
			next = line + " " + word
		}
		if p.measure(next) <= width {
			line = next
			continue
		}
		if line != "" {
			out = append(out, line)
		}
		head, tail := p.split(word, width)
		out = append(out, head...)
		line = tail
	}
	return append(out, line)
}

// split breaks a word that is wider than the line by itself.
func (p *Prose) split(word string, width float32) (full []string, rest string) {
	if p.measure(word) <= width {
		return nil, word
	}
	line := ""
	for _, r := range word {
		if line != "" && p.measure(line+string(r)) > width {
			full, line = append(full, line), ""
		}
		line += string(r)
	}
	return full, line
}

func (p *Prose) cut(s string, width float32) string {
	if p.measure(s) <= width {
		return s
	}
	rs := []rune(s)
	lo, hi := 0, len(rs)
	for lo < hi { // the longest head that still fits with its ellipsis
		mid := (lo + hi + 1) / 2
		if p.measure(string(rs[:mid])+"…") <= width {
			lo = mid
		} else {
			hi = mid - 1
		}
	}
	return strings.TrimRight(string(rs[:lo]), " ") + "…"
}

// CreateRenderer draws one canvas text for each line.
func (p *Prose) CreateRenderer() fyne.WidgetRenderer { return &proseRenderer{p} }

type proseRenderer struct{ *Prose }

func (r *proseRenderer) Destroy() {}

func (r *proseRenderer) MinSize() fyne.Size { return r.Prose.MinSize() }

func (r *proseRenderer) Layout(size fyne.Size) {
	if size.Width != r.at {
		r.at = size.Width
		r.rows = r.rows[:0]
		for _, s := range r.wrap(size.Width) {
			line := r.form
			line.Text, line.Alignment = s, r.Align
			r.rows = append(r.rows, &line)
		}
	}
	h := r.lineHeight()
	for i, row := range r.rows {
		place(row, 0, float32(i)*h, size.Width, h)
	}
}

func (r *proseRenderer) Objects() []fyne.CanvasObject {
	out := make([]fyne.CanvasObject, len(r.rows))
	for i, row := range r.rows {
		out[i] = row
	}
	return out
}

func (r *proseRenderer) Refresh() { r.Layout(r.Size()) }
