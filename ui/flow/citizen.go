package flow

import "motcua/ui/screen"

// Citizen is what a flow knows of the person at the desk, from chip, QR or
// typing. The wiring fills it; flows and faces know no card protocol.
type Citizen struct {
	Method   string // "chip", "qr", "typed"
	Number   string
	Name     string
	Birth    string // dd/mm/yyyy
	Sex      string
	Address  string
	Issued   string
	Expires  string
	Portrait []byte // JPEG or PNG; empty until it has been read
	Access   string // "PACE-CAN"
	Checks   []CheckResult
	Warnings []string // codes; words keep "card-warning.<code>"
	Link     Link
}

// CheckResult is one check of the chip by name and outcome; words keep
// "check.<name>.<outcome>".
type CheckResult struct{ Name, Outcome string }

// Link is what reading cost, for the technician.
type Link struct{ APDUs, Sent, Received int }

// CheckNames is the checks in the order people are told them.
var CheckNames = []string{"hashes", "signature", "chain", "chipAuth", "activeAuth"}

// Tone of a check's outcome.
func (c CheckResult) Tone() screen.Tone {
	switch c.Outcome {
	case "verified":
		return screen.Good
	case "failed":
		return screen.Bad
	}
	return screen.Muted
}

// Genuine reports whether no check of the chip failed.
func (c *Citizen) Genuine() bool {
	for _, k := range c.Checks {
		if k.Outcome == "failed" {
			return false
		}
	}
	return true
}

// Events of the card reader, shared by the flows.
type (
	// CardIn says that a card lies on a reader and answers.
	CardIn struct {
		IsEvent
		Reader string // short name
	}
	// CardOut says that it was taken away, or the reader went.
	CardOut struct{ IsEvent }
	// TextRead is the card's text, before the portrait has come.
	TextRead struct {
		IsEvent
		Citizen Citizen
	}
	// CardRead is everything the card gave.
	CardRead struct {
		IsEvent
		Citizen Citizen
	}
)

// Read asks for the card on the reader to be read with the number, QR text or
// CAN that the state holds.
type Read struct{ IsEffect }
