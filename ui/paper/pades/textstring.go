package pades

import (
	"strings"
	"time"
	"unicode/utf16"
)

// utf16Text is a text string in UTF-16BE with its mark (section 7.9.2.2).
func utf16Text(s string) text {
	b := []byte{0xFE, 0xFF}
	for _, u := range utf16.Encode([]rune(s)) {
		b = append(b, byte(u>>8), byte(u))
	}
	return text{b: b}
}

// readText decodes a text string; bytes without a mark are taken as Latin-1,
// which is PDFDocEncoding for every letter it shares.
func readText(b []byte) string {
	if len(b) >= 2 && b[0] == 0xFE && b[1] == 0xFF {
		var units []uint16
		for i := 2; i+1 < len(b); i += 2 {
			units = append(units, uint16(b[i])<<8|uint16(b[i+1]))
		}
		return string(utf16.Decode(units))
	}
	r := make([]rune, len(b))
	for i, c := range b {
		r[i] = rune(c)
	}
	return string(r)
}

// vietnam is the zone /M is written in.
var vietnam = time.FixedZone("+07", 7*60*60)

// pdfDate is (D:20261123164759+07'00') (section 7.9.4).
func pdfDate(t time.Time) plain {
	return plain("(" + t.In(vietnam).Format("D:20060102150405") + "+07'00')")
}

// readDate reads a date with a zone; one without says nothing certain.
func readDate(b []byte) (time.Time, bool) {
	s := strings.ReplaceAll(string(b), "'", "")
	for _, layout := range []string{"D:20060102150405-0700", "D:20060102150405-07", "D:20060102150405Z", "D:20060102150405Z0000"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}
