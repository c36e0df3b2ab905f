// Package theme is the one place for colours, sizes, spacings, fonts and icons.
//
// Everything drawn asks it by role: an Ink, a Body, a Wide gap. A literal
// colour or size anywhere else in ui/window is a defect.
package theme

import (
	"image/color"

	"fyne.io/fyne/v2"
	fynetheme "fyne.io/fyne/v2/theme"

	"motcua/assets/fonts"
)

// Step is a size of type.
type Step int

// The steps of the type scale, in pixels at 100 %: at the counter 13, 15, 18,
// 24 and 32; on the kiosk, read standing, 24, 32, 32, 48 and 72.
const (
	Small Step = iota
	Body
	Lead
	Title
	Figure
)

var (
	deskSizes  = [...]float32{13, 15, 18, 24, 32}
	kioskSizes = [...]float32{24, 32, 32, 48, 72}
)

// Gap is a distance.
type Gap int

// The distances, in pixels: 4, 8, 12, 16, 24 and 40; half as much again on the
// kiosk.
const (
	Hair Gap = iota
	Tight
	Near
	Even
	Wide
	Far
)

var gaps = [...]float32{4, 8, 12, 16, 24, 40}

// Sizes that are neither type nor gap, in pixels.
const (
	Radius  = 6
	Stroke  = 1 // hairlines and borders
	Ring    = 2 // the focus ring
	Bar     = 3 // the coloured edge of a notice or of the chosen line
	minimum = 1.0
	maximum = 2.0
)

// Theme is a palette, a text scale and a face. It is a fyne.Theme too, so that
// what Fyne draws itself (the text cursor, a context menu) looks the same.
type Theme struct {
	Mode  Mode
	Scale float32 // of text, from 1 to 2
	Kiosk bool

	palette Palette
	svg     map[string]fyne.Resource
	regular fyne.Resource
	bold    fyne.Resource
}

var _ fyne.Theme = (*Theme)(nil)

var (
	sansRegular = fyne.NewStaticResource("NotoSans-Regular.ttf", fonts.SansRegular)
	sansBold    = fyne.NewStaticResource("NotoSans-Bold.ttf", fonts.SansBold)
)

// New makes a theme. An unknown mode is Light; a scale outside 1 to 2 is the
// nearer end.
func New(mode Mode, scale float32, kiosk bool) *Theme {
	p, ok := palettes[mode]
	if !ok {
		mode, p = Light, palettes[Light]
	}
	return &Theme{
		Mode: mode, Scale: max(minimum, min(maximum, scale)), Kiosk: kiosk,
		palette: p, svg: map[string]fyne.Resource{}, regular: sansRegular, bold: sansBold,
	}
}

// Of is the colour of a role.
func (t *Theme) Of(r Role) color.NRGBA { return t.palette[r] }

// Text is the size of a step in pixels.
func (t *Theme) Text(s Step) float32 {
	if t.Kiosk {
		return kioskSizes[s] * t.Scale
	}
	return deskSizes[s] * t.Scale
}

// Gap is a distance in pixels. It does not grow with the text: the room goes
// to the letters.
func (t *Theme) Gap(g Gap) float32 {
	if t.Kiosk {
		return gaps[g] * 1.5
	}
	return gaps[g]
}

// Control is the height of a button or field: text and air; on the kiosk at
// least what a thumb needs.
func (t *Theme) Control() float32 {
	if t.Kiosk {
		return max(88, t.Text(Body)*2)
	}
	return t.Text(Body)*1.4 + 2*gaps[Tight]
}

// Line is the height of a row in a dense list.
func (t *Theme) Line() float32 { return t.Text(Body)*1.4 + gaps[Near] }

// Mark is the side of an icon beside text of that step.
func (t *Theme) Mark(s Step) float32 { return t.Text(s) * 1.3 }

// Color answers Fyne's own widgets.
func (t *Theme) Color(n fyne.ThemeColorName, _ fyne.ThemeVariant) color.Color {
	faded := func(r Role, a uint8) color.Color { c := t.palette[r]; c.A = a; return c }
	switch n {
	case fynetheme.ColorNameBackground:
		return t.palette[Canvas]
	case fynetheme.ColorNameForeground:
		return t.palette[Ink]
	case fynetheme.ColorNamePlaceHolder, fynetheme.ColorNameDisabled:
		return t.palette[Muted]
	case fynetheme.ColorNamePrimary, fynetheme.ColorNameHyperlink:
		return t.palette[Action]
	case fynetheme.ColorNameForegroundOnPrimary:
		return t.palette[OnAction]
	case fynetheme.ColorNameError:
		return t.palette[Bad]
	case fynetheme.ColorNameSuccess:
		return t.palette[Good]
	case fynetheme.ColorNameWarning:
		return t.palette[Warn]
	case fynetheme.ColorNameSelection, fynetheme.ColorNameFocus:
		return faded(Action, 0x40)
	case fynetheme.ColorNameScrollBar:
		return faded(Edge, 0x90)
	case fynetheme.ColorNameShadow:
		return color.Transparent // a hairline says where a page goes on
	case fynetheme.ColorNameHover, fynetheme.ColorNamePressed:
		return t.palette[Hover]
	case fynetheme.ColorNameSeparator:
		return t.palette[Line]
	case fynetheme.ColorNameMenuBackground, fynetheme.ColorNameOverlayBackground, fynetheme.ColorNameButton,
		fynetheme.ColorNameHeaderBackground:
		return t.palette[Surface]
	case fynetheme.ColorNameInputBackground, fynetheme.ColorNameInputBorder, fynetheme.ColorNameScrollBarBackground:
		return color.Transparent // the field draws its own border
	}
	return fynetheme.DefaultTheme().Color(n, fynetheme.VariantLight)
}

// Font answers Fyne's own widgets: one face in two weights.
func (t *Theme) Font(s fyne.TextStyle) fyne.Resource {
	switch {
	case s.Symbol:
		return fynetheme.DefaultTheme().Font(s)
	case s.Bold:
		return t.bold
	}
	return t.regular
}

// Icon answers Fyne's own widgets.
func (t *Theme) Icon(n fyne.ThemeIconName) fyne.Resource { return fynetheme.DefaultTheme().Icon(n) }

// Size answers Fyne's own widgets.
func (t *Theme) Size(n fyne.ThemeSizeName) float32 {
	switch n {
	case fynetheme.SizeNameText:
		return t.Text(Body)
	case fynetheme.SizeNameCaptionText:
		return t.Text(Small)
	case fynetheme.SizeNameSubHeadingText:
		return t.Text(Lead)
	case fynetheme.SizeNameHeadingText:
		return t.Text(Title)
	case fynetheme.SizeNamePadding, fynetheme.SizeNameLineSpacing:
		return gaps[Hair]
	case fynetheme.SizeNameInnerPadding:
		return gaps[Near]
	case fynetheme.SizeNameInputBorder:
		return 0
	case fynetheme.SizeNameInputRadius, fynetheme.SizeNameSelectionRadius:
		return Radius
	}
	return fynetheme.DefaultTheme().Size(n)
}
