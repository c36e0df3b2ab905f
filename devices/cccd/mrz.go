package cccd

import (
	"strconv"
	"strings"
	"time"

	"motcua"
	"motcua/devices/emrtd"
)

// MRZ is the machine readable zone of a TD1 card (ICAO 9303-5) with the
// Vietnamese use of the optional data.
type MRZ struct {
	Document    string // nine characters, without filler
	Number      Number // from the optional data; empty when they hold none
	Birth       Date
	Sex         Sex
	Expires     Date
	Nationality string // three letters
	Surname     string // without diacritics, words separated by spaces
	Given       string
	Truncated   bool // the name fills its line and may go on
	Unusual     bool // the optional data do not follow the Vietnamese convention

	information string // what the key is made of, 24 characters
}

// lineLength is the length of each of the three lines.
const lineLength = 30

// ParseMRZ reads three lines of thirty characters, with or without line breaks
// and blanks between. All check digits must hold. now decides between the
// centuries of two-digit years where the number does not. The fault is
// BadInput.
func ParseMRZ(text string, now time.Time) (MRZ, error) {
	lines, err := mrzLines(text)
	if err != nil {
		return MRZ{}, err
	}
	l1, l2 := lines[:lineLength], lines[lineLength:2*lineLength]
	if l1[0] != 'I' && l1[0] != 'A' && l1[0] != 'C' || l1[2:5] != "VNM" {
		return MRZ{}, badMRZ("not a Vietnamese card")
	}
	composite := l1[5:] + l2[:7] + l2[8:15] + l2[18:29]
	if !checked(l1[5:14], l1[14]) || !checked(l2[:6], l2[6]) || !checked(l2[8:14], l2[14]) || !checked(composite, l2[29]) {
		return MRZ{}, badMRZ("a check digit does not hold")
	}
	m := MRZ{
		Document:    strings.TrimRight(l1[5:14], "<"),
		Nationality: strings.TrimRight(l2[15:18], "<"),
		Sex:         map[byte]Sex{'M': Male, 'F': Female}[l2[7]],
		information: l1[5:15] + l2[:7] + l2[8:15],
	}
	m.optional(l1[15:])
	m.names(lines[2*lineLength:])
	return m, m.dates(l2[:6], l2[8:14], now)
}

func badMRZ(detail string) error { return motcua.Fail(motcua.BadInput, "mrz: "+detail, nil) }

// mrzLines removes blanks and checks length and alphabet.
func mrzLines(text string) (string, error) {
	if len(text) > 512 {
		return "", badMRZ("too long")
	}
	s := strings.Map(func(r rune) rune {
		switch {
		case r == ' ' || r == '\r' || r == '\n' || r == '\t':
			return -1
		case r == '<', r >= '0' && r <= '9', r >= 'A' && r <= 'Z':
			return r
		}
		return '!'
	}, text)
	if strings.Contains(s, "!") || len(s) != 3*lineLength {
		return "", badMRZ("not three lines of thirty characters")
	}
	return s, nil
}

// checked verifies a check digit; a filler stands for 0 (ICAO 9303-3 4.9).
func checked(s string, digit byte) bool {
	return digit == checkDigit(s) || digit == '<' && checkDigit(s) == '0'
}

// checkDigit is the weighted sum 7-3-1 modulo 10 of ICAO 9303-3 4.9.
func checkDigit(s string) byte {
	sum := 0
	for i := range len(s) {
		v := 0
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			v = int(c - '0')
		case c >= 'A' && c <= 'Z':
			v = int(c-'A') + 10
		}
		sum += v * [...]int{7, 3, 1}[i%3]
	}
	return '0' + byte(sum%10)
}

// optional reads the fifteen characters after the document number: the twelve
// digits, two fillers and a check digit over the twelve. The document number
// is their last nine.
func (m *MRZ) optional(s string) {
	n, err := ParseNumber(s[:12])
	if err != nil {
		m.Unusual = true
		return
	}
	m.Number = n
	m.Unusual = s[12:14] != "<<" || s[14] != checkDigit(s[:12]) || n.Document() != m.Document
}

func (m *MRZ) names(line string) {
	m.Truncated = line[lineLength-1] != '<'
	surname, given, _ := strings.Cut(strings.TrimRight(line, "<"), "<<")
	m.Surname = strings.TrimSpace(strings.ReplaceAll(surname, "<", " "))
	m.Given = strings.TrimSpace(strings.ReplaceAll(given, "<", " "))
}

// Name is surname and given names.
func (m MRZ) Name() string { return strings.TrimSpace(m.Surname + " " + m.Given) }

// dates fills in the centuries. A birth is in the number's century, or else
// the latest that is not in the future; an expiry is in the century of now,
// since no card outlives it: 99 is 2099.
func (m *MRZ) dates(birth, expires string, now time.Time) error {
	century := m.Number.Year() / 100
	if century == 0 {
		century = now.Year() / 100
		if yy, err := strconv.Atoi(birth[:2]); err == nil && century*100+yy > now.Year() {
			century--
		}
	}
	var ok bool
	if m.Birth, ok = mrzDate(birth, century); !ok {
		return badMRZ("date of birth")
	}
	if m.Expires, ok = mrzDate(expires, now.Year()/100); !ok {
		return badMRZ("date of expiry")
	}
	return nil
}

// mrzDate reads YYMMDD; fillers for day and month leave the year alone.
func mrzDate(s string, century int) (Date, bool) {
	year := strconv.Itoa(century) + s[:2]
	if s[2:] == "<<<<" || s[4:] == "<<" && digits(s[2:4]) {
		return yearOnly(year)
	}
	return day(s[4:], s[2:4], year)
}

// dataGroup1 takes the MRZ out of DG1 (ICAO 9303-10 4.7.1).
func dataGroup1(raw []byte, now time.Time) (MRZ, error) {
	outer, err := emrtd.ReadOnly(raw, 0x61)
	if err != nil {
		return MRZ{}, motcua.Fail(motcua.BadInput, "dg1", err)
	}
	inner, err := emrtd.ReadOnly(outer.Value, 0x5F1F)
	if err != nil {
		return MRZ{}, motcua.Fail(motcua.BadInput, "dg1", err)
	}
	return ParseMRZ(string(inner.Value), now)
}
