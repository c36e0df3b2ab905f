package cccd

import "motcua"

// Sex is as the card and the law write it.
type Sex string

// The values of Sex. The empty one is unknown.
const (
	Male   Sex = "Nam"
	Female Sex = "Nữ"
)

// Number is a personal identification number (số định danh cá nhân): twelve
// digits. The first three name the province or country of birth registration,
// the fourth century and sex, the next two the year of birth (Nghị định
// 137/2015/NĐ-CP article 13, Thông tư 59/2021/TT-BCA article 4).
type Number string

// ParseNumber checks that s is twelve digits that can be a personal number: a
// place other than 000 and a century that has begun. The fault is
// NumberInvalid.
func ParseNumber(s string) (Number, error) {
	if len(s) != 12 || !digits(s) {
		return "", motcua.Fail(motcua.NumberInvalid, "not twelve digits", nil)
	}
	if s[:3] == "000" || s[3] > '3' {
		return "", motcua.Fail(motcua.NumberInvalid, "place or century digit is impossible", nil)
	}
	return Number(s), nil
}

// digits says whether s is not empty and made of the digits 0 to 9.
func digits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// Place is the code of the province, or of the country for those born abroad.
func (n Number) Place() string { return n.part(0, 3) }

// Sex is told by the fourth digit: even male, odd female.
func (n Number) Sex() Sex {
	if len(n) != 12 {
		return ""
	}
	if (n[3]-'0')%2 == 0 {
		return Male
	}
	return Female
}

// Year is the year of birth, 1900 to 2099; 0 for the empty number.
func (n Number) Year() int {
	if len(n) != 12 {
		return 0
	}
	return 1900 + int(n[3]-'0')/2*100 + int(n[4]-'0')*10 + int(n[5]-'0')
}

// CAN is the card access number: the last six digits.
func (n Number) CAN() string { return n.part(6, 12) }

// Document is the document number of the MRZ: the last nine digits.
func (n Number) Document() string { return n.part(3, 12) }

// Masked shows the first three and the last three digits, for lists and greetings.
func (n Number) Masked() string { return n.part(0, 3) + "******" + n.part(9, 12) }

func (n Number) part(from, to int) string {
	if len(n) != 12 {
		return ""
	}
	return string(n[from:to])
}
