package window

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"motcua/ui/screen"
)

// The markup of a few parts is kept, so that a change of the drawing is seen
// in a review. `go test` writes what it got beside the failed one.
func TestMarkup(t *testing.T) {
	notice := screen.Notice{Tone: screen.Bad, Code: "C02", Text: "Thẻ đã bị nhấc ra khi đang đọc.", Try: "Đặt lại thẻ lên đầu đọc.", Actions: []screen.Action{{Key: "read", Title: "Thử lại", Icon: "retry"}}}
	folded := screen.Section{Key: "p", Title: "Thủ tục", Summary: "2.000815", State: screen.Done, Reopen: "reopen/p"}
	form := screen.Form{Fields: []screen.Field{
		{Key: "name", Label: "Họ tên", Value: "Nguyễn Thị Ượng", From: "từ chip", ReadOnly: true},
		{Key: "phone", Label: "Điện thoại", Value: "0912", Required: true, Error: "Còn thiếu chữ số"}}}
	facts := screen.Facts{Rows: []screen.Fact{{Label: "Phí", Value: "48.000 đ", Large: true}, {Label: "Cổng", Value: "Chờ gửi", Tone: screen.Warn}}}
	for name, build := range map[string]func(*Window) fyne.CanvasObject{
		"notice": func(w *Window) fyne.CanvasObject { return w.notice("here", &notice) },
		"folded": func(w *Window) fyne.CanvasObject { return w.folded(folded) },
		"form":   func(w *Window) fyne.CanvasObject { return w.form(form) },
		"facts":  func(w *Window) fyne.CanvasObject { return w.facts(facts) },
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t, screen.Counter)
			o := build(d.Window)
			c := test.NewCanvas()
			c.SetPadded(false)
			c.SetContent(o)
			c.Resize(fyne.NewSize(640, 160))
			test.AssertRendersToMarkup(t, name+".xml", c)
		})
	}
}

func TestAnotherPersonsMarkupIsGone(t *testing.T) {
	d := newDesk(t, screen.Kiosk)
	hello := screen.Screen{Name: "kiosk/hello", Face: screen.Kiosk, Title: "Chào bà Ượng", Lead: "Số kết thúc bằng 017"}
	d.Draw(hello)
	if !strings.Contains(test.RenderToMarkup(d.canvas), "Ượng") {
		t.Fatal("the greeting was not drawn")
	}
	d.Draw(screen.Screen{Name: "kiosk/welcome", Face: screen.Kiosk, Title: "Xin chào"})
	if strings.Contains(test.RenderToMarkup(d.canvas), "Ượng") {
		t.Error("the next person reads the last one's name")
	}
	for _, p := range d.pool.parts {
		if q, ok := p.data.(question); ok && strings.Contains(q.title, "Ượng") {
			t.Error("a part of the last person is kept")
		}
	}
}
