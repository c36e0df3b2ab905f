package paper

import (
	"bytes"
	"encoding/xml"
	"image"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
)

// tool runs a program of the bench and returns its output; without the program
// the test is skipped, or fails where the bench is promised.
func tool(t *testing.T, name string, args ...string) []byte {
	t.Helper()
	if _, err := exec.LookPath(name); err != nil {
		if os.Getenv("MOTCUA_BENCH") == "1" {
			t.Fatalf("%s is not installed", name)
		}
		t.Skipf("%s is not installed", name)
	}
	out, err := exec.Command(name, args...).Output()
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return out
}

// file puts a drawn document where a program can read it.
func file(t *testing.T, d Document) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "d.pdf")
	if err := os.WriteFile(path, d.PDF, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// text is the document's text as poppler extracts it.
func text(t *testing.T, d Document) string {
	return string(tool(t, "pdftotext", "-layout", file(t, d), "-"))
}

// box is a word and where it stands, in millimetres.
type box struct {
	page                   int
	text                   string
	xMin, yMin, xMax, yMax float64
}

func boxes(t *testing.T, d Document) []box {
	t.Helper()
	dec := xml.NewDecoder(bytes.NewReader(tool(t, "pdftotext", "-bbox", file(t, d), "-")))
	var all []box
	page := 0
	for {
		tok, err := dec.Token()
		if err != nil {
			return all
		}
		start, ok := tok.(xml.StartElement)
		switch {
		case ok && start.Name.Local == "page":
			page++
		case ok && start.Name.Local == "word":
			b := box{page: page}
			for _, a := range start.Attr {
				v, _ := strconv.ParseFloat(a.Value, 64)
				switch a.Name.Local {
				case "xMin":
					b.xMin = v / mm
				case "yMin":
					b.yMin = v / mm
				case "xMax":
					b.xMax = v / mm
				case "yMax":
					b.yMax = v / mm
				}
			}
			if err := dec.DecodeElement(&b.text, &start); err != nil {
				t.Fatal(err)
			}
			all = append(all, b)
		}
	}
}

// picture renders a page.
func picture(t *testing.T, d Document, page, dpi int) image.Image {
	t.Helper()
	path := file(t, d)
	n := strconv.Itoa(page)
	tool(t, "pdftoppm", "-r", strconv.Itoa(dpi), "-gray", "-png", "-f", n, "-l", n, "-singlefile", path, path)
	b, err := os.ReadFile(path + ".png")
	if err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	return img
}

func dark(img image.Image, x, y int) bool {
	r, _, _, _ := img.At(x, y).RGBA()
	return r < 0x8000
}
