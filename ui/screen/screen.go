// Package screen holds what a person is shown, as plain data.
//
// A flow makes a Screen from its state; ui/window draws it, ui/console writes
// it as text, tests compare it. Nothing here knows a toolkit, a device or a
// store, and all texts are already in the person's language.
package screen

// Face is who sits before the screen.
type Face string

// The three faces of the product.
const (
	Counter Face = "counter"
	Kiosk   Face = "kiosk"
	Setup   Face = "setup"
)

// Screen is one picture of one moment.
type Screen struct {
	Name  string // stable, for tests and pictures: "reception/papers"
	Face  Face
	Title string
	Lead  string // one sentence under the title; may be empty

	Rail     []Place   // where else one can go; the counter only
	Sections []Section // from top to bottom
	Aside    *Aside    // the citizen's panel, always in sight while there is one
	Notice   *Notice   // what went wrong or right, next to nothing in particular
	Actions  []Action  // at the bottom; the first Main one answers Enter
	Status   []Light   // the quiet line
	Left     *Left     // kiosk: time left before the screen clears itself

	// Focus is the key of the field or block that has the keyboard. A face
	// moves the focus there when the screen's Name or this value changes, and
	// otherwise leaves it where the person put it.
	Focus string
}

// Place is one entry of the rail.
type Place struct {
	Action string // pressed when chosen
	Title  string
	Icon   string // a name of ui/window/theme's icons
	Count  int    // 0 is not shown
	Here   bool
}

// State of a section.
type State string

// The states of a section.
const (
	Waiting State = "waiting" // not reached yet: title only
	Open    State = "open"    // being worked on
	Done    State = "done"    // folded to Summary; Reopen opens it again
)

// Section is a part of the page.
type Section struct {
	Key     string
	Title   string
	Summary string // the one line of a finished section
	State   State
	Reopen  string // action; empty when it cannot be re-opened
	Tone    Tone   // of the summary
	Blocks  []Block
	Actions []Action
	Notice  *Notice // next to what caused it
}

// Tone colours a word. It is never the only sign: the text says it too.
type Tone string

// The tones.
const (
	Plain Tone = ""
	Muted Tone = "muted"
	Good  Tone = "good"
	Warn  Tone = "warn"
	Bad   Tone = "bad"
)

// Action is something the person can do. Its key comes back in an event.
type Action struct {
	Key   string
	Title string
	Icon  string
	Keys  string // the shortcut as shown: "Enter", "F9", "Esc", "Ctrl+K"
	Main  bool   // the one main button
	Back  bool   // bottom left
	Help  bool   // bottom right on the kiosk
	// Off says in words why it cannot be done now; empty means it can.
	Off string
}

// Notice tells of one thing and ends with something to do.
type Notice struct {
	Tone    Tone
	Code    string // fault code, to be read over the telephone
	Text    string
	Try     string
	Actions []Action
}

// Light is one item of the quiet line.
type Light struct {
	Key    string // "portal", "queue", "reader", "token", "printer", "clock"
	Text   string
	Tone   Tone
	Action string // explains and offers; may be empty
}

// Aside is the citizen's panel.
type Aside struct {
	Portrait []byte // JPEG or PNG; empty draws an outline
	Title    string // the name
	Lines    []Line
	Checks   []Check
}

// Line is a label with its value.
type Line struct{ Label, Value string }

// Check is a check of the chip, read as a sentence.
type Check struct {
	Text string
	Tone Tone
}

// Left is the time left, as a shrinking bar.
type Left struct {
	Part float64 // 1 full, 0 over
	Text string
}

// Block is one thing inside a section: a Form, Choice, Checklist, Facts,
// Table, Keypad, Progress or Picture.
type Block interface{ block() }

// Form is a column of fields.
type Form struct{ Fields []Field }

// Kind of a field.
type Kind string

// The kinds of field.
const (
	Text   Kind = "text"
	Digits Kind = "digits"
	Date   Kind = "date"
	Money  Kind = "money"
	Secret Kind = "secret" // a PIN: comes back in flow.Secret, is never shown
	Scan   Kind = "scan"   // raw text of a scanner or typed digits
)

// Field is one thing to fill in.
type Field struct {
	Key      string
	Label    string
	Value    string
	Hint     string
	Error    string
	Kind     Kind
	ReadOnly bool
	Required bool
	From     string // where the value came from, in words: "chip", "QR"
	Wide     bool   // takes the whole row
}

// Choice is a list to choose one from. Filter, when it is there, is the field
// above the list that narrows it.
type Choice struct {
	Key      string
	Label    string // what is chosen; may be empty
	Filter   *Field
	Options  []Option
	Selected string
	Big      bool // kiosk: tiles, at most four
	Empty    string
}

// Option is one line or tile of a choice.
type Option struct {
	Key    string
	Title  string
	Detail string
	Tag    string // the one fact that matters, short
	Tone   Tone
	Icon   string
	Off    string
}

// Checklist is papers to tick.
type Checklist struct {
	Key   string
	Items []Item
}

// Item is one line of a checklist.
type Item struct {
	Key      string
	Text     string
	Detail   string
	On       bool
	Required bool
}

// Facts is labels and values; a Large one is what the officer reads aloud.
type Facts struct{ Rows []Fact }

// Fact is one row of Facts.
type Fact struct {
	Label string
	Value string
	Note  string
	Tone  Tone
	Large bool
}

// Table is a dense list.
type Table struct {
	Key     string
	Columns []Column
	Rows    []Row
	Empty   string
}

// Column of a table; Share is its part of the width, any unit.
type Column struct {
	Title string
	Share float32
	Right bool
}

// Row of a table.
type Row struct {
	Key   string
	Cells []Cell
}

// Cell of a row.
type Cell struct {
	Text string
	Tone Tone
}

// Keypad types into the field with that key: digits, or letters too.
type Keypad struct {
	Field   string
	Letters bool
}

// Progress is something under way. Part below 0 means that the end is not
// known.
type Progress struct {
	Text string
	Part float64
}

// Picture is a drawn picture by name: "card-on-reader", "take-card",
// "ticket".
type Picture struct {
	Name    string
	Caption string
}

func (Form) block()      {}
func (Choice) block()    {}
func (Checklist) block() {}
func (Facts) block()     {}
func (Table) block()     {}
func (Keypad) block()    {}
func (Progress) block()  {}
func (Picture) block()   {}
