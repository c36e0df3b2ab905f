package cccd

import (
	"errors"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"motcua"
	"motcua/devices/emrtd"
)

// National is the content of DG13, text in NFC. What the card leaves out is
// empty.
type National struct {
	Number         string // twelve digits as on the card, not checked
	Name           string
	Birth          Date
	Sex            Sex
	Nationality    string
	Ethnicity      string
	Religion       string
	Origin         string
	Residence      string
	Marks          string
	Issued         Date
	Expires        Date
	NoExpiry       bool // the card says "Không thời hạn"
	Father, Mother string
	ParentsUnclear bool // parents were named, but not two
	Spouses        []string
	OldNumber      string // a former number of nine or twelve digits
	// Unknown keeps what has no known meaning, as on the card: fields above
	// 16, field 16, and known fields whose content has a wrong form.
	Unknown map[int][]byte
}

// The limits of DG13. Real ones have sixteen fields in less than 700 bytes.
const (
	maxNational = 64 << 10
	maxFields   = 64
	maxPeople   = 16
)

var errNational = errors.New("dg13: not the structure known")

// ParseNational reads DG13:
//
//	[APPLICATION 13] { SEQUENCE { INTEGER 1, OID, SET OF SEQUENCE { INTEGER field, value } } }
//
// The fields may come in any order, but each once. A field without value, with
// an empty one, or missing is empty. The fault is BadInput.
func ParseNational(raw []byte) (*National, error) {
	fields, err := nationalFields(raw)
	if err != nil {
		return nil, motcua.Fail(motcua.BadInput, "dg13", err)
	}
	n := &National{Unknown: map[int][]byte{}}
	seen := 0
	for _, f := range fields {
		nn, value, err := nationalField(f)
		if err != nil || nn < 64 && seen>>nn&1 == 1 {
			return nil, motcua.Fail(motcua.BadInput, "dg13", errNational)
		}
		seen |= 1 << (nn & 63)
		if err := n.set(nn, value); err != nil {
			return nil, motcua.Fail(motcua.BadInput, "dg13", err)
		}
	}
	n.chooseOldNumber()
	return n, nil
}

// nationalFields opens the three layers. Elements after the SET are tolerated:
// the content of 2024's cards is not published.
func nationalFields(raw []byte) ([]emrtd.TLV, error) {
	if len(raw) > maxNational {
		return nil, errNational
	}
	outer, err := emrtd.ReadOnly(raw, 0x6D)
	if err != nil {
		return nil, err
	}
	seq, err := emrtd.ReadOnly(outer.Value, 0x30)
	if err != nil {
		return nil, err
	}
	parts, err := emrtd.Elements(seq.Value, 8)
	if err != nil {
		return nil, err
	}
	if len(parts) < 3 || parts[0].Tag != 0x02 || parts[1].Tag != 0x06 || parts[2].Tag != 0x31 {
		return nil, errNational
	}
	return emrtd.Elements(parts[2].Value, maxFields)
}

// nationalField splits a field into its number and the encoded value.
func nationalField(f emrtd.TLV) (int, []byte, error) {
	if f.Tag != 0x30 {
		return 0, nil, errNational
	}
	number, value, err := emrtd.ReadTLV(f.Value)
	if err != nil {
		return 0, nil, err
	}
	if number.Tag != 0x02 || len(number.Value) != 1 || number.Value[0] == 0 || number.Value[0] > 63 {
		return 0, nil, errNational
	}
	return int(number.Value[0]), value, nil
}

// set puts a field where it belongs.
func (n *National) set(nn int, value []byte) error {
	switch {
	case nn == 13:
		return n.setParents(value)
	case nn == 14:
		names, err := people(value)
		n.Spouses = present(names)
		return err
	case nn > 16:
		n.keep(nn, value)
		return nil
	}
	s, err := oneText(value)
	if err != nil {
		return err
	}
	n.setText(nn, s, value)
	return nil
}

func (n *National) keep(nn int, value []byte) {
	if len(value) > 0 {
		n.Unknown[nn] = append([]byte(nil), value...)
	}
}

func (n *National) setText(nn int, s string, value []byte) {
	plain := map[int]*string{1: &n.Number, 2: &n.Name, 5: &n.Nationality, 6: &n.Ethnicity,
		7: &n.Religion, 8: &n.Origin, 9: &n.Residence, 10: &n.Marks}
	var ok bool
	switch nn {
	case 3:
		n.Birth, ok = parseDate(s)
	case 4:
		n.Sex, ok = parseSex(s)
	case 11:
		n.Issued, ok = parseDate(s)
	case 12:
		n.Expires, n.NoExpiry, ok = parseExpiry(s)
	case 15, 16: // decided by content when both are known
		ok = false
	default:
		*plain[nn], ok = s, true
	}
	if !ok {
		n.keep(nn, value)
	}
}

// parseSex accepts the two words in any case.
func parseSex(s string) (Sex, bool) {
	switch {
	case strings.EqualFold(s, string(Male)):
		return Male, true
	case strings.EqualFold(s, string(Female)):
		return Female, true
	}
	return "", false
}

// parseExpiry accepts a date or "Không thời hạn".
func parseExpiry(s string) (Date, bool, bool) {
	if strings.EqualFold(s, "Không thời hạn") {
		return Date{}, true, true
	}
	d, ok := parseDate(s)
	return d, false, ok
}

// setParents reads both documented shapes: two sequences of one name each, or
// one sequence of two names. The first is the father. One name alone is
// nobody's: guessing whose would be worse than asking.
func (n *National) setParents(value []byte) error {
	names, err := people(value)
	if err != nil {
		return err
	}
	if len(names) == 2 {
		n.Father, n.Mother = names[0], names[1]
		return nil
	}
	n.ParentsUnclear = len(present(names)) > 0
	if n.ParentsUnclear {
		n.keep(13, value)
	}
	return nil
}

// people is every name in a list of sequences of names. A sequence without a
// name counts as one left empty.
func people(value []byte) ([]string, error) {
	elements, err := emrtd.Elements(value, maxPeople)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, e := range elements {
		inner := []emrtd.TLV{e}
		if e.Tag == 0x30 {
			if inner, err = emrtd.Elements(e.Value, maxPeople); err != nil {
				return nil, err
			}
		}
		if len(inner) == 0 {
			names = append(names, "")
		}
		for _, t := range inner {
			s, err := text(t)
			if err != nil {
				return nil, err
			}
			names = append(names, s)
		}
	}
	return names, nil
}

func present(names []string) []string {
	var out []string
	for _, s := range names {
		if s != "" {
			out = append(out, s)
		}
	}
	return out
}

// oneText is the value of a field that holds one string or nothing.
func oneText(value []byte) (string, error) {
	if len(value) == 0 {
		return "", nil
	}
	t, rest, err := emrtd.ReadTLV(value)
	if err != nil {
		return "", err
	}
	if len(rest) != 0 {
		return "", errNational
	}
	return text(t)
}

// text reads UTF8String, PrintableString, NumericString or IA5String, all of
// which are UTF-8 here, without control characters.
func text(t emrtd.TLV) (string, error) {
	switch t.Tag {
	case 0x0C, 0x12, 0x13, 0x16:
	default:
		return "", errNational
	}
	if !utf8.Valid(t.Value) || strings.ContainsFunc(string(t.Value), isControl) {
		return "", errNational
	}
	return norm.NFC.String(strings.TrimSpace(string(t.Value))), nil
}

func isControl(r rune) bool { return r < 0x20 || r >= 0x7F && r < 0xA0 || r == utf8.RuneError }

// chooseOldNumber: sources disagree on whether field 15 or 16 holds the former
// number, so the content decides: nine or twelve digits.
func (n *National) chooseOldNumber() {
	for _, nn := range []int{15, 16} {
		s, err := oneText(n.Unknown[nn])
		if err == nil && digits(s) && (len(s) == 9 || len(s) == 12) {
			n.OldNumber = s
			delete(n.Unknown, nn)
			return
		}
	}
}
