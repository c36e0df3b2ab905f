package pkcs11

import (
	"bytes"
	"testing"
)

func TestParsePE(t *testing.T) {
	file := make([]byte, 0x80+26)
	copy(file, "MZ")
	file[0x3c] = 0x80
	copy(file[0x80:], "PE\x00\x00\x64\x86")
	file[0x80+22], file[0x80+23] = 0x22, 0x20 // executable, large address aware, DLL
	file[0x80+24], file[0x80+25] = 0x0b, 0x02
	got, err := parseMachine(bytes.NewReader(file))
	if want := (machine{"PE", 64, 0x8664, true}); err != nil || got != want {
		t.Errorf("got %+v, %v", got, err)
	}
}

func FuzzParseMachine(f *testing.F) {
	f.Add(append([]byte("\x7fELF\x02\x01"), make([]byte, 64)...))
	f.Add(append(append([]byte("MZ"), make([]byte, 58)...), 0xff, 0xff, 0xff, 0xff))
	f.Fuzz(func(t *testing.T, b []byte) {
		if m, err := parseMachine(bytes.NewReader(b)); err == nil && m.format == "" {
			t.Error("neither a fault nor a format")
		}
	})
}
