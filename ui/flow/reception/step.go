package reception

import (
	"errors"
	"maps"
	"slices"
	"strings"

	"motcua"
	"motcua/store/dossier"
	"motcua/ui/flow"
)

// Flow is the reception. It has no fields: everything is in the state.
type Flow struct{}

var _ flow.Flow = Flow{}

// Start asks for the procedures at once.
func (Flow) Start() (flow.State, []flow.Effect) {
	return Choosing{}, []flow.Effect{Search{}}
}

// Step is the timetable: here, this happens, so there, please do that.
func (Flow) Step(s flow.State, e flow.Event) (flow.State, []flow.Effect) {
	if next, effects, ok := around(s, e); ok {
		return next, effects
	}
	switch s := s.(type) {
	case Choosing:
		return s.step(e)
	case Identifying:
		return s.step(e)
	case Person:
		return s.step(e)
	case Papers:
		return s.step(e)
	case Promise:
		return s.step(e)
	case Signing:
		return s.step(e)
	case signed:
		return s.step(e)
	case Finished:
		return s.step(e)
	case Browsing:
		return s.step(e)
	}
	return s, nil
}

// around handles what may happen in every state: the room changes, the
// officer looks at the list, a finished section is opened again.
func around(s flow.State, e flow.Event) (flow.State, []flow.Effect, bool) {
	switch e := e.(type) {
	case flow.Lights:
		return inRoom(s, func(r *Room) { r.Lights = e.Lights }), nil, true
	case Counted:
		return inRoom(s, func(r *Room) { r.Unsent = e.Unsent }), nil, true
	case flow.CardOut:
		return inRoom(s, func(r *Room) { r.Reader = "" }), nil, true
	case flow.CardIn:
		if _, waits := s.(Identifying); !waits {
			return inRoom(s, func(r *Room) { r.Reader = e.Reader }), nil, true
		}
	case flow.Pressed:
		return goTo(s, e.Action)
	}
	return s, nil, false
}

// goTo answers the rail and the folded sections.
func goTo(s flow.State, action string) (flow.State, []flow.Effect, bool) {
	b, browsing := s.(Browsing)
	switch action {
	case "rail/dossiers":
		if browsing {
			return s, nil, true
		}
		next := Browsing{Room: *roomOf(s), Back: s}
		return next, []flow.Effect{List{}}, true
	case "rail/reception":
		if browsing {
			room := b.Room
			return inRoom(b.Back, func(r *Room) { *r = room }), nil, true
		}
		return s, nil, true
	}
	c, ok := caseOf(s)
	if !ok || busy(s) {
		return s, nil, false
	}
	if section, ok := strings.CutPrefix(action, "reopen/"); ok && !behind(section, s.Name()) {
		return s, nil, false
	}
	room := *roomOf(s)
	switch action {
	case "reopen/procedure":
		return Choosing{Room: room, Kept: &c}, []flow.Effect{Search{}}, true
	case "reopen/person":
		if c.Dossier.Applicant.Name == "" {
			return Identifying{Room: room, Case: c}, nil, true
		}
		return Person{Room: room, Case: c}, nil, true
	case "reopen/papers":
		return Papers{Room: room, Case: c}, nil, true
	case "reopen/promise":
		return Promise{Room: room, Case: c}, nil, true
	case "discard":
		return Choosing{Room: room}, []flow.Effect{Discard{}, Search{}}, true
	}
	return s, nil, false
}

// behind reports whether the section lies before the open one or is it: only
// what was reached can be opened again.
func behind(section, state string) bool {
	if state == "identify" {
		state = "person"
	}
	return slices.Index(order, section) <= slices.Index(order, state)
}

// busy reports whether an effect is under way whose answer must find the state
// that asked for it.
func busy(s flow.State) bool {
	switch s := s.(type) {
	case Signing:
		return s.Busy != ""
	case Identifying:
		return s.Reading
	}
	return false
}

func (s Choosing) step(e flow.Event) (flow.State, []flow.Effect) {
	switch e := e.(type) {
	case flow.Edited:
		s.Query = e.Value
		return s, []flow.Effect{Search{}}
	case Offered:
		if e.Query == s.Query {
			s.Offers, s.Drafts = e.Offers, e.Drafts
		}
	case flow.Entered:
		if len(s.Offers) > 0 {
			return s, []flow.Effect{Open{Procedure: s.Offers[0].Code}}
		}
	case flow.Picked:
		if e.Block == "drafts" {
			return s, []flow.Effect{Resume{ID: dossier.ID(e.Key)}}
		}
		return s, []flow.Effect{Open{Procedure: e.Key}}
	case Began:
		return s.begin(e)
	case flow.Failed:
		s.Fault = e.Fault
	}
	return s, nil
}

// begin goes on with the new dossier, or with the kept case under its new
// procedure: the person is not asked twice.
func (s Choosing) begin(e Began) (flow.State, []flow.Effect) {
	c := Case{Dossier: e.Dossier, Asks: e.Asks}
	if s.Kept != nil {
		old := s.Kept.Dossier
		c.Dossier.ID, c.Dossier.Number, c.Dossier.Lookup = old.ID, old.Number, old.Lookup
		c.Dossier.Revision, c.Dossier.SubmittedAt = old.Revision, old.SubmittedAt
		c.Dossier.Applicant, c.Dossier.Identity = old.Applicant, old.Identity
		c.Citizen = s.Kept.Citizen
	}
	switch {
	case c.Dossier.Applicant.Name == "":
		return Identifying{Room: s.Room, Case: c}, nil
	case !c.Dossier.ReceivedAt.IsZero() && s.Kept == nil:
		return Promise{Room: s.Room, Case: c, Busy: true}, []flow.Effect{Reckon{}}
	}
	return Person{Room: s.Room, Case: c}, []flow.Effect{Save{}}
}

func (s Identifying) step(e flow.Event) (flow.State, []flow.Effect) {
	switch e := e.(type) {
	case flow.CardIn:
		s.Reader = e.Reader
		return s.read()
	case flow.Edited:
		if e.Value != s.Typed {
			s.Typed, s.Ready = e.Value, false
		}
	case flow.Entered:
		s.Typed, s.Ready, s.Fault, s.Tried = e.Value, true, nil, ""
		return s.read()
	case flow.Pressed:
		switch e.Action {
		case "read":
			s.Ready, s.Fault, s.Tried = s.Typed != "", nil, ""
			return s.read()
		case "by-hand":
			return s.byHand()
		case "back":
			return Choosing{Room: s.Room, Kept: &s.Case}, []flow.Effect{Search{}}
		}
	case flow.TextRead:
		return s.identified(e.Citizen, true)
	case flow.CardRead:
		return s.identified(e.Citizen, false)
	case flow.Failed:
		s.Reading, s.Fault = false, e.Fault
		if !isCode(e.Fault, motcua.CardRemoved) {
			s.Tried = s.Typed
		}
	}
	return s, nil
}

// read starts reading when both the card and a finished number are there. A
// number the card has refused is not tried again by itself: the chip counts.
func (s Identifying) read() (flow.State, []flow.Effect) {
	if s.Reader == "" || !s.Ready || s.Reading || s.Tried == s.Typed {
		return s, nil
	}
	s.Reading, s.Fault = true, nil
	return s, []flow.Effect{flow.Read{}}
}

// byHand goes on without a chip, with what a QR or a typed number hold.
func (s Identifying) byHand() (flow.State, []flow.Effect) {
	if strings.Contains(s.Typed, "|") && s.Tried != s.Typed {
		s.Reading, s.Fault = true, nil
		return s, []flow.Effect{Scan{}}
	}
	c := s.Case
	c.Dossier.Identity = dossier.Identity{Method: "typed"}
	c.Dossier.Applicant.Kind = dossier.Citizen
	if len(s.Typed) == 12 {
		c.Dossier.Applicant.Number = s.Typed
	}
	return Person{Room: s.Room, Case: c}, nil
}

func (s Identifying) identified(p flow.Citizen, more bool) (flow.State, []flow.Effect) {
	return Person{Room: s.Room, Case: s.Case.with(p), Busy: more}, []flow.Effect{Save{}}
}

// with takes the person over from the card. What the officer has typed and a
// card does not know (telephone, e-mail) stays.
func (c Case) with(p flow.Citizen) Case {
	a := &c.Dossier.Applicant
	a.Kind = dossier.Citizen
	a.Name, a.Number, a.Birth, a.Sex, a.Address = p.Name, p.Number, p.Birth, p.Sex, p.Address
	checks := map[string]string{}
	for _, k := range p.Checks {
		checks[k.Name] = k.Outcome
	}
	c.Dossier.Identity = dossier.Identity{Method: p.Method, Access: p.Access, Checks: checks, Notes: p.Warnings}
	c.Citizen = &p
	return c
}

func (s Person) step(e flow.Event) (flow.State, []flow.Effect) {
	switch e := e.(type) {
	case flow.CardRead:
		// The portrait and the last checks; fields the officer may have
		// corrected meanwhile stay as they are.
		s.Busy = false
		if s.Citizen != nil {
			kept := s.Dossier.Applicant
			s.Case = s.Case.with(e.Citizen)
			s.Dossier.Applicant = kept
		}
	case flow.Edited:
		setPerson(&s.Dossier.Applicant, e.Field, e.Value)
	case flow.Failed:
		s.Busy, s.Fault = false, e.Fault
	case flow.Entered:
		setPerson(&s.Dossier.Applicant, e.Field, e.Value)
	case flow.Pressed:
		switch e.Action {
		case "next":
			if s.Dossier.Applicant.Name == "" {
				s.Fault = motcua.Fail(motcua.BadInput, "applicant.name", nil)
				return s, nil
			}
			return Papers{Room: s.Room, Case: s.Case}, []flow.Effect{Save{}}
		case "back":
			return Identifying{Room: s.Room, Case: s.Case}, nil
		}
	}
	return s, nil
}

func setPerson(p *dossier.Person, field, value string) {
	switch field {
	case "name":
		p.Name = value
	case "number":
		p.Number = value
	case "birth":
		p.Birth = value
	case "address":
		p.Address = value
	case "phone":
		p.Phone = value
	case "email":
		p.Email = value
	}
}

func (s Papers) step(e flow.Event) (flow.State, []flow.Effect) {
	switch e := e.(type) {
	case flow.Ticked:
		s.Dossier.Components = slices.Clone(s.Dossier.Components)
		for i := range s.Dossier.Components {
			if s.Dossier.Components[i].Key == e.Key {
				s.Dossier.Components[i].Shown = e.On
			}
		}
	case flow.Edited:
		s.answer(e.Field, e.Value)
	case flow.Entered:
		s.answer(e.Field, e.Value)
	case flow.Picked:
		s.answer(e.Block, e.Key)
	case flow.Failed:
		s.Fault = e.Fault
	case flow.Pressed:
		switch e.Action {
		case "next":
			if missing := s.missing(); missing != "" {
				s.Fault = motcua.Fail(motcua.BadInput, missing, nil)
				return s, nil
			}
			s.Fault = nil
			return Promise{Room: s.Room, Case: s.Case, Busy: true}, []flow.Effect{Reckon{}}
		case "all":
			s.Dossier.Components = slices.Clone(s.Dossier.Components)
			for i := range s.Dossier.Components {
				s.Dossier.Components[i].Shown = true
			}
		case "back":
			return Person{Room: s.Room, Case: s.Case}, nil
		}
	}
	return s, nil
}

func (s *Papers) answer(key, value string) {
	if key == "summary" {
		s.Dossier.Summary = value
		return
	}
	s.Dossier.Answers = maps.Clone(s.Dossier.Answers)
	if s.Dossier.Answers == nil {
		s.Dossier.Answers = map[string]string{}
	}
	s.Dossier.Answers[key] = value
}

// missing names the first thing the law or the fee needs and that is not
// there: a required question, or no paper at all.
func (s Papers) missing() string {
	for _, a := range s.Asks {
		if a.Required && s.Dossier.Answers[a.Key] == "" {
			return a.Key
		}
	}
	for _, c := range s.Dossier.Components {
		if c.Shown {
			return ""
		}
	}
	if len(s.Dossier.Components) == 0 {
		return ""
	}
	return "papers"
}

func (s Promise) step(e flow.Event) (flow.State, []flow.Effect) {
	switch e := e.(type) {
	case Reckoned:
		revision := max(s.Dossier.Revision, e.Dossier.Revision)
		s.Dossier, s.Busy, s.Fault = e.Dossier, false, nil
		s.Dossier.Revision = revision
		return s, []flow.Effect{Save{}}
	case flow.Failed:
		s.Busy, s.Fault = false, e.Fault
	case flow.Picked:
		switch e.Block {
		case "payment":
			s.Dossier.Payment.Method = e.Key
		case "delivery":
			s.Dossier.ResultBy = dossier.Delivery(e.Key)
		}
	case flow.Pressed:
		switch e.Action {
		case "next":
			return s.accept()
		case "reckon":
			s.Busy, s.Fault = true, nil
			return s, []flow.Effect{Reckon{}}
		case "back":
			return Papers{Room: s.Room, Case: s.Case}, nil
		}
	}
	return s, nil
}

func (s Promise) accept() (flow.State, []flow.Effect) {
	if s.Busy {
		return s, nil
	}
	if s.Dossier.Appointment.Due.IsZero() {
		s.Fault = motcua.Fail(motcua.BadInput, "appointment", nil)
		return s, nil
	}
	return Signing{Room: s.Room, Case: s.Case, Busy: "tokens"}, []flow.Effect{Save{}, Tokens{}}
}

func (s Signing) step(e flow.Event) (flow.State, []flow.Effect) {
	switch e := e.(type) {
	case Saw:
		s.Busy, s.Signers = "", e.Signers
		s.Chosen = firstUsable(e.Signers, s.Chosen)
	case flow.Picked:
		if e.Block == "signers" {
			s.Chosen = e.Key
		}
	case flow.Secret:
		if s.Busy == "" && s.Chosen != "" {
			s.Busy, s.Fault = "sign", nil
			return s, []flow.Effect{Sign{Fingerprint: s.Chosen, PIN: e.PIN}}
		}
	case Drawn:
		s.Dossier.Papers = []dossier.Paper{e.Paper}
		s.Busy = "keep"
		return signed{s}, []flow.Effect{Keep{}}
	case flow.Failed:
		s.Busy, s.Fault = "", e.Fault
		s.Again = againAfter(e.Effect)
	case flow.Pressed:
		return s.pressed(e.Action)
	}
	return s, nil
}

func (s Signing) pressed(action string) (flow.State, []flow.Effect) {
	if s.Busy != "" {
		return s, nil
	}
	switch action {
	case "tokens":
		s.Busy, s.Fault = "tokens", nil
		return s, []flow.Effect{Tokens{}}
	case "unsigned":
		s.Busy, s.Fault = "sign", nil
		return s, []flow.Effect{Draw{}}
	case "back":
		return Promise{Room: s.Room, Case: s.Case}, nil
	}
	return s, nil
}

// againAfter is the action that tries a failed effect again. A refused PIN has
// none: the person types it anew.
func againAfter(e flow.Effect) string {
	switch e.(type) {
	case Tokens:
		return "tokens"
	case Draw:
		return "unsigned"
	}
	return ""
}

func firstUsable(signers []Signer, chosen string) string {
	first := ""
	for _, g := range signers {
		if g.Off == "" && g.Fingerprint == chosen {
			return chosen
		}
		if g.Off == "" && first == "" {
			first = g.Fingerprint
		}
	}
	return first
}

// signed is Signing with the receipt in the store, on its way to be kept.
type signed struct{ Signing }

func (s signed) step(e flow.Event) (flow.State, []flow.Effect) {
	switch e := e.(type) {
	case Kept:
		c := s.Case
		c.Dossier = e.Dossier
		return Finished{Room: s.Room, Case: c}, []flow.Effect{Print{}}
	case flow.Failed:
		s.Busy, s.Fault, s.Again = "", e.Fault, "keep"
	case flow.Pressed:
		if e.Action == "keep" && s.Busy == "" {
			s.Busy, s.Fault = "keep", nil
			return s, []flow.Effect{Keep{}}
		}
	}
	return s, nil
}

func (s Finished) step(e flow.Event) (flow.State, []flow.Effect) {
	switch e := e.(type) {
	case Changed:
		if e.ID == s.Dossier.ID {
			return s, []flow.Effect{Refresh{}}
		}
	case Kept:
		if e.Dossier.ID == s.Dossier.ID {
			s.Dossier = e.Dossier
		}
	case flow.Failed:
		if _, ok := e.Effect.(Print); ok {
			s.Fault = e.Fault
		}
	case Printed:
		s.Fault = nil
	case flow.Pressed:
		switch e.Action {
		case "next":
			return Choosing{Room: s.Room}, []flow.Effect{Search{}}
		case "print":
			s.Fault = nil
			return s, []flow.Effect{Print{}}
		}
	}
	return s, nil
}

func (s Browsing) step(e flow.Event) (flow.State, []flow.Effect) {
	switch e := e.(type) {
	case flow.Edited:
		s.Query = e.Value
		return s, []flow.Effect{List{}}
	case Listed:
		if e.Query == s.Query {
			s.Rows, s.Fault = e.Rows, nil
		}
	case flow.Picked:
		return s, []flow.Effect{Show{ID: dossier.ID(e.Key)}}
	case Shown:
		s.Open = &e.Opened
	case Changed:
		if s.Open != nil && s.Open.Dossier.ID == e.ID {
			return s, []flow.Effect{Show{ID: e.ID}, List{}}
		}
		return s, []flow.Effect{List{}}
	case flow.Failed:
		s.Fault = e.Fault
	case flow.Pressed:
		return s.pressed(e.Action)
	}
	return s, nil
}

func (s Browsing) pressed(action string) (flow.State, []flow.Effect) {
	switch {
	case action == "back" && s.Open != nil:
		s.Open = nil
		return s, []flow.Effect{List{}}
	case action == "back":
		room := s.Room
		return inRoom(s.Back, func(r *Room) { *r = room }), nil
	case action == "resend" && s.Open != nil:
		for _, entry := range s.Open.Entries {
			if entry.State != "sent" {
				return s, []flow.Effect{Resend{Seq: entry.Seq}}
			}
		}
	}
	return s, nil
}

// isCode reports whether err carries the code.
func isCode(err error, code motcua.Code) bool {
	return errors.Is(err, motcua.Fail(code, "", nil))
}
