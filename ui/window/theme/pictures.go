package theme

import (
	"fmt"
	"strings"

	"fyne.io/fyne/v2"
)

// none is no colour.
const none Role = -1

// shape is a path with its ground and its stroke.
type shape struct {
	d            string
	fill, stroke Role
	width        float64
}

type picture struct {
	w, h   int
	shapes []shape
}

// pictures show an older person what to do with their hands.
var pictures = map[string]picture{
	"card-on-reader": {480, 320, []shape{
		{"M50 290 A190 14 0 1 1 430 290 A190 14 0 1 1 50 290 Z", Line, none, 0},
		{"M80 214 L400 214 L432 272 A12 12 0 0 1 421 290 L59 290 A12 12 0 0 1 48 272 Z", Surface, Ink, 4},
		{"M134 232 L346 232 L360 264 L120 264 Z", ActionWash, Action, 3},
		{"M226 240 A18 18 0 0 1 254 240 M216 254 A30 30 0 0 1 264 254", none, Action, 4},
		{"M160 52 L320 52 A12 12 0 0 1 332 64 L332 150 A12 12 0 0 1 320 162 L160 162 A12 12 0 0 1 148 150 L148 64 A12 12 0 0 1 160 52 Z", Surface, Ink, 4},
		{"M168 82 L204 82 L204 124 L168 124 Z", ActionWash, Ink, 3},
		{"M168 98 L204 98 M168 110 L204 110 M186 82 L186 124", none, Ink, 3},
		{"M224 86 L310 86 M224 104 L310 104 M224 122 L280 122", none, Muted, 5},
		{"M168 144 L246 144", none, Seal, 5},
		{"M240 174 L240 204 M224 190 L240 206 L256 190", none, Action, 8},
	}},
	"take-card": {480, 320, []shape{
		{"M50 290 A190 14 0 1 1 430 290 A190 14 0 1 1 50 290 Z", Line, none, 0},
		{"M80 214 L400 214 L432 272 A12 12 0 0 1 421 290 L59 290 A12 12 0 0 1 48 272 Z", Surface, Ink, 4},
		{"M134 232 L346 232 L360 264 L120 264 Z", Canvas, Edge, 3},
		{"M160 82 L320 82 A12 12 0 0 1 332 94 L332 180 A12 12 0 0 1 320 192 L160 192 A12 12 0 0 1 148 180 L148 94 A12 12 0 0 1 160 82 Z", Surface, Ink, 4},
		{"M168 112 L204 112 L204 154 L168 154 Z", ActionWash, Ink, 3},
		{"M168 128 L204 128 M168 140 L204 140 M186 112 L186 154", none, Ink, 3},
		{"M224 116 L310 116 M224 134 L310 134 M224 152 L280 152", none, Muted, 5},
		{"M168 174 L246 174", none, Seal, 5},
		{"M240 66 L240 26 M222 44 L240 26 L258 44", none, Action, 8},
	}},
	"ticket": {480, 320, []shape{
		{"M70 296 A170 12 0 1 1 410 296 A170 12 0 1 1 70 296 Z", Line, none, 0},
		{"M96 150 L384 150 A14 14 0 0 1 398 164 L398 280 A14 14 0 0 1 384 294 L96 294 A14 14 0 0 1 82 280 L82 164 A14 14 0 0 1 96 150 Z", Surface, Ink, 4},
		{"M130 178 L350 178", none, Ink, 8},
		{"M164 178 L164 40 L178 28 L192 40 L206 28 L220 40 L234 28 L248 40 L262 28 L276 40 L290 28 L304 40 L316 28 L316 178 Z", Surface, Ink, 4},
		{"M190 66 L290 66", none, Muted, 5},
		{"M204 88 L204 128 M204 88 L196 94 M228 88 L252 88 L236 128 M268 88 L284 88 L284 128 L268 128 Z", none, Action, 8},
		{"M190 150 L290 150", none, Muted, 5},
		{"M330 240 L354 240", none, Good, 8},
	}},
	"person": {120, 160, []shape{
		{"M0 0 L120 0 L120 160 L0 160 Z", Canvas, none, 0},
		{"M60 34 A26 28 0 1 1 60 90 A26 28 0 1 1 60 34 M12 160 A48 50 0 0 1 108 160", none, Edge, 3},
	}},
}

// HasPicture says whether a picture has that name.
func HasPicture(name string) bool { _, ok := pictures[name]; return ok }

// Picture is a drawn picture by name, or nil: "card-on-reader", "take-card",
// "ticket", and "person" where there is no portrait.
func (t *Theme) Picture(name string) fyne.Resource {
	p, ok := pictures[name]
	if !ok {
		return nil
	}
	return t.drawn(name+"-"+string(t.Mode)+".svg", func() string {
		var b strings.Builder
		fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d">`, p.w, p.h, p.w, p.h)
		for _, s := range p.shapes {
			if s.fill != none {
				b.WriteString(area(s.d, t.Of(s.fill)))
			}
			if s.stroke != none {
				b.WriteString(area(outline(s.d, s.width), t.Of(s.stroke)))
			}
		}
		return b.String() + `</svg>`
	})
}
