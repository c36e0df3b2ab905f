// Package reception is the officer's dialogue at the counter: procedure,
// person, papers, fee and appointment, signature, and the next person. Beside
// it stands the list of dossiers with their way to the portal.
//
// The case under way is a draft dossier. It is saved at each step forward, so
// that a fault, a restart or a look at the list loses nothing.
package reception

import (
	"motcua/store"
	"motcua/store/dossier"
	"motcua/ui/flow"
	"motcua/ui/screen"
)

// Counter is the state of the dialogue: the room it takes place in and the
// page it has come to.
type Counter struct {
	Room Room
	At   Page
}

// Name is the page's.
func (c Counter) Name() string { return c.At.Name() }

// Page is one of the states below: what may happen there, and how it looks.
type Page interface {
	flow.State
	step(Room, flow.Event) (Page, []flow.Effect)
	draw(view) screen.Screen
}

// Room is what surrounds the dialogue whatever its page.
type Room struct {
	Lights []screen.Light
	Reader string // short name of the reader with a card on it; empty when none
	Unsent int
}

// Case is the dossier under way with what the officer was asked beyond it.
type Case struct {
	Dossier dossier.Dossier
	Asks    []Ask
	Citizen *flow.Citizen
	Leaving bool // the officer wants to throw the draft away and is asked again
}

// Ask is one question that a procedure adds: number of copies, pages, ground
// of exemption.
type Ask struct {
	Key      string
	Label    string
	Value    string
	Kind     screen.Kind
	Hint     string
	Required bool
	Options  []screen.Option // a choice when not empty
}

// Offer is a procedure as the officer finds it.
type Offer struct {
	Code, Name, Field, Limit string
}

// Draft is a dossier that was begun and not finished.
type Draft struct {
	ID              dossier.ID
	Name, Procedure string
}

// Signer is a certificate that could sign the receipt.
type Signer struct {
	Fingerprint string
	Name        string
	Until       string
	Kind        string // "RSA 2048"
	Off         string // fault of the certificate as a words key; empty when usable
	PINLow      bool
	PINFinal    bool
}

// The pages. Those with a dossier under way embed the Case.
type (
	// Choosing looks for the procedure.
	Choosing struct {
		Query  string
		Offers []Offer
		Drafts []Draft
		Kept   *Case // a case whose procedure is being changed
		Fault  error
	}
	// Identifying waits for the card and its number.
	Identifying struct {
		Case
		Typed   string // number or QR text
		Ready   bool   // Typed was finished with Enter or by the scanner
		Reading bool
		Tried   string // Typed of the last refused try: never tried again by itself
		Fault   error
	}
	// Person shows who it is and asks what the card does not say.
	Person struct {
		Case
		Busy  bool // the portrait is still being read
		Fault error
	}
	// Papers ticks the components and answers the procedure's questions.
	Papers struct {
		Case
		Fault error
	}
	// Promise shows fee and appointment.
	Promise struct {
		Case
		Busy  bool
		Fault error
	}
	// Signing waits for the officer's PIN.
	Signing struct {
		Case
		Signers []Signer
		Chosen  string // fingerprint
		Busy    string // what is under way: "sign", "keep", "print"
		Fault   error
		Again   string // action that tries the failed part again
	}
	// Finished shows the number and waits for the next person.
	Finished struct {
		Case
		Fault error // of printing: the dossier is kept all the same
	}
	// Browsing lists dossiers.
	Browsing struct {
		Query string
		Rows  []Row
		Open  *Opened
		Back  Page // where the reception was left
		Fault error
	}
)

// Row is one line of the list.
type Row struct {
	ID        dossier.ID
	Reference string
	Name      string
	Procedure string
	Due       string
	Status    dossier.Status
	Queue     string // "sent", "ready", "taken", "held", "draft"
}

// Opened is the dossier looked at, with each try to send it.
type Opened struct {
	Dossier dossier.Dossier
	Entries []store.Entry
}

// Name of each state.
func (Choosing) Name() string    { return "procedure" }
func (Identifying) Name() string { return "identify" }
func (Person) Name() string      { return "person" }
func (Papers) Name() string      { return "papers" }
func (Promise) Name() string     { return "promise" }
func (Signing) Name() string     { return "sign" }
func (Finished) Name() string    { return "finished" }
func (b Browsing) Name() string {
	if b.Open != nil {
		return "dossier"
	}
	return "dossiers"
}

// Effects of the reception.
type (
	// Search looks procedures up by the state's Query.
	Search struct{ flow.IsEffect }
	// Open begins a dossier for a procedure: identity, number, look-up code.
	Open struct {
		flow.IsEffect
		Procedure string
	}
	// Resume fetches a draft.
	Resume struct {
		flow.IsEffect
		ID dossier.ID
	}
	// Save keeps the draft.
	Save struct{ flow.IsEffect }
	// Discard ends a draft the officer does not want.
	Discard struct{ flow.IsEffect }
	// Scan takes the person over from the QR that the state holds: there is
	// no card to read.
	Scan struct{ flow.IsEffect }
	// Reckon works out fee and appointment, by now.
	Reckon struct{ flow.IsEffect }
	// Tokens looks for signing certificates.
	Tokens struct{ flow.IsEffect }
	// Sign draws the receipt, signs it and puts it into the store.
	Sign struct {
		flow.IsEffect
		Fingerprint string
		PIN         flow.PIN
	}
	// Draw draws the receipt without a digital signature.
	Draw struct{ flow.IsEffect }
	// Keep accepts the dossier: one transaction with its outbox entry.
	Keep struct{ flow.IsEffect }
	// Print sends the receipt to the printer.
	Print struct{ flow.IsEffect }
	// Refresh reads the dossier again: the portal may have answered.
	Refresh struct{ flow.IsEffect }
	// List looks dossiers up by the state's Query.
	List struct{ flow.IsEffect }
	// Show fetches one dossier with its tries.
	Show struct {
		flow.IsEffect
		ID dossier.ID
	}
	// Resend makes a held entry ready.
	Resend struct {
		flow.IsEffect
		Seq uint64
	}
)

// Events of the reception.
type (
	// Offered answers Search. Query is the one that was asked.
	Offered struct {
		flow.IsEvent
		Query  string
		Offers []Offer
		Drafts []Draft
	}
	// Began answers Open and Resume.
	Began struct {
		flow.IsEvent
		Dossier dossier.Dossier
		Asks    []Ask
	}
	// Reckoned answers Reckon.
	Reckoned struct {
		flow.IsEvent
		Dossier dossier.Dossier // with fees, appointment and time of reception
	}
	// Saw answers Tokens.
	Saw struct {
		flow.IsEvent
		Signers []Signer
	}
	// Drawn answers Sign and Draw: the receipt is in the store.
	Drawn struct {
		flow.IsEvent
		Paper dossier.Paper
	}
	// Kept answers Keep and Refresh.
	Kept struct {
		flow.IsEvent
		Dossier dossier.Dossier
	}
	// Printed answers Print.
	Printed struct{ flow.IsEvent }
	// Changed says that a dossier changed in the store.
	Changed struct {
		flow.IsEvent
		ID dossier.ID
	}
	// Listed answers List.
	Listed struct {
		flow.IsEvent
		Query string
		Rows  []Row
	}
	// Shown answers Show.
	Shown struct {
		flow.IsEvent
		Opened Opened
	}
	// Counted is the number of entries the portal has not confirmed.
	Counted struct {
		flow.IsEvent
		Unsent int
	}
)
