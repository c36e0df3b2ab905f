package cccd

import (
	"bytes"
	"image/jpeg"

	"motcua/devices/emrtd"
)

// The image formats a portrait can have (ISO/IEC 19794-5 5.7.2, RFC 3745).
const (
	MIMEJPEG = "image/jpeg"
	MIMEJP2  = "image/jp2"
	MIMEJ2C  = "image/j2c" // a bare codestream
)

// magics tells the formats apart by their first bytes: the header's own field
// for the image type is not reliable.
var magics = []struct {
	mime  string
	bytes []byte
}{
	{MIMEJPEG, []byte{0xFF, 0xD8, 0xFF}},
	{MIMEJP2, []byte{0, 0, 0, 0x0C, 'j', 'P', ' ', ' '}},
	{MIMEJ2C, []byte{0xFF, 0x4F, 0xFF, 0x51}},
}

// maxPixels bounds what a decoder would have to make of a portrait.
const maxPixels = 16 << 20

// Portrait finds the image in DG2. It returns a part of raw, its type, and a
// warning code, which is empty for a JPEG that can be shown. The image of a
// type that cannot be shown is returned all the same.
func Portrait(raw []byte) (image []byte, mime, warning string) {
	block := biometricBlock(raw)
	at := len(block)
	for _, m := range magics {
		if i := bytes.Index(block, m.bytes); i >= 0 && i < at {
			at, mime = i, m.mime
		}
	}
	image = block[at:]
	switch mime {
	case "":
		return nil, "", WarnNoPortrait
	case MIMEJPEG:
		return image, mime, checkJPEG(image)
	}
	return image, mime, WarnPortraitType
}

func checkJPEG(image []byte) string {
	c, err := jpeg.DecodeConfig(bytes.NewReader(image))
	if err != nil || c.Width <= 0 || c.Height <= 0 || c.Width > maxPixels/c.Height {
		return WarnPortrait
	}
	return ""
}

// biometricBlock opens DG2 down to the first biometric data block, tag 5F2E or
// 7F2E (ICAO 9303-10 4.7.2). Where the templates are not as they should be the
// whole group is searched.
func biometricBlock(raw []byte) []byte {
	b := raw
	for _, tag := range []uint32{0x75, 0x7F61, 0x7F60} {
		t, ok := child(b, tag)
		if !ok {
			return raw
		}
		b = t
	}
	for _, tag := range []uint32{0x5F2E, 0x7F2E} {
		if t, ok := child(b, tag); ok {
			return t
		}
	}
	return raw
}

func child(b []byte, tag uint32) ([]byte, bool) {
	elements, err := emrtd.Elements(b, 16)
	if err != nil {
		return nil, false
	}
	for _, e := range elements {
		if e.Tag == tag {
			return e.Value, true
		}
	}
	return nil, false
}
