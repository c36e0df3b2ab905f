// Command motcua is the desktop: the counter, the kiosk or the technician's
// page in a window.
package main

import (
	"flag"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"fyne.io/fyne/v2/app"

	"motcua/ui/flow"
	"motcua/ui/screen"
	"motcua/ui/window"
	"motcua/ui/window/theme"
	"motcua/ui/words"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "motcua:", err)
		os.Exit(1)
	}
}

type options struct {
	role, lang, mode, size, pictures string
	scale                            float64
	demo                             bool
}

func parse(args []string) (options, error) {
	var o options
	f := flag.NewFlagSet("motcua", flag.ContinueOnError)
	f.StringVar(&o.role, "role", "counter", "who sits before the screen: counter, kiosk or setup")
	f.StringVar(&o.lang, "lang", words.Default, "language of the screens: "+strings.Join(words.Languages(), ", "))
	f.StringVar(&o.mode, "theme", "light", "palette: light, dark or contrast")
	f.Float64Var(&o.scale, "scale", 1, "text scale from 1 to 2")
	f.StringVar(&o.size, "size", "", "window size in pixels, as 1366x768")
	f.StringVar(&o.pictures, "screenshot-dir", "", "write a picture of each new screen into this folder")
	f.BoolVar(&o.demo, "demo", false, "show invented screens, one after the other, and end")
	return o, f.Parse(args)
}

func run(args []string) error {
	o, err := parse(args)
	if err != nil {
		return err
	}
	w, err := words.Load(o.lang)
	if err != nil {
		return err
	}
	a := app.NewWithID("vn.motcua.desktop")
	win := window.New(a, screen.Face(o.role), w, func(flow.Event) {})
	win.SetLook(window.Look{Mode: theme.Mode(o.mode), Scale: float32(o.scale)})
	if o.pictures != "" {
		win.KeepPictures(o.pictures, func(err error) { fmt.Fprintln(os.Stderr, "motcua:", err) })
	}
	win.Show()
	if width, height, ok := strings.Cut(o.size, "x"); ok {
		x, errX := strconv.Atoi(width)
		y, errY := strconv.Atoi(height)
		if errX != nil || errY != nil {
			return fmt.Errorf("--size %q is not like 1366x768", o.size)
		}
		win.Resize(float32(x), float32(y))
	}
	if o.demo {
		go play(screen.Face(o.role), win.Draw, func() { a.Quit() })
	}
	a.Run()
	return nil
}

// pace is how long a screen of the demonstration stands.
const pace = 2500 * time.Millisecond
