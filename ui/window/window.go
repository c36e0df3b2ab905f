// Package window draws a screen.Screen with Fyne and turns what the person
// does into events of the flow. It is the one door to Fyne.
//
// A drawing replaces the page. What has a state of its own (a field with its
// text and cursor, a list with its place, a button that has the keyboard) is
// kept under its key and put into the new page, so that a redraw never takes
// the keyboard away and never loses what is half typed; what has not changed
// since the last drawing is taken over as it stands.
package window

import (
	"reflect"
	"sync"
	"time"

	"fyne.io/fyne/v2"

	"motcua/ui/flow"
	"motcua/ui/screen"
	"motcua/ui/window/shape"
	"motcua/ui/window/theme"
	"motcua/ui/words"
)

// Look is how a person wants to see.
type Look struct {
	Mode  theme.Mode
	Scale float32 // of text, from 1 to 2
}

// Window shows one flow.
type Window struct {
	// IdleAfter is how long nobody must touch anything before the time left
	// begins to shrink; IdleFor is how long that takes. No IdleAfter, no Idle.
	IdleAfter, IdleFor time.Duration
	Now                func() time.Time

	app    fyne.App
	win    fyne.Window
	canvas fyne.Canvas
	face   screen.Face
	words  *words.Words
	post   func(flow.Event)
	look   *theme.Theme

	pool   *pool
	frame  frame
	last   screen.Screen
	drawn  bool
	reason string // why an action cannot be done, until the next drawing
	hot    []screen.Action
	scan   string // key of the page's field for scans
	late   func() // Enter in a filter that has not been answered yet
	idle   idle
	camera *camera

	mu   sync.Mutex
	next *screen.Screen // the newest screen that has not been drawn
}

// frame is a face's arrangement of a page.
type frame interface {
	root() fyne.CanvasObject
	draw(s screen.Screen, fresh bool)
	reveal(o fyne.CanvasObject)
}

// New makes a window for a face. post must not wait for a drawing.
func New(a fyne.App, face screen.Face, w *words.Words, post func(flow.Event)) *Window {
	win := &Window{
		Now: time.Now, IdleFor: 20 * time.Second,
		app: a, face: face, words: w, post: post,
	}
	speak(w.Lang())
	win.win = a.NewWindow(w.T("window.name"))
	win.win.SetPadded(false)
	win.canvas = win.win.Canvas()
	win.canvas.SetOnTypedKey(win.TypedKey)
	win.canvas.SetOnTypedRune(win.TypedRune)
	win.SetLook(Look{Mode: theme.Light, Scale: 1})
	return win
}

// SetLook changes palette and text scale at once.
func (w *Window) SetLook(l Look) {
	w.look = theme.New(l.Mode, l.Scale, w.face == screen.Kiosk)
	w.app.Settings().SetTheme(w.look)
	w.rebuild()
}

// rebuild makes every widget anew and draws the last screen with them.
func (w *Window) rebuild() {
	if w.pool != nil {
		w.pool.reset()
	}
	w.pool, w.frame = newPool(), w.arrange()
	w.win.SetContent(w.frame.root())
	if w.drawn {
		s := w.last
		w.drawn = false
		w.draw(s)
	}
}

func (w *Window) arrange() frame {
	switch w.face {
	case screen.Kiosk:
		return newKiosk(w)
	case screen.Setup:
		return newBoard(w)
	}
	return newCounter(w)
}

// Show opens the window, over the whole screen on the kiosk, and begins to
// watch for idleness.
func (w *Window) Show() {
	if w.face == screen.Kiosk {
		w.win.SetFullScreen(true)
		w.app.Driver().SetDisableScreenBlanking(true)
		w.win.SetCloseIntercept(func() {}) // the machine's keeper ends a kiosk, not its user
	} else {
		w.win.Resize(fyne.NewSize(theme.OpeningWidth, theme.OpeningHeight))
		w.win.CenterOnScreen()
	}
	w.win.SetMaster()
	w.win.Show()
	w.watch()
}

// Resize changes the size of a window that does not fill the screen.
func (w *Window) Resize(width, height float32) { w.win.Resize(fyne.NewSize(width, height)) }

// Close closes the window.
func (w *Window) Close() { w.win.Close() }

// Draw shows a screen. It may be called from any goroutine and does not wait;
// of several screens that come faster than they can be drawn, the last is. A
// screen is not changed any more once it was given here.
func (w *Window) Draw(s screen.Screen) {
	w.mu.Lock()
	waiting := w.next != nil
	w.next = &s
	w.mu.Unlock()
	if waiting {
		return
	}
	fyne.Do(func() {
		w.mu.Lock()
		s := *w.next
		w.next = nil
		w.mu.Unlock()
		w.draw(s)
	})
}

func (w *Window) draw(s screen.Screen) {
	if w.drawn && reflect.DeepEqual(s, w.last) {
		return
	}
	renamed := !w.drawn || s.Name != w.last.Name
	moved := renamed || s.Focus != w.last.Focus
	if renamed {
		w.late = nil
	}
	if renamed && w.face == screen.Kiosk {
		w.pool.reset() // the next person finds no widget of the one before
	}
	w.last, w.drawn, w.reason = s, true, ""
	w.arm(s)
	w.pool.begin()
	w.frame.draw(s, renamed)
	w.pool.end()
	w.settle(s, moved)
	w.camera.saw(s.Name, w)
	if late := w.late; late != nil {
		late()
	}
}

// settle puts the keyboard where the screen wants it, and takes it from what
// is no longer there.
func (w *Window) settle(s screen.Screen, moved bool) {
	c := w.canvas
	if f := c.Focused(); f != nil && !w.pool.holds(f) {
		c.Unfocus()
	}
	if !moved {
		return
	}
	if f := w.pool.target(s.Focus); f != nil {
		c.Focus(f)
		return
	}
	if f := w.pool.firstField(); f != nil {
		c.Focus(f)
		return
	}
	c.Unfocus()
}

// redraw shows the last screen once more, after something of our own changed.
func (w *Window) redraw() {
	w.pool.begin()
	w.frame.draw(w.last, false)
	w.pool.end()
}

// Touched is a sign of life.
func (w *Window) Touched() { w.idle.touch(w.Now()) }

// Focused scrolls to what has the keyboard.
func (w *Window) Focused(o fyne.CanvasObject) { w.frame.reveal(o) }

func (w *Window) gap(g theme.Gap) float32 { return w.look.Gap(g) }

var _ shape.Keys = (*Window)(nil)
