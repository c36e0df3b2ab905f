// Package flow is the contract of a dialogue with a person.
//
// A flow is a function: Step takes a state and an event and gives the next
// state and what is to be done. It has no clock, no input or output and no
// toolkit, so a table of (state, event, state, effects) says all of it. The
// world comes in as events; what the flow wants of the world goes out as
// effects, carried out by Hands, whose answers are events again.
//
// Effects are comparable values: a test names them. They carry no data of the
// case; Hands are given the state they were asked in.
//
// A PIN travels in an event to an effect and nowhere else: not into a state, a
// screen, a log or a golden file.
package flow

import (
	"motcua"
	"motcua/ui/screen"
	"motcua/ui/words"
)

// State is where the dialogue is. Name is stable: "papers".
type State interface{ Name() string }

// Event is something that happened.
type Event interface{ event() }

// Effect is something to be done.
type Effect interface{ effect() }

// Flow is one dialogue.
type Flow interface {
	// Start is the first state and what is to be done at once.
	Start() (State, []Effect)
	// Step is what follows from an event. An event that means nothing here
	// changes nothing.
	Step(State, Event) (State, []Effect)
	// View is what the person sees.
	View(State, *words.Words) screen.Screen
}

// Mark makes a type an Event and an Effect by embedding one of these.
type (
	// IsEvent is embedded in events declared outside this package.
	IsEvent struct{}
	// IsEffect is embedded in effects declared outside this package.
	IsEffect struct{}
)

func (IsEvent) event()   {}
func (IsEffect) effect() {}

// Events that every face can raise.
type (
	// Pressed is an action chosen by button, shortcut, rail or table row.
	Pressed struct {
		IsEvent
		Action string
	}
	// Edited is a field's new text, on every change: nothing typed is lost.
	Edited struct {
		IsEvent
		Field, Value string
	}
	// Entered is Enter in a field, or a complete scan.
	Entered struct {
		IsEvent
		Field, Value string
	}
	// Picked is an option of a choice or a row of a table.
	Picked struct {
		IsEvent
		Block, Key string
	}
	// Ticked is an item of a checklist.
	Ticked struct {
		IsEvent
		Block, Key string
		On         bool
	}
	// Secret is Enter in a Secret field.
	Secret struct {
		IsEvent
		Field string
		PIN   PIN
	}
	// Idle says that nobody touched anything; Part is what is left of the
	// time, from 1 to 0.
	Idle struct {
		IsEvent
		Part float64
	}
	// Failed says that an effect could not be carried out. The flow decides
	// what of it is told, and keeps what was typed.
	Failed struct {
		IsEvent
		Effect Effect
		Fault  error
	}
	// Lights is the new quiet line.
	Lights struct {
		IsEvent
		Lights []screen.Light
	}
)

// PIN is a secret on its way. It prints as dots.
type PIN struct{ digits *[]byte }

// NewPIN takes the digits over; the caller keeps no copy.
func NewPIN(digits []byte) PIN { return PIN{&digits} }

// Take gives the digits to the one who uses and wipes them. The PIN is empty
// afterwards.
func (p PIN) Take() []byte {
	if p.digits == nil {
		return nil
	}
	d := *p.digits
	*p.digits = nil
	return d
}

func (PIN) String() string { return "••••" }

// GoString keeps %#v from looking inside.
func (PIN) GoString() string { return "••••" }

// Notice puts a fault into words, next to an action that tries again.
func Notice(w *words.Words, err error, actions ...screen.Action) *screen.Notice {
	if err == nil {
		return nil
	}
	text, try := w.Fault(err)
	return &screen.Notice{Tone: screen.Bad, Code: string(motcua.CodeOf(err)), Text: text, Try: try, Actions: actions}
}
