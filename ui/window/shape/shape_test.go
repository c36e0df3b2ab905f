package shape

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"motcua/ui/window/theme"
)

func look(t *testing.T) *theme.Theme {
	t.Helper()
	th := theme.New(theme.Light, 1, false)
	test.NewTempApp(t).Settings().SetTheme(th)
	return th
}

const sentence = "Số 7 ngõ 12 phố Ẩn Sỹ, phường Cửa Nam, thành phố Hà Nội, nước Cộng hòa xã hội chủ nghĩa Việt Nam"

func TestProseWrapsWithoutLosingAWord(t *testing.T) {
	p := NewProse(look(t), sentence, theme.Body, theme.Ink)
	for _, width := range []float32{60, 120, 333, 5000} {
		lines := p.wrap(width)
		if got := strings.Join(lines, " "); got != sentence {
			t.Errorf("at %v the text became %q", width, got)
		}
		for _, l := range lines {
			if p.measure(l) > width {
				t.Errorf("at %v the line %q is %v wide", width, l, p.measure(l))
			}
		}
		if h := p.HeightFor(width); h != float32(len(lines))*p.lineHeight() {
			t.Errorf("at %v the height is %v for %d lines", width, h, len(lines))
		}
	}
}

func TestProseBreaksAWordThatIsWiderThanItsLine(t *testing.T) {
	p := NewProse(look(t), "000.12.34.H26-261123-0121", theme.Body, theme.Ink)
	lines := p.wrap(80)
	if len(lines) < 2 || strings.Join(lines, "") != "000.12.34.H26-261123-0121" {
		t.Errorf("the lines are %q", lines)
	}
}

func TestALineEndsInAnEllipsis(t *testing.T) {
	p := NewLine(look(t), sentence, theme.Body, theme.Ink)
	got := p.wrap(200)
	if len(got) != 1 || !strings.HasSuffix(got[0], "…") || !strings.HasPrefix(sentence, strings.TrimSuffix(got[0], "…")) {
		t.Errorf("the line is %q", got)
	}
	if p.measure(got[0]) > 200 {
		t.Errorf("the line is %v wide", p.measure(got[0]))
	}
}

func TestAColumnIsAsHighAsItsText(t *testing.T) {
	th := look(t)
	p := NewProse(th, sentence, theme.Body, theme.Ink)
	c := Box(Column{Gap: 8}, Rule(th), p, Rule(th))
	want := 2*theme.Stroke + p.HeightFor(200) + 16
	if got := HeightFor(c, 200); got != want {
		t.Errorf("the column is %v high, want %v", got, want)
	}
	c.Resize(fyne.NewSize(200, want))
	if bottom := c.Objects[2].Position().Y + theme.Stroke; bottom != want {
		t.Errorf("the last object ends at %v of %v", bottom, want)
	}
}

func TestAGridFillsRows(t *testing.T) {
	a, b, c := Gap(10, 20), Gap(10, 40), Gap(10, 10)
	g := Grid{Least: 100, Most: 2, Gap: 10, Full: map[int]bool{2: true}}
	objs := []fyne.CanvasObject{a, b, c}
	if got := g.HeightFor(objs, 300); got != 60 {
		t.Errorf("the grid is %v high, want 60", got)
	}
	g.Layout(objs, fyne.NewSize(300, 60))
	if b.Position() != fyne.NewPos(155, 0) || c.Position() != fyne.NewPos(0, 50) || c.Size().Width != 300 {
		t.Errorf("placed at %v and %v", b.Position(), c.Position())
	}
	if got := g.HeightFor(objs, 150); got != 90 { // one column
		t.Errorf("the narrow grid is %v high, want 90", got)
	}
}

func TestAPaneKeepsItsPlace(t *testing.T) {
	look(t)
	p := NewPane()
	w := test.NewTempWindow(t, p)
	w.Resize(fyne.NewSize(200, 100))
	mark := Gap(10, 10)
	page := func() fyne.CanvasObject { return Box(Column{}, Gap(10, 400), mark, Gap(10, 400)) }
	p.Set(page(), true)
	p.Reveal(mark, 5)
	at := p.Offset()
	if at <= 0 || at > 405 {
		t.Fatalf("revealing scrolled to %v", at)
	}
	p.Set(page(), false)
	if p.Offset() != at {
		t.Errorf("a redraw scrolled from %v to %v", at, p.Offset())
	}
	p.Set(page(), true)
	if p.Offset() != 0 {
		t.Errorf("a new page begins at %v", p.Offset())
	}
}
