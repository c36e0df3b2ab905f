package cccd

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"motcua"
	"motcua/devices/emrtd"
)

var today = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

// specimen belongs to nobody; its check digits were computed outside this
// package.
const specimen = `IDVNM0900000018001090000001<<9
9001011M3001019VNM<<<<<<<<<<<6
NGUYEN<<VAN<A<<<<<<<<<<<<<<<<<`

func TestParseMRZ(t *testing.T) {
	for name, text := range map[string]string{
		"lines": specimen, "one": strings.ReplaceAll(specimen, "\n", ""), "windows": strings.ReplaceAll(specimen, "\n", "\r\n "),
	} {
		m, err := ParseMRZ(text, today)
		if err != nil {
			t.Fatal(name, err)
		}
		if m.Number != "001090000001" || m.Document != "090000001" || m.Birth != (Date{1990, 1, 1}) || m.Expires != (Date{2030, 1, 1}) ||
			m.Sex != Male || m.Nationality != "VNM" || m.Surname != "NGUYEN" || m.Given != "VAN A" || m.Name() != "NGUYEN VAN A" || m.Unusual || m.Truncated {
			t.Errorf("%s: %+v", name, m)
		}
		if m.information != "090000001890010113001019" {
			t.Errorf("%s: the key is made of %s", name, m.information)
		}
	}
}

// TestMRZBad changes each character that a check digit guards.
func TestMRZBad(t *testing.T) {
	flat := strings.ReplaceAll(specimen, "\n", "")
	guarded := func(i int) bool { return i >= 5 && i < 37 || i >= 38 && i < 45 || i >= 48 && i < 60 }
	for i := range 60 {
		b := []byte(flat)
		if b[i]++; b[i] == ':' {
			b[i] = '0'
		}
		if b[i] == '=' {
			b[i] = '1'
		}
		if _, err := ParseMRZ(string(b), today); guarded(i) && motcua.CodeOf(err) != motcua.BadInput {
			t.Errorf("character %d changed: %v", i, err)
		}
	}
	for _, s := range []string{"", flat[:89], flat + "<", strings.ToLower(flat), strings.Replace(flat, "IDVNM", "IDUTO", 1), strings.Repeat("<", 90)} {
		if _, err := ParseMRZ(s, today); motcua.CodeOf(err) != motcua.BadInput {
			t.Errorf("%d characters: %v", len(s), err)
		}
	}
}

// craft makes a zone with right check digits.
func craft(document, optional, birth, sex, expires, name string) string {
	digit := func(s string) string { return string(checkDigit(s)) }
	l1 := "IDVNM" + document + digit(document) + optional
	l2 := birth + digit(birth) + sex + expires + digit(expires) + "VNM<<<<<<<<<<<"
	l2 += digit(l1[5:] + l2[:7] + l2[8:15] + l2[18:29])
	return l1 + l2 + name + strings.Repeat("<", 30-len(name))
}

// TestMRZCenturies: the number decides, and without it the calendar.
func TestMRZCenturies(t *testing.T) {
	for _, c := range []struct {
		optional, birth, expires string
		wantBirth, wantExpires   Date
		unusual                  bool
	}{
		{"001090000001<<9", "900101", "991231", Date{1990, 1, 1}, Date{2099, 12, 31}, false},
		{"001215000001<<", "150101", "300101", Date{2015, 1, 1}, Date{2030, 1, 1}, false},
		{"001015000001<<", "150101", "300101", Date{1915, 1, 1}, Date{2030, 1, 1}, false},
		{"<<<<<<<<<<<<<<<", "260101", "300101", Date{2026, 1, 1}, Date{2030, 1, 1}, true},
		{"<<<<<<<<<<<<<<<", "270101", "300101", Date{1927, 1, 1}, Date{2030, 1, 1}, true},
		{"001058000001<<", "58<<<<", "300101", Date{Year: 1958}, Date{2030, 1, 1}, false},
		{"001058000001<<", "5812<<", "300101", Date{Year: 1958}, Date{2030, 1, 1}, false},
	} {
		document := "090000001"
		if n, err := ParseNumber(c.optional[:12]); err == nil {
			document = n.Document()
		}
		if len(c.optional) == 14 {
			c.optional += string(checkDigit(c.optional[:12]))
		}
		m, err := ParseMRZ(craft(document, c.optional, c.birth, "M", c.expires, "LE<<A"), today)
		if err != nil || m.Birth != c.wantBirth || m.Expires != c.wantExpires || m.Unusual != c.unusual {
			t.Errorf("%s %s: %v %v %v %v", c.birth, c.expires, m.Birth, m.Expires, m.Unusual, err)
		}
	}
	if _, err := ParseMRZ(craft("090000001", "001090000001<<9", "900231", "M", "300101", "LE"), today); err == nil {
		t.Error("the thirty-first of February is a birthday")
	}
	m, err := ParseMRZ(craft("090000001", "001090000001<<8", "900101", "F", "300101", "LE<<A"), today)
	if err != nil || !m.Unusual || m.Sex != Female {
		t.Errorf("wrong optional check digit: %+v %v", m, err)
	}
}

func FuzzMRZ(f *testing.F) {
	f.Add(specimen)
	f.Add(craft("090000001", "<<<<<<<<<<<<<<<", "58<<<<", "<", "991231", "A<<B"))
	f.Fuzz(func(t *testing.T, s string) {
		m, err := ParseMRZ(s, today)
		if err == nil && (len(m.information) != 24 || m.Birth.IsZero()) {
			t.Fatalf("%+v", m)
		}
	})
}

func FuzzDG1(f *testing.F) {
	f.Add(dg1(specimen))
	f.Add([]byte{0x61, 3, 0x5F, 0x1F, 0})
	f.Fuzz(func(t *testing.T, b []byte) {
		if _, err := dataGroup1(b, today); err == nil && !bytes.Contains(b, []byte("VNM")) {
			t.Fatal("not a Vietnamese card")
		}
	})
}

func dg1(mrz string) []byte {
	zone := []byte(strings.ReplaceAll(mrz, "\n", ""))
	inner := append([]byte{0x5F, 0x1F, byte(len(zone))}, zone...)
	return append([]byte{0x61, byte(len(inner))}, inner...)
}

// TestSecrets: what opens a card, and that it does not show itself.
func TestSecrets(t *testing.T) {
	if _, err := FromNumber("12"); motcua.CodeOf(err) != motcua.NumberInvalid {
		t.Error(err)
	}
	if _, err := FromCAN("12345"); motcua.CodeOf(err) != motcua.BadInput {
		t.Error(err)
	}
	if _, err := FromQR("hello"); motcua.CodeOf(err) != motcua.QRGarbled {
		t.Error(err)
	}
	if _, err := FromMRZ("hello"); motcua.CodeOf(err) != motcua.BadInput {
		t.Error(err)
	}
	s, err := FromNumber("001090000001")
	if err != nil || s.can != "000001" || strings.Contains(s.String()+s.GoString(), "0001") {
		t.Error("the secret shows itself", err)
	}
	if _, err := Read(t.Context(), nil, Secret{}, Options{}); motcua.CodeOf(err) != motcua.BadInput {
		t.Error("the zero secret opens something", err)
	}
	var _ emrtd.Password
}
