package theme

import (
	"image/color"
	"math"
)

// Mode is the palette a person chose.
type Mode string

// The palettes.
const (
	Light    Mode = "light"
	Dark     Mode = "dark"
	Contrast Mode = "contrast" // 7:1 for every text
)

// Role is what a colour is for. Code asks for a role and never for a colour.
type Role int

// The roles.
const (
	Ink      Role = iota // text
	Muted                // secondary text
	Canvas               // what the cards lie on
	Surface              // cards
	Line                 // hairlines
	Edge                 // the border of something to fill in, 3:1 against Surface
	Action               // the main button, the focus ring, links
	OnAction             // text on Action
	Good                 // always with an icon and a word
	Warn
	Bad
	Seal // the agency's mark, sparingly
	// The washes lie behind texts of Ink and of their own role.
	ActionWash
	GoodWash
	WarnWash
	BadWash
	Hover // under the pointer
	Track // what a bar of progress runs on
	roles
)

// Palette is one colour for each role.
type Palette [roles]color.NRGBA

func hex(rgb uint32) color.NRGBA {
	return color.NRGBA{R: uint8(rgb >> 16), G: uint8(rgb >> 8), B: uint8(rgb), A: 0xFF}
}

var palettes = map[Mode]Palette{
	Light: {
		Ink: hex(0x16202A), Muted: hex(0x55626F),
		Canvas: hex(0xF3F5F7), Surface: hex(0xFFFFFF), Line: hex(0xD5DCE3), Edge: hex(0x7D8B99),
		Action: hex(0x0B5CAD), OnAction: hex(0xFFFFFF),
		Good: hex(0x1B7F4B), Warn: hex(0x8A5A00), Bad: hex(0xB42318), Seal: hex(0xA8201A),
		ActionWash: hex(0xEEF5FC), GoodWash: hex(0xEDF7F1), WarnWash: hex(0xFCF5E6), BadWash: hex(0xFDF0EE),
		Hover: hex(0xF3F6F9), Track: hex(0xD5DCE3),
	},
	Dark: {
		Ink: hex(0xE8EDF2), Muted: hex(0x9FB0BF),
		Canvas: hex(0x10171D), Surface: hex(0x18222B), Line: hex(0x2C3A46), Edge: hex(0x6C7E8E),
		Action: hex(0x6AB0F3), OnAction: hex(0x0C1822),
		Good: hex(0x57C08A), Warn: hex(0xE0B04C), Bad: hex(0xF0857B), Seal: hex(0xE06A60),
		ActionWash: hex(0x1B2D3E), GoodWash: hex(0x17302A), WarnWash: hex(0x2C2A1D), BadWash: hex(0x332425),
		Hover: hex(0x1E2A34), Track: hex(0x2C3A46),
	},
	Contrast: {
		Ink: hex(0x000000), Muted: hex(0x2E3338),
		Canvas: hex(0xFFFFFF), Surface: hex(0xFFFFFF), Line: hex(0x000000), Edge: hex(0x000000),
		Action: hex(0x003A7D), OnAction: hex(0xFFFFFF),
		Good: hex(0x00522A), Warn: hex(0x5A3900), Bad: hex(0x8A0F08), Seal: hex(0x8A0F08),
		ActionWash: hex(0xE6EEF7), GoodWash: hex(0xEEF8F2), WarnWash: hex(0xFDF6E8), BadWash: hex(0xFDF1EF),
		Hover: hex(0xEEF1F4), Track: hex(0xC9D3DE),
	},
}

// Ratio is the contrast of two opaque colours, from 1 to 21 (WCAG 2.2,
// "contrast ratio").
func Ratio(a, b color.NRGBA) float64 {
	la, lb := luminance(a), luminance(b)
	if la < lb {
		la, lb = lb, la
	}
	return (la + 0.05) / (lb + 0.05)
}

// luminance is the relative luminance of WCAG 2.2 for sRGB.
func luminance(c color.NRGBA) float64 {
	lin := func(v uint8) float64 {
		s := float64(v) / 255
		if s <= 0.04045 {
			return s / 12.92
		}
		return math.Pow((s+0.055)/1.055, 2.4)
	}
	return 0.2126*lin(c.R) + 0.7152*lin(c.G) + 0.0722*lin(c.B)
}
