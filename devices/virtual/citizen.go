package virtual

import (
	"regexp"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"motcua"
)

// Citizen is what a card says of its holder. Every citizen here is invented.
type Citizen struct {
	Number      string // twelve digits: province, century and sex, year, serial
	Name        string // family name first, with diacritics
	Family      int    // words of Name that are the family name in the MRZ, 0 means one
	Birth       time.Time
	Sex         string // "Nam" or "Nữ"
	Nationality string
	Ethnicity   string
	Religion    string
	Origin      string // quê quán
	Residence   string // nơi thường trú
	Features    string // đặc điểm nhận dạng
	Issued      time.Time
	Expires     time.Time // zero: không thời hạn
	Father      string
	Mother      string
	Spouse      string // empty: single
	OldNumber   string // nine digits, empty: none
	Portrait    []byte // JPEG, nil: a face is drawn
}

func day(y int, m time.Month, d int) time.Time {
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

// Citizens returns the invented people of the trial, freshly made: a man, a
// married woman with a long address, an old man whose card does not expire, a
// girl, and a woman whose name is longer than the MRZ.
func Citizens() []Citizen {
	return []Citizen{
		{
			Number: "001090000018", Name: "Nguyễn Văn An", Birth: day(1990, 1, 1), Sex: "Nam",
			Nationality: "Việt Nam", Ethnicity: "Kinh", Religion: "Không",
			Origin: "Xã Mẫu, Huyện Thử, Hà Nội", Residence: "Số 1 ngõ Thử Nghiệm, phường Mẫu, Hà Nội",
			Features: "Nốt ruồi cách 1cm trên sau cánh mũi trái", Issued: day(2021, 5, 10), Expires: day(2030, 1, 1),
			Father: "Nguyễn Văn Mẫu", Mother: "Trần Thị Thử", OldNumber: "010000018",
		}, {
			Number: "048185000026", Name: "Trần Thị Bích Ngọc", Birth: day(1985, 8, 20), Sex: "Nữ",
			Nationality: "Việt Nam", Ethnicity: "Kinh", Religion: "Phật giáo",
			Origin:    "Xã Ví Dụ, Huyện Giả Định, Quảng Nam",
			Residence: "Căn hộ 12.08, tòa nhà Thử Nghiệm, số 125 đường Không Có Thật, tổ dân phố Mẫu số 7, phường Giả Định, thành phố Đà Nẵng",
			Features:  "Sẹo chấm cách 2cm dưới trước đuôi mắt phải", Issued: day(2022, 3, 14), Expires: day(2045, 8, 20),
			Father: "Trần Văn Dụ", Mother: "Lê Thị Ví", Spouse: "Phạm Quốc Mẫu",
		}, {
			Number: "079058000034", Name: "Lê Hoàng Đức", Birth: day(1958, 11, 5), Sex: "Nam",
			Nationality: "Việt Nam", Ethnicity: "Hoa", Religion: "Công giáo",
			Origin: "Phường Mẫu, Quận Thử, TP. Hồ Chí Minh", Residence: "34 đường Ví Dụ, phường Mẫu, TP. Hồ Chí Minh",
			Features: "Nốt ruồi cách 3cm dưới sau mép trái", Issued: day(2021, 9, 1),
			Father: "Lê Văn Giả", Mother: "Đỗ Thị Định", Spouse: "Võ Thị Mẫu", OldNumber: "020000034",
		}, {
			Number: "031312000042", Name: "Đặng Thùy Mỹ Duyên", Birth: day(2012, 2, 29), Sex: "Nữ",
			Nationality: "Việt Nam", Ethnicity: "Tày", Religion: "Không",
			Origin: "Xã Thử, Hải Phòng", Residence: "Thôn Mẫu, xã Thử, Hải Phòng",
			Issued: day(2026, 3, 2), Expires: day(2037, 2, 28),
			Father: "Đặng Văn Thí", Mother: "Hoàng Thị Dụ",
		}, {
			Number: "046195000059", Name: "Công Tằng Tôn Nữ Hoàng Phương Thảo Nguyên", Family: 4, Birth: day(1995, 12, 31), Sex: "Nữ",
			Nationality: "Việt Nam", Ethnicity: "Kinh", Religion: "Không",
			Origin: "Phường Giả Định, Huế", Residence: "59 đường Ví Dụ, phường Mẫu, thành phố Huế",
			Features: "Nốt ruồi cách 0,5cm trên đuôi lông mày trái", Issued: day(2024, 8, 15), Expires: day(2035, 12, 31),
			Father: "Công Tôn Mẫu", Mother: "Nguyễn Thị Giả",
		},
	}
}

var (
	twelveDigits = regexp.MustCompile(`^\d{12}$`)
	nineDigits   = regexp.MustCompile(`^(\d{9})?$`)
)

// check refuses a citizen whose card would contradict itself: the fourth digit
// tells century and sex, the fifth and sixth the year of birth.
func (c Citizen) check() error {
	sex, known := map[string]int{"Nam": 0, "Nữ": 1}[c.Sex]
	switch {
	case !twelveDigits.MatchString(c.Number), !nineDigits.MatchString(c.OldNumber):
		return motcua.Fail(motcua.BadInput, "the stand-in citizen's number does not have its digits", nil)
	case !known, strings.TrimSpace(c.Name) == "", len(c.Name) > 200:
		return motcua.Fail(motcua.BadInput, "the stand-in citizen has no name or sex", nil)
	case c.Birth.Year() < 1900 || int(c.Number[3]-'0') != (c.Birth.Year()/100-19)*2+sex || c.Number[4:6] != c.Birth.Format("06"):
		return motcua.Fail(motcua.BadInput, "the stand-in citizen's number contradicts birth or sex", nil)
	}
	return nil
}

// CAN is the card access number: the last six digits of the number.
func (c Citizen) CAN() string { return c.Number[6:] }

// MRZ is the machine readable zone of a TD1 card, three lines of 30 characters
// without separators (ICAO 9303-5 section 4.2.2), with the country's habit of
// the whole number in the optional data.
func (c Citizen) MRZ() string {
	document := c.Number[3:] + checkDigit(c.Number[3:])
	optional := c.Number + "<<" + checkDigit(c.Number)
	birth, expiry := c.Birth.Format("060102"), c.expiry()
	birth, expiry = birth+checkDigit(birth), expiry+checkDigit(expiry)
	sex := "M"
	if c.Sex == "Nữ" {
		sex = "F"
	}
	filler := strings.Repeat("<", 11)
	composite := checkDigit(document + optional + birth + expiry + filler)
	return "IDVNM" + document + optional + birth + sex + expiry + "VNM" + filler + composite + c.nameLine()
}

// key is the MRZ information of BAC and PACE (ICAO 9303-11 appendix D.2).
func (c Citizen) key() string {
	m := c.MRZ()
	return m[5:15] + m[30:37] + m[38:45]
}

// expiry of a card that does not expire is not known for real cards; 991231
// is what is commonly said.
func (c Citizen) expiry() string {
	if c.Expires.IsZero() {
		return "991231"
	}
	return c.Expires.Format("060102")
}

func (c Citizen) nameLine() string {
	words := strings.Fields(plainLetters(c.Name))
	n := min(max(c.Family, 1), len(words))
	line := strings.Join(words[:n], "<") + "<<" + strings.Join(words[n:], "<")
	return (line + strings.Repeat("<", 30))[:30]
}

// plainLetters is the name in the letters of the MRZ: no marks, Đ is D.
func plainLetters(s string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(strings.ToUpper(s)) {
		switch {
		case r == 'Đ':
			b.WriteByte('D')
		case r >= 'A' && r <= 'Z':
			b.WriteRune(r)
		case unicode.IsSpace(r):
			b.WriteByte(' ')
		}
	}
	return b.String()
}

// checkDigit is the 7-3-1 check digit of ICAO 9303-3 section 4.9.
func checkDigit(s string) string {
	sum := 0
	for i, r := range []byte(s) {
		v := 0
		switch {
		case r >= '0' && r <= '9':
			v = int(r - '0')
		case r >= 'A' && r <= 'Z':
			v = int(r-'A') + 10
		}
		sum += v * [3]int{7, 3, 1}[i%3]
	}
	return string(rune('0' + sum%10))
}
