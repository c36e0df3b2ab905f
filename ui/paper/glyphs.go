package paper

import (
	"sync"

	"golang.org/x/image/font/sfnt"
)

// coverage is the runes of the Basic Multilingual Plane that all four faces
// can draw, one bit each. gofpdf cannot write a rune beyond that plane.
var coverage = sync.OnceValue(func() *[1 << 16 / 64]uint64 {
	var set [1 << 16 / 64]uint64
	for i := range set {
		set[i] = ^uint64(0)
	}
	for _, ttf := range faces {
		f, err := sfnt.Parse(ttf)
		if err != nil {
			return new([1 << 16 / 64]uint64) // nothing can be drawn
		}
		var buf sfnt.Buffer
		for r := rune(0); r < 1<<16; r++ {
			if g, err := f.GlyphIndex(&buf, r); err != nil || g == 0 {
				set[r/64] &^= 1 << (r % 64)
			}
		}
	}
	return &set
})

// drawable is whether r shows as itself in every face. Controls and
// directional marks may have an empty glyph: they are refused, because a text
// with them is not what it looks like.
func drawable(r rune) bool {
	switch {
	case r < ' ' || r >= 1<<16 || r >= 0x7f && r < 0xa0:
		return false
	case r >= 0x200b && r <= 0x200f || r >= 0x202a && r <= 0x202e || r >= 0x2060 && r <= 0x206f:
		return false
	}
	return coverage()[r/64]>>(r%64)&1 == 1
}
