package console

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"motcua"
)

// Verb is what a line of a script does.
type Verb string

// The verbs.
const (
	Await  Verb = "await"  // NAME: until the screen of that name is shown
	Pick   Verb = "pick"   // BLOCK KEY: an option or a row
	Type   Verb = "type"   // FIELD TEXT: without Enter
	Enter  Verb = "enter"  // FIELD TEXT: with Enter
	Tick   Verb = "tick"   // BLOCK KEY
	Untick Verb = "untick" // BLOCK KEY
	Press  Verb = "press"  // ACTION
	PIN    Verb = "pin"    // FIELD: the secret comes from elsewhere
)

// Line is one line of a script.
type Line struct {
	Number int // from 1, for messages
	Verb   Verb
	Key    string
	Value  string
}

func (l Line) String() string {
	return strings.TrimRight(fmt.Sprintf("line %d: %s %s %s", l.Number, l.Verb, l.Key, l.Value), " ")
}

// longest is the most a script may hold, in lines.
const longest = 10_000

// Parse reads a script: one line, one deed; empty lines and lines that begin
// with # are passed over. What is malformed is a Fault with BadInput that names
// the line.
func Parse(r io.Reader) ([]Line, error) {
	var out []Line
	sc := bufio.NewScanner(r)
	for n := 1; sc.Scan(); n++ {
		text := strings.TrimSpace(sc.Text())
		if text == "" || text[0] == '#' {
			continue
		}
		if len(out) == longest {
			return nil, motcua.Fail(motcua.BadInput, fmt.Sprintf("a script of more than %d lines", longest), nil)
		}
		l, err := parseLine(n, text)
		if err != nil {
			return nil, err
		}
		out = append(out, l)
	}
	if err := sc.Err(); err != nil {
		return nil, motcua.Fail(motcua.BadInput, "reading the script", err)
	}
	return out, nil
}

func parseLine(n int, text string) (Line, error) {
	verb, rest, _ := strings.Cut(text, " ")
	key, value, _ := strings.Cut(strings.TrimSpace(rest), " ")
	l := Line{Number: n, Verb: Verb(verb), Key: key, Value: strings.TrimSpace(value)}
	wrong := func(why string) (Line, error) {
		return Line{}, motcua.Fail(motcua.BadInput, fmt.Sprintf("script line %d: %s", n, why), nil)
	}
	if key == "" {
		return wrong("nothing after the verb")
	}
	switch l.Verb {
	case Await, Press:
		if l.Value != "" {
			return wrong("too many words")
		}
	case Pick, Tick, Untick:
		if l.Value == "" {
			return wrong("want a block and a key")
		}
	case Type, Enter: // an empty text is a text
	case PIN:
		if strings.Trim(l.Value, "*") != "" {
			return wrong("a PIN never stands in a script")
		}
		l.Value = ""
	default:
		return wrong("unknown verb")
	}
	return l, nil
}
