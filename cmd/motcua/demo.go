package main

import (
	"time"

	"fyne.io/fyne/v2"

	"motcua/ui/screen"
	"motcua/ui/window/demo"
)

// play shows invented screens, for looking at the window without a desk.
func play(f screen.Face, draw func(screen.Screen), end func()) {
	for _, s := range demo.Of(f) {
		draw(s)
		time.Sleep(pace)
	}
	fyne.Do(end)
}
