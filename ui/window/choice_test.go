package window

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"motcua/ui/screen"
	"motcua/ui/window/shape"
)

// choosing is a page with one block.
func choosing(focus string, b screen.Block) screen.Screen {
	return screen.Screen{
		Name: "choosing", Face: screen.Counter, Focus: focus,
		Sections: []screen.Section{{Key: "s", State: screen.Open, Blocks: []screen.Block{b}}},
		Actions:  []screen.Action{{Key: "next", Title: "Tiếp tục", Main: true}},
	}
}

func procedures(query string, keys ...string) screen.Choice {
	c := screen.Choice{Key: "procedures", Filter: &screen.Field{Key: "query", Value: query}, Empty: "Không có"}
	for _, k := range keys {
		c.Options = append(c.Options, screen.Option{Key: k, Title: "Thủ tục " + k, Detail: k})
	}
	return c
}

func TestAFilterSteersItsList(t *testing.T) {
	d := newDesk(t, screen.Counter)
	d.Draw(choosing("query", procedures("", "a", "b", "c")))
	d.key(fyne.KeyDown)
	d.key(fyne.KeyDown)
	d.key(fyne.KeyUp)
	d.key(fyne.KeyReturn)
	d.want("down, down, up, Enter", "Block:procedures Key:b}")
}

func TestEnterAheadOfTheAnswerWaitsForIt(t *testing.T) {
	d := newDesk(t, screen.Counter)
	d.Draw(choosing("query", procedures("", "a", "b")))
	d.write("2.")
	d.key(fyne.KeyReturn)
	d.want("a scan ahead of the list", "Field:query Value:2}", "Field:query Value:2.}")
	d.Draw(choosing("query", procedures("2", "a", "z")))
	d.want("the answer to the first letter")
	d.Draw(choosing("query", procedures("2.", "z")))
	d.want("the answer to all of it", "Block:procedures Key:z}")
}

func TestEnterWithNothingFoundIsTold(t *testing.T) {
	d := newDesk(t, screen.Counter)
	d.Draw(choosing("query", procedures("xyz")))
	d.key(fyne.KeyReturn)
	d.want("Enter", "Field:query Value:xyz}")
}

func TestTheCursorStaysWithItsRow(t *testing.T) {
	d := newDesk(t, screen.Counter)
	table := screen.Table{Key: "t", Columns: []screen.Column{{Title: "Mã", Share: 1}}}
	row := func(k string) screen.Row { return screen.Row{Key: k, Cells: []screen.Cell{{Text: k}}} }
	table.Rows = []screen.Row{row("a"), row("b"), row("c")}
	d.Draw(choosing("t", table))
	d.focusedOn("t")
	d.key(fyne.KeyDown)
	d.write("j")
	d.write("k")
	table.Rows = []screen.Row{row("new"), row("a"), row("b"), row("c")}
	d.Draw(choosing("t", table))
	d.focusedOn("t")
	d.key(fyne.KeyReturn)
	d.want("Enter after a row came in above", "Block:t Key:b}")
	d.key(fyne.KeyEnd)
	d.key(fyne.KeyReturn)
	d.want("End, Enter", "Block:t Key:c}")
}

func TestALongTableMakesOnlyWhatIsSeen(t *testing.T) {
	d := newDesk(t, screen.Counter)
	table := screen.Table{Key: "t", Columns: []screen.Column{{Share: 1}}}
	for range 5000 {
		k := itoa(len(table.Rows))
		table.Rows = append(table.Rows, screen.Row{Key: k, Cells: []screen.Cell{{Text: k}}})
	}
	d.Draw(choosing("t", table))
	l := d.pool.kept["list/t"].obj.(*shape.List)
	if n := l.Made(); n == 0 || n > 60 {
		t.Errorf("%d rows were made", n)
	}
	if h := l.Size().Height; h > 768 {
		t.Errorf("the list is %v high in a window of 768", h)
	}
	d.key(fyne.KeyEnd)
	d.key(fyne.KeyReturn)
	d.want("End, Enter", "Block:t Key:4999}")
}

func TestSpaceTicksAndEnterGoesOn(t *testing.T) {
	d := newDesk(t, screen.Counter)
	list := screen.Checklist{Key: "papers", Items: []screen.Item{{Key: "P1", Text: "Bản chính"}, {Key: "P2", Text: "Bản sao", On: true}}}
	d.Draw(choosing("papers", list))
	d.key(fyne.KeySpace)
	d.key(fyne.KeyDown)
	d.key(fyne.KeySpace)
	d.want("Space, down, Space", "Block:papers Key:P1 On:true}", "Block:papers Key:P2 On:false}")
	d.key(fyne.KeyReturn)
	d.want("Enter", "Action:next}")
}

func TestShortOptionsStandSideBySide(t *testing.T) {
	d := newDesk(t, screen.Counter)
	c := screen.Choice{Key: "payment", Label: "Nộp phí", Selected: "cash", Options: []screen.Option{{Key: "cash", Title: "Tiền mặt"}, {Key: "later", Title: "Nộp sau"}}}
	d.Draw(choosing("", c))
	test.Tap(d.pool.kept["option/payment/later"].obj.(fyne.Tappable))
	d.want("a tap", "Block:payment Key:later}")
	c.Options = []screen.Option{c.Options[0], {Key: "later", Title: "Nộp sau", Off: "Chưa được phép"}}
	d.Draw(choosing("payment", c))
	d.key(fyne.KeyDown)
	d.key(fyne.KeyReturn)
	d.want("an option that is off")
	if d.reason != "Chưa được phép" {
		t.Errorf("it says %q", d.reason)
	}
}

func TestTheKioskForgets(t *testing.T) {
	d := newDesk(t, screen.Kiosk)
	ask := func(name, value string) screen.Screen {
		return screen.Screen{Name: name, Face: screen.Kiosk, Focus: "digits", Sections: []screen.Section{{State: screen.Open, Blocks: []screen.Block{
			screen.Form{Fields: []screen.Field{{Key: "digits", Kind: screen.Digits, Value: value}}}, screen.Keypad{Field: "digits"}}}}}
	}
	d.Draw(ask("kiosk/one", ""))
	for _, k := range []string{"1", "2", "<", "7"} {
		d.canvas.Unfocus() // as a touch does
		test.Tap(d.pool.kept["key/digits/"+k].obj.(fyne.Tappable))
	}
	d.focusedOn("digits")
	if got := d.text("digits"); got != "17" {
		t.Errorf("the keypad typed %q", got)
	}
	d.raised()
	test.Tap(d.pool.kept["key/digits/>"].obj.(fyne.Tappable))
	d.want("the check", "Field:digits Value:17}")
	old := d.pool.kept["field/digits"].obj
	d.Draw(ask("kiosk/two", ""))
	if d.pool.kept["field/digits"].obj == old || d.text("digits") != "" {
		t.Error("the next screen still knows what was typed")
	}
}

func TestTilesAreBigEnoughForAThumb(t *testing.T) {
	d := newDesk(t, screen.Kiosk)
	d.Draw(screen.Screen{Name: "k", Face: screen.Kiosk, Sections: []screen.Section{{State: screen.Open, Blocks: []screen.Block{
		screen.Choice{Key: "menu", Big: true, Options: []screen.Option{{Key: "a", Title: "Lấy số"}, {Key: "b", Title: "Tra cứu"}}},
		screen.Keypad{Field: "x", Letters: true}}}},
		Actions: []screen.Action{{Key: "back", Title: "Quay lại", Back: true}, {Key: "help", Title: "Trợ giúp", Help: true}}})
	for key, k := range d.pool.kept {
		if p, ok := k.obj.(*shape.Press); ok && (p.Size().Width < 60 || p.Size().Height < 60) {
			t.Errorf("%s is %v", key, p.Size())
		}
	}
	back, help := d.pool.target("back").(fyne.CanvasObject), d.pool.target("help").(fyne.CanvasObject)
	if x := at(back).X; x > 200 {
		t.Errorf("back begins at %v", x)
	}
	if right := at(help).X + help.Size().Width; right < 1100 {
		t.Errorf("help ends at %v", right)
	}
	test.Tap(d.pool.kept["option/menu/b"].obj.(fyne.Tappable))
	d.want("a tile", "Block:menu Key:b}")
}

func at(o fyne.CanvasObject) fyne.Position {
	return fyne.CurrentApp().Driver().AbsolutePositionForObject(o)
}
