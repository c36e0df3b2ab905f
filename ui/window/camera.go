package window

import (
	"image"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/software"

	"motcua/ui/flow"
)

// rest is how long a screen must stand before its picture is taken.
const rest = 700 * time.Millisecond

// camera keeps a picture of each screen by name.
type camera struct {
	dir   string
	fail  func(error)
	taken map[string]bool
	timer *time.Timer
}

// KeepPictures makes the window write dir/<name>.png each time a screen of a
// new name has stood still for a moment. The slash of a name becomes a hyphen.
func (w *Window) KeepPictures(dir string, fail func(error)) {
	w.camera = &camera{dir: dir, fail: fail, taken: map[string]bool{}}
}

func (c *camera) saw(name string, w *Window) {
	if c == nil {
		return
	}
	if c.timer != nil {
		c.timer.Stop()
	}
	if c.taken[name] {
		return
	}
	c.timer = time.AfterFunc(rest, func() {
		fyne.Do(func() {
			if w.last.Name != name {
				return
			}
			c.taken[name] = true
			if err := w.Picture(filepath.Join(c.dir, strings.ReplaceAll(name, "/", "-")+".png")); err != nil && c.fail != nil {
				c.fail(err)
			}
		})
	})
}

// Picture writes the screen that the window shows as a PNG file. It draws it
// once more on a canvas without a screen: what a graphics driver gives back of
// a window differs from driver to driver, and some give nothing. It must be
// called on Fyne's goroutine.
func (w *Window) Picture(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		return err
	}
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	if err := png.Encode(f, w.still()); err != nil {
		_ = f.Close() // the first error is the one to tell
		return err
	}
	return f.Close()
}

func (w *Window) still() image.Image {
	c := software.NewCanvas()
	c.SetPadded(false)
	twin := &Window{Now: w.Now, app: w.app, canvas: c, face: w.face, words: w.words, post: func(flow.Event) {}, look: w.look}
	twin.frame, twin.pool = twin.arrange(), newPool()
	c.SetContent(twin.frame.root())
	c.Resize(w.canvas.Size())
	twin.draw(w.last)
	defer twin.pool.reset()
	return c.Capture()
}
