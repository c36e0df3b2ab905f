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
	return Counter{At: Choosing{}}, []flow.Effect{Search{}}
}

// Step is the timetable: here, this happens, so there, please do that.
func (Flow) Step(s flow.State, e flow.Event) (flow.State, []flow.Effect) {
	c := s.(Counter)
	var effects []flow.Effect
	if p, ok := e.(flow.Pressed); ok {
		if at, effects, ok := goTo(c.At, p.Action); ok {
			c.At = at
			return c, effects
		}
	}
	c.Room = c.Room.after(e)
	c.At, effects = c.At.step(c.Room, e)
	return c, effects
}

// after is the room once the event has happened.
func (r Room) after(e flow.Event) Room {
	switch e := e.(type) {
	case flow.Lights:
		r.Lights = e.Lights
	case Counted:
		r.Unsent = e.Unsent
	case flow.CardIn:
		r.Reader = e.Reader
	case flow.CardOut:
		r.Reader = ""
	}
	return r
}

// goTo answers the rail and the folded sections, which are on every page.
func goTo(at Page, action string) (Page, []flow.Effect, bool) {
	b, browsing := at.(Browsing)
	switch action {
	case "rail/dossiers":
		if browsing {
			return at, nil, true
		}
		return Browsing{Back: at}, []flow.Effect{List{}}, true
	case "rail/reception":
		if browsing {
			return b.Back, nil, true
		}
		return at, nil, true
	}
	c, ok := caseOf(at)
	if section, reopen := strings.CutPrefix(action, "reopen/"); !ok || busy(at) || reopen && !behind(section, at.Name()) {
		return at, nil, false
	}
	switch action {
	case "reopen/procedure":
		return Choosing{Kept: &c}, []flow.Effect{Search{}}, true
	case "reopen/person":
		if c.Dossier.Applicant.Name == "" {
			return Identifying{Case: c}, nil, true
		}
		return Person{Case: c}, nil, true
	case "reopen/papers":
		return Papers{Case: c}, nil, true
	case "reopen/promise":
		return Promise{Case: c}, nil, true
	case "discard", "discard/no":
		c.Leaving = action == "discard"
		return withCase(at, c), nil, true
	case "discard/yes":
		if c.Leaving {
			return Choosing{}, []flow.Effect{Discard{}, Search{}}, true
		}
	}
	return at, nil, false
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
func busy(at Page) bool {
	switch s := at.(type) {
	case Signing:
		return s.Busy != ""
	case Identifying:
		return s.Reading
	}
	return false
}

func (s Choosing) step(_ Room, e flow.Event) (Page, []flow.Effect) {
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
func (s Choosing) begin(e Began) (Page, []flow.Effect) {
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
		return Identifying{Case: c}, nil
	case !c.Dossier.ReceivedAt.IsZero() && s.Kept == nil:
		return Promise{Case: c, Busy: true}, []flow.Effect{Reckon{}}
	}
	return Person{Case: c}, []flow.Effect{Save{}}
}

func (s Identifying) step(room Room, e flow.Event) (Page, []flow.Effect) {
	switch e := e.(type) {
	case flow.CardIn:
		return s.read(room)
	case flow.Edited:
		if e.Value != s.Typed {
			s.Typed, s.Ready = e.Value, false
		}
	case flow.Entered:
		s.Typed, s.Ready, s.Fault, s.Tried = e.Value, true, nil, ""
		return s.read(room)
	case flow.Pressed:
		switch e.Action {
		case "read":
			s.Ready, s.Fault, s.Tried = s.Typed != "", nil, ""
			return s.read(room)
		case "by-hand":
			return s.byHand()
		case "back":
			return Choosing{Kept: &s.Case}, []flow.Effect{Search{}}
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
func (s Identifying) read(room Room) (Page, []flow.Effect) {
	if room.Reader == "" || !s.Ready || s.Reading || s.Tried == s.Typed {
		return s, nil
	}
	s.Reading, s.Fault = true, nil
	return s, []flow.Effect{flow.Read{}}
}

// byHand goes on without a chip, with what a QR or a typed number hold.
func (s Identifying) byHand() (Page, []flow.Effect) {
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
	return Person{Case: c}, nil
}

func (s Identifying) identified(p flow.Citizen, more bool) (Page, []flow.Effect) {
	return Person{Case: s.Case.with(p), Busy: more}, []flow.Effect{Save{}}
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

func (s Person) step(_ Room, e flow.Event) (Page, []flow.Effect) {
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
			return Papers{Case: s.Case}, []flow.Effect{Save{}}
		case "back":
			return Identifying{Case: s.Case}, nil
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

func (s Papers) step(_ Room, e flow.Event) (Page, []flow.Effect) {
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
			return Promise{Case: s.Case, Busy: true}, []flow.Effect{Reckon{}}
		case "all":
			s.Dossier.Components = slices.Clone(s.Dossier.Components)
			for i, c := range s.Dossier.Components {
				// A paper with a condition is the officer's to judge.
				s.Dossier.Components[i].Shown = c.Shown || c.Note == ""
			}
		case "back":
			return Person{Case: s.Case}, nil
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

func (s Promise) step(_ Room, e flow.Event) (Page, []flow.Effect) {
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
			return Papers{Case: s.Case}, nil
		}
	}
	return s, nil
}

func (s Promise) accept() (Page, []flow.Effect) {
	if s.Busy {
		return s, nil
	}
	if s.Dossier.Appointment.Due.IsZero() {
		s.Fault = motcua.Fail(motcua.BadInput, "appointment", nil)
		return s, nil
	}
	return Signing{Case: s.Case, Busy: "tokens"}, []flow.Effect{Save{}, Tokens{}}
}

// isCode reports whether err carries the code.
func isCode(err error, code motcua.Code) bool {
	return errors.Is(err, motcua.Fail(code, "", nil))
}
