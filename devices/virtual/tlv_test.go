package virtual

import (
	"bytes"
	"testing"
)

func TestLengths(t *testing.T) {
	for _, n := range []int{0, 1, 0x7F, 0x80, 0xFF, 0x100, 0xFFFF, 0x10000, 200_000} {
		value := bytes.Repeat([]byte{0xA5}, n)
		list, ok := objects(append(node(0x7F61, value), node(0x04)...))
		if !ok || len(list) != 2 || list[0].tag != 0x7F61 || !bytes.Equal(list[0].value, value) {
			t.Errorf("%d bytes come back as %d objects", n, len(list))
		}
	}
	for _, bad := range []string{"30", "3080", "308200", "7f", "7f80", "3003000", "308401000000"} {
		if len(bad)%2 == 1 {
			bad += "0"
		}
		if list, ok := objects(unhex(t, bad)); ok {
			t.Errorf("%s is taken for %d objects", bad, len(list))
		}
	}
}

func FuzzObjects(f *testing.F) {
	f.Add([]byte{0x7C, 0x02, 0x80, 0x00})
	f.Fuzz(func(t *testing.T, b []byte) {
		list, ok := objects(b)
		if !ok {
			return
		}
		var whole []byte
		for _, o := range list {
			whole = append(whole, o.raw...)
		}
		if !bytes.Equal(whole, b) {
			t.Errorf("%x falls into %x", b, whole)
		}
	})
}
