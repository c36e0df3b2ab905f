package window

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	"motcua/ui/screen"
	"motcua/ui/window/demo"
	"motcua/ui/window/theme"
)

// allowed are the characters beyond letters, figures and ASCII that the screen's
// font draws well. Fyne 2.8.1 takes an arrow or another symbol from a fallback
// font and then draws a broken box after it: such signs are icons here.
const allowed = "–“”‘’…·•₫°«»×№½€•"

func stray(s string) []rune {
	var out []rune
	for _, r := range s {
		if r < 0x80 || unicode.IsLetter(r) || strings.ContainsRune(allowed, r) {
			continue
		}
		out = append(out, r)
	}
	return out
}

func TestTheWordsUseNoSymbols(t *testing.T) {
	files, err := filepath.Glob("../../assets/words/*.json")
	if err != nil || len(files) < 2 {
		t.Fatalf("the catalogues: %v %v", files, err)
	}
	for _, f := range append(files, "fyne.vi.json") {
		raw, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		var words map[string]any
		if err := json.Unmarshal(raw, &words); err != nil {
			t.Fatal(err)
		}
		for key, v := range words {
			if s, ok := v.(string); ok {
				if bad := stray(s); len(bad) > 0 {
					t.Errorf("%s, %s: %q cannot be drawn well", filepath.Base(f), key, string(bad))
				}
			}
		}
	}
}

func TestTheInventedScreensNameRealIcons(t *testing.T) {
	check := func(where, icon string) {
		if icon != "" && !theme.HasIcon(icon) {
			t.Errorf("%s: there is no icon %q", where, icon)
		}
	}
	for _, f := range []screen.Face{screen.Counter, screen.Kiosk, screen.Setup} {
		for _, s := range demo.Of(f) {
			for _, a := range s.Actions {
				check(s.Name, a.Icon)
			}
			for _, p := range s.Rail {
				check(s.Name, p.Icon)
			}
		}
	}
}
