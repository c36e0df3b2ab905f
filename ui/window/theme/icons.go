package theme

import (
	"fmt"
	"image/color"
	"slices"

	"fyne.io/fyne/v2"
)

// icons are drawn on a grid of 24 with one round stroke and no fill; what is
// given is the path.
var icons = map[string]string{
	// where one can go
	"reception": "M4 13 V18 A2 2 0 0 0 6 20 H18 A2 2 0 0 0 20 18 V13 M4 13 H8 L9.5 16 H14.5 L16 13 H20 M12 3.5 V10.5 M9 7.5 L12 10.5 L15 7.5",
	"dossiers":  "M3.5 7 A2 2 0 0 1 5.5 5 H9.5 L11.5 7.5 H18.5 A2 2 0 0 1 20.5 9.5 V17 A2 2 0 0 1 18.5 19 H5.5 A2 2 0 0 1 3.5 17 Z",
	"deliver":   "M13.5 3.5 H7 A1.5 1.5 0 0 0 5.5 5 V19 A1.5 1.5 0 0 0 7 20.5 H17 A1.5 1.5 0 0 0 18.5 19 V8.5 Z M13.5 3.5 V8.5 H18.5 M9 14 L11.2 16.2 L15.2 12.2",
	"digitise":  "M4 8 V5.5 A1.5 1.5 0 0 1 5.5 4 H8 M16 4 H18.5 A1.5 1.5 0 0 1 20 5.5 V8 M20 16 V18.5 A1.5 1.5 0 0 1 18.5 20 H16 M8 20 H5.5 A1.5 1.5 0 0 1 4 18.5 V16 M4 12 H20",
	"register":  "M5 17.5 V6 A2 2 0 0 1 7 4 H19 V20 H7.2 A2.2 2.2 0 0 1 5 17.8 A2.2 2.2 0 0 1 7.2 15.6 H19 M9 8.5 H15",
	"reports":   "M4 20 H20 M7.5 16 V11.5 M12 16 V5.5 M16.5 16 V8.5",
	"settings":  "M4 7 H13 M17 7 H20 M4 17 H7 M11 17 H20 M15 5 A2 2 0 1 1 15 9 A2 2 0 1 1 15 5 M9 15 A2 2 0 1 1 9 19 A2 2 0 1 1 9 15",
	"door":      "M5 20.5 V5 A1.5 1.5 0 0 1 6.5 3.5 H17.5 A1.5 1.5 0 0 1 19 5 V20.5 M3 20.5 H21 M9 20.5 V9.5 A3 3 0 0 1 15 9.5 V20.5",
	// what one can do
	"search":   "M10.5 4 A6.5 6.5 0 1 1 10.5 17 A6.5 6.5 0 1 1 10.5 4 M15.3 15.3 L20 20",
	"back":     "M14.5 5.5 L8 12 L14.5 18.5",
	"next":     "M9.5 5.5 L16 12 L9.5 18.5",
	"edit":     "M4.5 19.5 L5.5 15 L15.5 5 A1.8 1.8 0 0 1 18 5 L19 6 A1.8 1.8 0 0 1 19 8.5 L9 18.5 Z M13.5 7 L17 10.5",
	"print":    "M7 9 V4 H17 V9 M7 17.5 H5.5 A1.5 1.5 0 0 1 4 16 V10.5 A1.5 1.5 0 0 1 5.5 9 H18.5 A1.5 1.5 0 0 1 20 10.5 V16 A1.5 1.5 0 0 1 18.5 17.5 H17 M7 14 H17 V20.5 H7 Z",
	"sign":     "M3.5 20.5 H20.5 M5 16 C8 16 8.5 6 11.5 5 C14.5 4 13 11 9.5 14 C12 11.5 14 11.5 13.5 14 C13 16.5 16 15.5 19 13",
	"retry":    "M19.5 12 A7.5 7.5 0 1 1 17 6.4 M17.5 3.5 V7 H14",
	"keyboard": "M4.5 6.5 H19.5 A1.5 1.5 0 0 1 21 8 V16 A1.5 1.5 0 0 1 19.5 17.5 H4.5 A1.5 1.5 0 0 1 3 16 V8 A1.5 1.5 0 0 1 4.5 6.5 M7 10 H7.2 M10.3 10 H10.5 M13.6 10 H13.8 M16.9 10 H17.1 M8 14 H16",
	"phone":    "M6 4 H9 L10.5 8.5 L8.5 10 A11 11 0 0 0 14 15.5 L15.5 13.5 L20 15 V18 A2 2 0 0 1 18 20 A15 15 0 0 1 4 6 A2 2 0 0 1 6 4 Z",
	"close":    "M6 6 L18 18 M18 6 L6 18",
	"plus":     "M12 5 V19 M5 12 H19",
	"erase":    "M8.5 5.5 H19 A1.5 1.5 0 0 1 20.5 7 V17 A1.5 1.5 0 0 1 19 18.5 H8.5 L3 12 Z M11 9.5 L16 14.5 M16 9.5 L11 14.5",
	"home":     "M4 11 L12 4 L20 11 M6 9.5 V20 H18 V9.5 M10 20 V14 H14 V20",
	"test":     "M4 12.5 H7.5 L10 6 L14 18.5 L16.5 12.5 H20",
	// how it is
	"check":   "M5 12.5 L10 17.5 L19.5 7",
	"done":    "M12 3.5 A8.5 8.5 0 1 1 12 20.5 A8.5 8.5 0 1 1 12 3.5 M8 12.3 L11 15.3 L16.2 9.5",
	"warn":    "M12 4 L21 19.5 H3 Z M12 10 V14.2 M12 17 V17.1",
	"bad":     "M12 3.5 A8.5 8.5 0 1 1 12 20.5 A8.5 8.5 0 1 1 12 3.5 M9 9 L15 15 M15 9 L9 15",
	"info":    "M12 3.5 A8.5 8.5 0 1 1 12 20.5 A8.5 8.5 0 1 1 12 3.5 M12 11 V16.3 M12 7.7 V7.8",
	"help":    "M12 3.5 A8.5 8.5 0 1 1 12 20.5 A8.5 8.5 0 1 1 12 3.5 M9.5 9.5 A2.5 2.5 0 1 1 12 12.2 V13.8 M12 16.7 V16.8",
	"unknown": "M12 3.5 A8.5 8.5 0 1 1 12 20.5 A8.5 8.5 0 1 1 12 3.5 M8 12 H16",
	// things
	"person":   "M12 4 A4 4 0 1 1 12 12 A4 4 0 1 1 12 4 M4.5 20.5 A7.5 6 0 0 1 19.5 20.5",
	"card":     "M4.5 5.5 H19.5 A1.5 1.5 0 0 1 21 7 V17 A1.5 1.5 0 0 1 19.5 18.5 H4.5 A1.5 1.5 0 0 1 3 17 V7 A1.5 1.5 0 0 1 4.5 5.5 M6.5 9.5 H11.5 V14.5 H6.5 Z M15 10 H18 M15 14 H18",
	"reader":   "M6 9 H18 A1.5 1.5 0 0 1 19.5 10.5 V18.5 A1.5 1.5 0 0 1 18 20 H6 A1.5 1.5 0 0 1 4.5 18.5 V10.5 A1.5 1.5 0 0 1 6 9 M7.5 9 V4 H16.5 V9 M8.5 13 H15.5",
	"token":    "M9.5 10 H18.5 A1.5 1.5 0 0 1 20 11.5 V18.5 H9.5 A4.25 4.25 0 1 1 9.5 10 M9.5 14.2 V14.3 M13 10 V5 H17 V10",
	"portal":   "M12 3.5 A8.5 8.5 0 1 1 12 20.5 A8.5 8.5 0 1 1 12 3.5 M3.5 12 H20.5 M12 3.5 C8 7.5 8 16.5 12 20.5 C16 16.5 16 7.5 12 3.5",
	"queue":    "M12 15.5 V4.5 M8 8.5 L12 4.5 L16 8.5 M4.5 15 V18 A1.5 1.5 0 0 0 6 19.5 H18 A1.5 1.5 0 0 0 19.5 18 V15",
	"printer":  "M7 9 V4 H17 V9 M7 17.5 H5.5 A1.5 1.5 0 0 1 4 16 V10.5 A1.5 1.5 0 0 1 5.5 9 H18.5 A1.5 1.5 0 0 1 20 10.5 V16 A1.5 1.5 0 0 1 18.5 17.5 H17 M7 14 H17 V20.5 H7 Z",
	"clock":    "M12 3.5 A8.5 8.5 0 1 1 12 20.5 A8.5 8.5 0 1 1 12 3.5 M12 7.5 V12 L15 14",
	"calendar": "M5.5 6 H18.5 A1.5 1.5 0 0 1 20 7.5 V18.5 A1.5 1.5 0 0 1 18.5 20 H5.5 A1.5 1.5 0 0 1 4 18.5 V7.5 A1.5 1.5 0 0 1 5.5 6 M4 10.5 H20 M8 3.5 V6 M16 3.5 V6",
	"money":    "M4 7 H20 V17 H4 Z M12 9.5 A2.5 2.5 0 1 1 12 14.5 A2.5 2.5 0 1 1 12 9.5 M7 12 V12.1 M17 12 V12.1",
	"paper":    "M13.5 3.5 H7 A1.5 1.5 0 0 0 5.5 5 V19 A1.5 1.5 0 0 0 7 20.5 H17 A1.5 1.5 0 0 0 18.5 19 V8.5 Z M13.5 3.5 V8.5 H18.5 M9 13 H15 M9 16.5 H15",
	"ticket":   "M4 7 H20 V10.2 A2 2 0 0 0 20 13.8 V17 H4 V13.8 A2 2 0 0 0 4 10.2 Z M14 7 V9 M14 11 V13 M14 15 V17",
	"qr":       "M4 4 H10 V10 H4 Z M14 4 H20 V10 H14 Z M4 14 H10 V20 H4 Z M14 14 H16.5 V16.5 M20 14 V17 M14 20 H17 M20 20 V20.1",
	"camera":   "M4.5 8 H8 L9.5 5.5 H14.5 L16 8 H19.5 A1.5 1.5 0 0 1 21 9.5 V17.5 A1.5 1.5 0 0 1 19.5 19 H4.5 A1.5 1.5 0 0 1 3 17.5 V9.5 A1.5 1.5 0 0 1 4.5 8 M12 10 A3.2 3.2 0 1 1 12 16.4 A3.2 3.2 0 1 1 12 10",
	"store":    "M5 6.5 A7 2.6 0 0 1 19 6.5 A7 2.6 0 0 1 5 6.5 V17.5 A7 2.6 0 0 0 19 17.5 V6.5 M5 12 A7 2.6 0 0 0 19 12",
	"chip":     "M7 7 H17 V17 H7 Z M10 3.5 V7 M14 3.5 V7 M10 17 V20.5 M14 17 V20.5 M3.5 10 H7 M3.5 14 H7 M17 10 H20.5 M17 14 H20.5",
}

// Icons are the names there are, in order.
func Icons() []string {
	names := make([]string, 0, len(icons))
	for n := range icons {
		names = append(names, n)
	}
	slices.Sort(names)
	return names
}

// also are second names of icons, as flows call them.
var also = map[string]string{"again": "retry", "pen": "edit", "draft": "paper", "tick": "check", "id": "card", "user": "person", "readers": "reader", "tokens": "token"}

// HasIcon says whether an icon has that name.
func HasIcon(name string) bool { return path(name) != "" }

func path(name string) string {
	if other, ok := also[name]; ok {
		name = other
	}
	return icons[name]
}

// pen is the width of the stroke on the grid of 24.
const pen = 1.75

// Mono is an icon in the colour of a role, or nil when there is no such icon.
func (t *Theme) Mono(name string, r Role) fyne.Resource {
	d := path(name)
	if d == "" {
		return nil
	}
	key := fmt.Sprintf("%s-%s.svg", name, code(t.Of(r)))
	return t.drawn(key, func() string {
		return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" width="24" height="24">` +
			area(outline(d, pen), t.Of(r)) + `</svg>`
	})
}

// drawn is the drawing under key, made at its first use.
func (t *Theme) drawn(key string, svg func() string) fyne.Resource {
	if res, ok := t.svg[key]; ok {
		return res
	}
	res := fyne.NewStaticResource(key, []byte(svg()))
	t.svg[key] = res
	return res
}

func area(d string, c color.NRGBA) string {
	return fmt.Sprintf(`<path d="%s" fill="%s"/>`, d, code(c))
}

func code(c color.NRGBA) string { return fmt.Sprintf("#%02X%02X%02X", c.R, c.G, c.B) }
