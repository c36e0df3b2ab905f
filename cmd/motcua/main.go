// Command motcua is the desktop: the counter, the kiosk or the technician's
// board in a window.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"syscall"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"

	"motcua"
	"motcua/ui/flow"
	"motcua/ui/screen"
	"motcua/ui/window"
	"motcua/ui/window/theme"
	"motcua/ui/words"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	o, err := parse(os.Args[1:])
	if err == nil {
		err = run(ctx, o)
	}
	stop()
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		complain(o.lang, err)
		os.Exit(1)
	}
}

// complain says on the terminal what kept the window from opening, or what a
// played story failed of.
func complain(lang string, err error) {
	var f *motcua.Fault
	if w, werr := words.Load(lang); werr == nil && errors.As(err, &f) {
		text, try := w.Fault(err)
		fmt.Fprintf(os.Stderr, "motcua: %s  %s %s\n", f.Code, text, try)
	}
	fmt.Fprintln(os.Stderr, "motcua:", err)
}

type options struct {
	role, lang, mode, size, pictures, trial, config string
	scale                                           float64
	play                                            bool
}

func parse(args []string) (options, error) {
	var o options
	f := flag.NewFlagSet("motcua", flag.ContinueOnError)
	f.StringVar(&o.role, "role", "counter", "who sits before the screen: counter, kiosk or setup")
	f.StringVar(&o.config, "config", "", "the desk's configuration file")
	f.StringVar(&o.trial, "trial", "", "set up a whole centre to try in this directory, instead of --config")
	f.BoolVar(&o.play, "play", false, "with --trial: play the role's story by itself, and end")
	f.StringVar(&o.lang, "lang", words.Default, "language of the screens: "+strings.Join(words.Languages(), ", "))
	f.StringVar(&o.mode, "theme", "light", "palette: light, dark or contrast")
	f.Float64Var(&o.scale, "scale", 1, "text scale from 1 to 2")
	f.StringVar(&o.size, "size", "", "window size in pixels, as 1366x768")
	f.StringVar(&o.pictures, "screenshot-dir", "", "write a picture of each new screen into this folder")
	if err := f.Parse(args); err != nil {
		return o, err
	}
	if (o.trial == "") == (o.config == "") {
		return o, errors.New("want --config FILE or --trial DIR")
	}
	return o, nil
}

// run opens the window and works behind it until the window is closed.
func run(ctx context.Context, o options) error {
	w, err := words.Load(o.lang)
	if err != nil {
		return err
	}
	a := app.NewWithID("vn.motcua.desktop")
	look := window.Look{Mode: theme.Mode(o.mode), Scale: float32(o.scale)}
	b, err := open(ctx, o)
	if err != nil {
		apologise(ctx, a, w, look, err)
		return err
	}
	win := window.New(a, screen.Face(o.role), w, b.post)
	win.SetLook(look)
	if o.pictures != "" {
		win.KeepPictures(o.pictures, func(err error) { fmt.Fprintln(os.Stderr, "motcua:", err) })
	}
	if o.role == string(screen.Kiosk) {
		win.IdleAfter = kioskPatience
	}
	win.Show()
	if err := resize(win, o.size); err != nil {
		return err
	}
	ended := make(chan error, 1)
	go func() {
		ended <- b.run(win.Draw)
		quit(a)
	}()
	go func() {
		<-ctx.Done()
		quit(a)
	}()
	a.Run()
	b.stop()
	return <-ended
}

// apologise says in a window what kept the desk from opening: whoever started
// it by an icon sees no terminal.
func apologise(ctx context.Context, a fyne.App, w *words.Words, look window.Look, err error) {
	win := window.New(a, screen.Setup, w, func(e flow.Event) {
		if _, pressed := e.(flow.Pressed); pressed {
			quit(a)
		}
	})
	win.SetLook(look)
	win.Show()
	win.Resize(860, 300)
	win.Draw(screen.Screen{
		Name: "fault", Face: screen.Setup, Title: w.T("window.not-opened"), Notice: flow.Notice(w, err),
		Actions: []screen.Action{{Key: "close", Title: w.T("window.close"), Keys: "Esc", Main: true}},
	})
	go func() {
		<-ctx.Done()
		quit(a)
	}()
	a.Run()
}

func resize(win *window.Window, size string) error {
	if size == "" {
		return nil
	}
	width, height, _ := strings.Cut(size, "x")
	x, errX := strconv.Atoi(width)
	y, errY := strconv.Atoi(height)
	if errX != nil || errY != nil {
		return fmt.Errorf("--size %q is not like 1366x768", size)
	}
	win.Resize(float32(x), float32(y))
	return nil
}
