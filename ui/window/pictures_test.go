package window

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"motcua/ui/flow"
	"motcua/ui/screen"
	"motcua/ui/window/demo"
	"motcua/ui/window/theme"
	"motcua/ui/words"
)

// looks are the sizes and palettes worth looking at.
var looks = []struct {
	face          screen.Face
	width, height float32
	look          Look
}{
	{screen.Counter, 1366, 768, Look{theme.Light, 1}},
	{screen.Counter, 1366, 768, Look{theme.Dark, 1}},
	{screen.Counter, 1366, 768, Look{theme.Contrast, 1}},
	{screen.Counter, 1366, 768, Look{theme.Light, 2}},
	{screen.Counter, 1920, 1080, Look{theme.Light, 1}},
	{screen.Kiosk, 1280, 800, Look{theme.Light, 1}},
	{screen.Kiosk, 1080, 1920, Look{theme.Light, 1}},
	{screen.Kiosk, 1080, 1920, Look{theme.Contrast, 1.5}},
	{screen.Setup, 1366, 768, Look{theme.Light, 1}},
	{screen.Setup, 1366, 768, Look{theme.Dark, 1.25}},
}

// TestPictures draws every invented screen in every look. With
// MOTCUA_PICTURES=DIR it leaves them in DIR, to be looked at.
func TestPictures(t *testing.T) {
	dir := os.Getenv("MOTCUA_PICTURES")
	w, err := words.Load(words.Default)
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range looks {
		name := fmt.Sprintf("%s-%.0fx%.0f-%s-%.0f", l.face, l.width, l.height, l.look.Mode, l.look.Scale*100)
		t.Run(name, func(t *testing.T) {
			win := New(test.NewTempApp(t), l.face, w, func(flow.Event) {})
			win.SetLook(l.look)
			win.win.Resize(fyne.NewSize(l.width, l.height))
			for _, s := range demo.Of(l.face) {
				win.Draw(s)
				if dir == "" {
					if win.last.Name != s.Name {
						t.Errorf("%s was not drawn", s.Name)
					}
					continue
				}
				file := filepath.Join(dir, name, strings.ReplaceAll(s.Name, "/", "-")+".png")
				if err := win.Picture(file); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}
