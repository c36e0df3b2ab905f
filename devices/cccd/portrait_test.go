package cccd

import (
	"bytes"
	"image"
	"image/jpeg"
	"os"
	"os/exec"
	"testing"
)

func requireOpenssl(t *testing.T) {
	t.Helper()
	if _, err := exec.LookPath("openssl"); err != nil {
		if os.Getenv("MOTCUA_BENCH") == "1" {
			t.Fatal("openssl is not installed: apt-get install openssl")
		}
		t.Skip("openssl is not installed")
	}
}

func readFile(t *testing.T, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func tinyJPEG(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 8, 8)), nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// dg2 wraps an image as ICAO 9303-10 4.7.2 does, with the tag of the block.
func dg2(block []byte, img []byte) []byte {
	record := append([]byte("FAC\x00010\x00\x00\x00\x00\x00\x00\x01"), img...)
	v := tlv(0, record)
	inner := append(append([]byte{}, block...), v[1:]...)
	template := append([]byte{0x7F, 0x60}, tlv(0, tlv(0xA1, []byte{0x81, 1, 2}), inner)[1:]...)
	group := append([]byte{0x7F, 0x61}, tlv(0, []byte{2, 1, 1}, template)[1:]...)
	return tlv(0x75, group)
}

func TestPortrait(t *testing.T) {
	img := tinyJPEG(t)
	jp2 := append([]byte{0, 0, 0, 12, 'j', 'P', ' ', ' ', 13, 10, 0x87, 10}, make([]byte, 50)...)
	j2c := append([]byte{0xFF, 0x4F, 0xFF, 0x51}, make([]byte, 50)...)
	for _, c := range []struct {
		name, mime, warning string
		raw, want           []byte
	}{
		{"5F2E", MIMEJPEG, "", dg2([]byte{0x5F, 0x2E}, img), img},
		{"7F2E", MIMEJPEG, "", dg2([]byte{0x7F, 0x2E}, img), img},
		{"templates unlike", MIMEJPEG, "", append([]byte{0x75, 0}, img...), img},
		{"JPEG 2000", MIMEJP2, WarnPortraitType, dg2([]byte{0x5F, 0x2E}, jp2), jp2},
		{"codestream", MIMEJ2C, WarnPortraitType, dg2([]byte{0x5F, 0x2E}, j2c), j2c},
		{"damaged", MIMEJPEG, WarnPortrait, dg2([]byte{0x5F, 0x2E}, img[:20]), img[:20]},
		{"no image", "", WarnNoPortrait, dg2([]byte{0x5F, 0x2E}, []byte("nothing")), nil},
		{"empty", "", WarnNoPortrait, nil, nil},
	} {
		got, mime, warning := Portrait(c.raw)
		if !bytes.Equal(got, c.want) || mime != c.mime || warning != c.warning {
			t.Errorf("%s: %d bytes, %q, %q", c.name, len(got), mime, warning)
		}
	}
}

func FuzzDG2(f *testing.F) {
	f.Add(dg2([]byte{0x5F, 0x2E}, tinyJPEG(f)))
	f.Add(dg2([]byte{0x7F, 0x2E}, []byte{0xFF, 0x4F, 0xFF, 0x51}))
	f.Add([]byte{0x75, 0x82})
	f.Fuzz(func(t *testing.T, b []byte) {
		img, mime, warning := Portrait(b)
		if len(img) > len(b) || (mime == "") != (warning == WarnNoPortrait) {
			t.Fatal(len(img), mime, warning)
		}
	})
}
