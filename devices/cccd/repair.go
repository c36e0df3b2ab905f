package cccd

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// candidates is the text as it came and the texts it may have been before a
// keyboard-wedge scanner or a driver changed it, most likely first.
func candidates(s string) []string {
	list := []string{s}
	for _, page := range []*charmap.Charmap{charmap.Windows1252, charmap.Windows1258, charmap.ISO8859_1} {
		if fixed, ok := asUTF8(s, page); ok {
			list = append(list, fixed)
		}
	}
	// A text that was no UTF-8 at all: bytes of the Vietnamese code page.
	if raw, ok := latin1(s); ok {
		if decoded, err := charmap.Windows1258.NewDecoder().String(raw); err == nil {
			list = append(list, decoded)
		}
	}
	for _, t := range list {
		list = append(list, invertCase(t))
	}
	return list
}

// asUTF8 undoes UTF-8 that was read as a one-byte code page: "Nguyá»…n".
func asUTF8(s string, page *charmap.Charmap) (string, bool) {
	raw := make([]byte, 0, len(s))
	for _, r := range s {
		b, ok := page.EncodeRune(r)
		if !ok {
			if r > 0xFF { // a byte the code page leaves open passes as it is
				return "", false
			}
			b = byte(r)
		}
		raw = append(raw, b)
	}
	return string(raw), utf8.Valid(raw) && string(raw) != s
}

// latin1 is the bytes of a text of runes below 256.
func latin1(s string) (string, bool) {
	raw := make([]byte, 0, len(s))
	for _, r := range s {
		if r > 0xFF {
			return "", false
		}
		raw = append(raw, byte(r))
	}
	return string(raw), true
}

// invertCase undoes Caps Lock.
func invertCase(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsUpper(r) {
			return unicode.ToLower(r)
		}
		return unicode.ToUpper(r)
	}, s)
}
