package window

import (
	"bytes"
	"hash/fnv"
	"image"
	_ "image/jpeg" // portraits
	_ "image/png"  // pages and portraits
	"strconv"

	"fyne.io/fyne/v2"
)

// sheet places a page of paper at its own proportions.
type sheet struct{ most, ratio float32 }

func (s sheet) size(width float32) (float32, float32) {
	width = min(width, s.most)
	return width, width * s.ratio
}

func (s sheet) Layout(objs []fyne.CanvasObject, size fyne.Size) {
	width, height := s.size(size.Width)
	for _, o := range objs {
		put(o, 0, 0, width, height)
	}
}

func (s sheet) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.Size{} }

func (s sheet) HeightFor(_ []fyne.CanvasObject, width float32) float32 {
	_, h := s.size(width)
	return h
}

// a4 is the height of a page whose size cannot be read, for a width of 1.
const a4 = 1.414

// ratio is height by width of a picture.
func ratio(picture []byte) float32 {
	c, _, err := image.DecodeConfig(bytes.NewReader(picture))
	if err != nil || c.Width <= 0 || c.Height <= 0 {
		return a4
	}
	return float32(c.Height) / float32(c.Width)
}

// digest names a picture by its content: Fyne keeps pictures by name.
func digest(title string, i int, picture []byte) string {
	h := fnv.New64a()
	_, _ = h.Write([]byte(title)) // a hash does not fail
	_, _ = h.Write(picture)
	return strconv.FormatUint(h.Sum64(), 16) + "-" + strconv.Itoa(i)
}

// safeImage decodes a portrait of at most this many pixels a side.
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
