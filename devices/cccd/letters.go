package cccd

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// letters is a name without diacritics, case and all that is no letter, as
// names are compared: "Nguyễn Thị Đào" and "NGUYEN THI DAO" are the same.
func letters(name string) string {
	return strings.Map(func(r rune) rune {
		switch r {
		case 'đ', 'Đ':
			return 'D'
		}
		if !unicode.IsLetter(r) {
			return -1
		}
		return unicode.ToUpper(r)
	}, norm.NFD.String(name))
}
