package cccd

import (
	"bytes"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"motcua"
)

// tlv encodes with the shortest length; wide adds a length octet that is not
// needed.
func tlv(tag byte, parts ...[]byte) []byte {
	v := bytes.Join(parts, nil)
	switch n := len(v); {
	case n < 0x80:
		return append([]byte{tag, byte(n)}, v...)
	case n < 0x100:
		return append([]byte{tag, 0x81, byte(n)}, v...)
	default:
		return append([]byte{tag, 0x82, byte(n >> 8), byte(n)}, v...)
	}
}

func wide(tag byte, v []byte) []byte {
	return append([]byte{tag, 0x82, byte(len(v) >> 8), byte(len(v))}, v...)
}

func utf(s string) []byte       { return tlv(0x0C, []byte(s)) }
func printable(s string) []byte { return tlv(0x13, []byte(s)) }
func field(nn byte, value ...[]byte) []byte {
	return tlv(0x30, append([][]byte{{2, 1, nn}}, value...)...)
}

var oid10646 = []byte{0x06, 6, 0x28, 0xD3, 0x16, 1, 0, 8}

func dg13(fields ...[]byte) []byte {
	return tlv(0x6D, tlv(0x30, []byte{2, 1, 1}, oid10646, tlv(0x31, fields...)))
}

// TestNational is every documented variation of a field.
func TestNational(t *testing.T) {
	long := "Số 1, " + strings.Repeat("ngõ Thử Nghiệm, ", 30) + "Hà Nội"
	for _, c := range []struct {
		name   string
		fields [][]byte
		want   National
	}{
		{"texts", [][]byte{field(1, printable("001090000001")), field(2, utf("Nguyễn Văn A")), field(3, printable("01/01/1990")),
			field(4, utf("Nam")), field(5, utf("Việt Nam")), field(6, utf("Kinh")), field(7, utf("Không")), field(8, utf("Hà Nội")),
			field(9, utf("Huế")), field(10, utf("Sẹo")), field(11, printable("02/03/2021")), field(12, utf("01/01/2030"))},
			National{Number: "001090000001", Name: "Nguyễn Văn A", Birth: Date{1990, 1, 1}, Sex: Male, Nationality: "Việt Nam",
				Ethnicity: "Kinh", Religion: "Không", Origin: "Hà Nội", Residence: "Huế", Marks: "Sẹo",
				Issued: Date{2021, 3, 2}, Expires: Date{2030, 1, 1}}},
		{"no expiry", [][]byte{field(12, utf("Không thời hạn"))}, National{NoExpiry: true}},
		{"absent, empty, whole set empty", [][]byte{field(2), field(9, utf("")), field(14), field(15)}, National{}},
		{"nothing", nil, National{}},
		{"length of two and three octets", [][]byte{field(9, utf(long))}, National{Residence: long}},
		{"longer lengths than needed", [][]byte{wide(0x30, append([]byte{2, 1, 9}, wide(0x0C, []byte("Huế"))...))}, National{Residence: "Huế"}},
		{"parents as siblings", [][]byte{field(13, tlv(0x30, utf("Cha")), tlv(0x30, utf("Mẹ")))}, National{Father: "Cha", Mother: "Mẹ"}},
		{"parents in one sequence", [][]byte{field(13, tlv(0x30, utf("Cha"), utf("Mẹ")))}, National{Father: "Cha", Mother: "Mẹ"}},
		{"parents without sequence", [][]byte{field(13, utf("Cha"), utf("Mẹ"))}, National{Father: "Cha", Mother: "Mẹ"}},
		{"mother alone, father empty", [][]byte{field(13, tlv(0x30), tlv(0x30, utf("Mẹ")))}, National{Mother: "Mẹ"}},
		{"one parent, whose is unknown", [][]byte{field(13, tlv(0x30, utf("Ai")))},
			National{ParentsUnclear: true, Unknown: map[int][]byte{13: tlv(0x30, utf("Ai"))}}},
		{"spouse", [][]byte{field(14, tlv(0x30, utf("Một")))}, National{Spouses: []string{"Một"}}},
		{"spouses", [][]byte{field(14, tlv(0x30, utf("Một")), tlv(0x30, utf("Hai")))}, National{Spouses: []string{"Một", "Hai"}}},
		{"old number in 15", [][]byte{field(15, printable("010000018")), field(16, printable("0123456789ABCDEF"))},
			National{OldNumber: "010000018", Unknown: map[int][]byte{16: printable("0123456789ABCDEF")}}},
		{"old number in 16", [][]byte{field(15, printable("0123456789ABCDEF")), field(16, printable("010000018"))},
			National{OldNumber: "010000018", Unknown: map[int][]byte{15: printable("0123456789ABCDEF")}}},
		{"old number of twelve digits", [][]byte{field(15, printable("001090000001"))}, National{OldNumber: "001090000001"}},
		{"unknown field", [][]byte{field(20, tlv(0x04, []byte{1, 2}))}, National{Unknown: map[int][]byte{20: tlv(0x04, []byte{1, 2})}}},
		{"wrong date kept", [][]byte{field(3, printable("31/02/1990"))}, National{Unknown: map[int][]byte{3: printable("31/02/1990")}}},
		{"other order", [][]byte{field(5, utf("Việt Nam")), field(2, utf("A"))}, National{Name: "A", Nationality: "Việt Nam"}},
		{"decomposed", [][]byte{field(2, utf("Nguye\u0302\u0303n"))}, National{Name: "Nguyễn"}},
		{"the version's pattern in a text", [][]byte{field(10, utf("\x20020101 02 01 0D"))}, National{Marks: "020101 02 01 0D"}},
	} {
		got, err := ParseNational(dg13(c.fields...))
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if c.want.Unknown == nil {
			c.want.Unknown = map[int][]byte{}
		}
		if !reflect.DeepEqual(*got, c.want) {
			t.Errorf("%s:\n got %+v\nwant %+v", c.name, *got, c.want)
		}
	}
}

func TestNationalBad(t *testing.T) {
	good := dg13(field(2, utf("A")), field(13, tlv(0x30, utf("B")), tlv(0x30, utf("C"))))
	for name, raw := range map[string][]byte{
		"empty":               {},
		"other tag":           append([]byte{0x30}, good[1:]...),
		"bytes after":         append(bytes.Clone(good), 0),
		"twice the same":      dg13(field(2, utf("A")), field(2, utf("B"))),
		"field zero":          dg13(field(0, utf("A"))),
		"field negative":      dg13(field(0x80, utf("A"))),
		"field of two octets": dg13(tlv(0x30, []byte{2, 2, 0, 1}, utf("A"))),
		"no number":           dg13(tlv(0x30, utf("A"))),
		"not a sequence":      dg13(tlv(0x31, []byte{2, 1, 1})),
		"two values":          dg13(field(2, utf("A"), utf("B"))),
		"not a text":          dg13(field(2, tlv(0x04, []byte("A")))),
		"not UTF-8":           dg13(field(2, tlv(0x0C, []byte{0xC3}))),
		"control character":   dg13(field(2, utf("A\x00B"))),
		"parents not texts":   dg13(field(13, tlv(0x30, tlv(0x04, []byte{1})))),
		"many fields":         dg13(bytes.Repeat(field(20), 65)),
		"no set":              tlv(0x6D, tlv(0x30, []byte{2, 1, 1}, oid10646)),
		"too large":           dg13(field(2, utf(strings.Repeat("A", 65000))), field(3, utf(strings.Repeat("B", 600)))),
	} {
		if n, err := ParseNational(raw); motcua.CodeOf(err) != motcua.BadInput {
			t.Errorf("%s: %v %+v", name, err, n)
		}
	}
	for n := range good {
		if _, err := ParseNational(good[:n]); err == nil {
			t.Errorf("cut to %d bytes and taken", n)
		}
	}
}

// TestNationalOpenssl parses a DG13 that the openssl command line encoded.
func TestNationalOpenssl(t *testing.T) {
	const conf = `asn1=IMPLICIT:13A,SEQUENCE:outer
[outer]
inner=SEQUENCE:inner
[inner]
version=INTEGER:1
encoding=OID:1.0.10646.1.0.8
fields=SET:fields
[fields]
a=SEQUENCE:name
b=SEQUENCE:spouse
[name]
n=INTEGER:2
v=FORMAT:UTF8,UTF8String:Nguyễn Văn A
[spouse]
n=INTEGER:14
v=SEQUENCE:one
[one]
v=FORMAT:UTF8,UTF8String:Trần Thị B
`
	dir := t.TempDir()
	requireOpenssl(t)
	out := filepath.Join(dir, "dg13.der")
	cmd := exec.Command("openssl", "asn1parse", "-genconf", "/dev/stdin", "-noout", "-out", out)
	cmd.Stdin = strings.NewReader(conf)
	if b, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("openssl: %v %s", err, b)
	}
	n, err := ParseNational(readFile(t, out))
	if err != nil || n.Name != "Nguyễn Văn A" || len(n.Spouses) != 1 || n.Spouses[0] != "Trần Thị B" {
		t.Errorf("%+v %v", n, err)
	}
}

func FuzzDG13(f *testing.F) {
	f.Add(dg13(field(1, printable("001090000001")), field(2, utf("Nguyễn"))))
	f.Add(dg13(field(13, tlv(0x30, utf("Cha")), tlv(0x30, utf("Mẹ"))), field(14, tlv(0x30)), field(15), field(16, printable("x"))))
	f.Add([]byte{0x6D, 0x82, 0x01})
	f.Fuzz(func(t *testing.T, b []byte) {
		n, err := ParseNational(b)
		if err == nil && (len(n.Name) > 3*len(b) || n.Father != "" && n.ParentsUnclear) {
			t.Fatalf("%+v", n)
		}
	})
}

func BenchmarkDG13(b *testing.B) {
	raw := dg13(field(1, printable("001090000001")), field(2, utf("Nguyễn Văn A")), field(3, printable("01/01/1990")),
		field(4, utf("Nam")), field(5, utf("Việt Nam")), field(8, utf("Xã Mẫu, Hà Nội")), field(9, utf("Số 1 ngõ Thử Nghiệm, Hà Nội")),
		field(12, utf("01/01/2030")), field(13, tlv(0x30, utf("Cha")), tlv(0x30, utf("Mẹ"))), field(14), field(15, printable("010000018")))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ParseNational(raw); err != nil {
			b.Fatal(err)
		}
	}
}
