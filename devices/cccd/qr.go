package cccd

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"motcua"
)

// QR is what the code printed on the card says. It is not signed: anybody can
// print one. It serves to open the chip and to be compared with it.
type QR struct {
	Number    Number
	OldNumber string // nine digits or empty
	Name      string
	Birth     Date
	Sex       Sex
	Address   string
	Issued    Date
	// Extra is the fields after the seventh, on cards since July 2024, in
	// their order, whose meaning is not published. Cancelled is those of
	// them that are twelve digits.
	Extra     []string
	Cancelled []string
	// Repaired says that the text had been mangled on its way and was put
	// right; Partial that only the number could be saved, and all else is
	// empty; Unusual that the layout is not one that cards are known to have.
	Repaired, Partial, Unusual bool
}

// maxQR is the most bytes looked at. The largest real text has about 300.
const maxQR = 4096

// ParseQR reads the text of a card's QR code as a scanner delivers it:
//
//	number|old number or empty|name|ddMMyyyy|sex|address|ddMMyyyy
//
// with up to four more fields since 2024. It takes off the scanner's prefixes
// and suffixes and undoes a wrong code page or an inverted Caps Lock if the
// result is then a card's text in every field. Otherwise it keeps the number
// alone if there is just one that it can be, or fails with QRGarbled.
func ParseQR(text string) (QR, error) {
	if len(text) > maxQR {
		return QR{}, motcua.Fail(motcua.QRGarbled, "text too long", nil)
	}
	clean := trimScanner(text)
	for i, candidate := range candidates(clean) {
		if q, ok := qrFields(candidate); ok {
			q.Repaired = i > 0
			return q, nil
		}
	}
	if n, ok := loneNumber(clean); ok {
		return QR{Number: n, Partial: true}, nil
	}
	return QR{}, motcua.Fail(motcua.QRGarbled, "not the text of a citizen card", nil)
}

// trimScanner removes what scanners add: byte order marks, control characters,
// an AIM symbology identifier such as ]Q1.
func trimScanner(s string) string {
	for _, mark := range []string{"\xEF\xBB\xBF", "ï»¿", "\xFF\xFE", "\xFE\xFF"} {
		s = strings.TrimPrefix(s, mark)
	}
	s = strings.Map(func(r rune) rune {
		if r < 0x20 || r == 0x7F || r == '\uFEFF' {
			return -1
		}
		return r
	}, keepBytes(s))
	s = strings.TrimSpace(s)
	if len(s) > 3 && s[0] == ']' && (s[1] == 'Q' || s[1] == 'd') && s[2] >= '0' && s[2] <= '9' {
		s = s[3:]
	}
	return strings.TrimSpace(s)
}

// keepBytes turns text that is not UTF-8 into one rune for each byte, so that
// a later step can read it in another code page.
func keepBytes(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	runes := make([]rune, len(s))
	for i := range len(s) {
		runes[i] = rune(s[i])
	}
	return string(runes)
}

// qrFields reads a text that must be right in every field.
func qrFields(s string) (QR, bool) {
	f := strings.Split(norm.NFC.String(s), "|")
	if len(f) == 6 { // documented wrongly in places, without the old number
		f = append(f[:1], append([]string{""}, f[1:]...)...)
		q, ok := qrSeven(f)
		q.Unusual = true
		return q, ok
	}
	if len(f) < 7 || len(f) > 11 {
		return QR{}, false
	}
	q, ok := qrSeven(f)
	q.Unusual = q.Unusual || len(f) != 7 && len(f) != 11
	for _, extra := range f[7:] {
		if extra != "" && !isText(extra) {
			return QR{}, false
		}
		q.Extra = append(q.Extra, extra)
		if len(extra) == 12 && digits(extra) {
			q.Cancelled = append(q.Cancelled, extra)
		}
	}
	return q, ok
}

func qrSeven(f []string) (QR, bool) {
	number, err := ParseNumber(f[0])
	birth, okBirth := parseDate(f[3])
	issued, okIssued := parseDate(f[6])
	if f[6] == "" {
		okIssued = true
	}
	sex := Sex(f[4])
	if err != nil || !okBirth || !okIssued || sex != Male && sex != Female || !isName(f[2]) || !isText(f[5]) {
		return QR{}, false
	}
	if f[1] != "" && (len(f[1]) != 9 || !digits(f[1])) {
		return QR{}, false
	}
	unusual := len(f[3]) != 8 || len(f[6]) != 8
	return QR{Number: number, OldNumber: f[1], Name: strings.TrimSpace(f[2]), Birth: birth, Sex: sex,
		Address: strings.TrimSpace(f[5]), Issued: issued, Unusual: unusual}, true
}

// vietnamese is the lower-case letters of the language beyond a to z, and with
// them f, j, w, z of foreign names.
const vietnamese = "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ"

func isLetter(r rune) bool {
	r = unicode.ToLower(r)
	return r >= 'a' && r <= 'z' || strings.ContainsRune(vietnamese, r)
}

// isName says whether s is made of letters of the language and what stands
// between them, and does not begin small: inverted Caps Lock does.
func isName(s string) bool {
	first, _ := utf8.DecodeRuneInString(strings.TrimSpace(s))
	if !isLetter(first) || unicode.IsLower(first) {
		return false
	}
	return !strings.ContainsFunc(s, func(r rune) bool { return !isLetter(r) && !strings.ContainsRune(" '’.-", r) })
}

// isText is the same for an address. An empty one is allowed.
func isText(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool {
		return !isLetter(r) && (r < '0' || r > '9') && !strings.ContainsRune(" '’.,-/()\"“”+&:;–", r)
	})
}

// loneNumber saves the number from a text that is otherwise lost. Letters and
// separators may be wrong, but the digits must speak for themselves: there is
// one run of just twelve that is a number, and if a date of birth follows it
// is of the number's year.
func loneNumber(s string) (Number, bool) {
	var found Number
	var births []int
	for _, run := range strings.FieldsFunc(s, func(r rune) bool { return r < '0' || r > '9' }) {
		n, err := ParseNumber(run)
		switch {
		case len(run) == 12 && err == nil && found == "":
			found = n
		case len(run) >= 12: // a second number, or one that lost its border
			return "", false
		case len(run) == 8:
			if d, ok := parseDate(run); ok {
				births = append(births, d.Year)
			}
		}
	}
	if found == "" || len(births) > 0 && births[0] != found.Year() {
		return "", false
	}
	return found, true
}
