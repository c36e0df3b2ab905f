package window

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"motcua/ui/flow"
	"motcua/ui/screen"
	"motcua/ui/window/demo"
	"motcua/ui/words"
)

// BenchmarkKeystroke redraws a page in which one field's text changed, and
// compares it with building the page from nothing.
func BenchmarkKeystroke(b *testing.B) {
	w, err := words.Load(words.Default)
	if err != nil {
		b.Fatal(err)
	}
	win := New(test.NewTempApp(b), screen.Counter, w, func(flow.Event) {})
	win.win.Resize(fyne.NewSize(1366, 768))
	a, z := demo.Person(), demo.Person()
	z.Sections[1].Blocks[0].(screen.Form).Fields[5].Value = "a@b.vn"
	win.Draw(a)
	var redraw, anew int64
	for b.Loop() {
		start := win.Now()
		win.Draw(z)
		win.Draw(a)
		redraw += int64(win.Now().Sub(start)) / 2
		start = win.Now()
		win.rebuild()
		anew += int64(win.Now().Sub(start))
	}
	b.ReportMetric(float64(anew)/float64(redraw), "anew/redraw")
	b.ReportMetric(float64(redraw)/float64(b.N)/1e6, "ms/keystroke")
}
