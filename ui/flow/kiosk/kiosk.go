// Package kiosk is the citizen's dialogue at a self-service machine: lay the
// card down, look one's dossier up, take a queue ticket.
//
// Nothing of the person outlives the person: when the card is taken away or
// nobody touches the screen, the state is thrown away whole and the hands are
// told to forget.
package kiosk

import (
	"strings"
	"time"

	"motcua"
	"motcua/store/dossier"
	"motcua/ui/flow"
	"motcua/ui/screen"
)

// Visit is the state of the dialogue: the page it has come to, and what
// surrounds every page.
type Visit struct {
	At   Page
	Card bool    // a card opened it: taking the card away ends it
	Left float64 // of the time until it ends by itself, from 1 to 0
}

// Name is the page's.
func (v Visit) Name() string { return v.At.Name() }

// Page is one of the states below: what may happen there, and how it looks.
type Page interface {
	flow.State
	step(flow.Event) (Page, []flow.Effect)
	draw(view) screen.Screen
}

// The pages.
type (
	// Welcome waits for anybody.
	Welcome struct{ Fault error }
	// Digits asks for the last six digits of the number of the card that lies
	// on the reader: the chip's access number (cccd: CAN).
	Digits struct {
		Typed   string
		Reading bool
		Tries   int
		Fault   error
	}
	// Hello greets, partly masked, and offers what there is.
	Hello struct {
		Who, Number string // masked
		Genuine     bool
		Fault       error
	}
	// Reference asks for the receipt's QR or its number.
	Reference struct {
		Typed string
		Busy  bool
		Fault error
	}
	// Lookup asks for the look-up code printed beside the number.
	Lookup struct {
		Ref   string
		Typed string
		Busy  bool
		Tries int
		Fault error
	}
	// Found shows where the dossier is.
	Found struct {
		Answer Answer
	}
	// Services offers what a ticket can be for.
	Services struct {
		Offers []Service
		Busy   bool
		Fault  error
	}
	// Ticketed says to take the ticket.
	Ticketed struct {
		Ticket Ticket
	}
	// Help explains and returns.
	Help struct{ Back Page }
)

// Answer is what a kiosk says of a dossier: no name, no number of a person.
type Answer struct {
	Reference string
	Procedure string
	Status    dossier.Status
	Due       time.Time
	Ready     bool // the result lies at the counter
}

// Service is one line to queue for.
type Service struct{ Key, Name string }

// Ticket is a place in the queue.
type Ticket struct {
	Number  string
	Service string
	At      time.Time
}

// maxTries is how often a code may be wrong before the visit ends.
const maxTries = 3

// Names.
func (Welcome) Name() string   { return "welcome" }
func (Digits) Name() string    { return "digits" }
func (Hello) Name() string     { return "hello" }
func (Reference) Name() string { return "reference" }
func (Lookup) Name() string    { return "lookup" }
func (Found) Name() string     { return "found" }
func (Services) Name() string  { return "services" }
func (Ticketed) Name() string  { return "ticket" }
func (Help) Name() string      { return "help" }

// Effects.
type (
	// Forget wipes what the hands hold of the person.
	Forget struct{ flow.IsEffect }
	// Ask looks a dossier up by the state's reference and code.
	Ask struct{ flow.IsEffect }
	// Offer fetches the services.
	Offer struct{ flow.IsEffect }
	// Take takes a number and prints the ticket.
	Take struct {
		flow.IsEffect
		Service string
	}
)

// Events.
type (
	// Answered answers Ask.
	Answered struct {
		flow.IsEvent
		Answer Answer
	}
	// Offered answers Offer.
	Offered struct {
		flow.IsEvent
		Services []Service
	}
	// Taken answers Take.
	Taken struct {
		flow.IsEvent
		Ticket Ticket
	}
)

// Flow is the kiosk.
type Flow struct{}

var _ flow.Flow = Flow{}

// Start waits.
func (Flow) Start() (flow.State, []flow.Effect) { return Visit{At: Welcome{}}, nil }

// end throws the visit away.
func end(fault error) (Page, []flow.Effect) {
	return Welcome{Fault: fault}, []flow.Effect{Forget{}}
}

// Step is the timetable. A visit that comes back to the welcome is over, and
// nothing of it is left.
func (Flow) Step(s flow.State, e flow.Event) (flow.State, []flow.Effect) {
	v := s.(Visit)
	var effects []flow.Effect
	if v.At, effects = v.next(e); home(v.At) {
		return Visit{At: v.At}, effects
	}
	switch e := e.(type) {
	case flow.Idle:
		v.Left = e.Part
	case flow.CardIn:
		v.Card = true
	}
	if home(s.(Visit).At) {
		v.Left = 1
	}
	return v, effects
}

func home(at Page) bool {
	_, ok := at.(Welcome)
	return ok
}

// next is the page after e: first what holds on every page (the card leaves,
// time runs out, help, going home), then the page's own.
func (v Visit) next(e flow.Event) (Page, []flow.Effect) {
	switch e := e.(type) {
	case flow.CardOut:
		if v.Card {
			return end(nil)
		}
		return v.At, nil
	case flow.Idle:
		if e.Part <= 0 && !home(v.At) {
			return end(nil)
		}
		return v.At, nil
	case flow.Pressed:
		switch e.Action {
		case "help":
			return Help{Back: v.At}, nil
		case "home":
			return end(nil)
		}
	}
	return v.At.step(e)
}

func (s Welcome) step(e flow.Event) (Page, []flow.Effect) {
	if _, ok := e.(flow.CardIn); ok {
		return Digits{}, nil
	}
	return choose(s, e)
}

func (s Hello) step(e flow.Event) (Page, []flow.Effect) { return choose(s, e) }

// A page that only shows ends with the time, the card or the button.
func (s Found) step(flow.Event) (Page, []flow.Effect)    { return s, nil }
func (s Ticketed) step(flow.Event) (Page, []flow.Effect) { return s, nil }

func (s Help) step(e flow.Event) (Page, []flow.Effect) {
	if p, ok := e.(flow.Pressed); ok && p.Action == "back" {
		return s.Back, nil
	}
	return s, nil
}

// choose is the menu, the same for a guest with and without a card. A receipt
// held under the scanner needs no menu.
func choose(s Page, e flow.Event) (Page, []flow.Effect) {
	switch e := e.(type) {
	case flow.Picked:
		switch e.Key {
		case "lookup":
			return Reference{}, nil
		case "ticket":
			return Services{Busy: true}, []flow.Effect{Offer{}}
		}
	case flow.Entered:
		return Reference{}.take(e.Value)
	case flow.Pressed:
		if e.Action == "back" {
			return end(nil)
		}
	}
	return s, nil
}

func (s Digits) step(e flow.Event) (Page, []flow.Effect) {
	switch e := e.(type) {
	case flow.Edited:
		s.Typed = e.Value
	case flow.Entered:
		if s.Reading {
			return s, nil
		}
		s.Typed, s.Reading, s.Fault = e.Value, true, nil
		return s, []flow.Effect{flow.Read{}}
	case flow.TextRead:
		return hello(e.Citizen), nil
	case flow.CardRead:
		return hello(e.Citizen), nil
	case flow.Failed:
		s.Reading, s.Typed, s.Fault = false, "", e.Fault
		s.Tries++
		if s.Tries >= maxTries {
			return end(motcua.Fail(motcua.CardTriesSpent, "", nil))
		}
	case flow.Pressed:
		if e.Action == "back" {
			return end(nil)
		}
	}
	return s, nil
}

func hello(c flow.Citizen) Hello {
	return Hello{Who: MaskName(c.Name), Number: dossier.MaskNumber(c.Number), Genuine: c.Genuine()}
}

// MaskName leaves the given name, the last word, and the first letter of each
// other: enough to be greeted by, too little to be known by.
func MaskName(name string) string {
	words := strings.Fields(name)
	for i, w := range words {
		if r := []rune(w); i < len(words)-1 && len(r) > 1 {
			words[i] = string(r[0]) + strings.Repeat("•", len(r)-1)
		}
	}
	return strings.Join(words, " ")
}

func (s Reference) step(e flow.Event) (Page, []flow.Effect) {
	switch e := e.(type) {
	case flow.Edited:
		s.Typed = e.Value
	case flow.Entered:
		return s.take(e.Value)
	case flow.Pressed:
		if e.Action == "back" {
			return end(nil)
		}
	}
	return s, nil
}

// take goes on with a scanned receipt, whose QR holds number and code, or with
// a typed number.
func (s Reference) take(text string) (Page, []flow.Effect) {
	ref, code, ok := ParseReceiptQR(text)
	if !ok {
		ref = dossier.FoldCode(text)
	}
	if ref == "" || len(ref) > 60 {
		s.Typed, s.Fault = "", motcua.Fail(motcua.BadInput, "reference", nil)
		return s, nil
	}
	next := Lookup{Ref: ref, Typed: code}
	if !ok {
		return next, nil
	}
	next.Busy = true
	return next, []flow.Effect{Ask{}}
}

// receiptPrefix marks the QR of our receipt among all the QR codes a person
// may hold under the scanner.
const receiptPrefix = "MOTCUA1|"

// ReceiptQR is the text of the receipt's QR: number and look-up code.
func ReceiptQR(number, lookup string) string { return receiptPrefix + number + "|" + lookup }

// ParseReceiptQR reads it back.
func ParseReceiptQR(text string) (number, lookup string, ok bool) {
	rest, ok := strings.CutPrefix(strings.TrimSpace(text), receiptPrefix)
	if !ok {
		return "", "", false
	}
	number, lookup, ok = strings.Cut(rest, "|")
	return number, lookup, ok && number != "" && lookup != ""
}

func (s Lookup) step(e flow.Event) (Page, []flow.Effect) {
	switch e := e.(type) {
	case flow.Edited:
		s.Typed = e.Value
	case flow.Entered:
		if s.Busy {
			return s, nil
		}
		s.Typed, s.Busy, s.Fault = e.Value, true, nil
		return s, []flow.Effect{Ask{}}
	case Answered:
		return Found{Answer: e.Answer}, nil
	case flow.Failed:
		s.Busy, s.Typed, s.Fault = false, "", e.Fault
		s.Tries++
		if s.Tries >= maxTries {
			return end(e.Fault)
		}
	case flow.Pressed:
		if e.Action == "back" {
			return Reference{}, nil
		}
	}
	return s, nil
}

func (s Services) step(e flow.Event) (Page, []flow.Effect) {
	switch e := e.(type) {
	case Offered:
		s.Offers, s.Busy = e.Services, false
	case flow.Picked:
		if !s.Busy {
			s.Busy = true
			return s, []flow.Effect{Take{Service: e.Key}}
		}
	case Taken:
		return Ticketed{Ticket: e.Ticket}, nil
	case flow.Failed:
		s.Busy, s.Fault = false, e.Fault
	case flow.Pressed:
		if e.Action == "back" {
			return end(nil)
		}
	}
	return s, nil
}

// Here is the page that s has come to, for the hands.
func Here(s flow.State) Page {
	if v, ok := s.(Visit); ok {
		return v.At
	}
	return nil
}
