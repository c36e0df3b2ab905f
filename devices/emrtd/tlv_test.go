package emrtd

import (
	"bytes"
	"errors"
	"testing"
)

func TestReadTLV(t *testing.T) {
	for _, c := range []struct {
		in, value, rest string
		tag             uint32
		err             error
	}{
		{"3000", "", "", 0x30, nil},
		{"04020102FF", "0102", "FF", 0x04, nil},
		{"5F1F0141", "41", "", 0x5F1F, nil},
		{"7F610100", "00", "", 0x7F61, nil},
		{"0481020102", "0102", "", 0x04, nil}, // longer than needed, seen in the field
		{"0482000101", "01", "", 0x04, nil},
		{"048400000001AA", "AA", "", 0x04, nil},
		{"", "", "", 0, errTruncated},
		{"04", "", "", 0, errTruncated},
		{"0402AA", "", "", 0, errTruncated},
		{"048100", "", "", 0x04, nil},
		{"0481", "", "", 0, errTruncated},
		{"5F", "", "", 0, errTruncated},
		{"5F0001AA", "", "", 0, errTag},
		{"5FFFFFFF01AA", "", "", 0, errTag},
		{"3080", "", "", 0, errLength},
		{"04850000000001AA", "", "", 0, errLength},
		{"048400100001", "", "", 0, errLength}, // a byte more than maxFile
		{"0484FFFFFFFF", "", "", 0, errLength},
	} {
		got, rest, err := ReadTLV(unhex(t, c.in))
		if !errors.Is(err, c.err) {
			t.Errorf("%s: %v, want %v", c.in, err, c.err)
			continue
		}
		if err == nil && (got.Tag != c.tag || !bytes.Equal(got.Value, unhex(t, c.value)) || !bytes.Equal(rest, unhex(t, c.rest))) {
			t.Errorf("%s: got %X %X, rest %X", c.in, got.Tag, got.Value, rest)
		}
	}
}

func TestElementsLimit(t *testing.T) {
	if _, err := Elements(bytes.Repeat([]byte{4, 0}, 3), 2); !errors.Is(err, errTooMany) {
		t.Errorf("three elements where two are allowed: %v", err)
	}
	if all, err := Elements(bytes.Repeat([]byte{4, 0}, 3), 3); err != nil || len(all) != 3 {
		t.Errorf("three elements where three are allowed: %d, %v", len(all), err)
	}
}

// FuzzTLV: what was read, written again, is read as the same.
func FuzzTLV(f *testing.F) {
	for _, s := range []string{"3000", "7F61820001AA", "5F1F0141", "0481FF", "3080", paceAccess} {
		f.Add(unhex(f, s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		one, rest, err := ReadTLV(b)
		if err != nil {
			return
		}
		if len(one.Raw)+len(rest) != len(b) {
			t.Fatal("bytes lost or made")
		}
		again, err := ReadOnly(appendTLV(nil, one.Tag, one.Value), one.Tag)
		if err != nil || !bytes.Equal(again.Value, one.Value) {
			t.Fatal("not the same after writing")
		}
		if _, err := Elements(b, 100); err == nil && len(b) > 1<<20 {
			t.Fatal("accepted without bound")
		}
	})
}

func BenchmarkTLV(b *testing.B) {
	raw := appendTLV(nil, 0x7F61, appendTLV(nil, 0x5F2E, make([]byte, 20000)))
	b.ReportAllocs()
	for b.Loop() {
		outer, _, err := ReadTLV(raw)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := ReadOnly(outer.Value, 0x5F2E); err != nil {
			b.Fatal(err)
		}
	}
}
