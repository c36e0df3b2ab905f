package theme

// The measures of a page are counted in letters, so that they grow with the
// text.

// High is the height of a line of text of that step: what the sans face needs
// for a capital with two marks and a letter with a tail.
func (t *Theme) High(s Step) float32 { return t.Text(s) * 1.362 }

// Opening is the size a window opens with: the smallest screen at a counter.
const (
	OpeningWidth  = 1366
	OpeningHeight = 768
)

// Rail is the width of the rail.
func (t *Theme) Rail() float32 { return t.Text(Small) * 7.4 }

// Aside is the width of the citizen's panel.
func (t *Theme) Aside() float32 { return t.Text(Body) * 19 }

// Page is how wide a page of sections grows.
func (t *Theme) Page() float32 { return t.Text(Body) * 68 }

// Label is the width of the column of labels.
func (t *Theme) Label() float32 { return t.Text(Body) * 9.5 }

// Least is the smallest width of a field, fact or device card before it takes
// the next row.
func (t *Theme) Least() float32 { return t.Text(Body) * 17 }

// Device is the smallest width of a device card.
func (t *Theme) Device() float32 { return t.Text(Body) * 25 }

// Tile is the smallest width of a kiosk's tile.
func (t *Theme) Tile() float32 { return t.Text(Body) * 13 }

// Portrait is the size of the portrait, 3 by 4.
func (t *Theme) Portrait() (w, h float32) { return t.Text(Body) * 8, t.Text(Body) * 32 / 3 }

// Drawing is the size of a drawn picture, 3 by 2.
func (t *Theme) Drawing() (w, h float32) {
	if t.Kiosk {
		return 420, 280
	}
	return 150, 100
}

// LargeDrawing is the size where a standing screen has room.
func (t *Theme) LargeDrawing() (w, h float32) { return 630, 420 }

// Key is the smallest side of a key of the keypad: a thumb wants 60.
func (t *Theme) Key() float32 { return max(72, t.Text(Small)*2.6) }

// Dot is the diameter of a lamp.
func (t *Theme) Dot() float32 { return t.Text(Small) * 0.7 }

// Rows is how many rows of a choice are shown before it scrolls.
const Rows = 7
