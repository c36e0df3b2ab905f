package virtual

import (
	"bytes"
	"encoding/binary"
	"strings"
	"time"
)

// cardAccess is EF.CardAccess: terminal authentication version 1, the suites
// of chip authentication and of PACE (ICAO 9303-11 section 9.2). For AES-128
// on brainpoolP256r1 it is byte for byte what citizen cards of 2021 carry.
func cardAccess(s, agree *suite) []byte {
	return node(0x31, terminalInfo(), agreementInfo(agree), paceInfo(s))
}

func terminalInfo() []byte {
	return node(0x30, node(0x06, []byte{0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x02}), integer(1))
}

func agreementInfo(s *suite) []byte { return node(0x30, node(0x06, s.oid), integer(1)) }

func paceInfo(s *suite) []byte {
	return node(0x30, node(0x06, s.oid), integer(2), integer(s.group.parameter))
}

func integer(v byte) []byte { return node(0x02, []byte{v}) }

// commonData is EF.COM (ICAO 9303-10 section 4.6.1): LDS 1.7, Unicode 4.0.0
// and the tags of the data groups.
func commonData(groups []int) []byte {
	var tags []byte
	for _, n := range groups {
		tags = append(tags, groupTags[n])
	}
	return node(0x60, node(0x5F01, []byte("0107")), node(0x5F36, []byte("040000")), node(0x5C, tags))
}

// groupTags are the tags of the data groups (ICAO 9303-10 table 38).
var groupTags = map[int]byte{1: 0x61, 2: 0x75, 3: 0x63, 13: 0x6D, 14: 0x6E, 15: 0x6F}

func mrzGroup(c Citizen) []byte { return node(0x61, node(0x5F1F, []byte(c.MRZ()))) }

// faceGroup is DG2: one CBEFF template around an ISO/IEC 19794-5:2005 record
// with one JPEG (ICAO 9303-10 section 4.7.2).
func faceGroup(c Citizen, jpeg []byte) []byte {
	header := node(0xA1,
		node(0x80, []byte{0x01, 0x01}), // version of the patron header
		node(0x81, []byte{0x02}),       // biometric type: face
		node(0x82, []byte{0x00}),       // no subtype
		node(0x87, []byte{0x01, 0x01}), // format owner: ISO/IEC JTC 1 SC 37
		node(0x88, []byte{0x00, 0x08}), // format type: face image
	)
	template := node(0x7F60, header, node(0x5F2E, faceRecord(c, jpeg)))
	return node(0x75, node(0x7F61, integer(1), template))
}

func faceRecord(c Citizen, jpeg []byte) []byte {
	gender := byte(1)
	if c.Sex == "Nữ" {
		gender = 2
	}
	var face bytes.Buffer
	binary.Write(&face, binary.BigEndian, uint32(20+12+len(jpeg)))
	face.Write([]byte{0, 0, gender, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0})
	face.Write([]byte{1, 0}) // full frontal, JPEG
	binary.Write(&face, binary.BigEndian, [2]uint16{faceWidth, faceHeight})
	face.Write([]byte{1, 2, 0, 0, 0, 0}) // sRGB, a still camera, no device, no quality
	face.Write(jpeg)
	head := append([]byte("FAC\x00010\x00"), make([]byte, 6)...)
	binary.BigEndian.PutUint32(head[8:], uint32(len(head)+face.Len()))
	binary.BigEndian.PutUint16(head[12:], 1)
	return append(head, face.Bytes()...)
}

const (
	textUTF8      = 0x0C
	textPrintable = 0x13
)

// nationalGroup is DG13: the fields of the national card in ascending order.
// In the loose form, invented to keep parsers honest, absent fields are left
// out instead of empty, the parents share one SEQUENCE and there is a field
// that nobody knows.
func nationalGroup(c Citizen, loose bool) []byte {
	fields := [][]byte{
		text(1, textPrintable, c.Number), text(2, textUTF8, c.Name), text(3, textPrintable, date(c.Birth)),
		text(4, textUTF8, c.Sex), text(5, textUTF8, c.Nationality), text(6, textUTF8, c.Ethnicity),
		text(7, textUTF8, c.Religion), text(8, textUTF8, c.Origin), text(9, textUTF8, c.Residence),
		text(10, textUTF8, c.Features), text(11, textPrintable, date(c.Issued)), text(12, textUTF8, expiry(c)),
		parents(c, loose), people(14, c.Spouse), text(15, textPrintable, c.OldNumber),
		text(16, textPrintable, strings.ToUpper(shortDigest(c.Number))),
	}
	if loose {
		fields = append(withoutEmpty(fields), text(17, textUTF8, "thông tin bổ sung"))
	}
	head := [][]byte{integer(1), node(0x06, []byte{0x28, 0xD3, 0x16, 0x01, 0x00, 0x08})}
	return node(0x6D, node(0x30, append(head, node(0x31, fields...))...))
}

func text(nn, kind byte, s string) []byte {
	if s == "" {
		return field(nn)
	}
	return field(nn, node(uint16(kind), []byte(s)))
}

func field(nn byte, value ...[]byte) []byte {
	return node(0x30, append([][]byte{integer(nn)}, value...)...)
}

func people(nn byte, names ...string) []byte {
	var list [][]byte
	for _, n := range names {
		if n != "" {
			list = append(list, node(0x30, node(textUTF8, []byte(n))))
		}
	}
	return field(nn, list...)
}

func parents(c Citizen, loose bool) []byte {
	if !loose {
		return people(13, c.Father, c.Mother)
	}
	return field(13, node(0x30, node(textUTF8, []byte(c.Father)), node(textUTF8, []byte(c.Mother))))
}

func withoutEmpty(fields [][]byte) (out [][]byte) {
	for _, f := range fields {
		if len(f) > 5 {
			out = append(out, f)
		}
	}
	return out
}

func date(t time.Time) string { return t.Format("02/01/2006") }

func expiry(c Citizen) string {
	if c.Expires.IsZero() {
		return "Không thời hạn"
	}
	return date(c.Expires)
}
