package cccd

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/unicode/norm"

	"motcua"
)

const (
	qrSevenText  = "001090000001|010000018|Nguyễn Văn Đức|01011990|Nam|Số 1 ngõ Thử, Phường Mẫu, Hà Nội|02032021"
	qrElevenText = "031312000042||Đặng Thùy Mỹ Duyên|29022012|Nữ|Thôn Mẫu, Hải Phòng|06012025||Cha Mẫu|031312000043|"
)

// misread is UTF-8 read as a one-byte code page, as Windows does it: a byte
// that the page leaves open becomes the control character of that value.
func misread(page *charmap.Charmap, s string) string {
	var b strings.Builder
	for _, c := range []byte(s) {
		r := page.DecodeByte(c)
		if r == utf8.RuneError {
			r = rune(c)
		}
		b.WriteRune(r)
	}
	return b.String()
}

// vietnamese1258 is the bytes of Windows-1258: letters with tones decomposed.
func vietnamese1258(t *testing.T, s string) string {
	t.Helper()
	var b strings.Builder
	for _, r := range s {
		enc := charmap.Windows1258
		if c, ok := enc.EncodeRune(r); ok {
			b.WriteByte(c)
			continue
		}
		d := []rune(norm.NFD.String(string(r)))
		tone := d[len(d)-1]
		base := norm.NFC.String(string(d[:len(d)-1]))
		if !strings.ContainsRune("\u0300\u0301\u0303\u0309\u0323", tone) { // dot below sorts before the circumflex
			tone = d[1]
			base = norm.NFC.String(string(d[0]) + string(d[2:]))
		}
		c1, ok1 := enc.EncodeRune([]rune(base)[0])
		c2, ok2 := enc.EncodeRune(tone)
		if !ok1 || !ok2 {
			t.Fatalf("%q has no bytes in Windows-1258", r)
		}
		b.WriteByte(c1)
		b.WriteByte(c2)
	}
	return b.String()
}

func TestParseQR(t *testing.T) {
	invalid := vietnamese1258(t, qrSevenText)
	if utf8.ValidString(invalid) {
		t.Fatal("the example is UTF-8 by chance")
	}
	for _, c := range []struct {
		name, text        string
		repaired, unusual bool
	}{
		{"as printed", qrSevenText, false, false},
		{"AIM prefix, CR LF", "]Q1" + qrSevenText + "\r\n", false, false},
		{"BOM, NUL, tab", "\xEF\xBB\xBF" + qrSevenText + "\x00\t", false, false},
		{"decomposed", norm.NFD.String(qrSevenText), false, false},
		{"read as Windows-1252", misread(charmap.Windows1252, qrSevenText), true, false},
		{"read as Windows-1252 with BOM", misread(charmap.Windows1252, "\xEF\xBB\xBF"+qrSevenText), true, false},
		{"read as Windows-1258", misread(charmap.Windows1258, qrSevenText), true, false},
		{"read as Latin-1", misread(charmap.ISO8859_1, qrSevenText), true, false},
		{"bytes of Windows-1258", invalid, true, false},
		{"caps lock", invertCase(qrSevenText), true, false},
		{"name in capitals", strings.Replace(qrSevenText, "Nguyễn Văn Đức", "NGUYỄN VĂN ĐỨC", 1), false, false},
		{"six fields", strings.Replace(qrSevenText, "010000018|", "", 1), false, true},
		{"dates with strokes", strings.Replace(qrSevenText, "01011990", "01/01/1990", 1), false, true},
	} {
		q, err := ParseQR(c.text)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if q.Number != "001090000001" || letters(q.Name) != "NGUYENVANDUC" || q.Birth != (Date{1990, 1, 1}) || q.Sex != Male ||
			!strings.EqualFold(q.Address, "Số 1 ngõ Thử, Phường Mẫu, Hà Nội") || q.Issued != (Date{2021, 3, 2}) {
			t.Errorf("%s: %+v", c.name, q)
		}
		if q.Repaired != c.repaired || q.Unusual != c.unusual || q.Partial {
			t.Errorf("%s: repaired %v, unusual %v, partial %v", c.name, q.Repaired, q.Unusual, q.Partial)
		}
	}
}

func TestQREleven(t *testing.T) {
	q, err := ParseQR(qrElevenText)
	if err != nil || q.Sex != Female || q.OldNumber != "" || len(q.Extra) != 4 || q.Extra[1] != "Cha Mẫu" || !slices.Equal(q.Cancelled, []string{"031312000043"}) {
		t.Errorf("%+v %v", q, err)
	}
	q, err = ParseQR("001090000001||Nguyễn Văn A|01011990|Nam|Hà Nội|02032021||||")
	if err != nil || q.Unusual || len(q.Extra) != 4 {
		t.Errorf("%+v %v", q, err)
	}
}

// TestQRPartial: the number is saved where it speaks for itself.
func TestQRPartial(t *testing.T) {
	for name, text := range map[string]string{
		"Telex":         "001090000001|010000018|Nguyeenx Vawn DDuwcs?|01011990|Nam;;|Soos 1|02032021",
		"Telex letters": "001090000001|010000018|Nguyễn Văn @|01011990|Nâm|x|02032021",
		"no bars":       "001090000001 Nguyễn Văn A 01011990 Nam",
		"other bars":    "001090000001~010000018~Nguyễn Văn A~01011990~Nam~x~02032021",
		"cut":           "001090000001|010000018|Nguy",
		"number alone":  "001090000001",
	} {
		q, err := ParseQR(text)
		if err != nil || !q.Partial || q.Number != "001090000001" || q.Name != "" {
			t.Errorf("%s: %+v %v", name, q, err)
		}
	}
}

func TestQRGarbled(t *testing.T) {
	for name, text := range map[string]string{
		"empty":              "",
		"not a card":         "https://example.vn/",
		"eleven digits":      "00109000001|010000018|Nguyễn Văn A|01011990|Nam|x|02032021",
		"thirteen digits":    "0010900000011|Nguyễn Văn A",
		"no border":          "001090000001010000018Nguyen01011990",
		"two numbers":        "001090000001 001090000002",
		"another year":       "001090000001~Nguyễn Văn A~01011991~Nam",
		"VNI ate the digits": "001090ô001|Nguye6n4|01011990|Nam|x|02032021",
		"health card":        "DN4790000000001|4e677579e1bb856e|01/01/1990|1|48c3a0|79-001|",
		"century to come":    "001590000001",
		"4096 bytes":         strings.Repeat("\xFF|", 2048),
		"too long":           strings.Repeat("0", 4097),
	} {
		if q, err := ParseQR(text); motcua.CodeOf(err) != motcua.QRGarbled {
			t.Errorf("%s: %+v %v", name, q, err)
		} else if len(err.Error()) > 100 || strings.Contains(err.Error(), "0010") {
			t.Errorf("%s: the error tells the text", name)
		}
	}
}

func FuzzQR(f *testing.F) {
	for _, s := range []string{qrSevenText, qrElevenText, "]Q1001090000001", "001090000001~x", invertCase(qrSevenText), "Nguyá»…n|"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		q, err := ParseQR(s)
		if err != nil {
			return
		}
		if _, err := ParseNumber(string(q.Number)); err != nil || q.Partial != (q.Name == "") || len(q.Extra) > 4 {
			t.Fatalf("%+v", q)
		}
		if !utf8.ValidString(q.Name + q.Address) {
			t.Fatal("text is not UTF-8")
		}
	})
}
