package window

import (
	_ "embed" // Fyne's own words
	"fyne.io/fyne/v2/lang"
)

//go:embed fyne.vi.json
var fyneVi []byte

// speak gives Fyne's own texts (copy, paste, the calendar) in Vietnamese. Fyne
// follows the system's language and offers no choice, so the catalogue is
// handed over as if it were the system's.
func speak(language string) {
	if language != "vi" {
		return
	}
	if err := lang.AddTranslationsForLocale(fyneVi, lang.SystemLocale()); err != nil {
		panic("window: the embedded catalogue is malformed: " + err.Error())
	}
}
