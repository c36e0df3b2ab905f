package window

import (
	"bytes"
	"image"
	_ "image/jpeg" // portraits
	_ "image/png"  // portraits
)

// portraitMost is the most pixels a side of a portrait that is decoded.
const portraitMost = 4000

// safeImage is the picture, or nil when the bytes are none or too large: the
// chip is a stranger's.
func safeImage(picture []byte) image.Image {
	c, _, err := image.DecodeConfig(bytes.NewReader(picture))
	if err != nil || c.Width > portraitMost || c.Height > portraitMost {
		return nil
	}
	img, _, err := image.Decode(bytes.NewReader(picture))
	if err != nil {
		return nil
	}
	return img
}
