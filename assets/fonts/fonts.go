// Package fonts embeds the two families the product draws with.
//
// Paper is set in Liberation Serif 2, whose widths are those of Times New Roman
// (NĐ 30/2020/NĐ-CP, Phụ lục I asks for that face, and its line breaks). The
// 1.x releases of Liberation lack the letters U+1EA0 to U+1EF9: a page drawn
// with them shows empty boxes while its text can still be extracted. The test
// beside this file looks at the ink of every letter for that reason.
//
// Screens are set in Noto Sans: of the faces compared at 14 pixels it keeps the
// two stacked marks of "ẩ ỗ ễ" apart and tells I, l and 1 from one another,
// and its figures are all of one width.
//
// Both families are under the SIL Open Font License 1.1; the licence texts are
// beside the files. The slices are shared: a caller whose library writes into
// a font's bytes (gofpdf pads them) hands it a copy.
package fonts

import _ "embed" // the fonts are files

// The faces of paper: TrueType outlines of Liberation Serif 2.
var (
	//go:embed LiberationSerif-Regular.ttf
	SerifRegular []byte
	//go:embed LiberationSerif-Bold.ttf
	SerifBold []byte
	//go:embed LiberationSerif-Italic.ttf
	SerifItalic []byte
	//go:embed LiberationSerif-BoldItalic.ttf
	SerifBoldItalic []byte
)

// The faces of screens: TrueType outlines of Noto Sans.
var (
	//go:embed NotoSans-Regular.ttf
	SansRegular []byte
	//go:embed NotoSans-Bold.ttf
	SansBold []byte
)

// Vietnamese is the 134 letters Vietnamese adds to the 52 of basic Latin, each
// one rune (NFC).
const Vietnamese = "àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ" +
	"ÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬÈÉẺẼẸÊỀẾỂỄỆÌÍỈĨỊÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢÙÚỦŨỤƯỪỨỬỮỰỲÝỶỸỴĐ"
