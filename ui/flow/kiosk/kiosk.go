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
)

// The states.
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
		Left    float64
	}
	// Hello greets, partly masked, and offers what there is.
	Hello struct {
		Who, Number string // masked
		Genuine     bool
		Fault       error
		Left        float64
	}
	// Reference asks for the receipt's QR or its number.
	Reference struct {
		Guest
		Typed string
		Busy  bool
		Fault error
		Left  float64
	}
	// Lookup asks for the look-up code printed beside the number.
	Lookup struct {
		Guest
		Ref   string
		Typed string
		Busy  bool
		Tries int
		Fault error
		Left  float64
	}
	// Found shows where the dossier is.
	Found struct {
		Guest
		Answer Answer
		Left   float64
	}
	// Services offers what a ticket can be for.
	Services struct {
		Guest
		Offers []Service
		Busy   bool
		Fault  error
		Left   float64
	}
	// Ticketed says to take the ticket.
	Ticketed struct {
		Guest
		Ticket Ticket
		Left   float64
	}
	// Help explains and returns.
	Help struct {
		Back flow.State
		Left float64
	}
)

// Guest is whether a card opened the session: then taking it away ends it.
type Guest struct{ Card bool }

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

// maxTries is how often a code may be wrong before the session ends.
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
func (Flow) Start() (flow.State, []flow.Effect) { return Welcome{}, nil }

// end throws the session away.
func end(fault error) (flow.State, []flow.Effect) {
	return Welcome{Fault: fault}, []flow.Effect{Forget{}}
}

// Step is the timetable.
func (Flow) Step(s flow.State, e flow.Event) (flow.State, []flow.Effect) {
	if next, effects, ok := around(s, e); ok {
		return next, effects
	}
	switch s := s.(type) {
	case Welcome:
		return s.step(e)
	case Digits:
		return s.step(e)
	case Hello:
		return choose(s, Guest{Card: true}, e)
	case Reference:
		return s.step(e)
	case Lookup:
		return s.step(e)
	case Services:
		return s.step(e)
	case Help:
		if p, ok := e.(flow.Pressed); ok && p.Action == "back" {
			return s.Back, nil
		}
	}
	return s, nil
}

// around is what holds on every screen: the card leaves, time runs out, help,
// and going home.
func around(s flow.State, e flow.Event) (flow.State, []flow.Effect, bool) {
	_, home := s.(Welcome)
	var effects []flow.Effect
	switch e := e.(type) {
	case flow.CardOut:
		if !home && withCard(s) {
			s, effects = end(nil)
		}
		return s, effects, true
	case flow.Idle:
		if e.Part <= 0 && !home {
			s, effects = end(nil)
			return s, effects, true
		}
		return left(s, e.Part), nil, true
	case flow.Lights:
		return s, nil, true
	case flow.Pressed:
		switch e.Action {
		case "help":
			return Help{Back: s, Left: 1}, nil, true
		case "home":
			s, effects = end(nil)
			return s, effects, true
		}
	}
	return s, nil, false
}

func (s Welcome) step(e flow.Event) (flow.State, []flow.Effect) {
	if _, ok := e.(flow.CardIn); ok {
		return Digits{Left: 1}, nil
	}
	return choose(s, Guest{}, e)
}

// choose is the menu, the same for a guest with and without a card. A receipt
// held under the scanner needs no menu.
func choose(s flow.State, g Guest, e flow.Event) (flow.State, []flow.Effect) {
	switch e := e.(type) {
	case flow.Picked:
		switch e.Key {
		case "lookup":
			return Reference{Guest: g, Left: 1}, nil
		case "ticket":
			return Services{Guest: g, Busy: true, Left: 1}, []flow.Effect{Offer{}}
		}
	case flow.Entered:
		return Reference{Guest: g, Left: 1}.take(e.Value)
	case flow.Pressed:
		if e.Action == "back" {
			return end(nil)
		}
	}
	return s, nil
}

func (s Digits) step(e flow.Event) (flow.State, []flow.Effect) {
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
	return Hello{Who: MaskName(c.Name), Number: dossier.MaskNumber(c.Number), Genuine: c.Genuine(), Left: 1}
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

func (s Reference) step(e flow.Event) (flow.State, []flow.Effect) {
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
func (s Reference) take(text string) (flow.State, []flow.Effect) {
	ref, code, ok := ParseReceiptQR(text)
	if !ok {
		ref = dossier.FoldCode(text)
	}
	if ref == "" || len(ref) > 60 {
		s.Typed, s.Fault = "", motcua.Fail(motcua.BadInput, "reference", nil)
		return s, nil
	}
	next := Lookup{Guest: s.Guest, Ref: ref, Typed: code, Left: 1}
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

func (s Lookup) step(e flow.Event) (flow.State, []flow.Effect) {
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
		return Found{Guest: s.Guest, Answer: e.Answer, Left: 1}, nil
	case flow.Failed:
		s.Busy, s.Typed, s.Fault = false, "", e.Fault
		s.Tries++
		if s.Tries >= maxTries {
			return end(e.Fault)
		}
	case flow.Pressed:
		if e.Action == "back" {
			return Reference{Guest: s.Guest, Left: 1}, nil
		}
	}
	return s, nil
}

func (s Services) step(e flow.Event) (flow.State, []flow.Effect) {
	switch e := e.(type) {
	case Offered:
		s.Offers, s.Busy = e.Services, false
	case flow.Picked:
		if !s.Busy {
			s.Busy = true
			return s, []flow.Effect{Take{Service: e.Key}}
		}
	case Taken:
		return Ticketed{Guest: s.Guest, Ticket: e.Ticket, Left: 1}, nil
	case flow.Failed:
		s.Busy, s.Fault = false, e.Fault
	case flow.Pressed:
		if e.Action == "back" {
			return end(nil)
		}
	}
	return s, nil
}

// withCard reports whether a card opened the session.
func withCard(s flow.State) bool {
	switch s := s.(type) {
	case Digits, Hello:
		return true
	case Reference:
		return s.Card
	case Lookup:
		return s.Card
	case Found:
		return s.Card
	case Services:
		return s.Card
	case Ticketed:
		return s.Card
	case Help:
		return withCard(s.Back)
	}
	return false
}

// left is the state with the bar moved.
func left(s flow.State, part float64) flow.State {
	switch s := s.(type) {
	case Digits:
		s.Left = part
		return s
	case Hello:
		s.Left = part
		return s
	case Reference:
		s.Left = part
		return s
	case Lookup:
		s.Left = part
		return s
	case Found:
		s.Left = part
		return s
	case Services:
		s.Left = part
		return s
	case Ticketed:
		s.Left = part
		return s
	case Help:
		s.Left = part
		return s
	}
	return s
}
