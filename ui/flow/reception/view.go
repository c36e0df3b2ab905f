package reception

import (
	"maps"
	"strconv"
	"strings"

	"motcua"
	"motcua/store/dossier"
	"motcua/ui/flow"
	"motcua/ui/screen"
	"motcua/ui/words"
)

// sections of the page, in order.
var order = []string{"procedure", "person", "papers", "promise", "sign"}

// View draws the state.
func (Flow) View(s flow.State, w *words.Words) screen.Screen {
	c := s.(Counter)
	return c.At.draw(view{w, c.Room})
}

type view struct {
	w    *words.Words
	room Room
}

func (v view) t(key string, args ...any) string { return v.w.T(key, args...) }

// page is the reception's frame: every section, the named one open.
func (v view) page(s Page, c Case, open string) screen.Screen {
	p := screen.Screen{
		Name:   "reception/" + s.Name(),
		Face:   screen.Counter,
		Title:  v.t("reception.title"),
		Lead:   v.t("reception.lead." + s.Name()),
		Rail:   v.rail("rail/reception"),
		Aside:  v.aside(c),
		Status: v.room.Lights,
	}
	reached := true
	for _, key := range order {
		sec := screen.Section{Key: key, Title: v.t("reception.section." + key), State: screen.Waiting}
		switch {
		case key == open:
			sec.State, reached = screen.Open, false
		case reached:
			sec.State, sec.Reopen = screen.Done, "reopen/"+key
			sec.Summary = v.summary(key, c)
		case key == "procedure" || key == "person":
			if sum := v.summary(key, c); sum != "" {
				sec.State, sec.Summary = screen.Done, sum
			}
		}
		p.Sections = append(p.Sections, sec)
	}
	if c.Leaving {
		p.Notice = &screen.Notice{Tone: screen.Warn, Text: v.t("reception.discard.sure"), Actions: []screen.Action{
			{Key: "discard/yes", Title: v.t("reception.discard.yes"), Icon: "erase"},
			{Key: "discard/no", Title: v.t("reception.discard.no"), Icon: "back"},
		}}
	}
	return p
}

// discard is offered until the dossier is signed.
func (v view) discard() screen.Action {
	return screen.Action{Key: "discard", Title: v.t("reception.discard"), Icon: "erase"}
}

func (v view) rail(here string) []screen.Place {
	return []screen.Place{
		{Action: "rail/reception", Title: v.t("rail.reception"), Icon: "reception", Here: here == "rail/reception"},
		{Action: "rail/dossiers", Title: v.t("rail.dossiers"), Icon: "dossiers", Count: v.room.Unsent, Here: here == "rail/dossiers"},
	}
}

// summary is the one line of a finished section.
func (v view) summary(key string, c Case) string {
	d := c.Dossier
	switch key {
	case "procedure":
		if d.Procedure.Code == "" {
			return ""
		}
		return d.Procedure.Code + " · " + d.Procedure.Name
	case "person":
		return joinDots(d.Applicant.Name, dossier.MaskNumber(d.Applicant.Number), d.Applicant.Phone)
	case "papers":
		n := 0
		for _, k := range d.Components {
			if k.Shown {
				n++
			}
		}
		return v.t("reception.papers.summary", "n", n, "of", len(d.Components))
	case "promise":
		return joinDots(words.Money(dossier.Total(d.Fees)), words.DateClock(d.Appointment.Due))
	}
	return ""
}

func joinDots(parts ...string) string {
	var out []string
	for _, p := range parts {
		if p != "" {
			out = append(out, p)
		}
	}
	return strings.Join(out, " · ")
}

// open is the open section, to be filled.
func open(p *screen.Screen) *screen.Section {
	for i := range p.Sections {
		if p.Sections[i].State == screen.Open {
			return &p.Sections[i]
		}
	}
	return &p.Sections[0]
}

func (v view) aside(c Case) *screen.Aside {
	p := c.Citizen
	a := c.Dossier.Applicant
	if p == nil && a.Name == "" {
		return nil
	}
	out := &screen.Aside{Title: a.Name}
	line := func(key, value string) {
		if value != "" {
			out.Lines = append(out.Lines, screen.Line{Label: v.t("person." + key), Value: value})
		}
	}
	line("number", a.Number)
	line("birth", a.Birth)
	line("sex", a.Sex)
	line("address", a.Address)
	identity := c.Dossier.Identity
	if identity.Method != "chip" {
		out.Checks = []screen.Check{{Text: v.t("reception.identity.typed"), Tone: screen.Warn}}
		return out
	}
	if p != nil {
		out.Portrait = p.Portrait
		line("expires", p.Expires)
	}
	out.Checks = v.checks(identity.Checks)
	for _, code := range identity.Notes {
		out.Checks = append(out.Checks, screen.Check{Text: v.t("card-warning." + code), Tone: screen.Warn})
	}
	return out
}

// checks reads the chip's checks as sentences. What is well is said in one; a
// check that failed or was not made is named by itself.
func (v view) checks(outcomes map[string]string) []screen.Check {
	outcome := maps.Clone(outcomes)
	var out []screen.Check
	if outcome["hashes"] == "verified" && outcome["signature"] == "verified" {
		out = append(out, screen.Check{Text: v.t("check.whole"), Tone: screen.Good})
		delete(outcome, "hashes")
		delete(outcome, "signature")
	}
	if outcomes["hashes"] == "failed" || outcomes["signature"] == "failed" {
		// A chip that proves a key nobody vouches for proves nothing.
		maps.DeleteFunc(outcome, func(name, o string) bool {
			return o == "verified" && (name == "chipAuth" || name == "activeAuth")
		})
	}
	if outcome["activeAuth"] == outcome["chipAuth"] || outcome["activeAuth"] == "not-attempted" || outcome["activeAuth"] == "unsupported" {
		delete(outcome, "activeAuth") // chipAuth says the same of the chip
	}
	for _, name := range flow.CheckNames {
		if o, left := outcome[name]; left {
			k := flow.CheckResult{Name: name, Outcome: o}
			out = append(out, screen.Check{Text: v.t("check." + name + "." + o), Tone: k.Tone()})
		}
	}
	return out
}

func (v view) next(key string) screen.Action {
	return screen.Action{Key: "next", Title: v.t(key), Icon: "next", Keys: "F9", Main: true}
}

func (v view) back() screen.Action {
	return screen.Action{Key: "back", Title: v.t("action.back"), Icon: "back", Keys: "Esc", Back: true}
}

func (s Choosing) draw(v view) screen.Screen {
	c := Case{}
	if s.Kept != nil {
		c = *s.Kept
		c.Dossier.Procedure = dossier.Procedure{}
	}
	p := v.page(s, c, "procedure")
	sec := open(&p)
	offers := screen.Choice{
		Key:    "procedures",
		Filter: &screen.Field{Key: "query", Label: v.t("reception.procedure.search"), Value: s.Query, Hint: v.t("reception.procedure.hint"), Kind: screen.Text, Wide: true},
		Empty:  v.t("reception.procedure.none"),
	}
	for _, o := range s.Offers {
		offers.Options = append(offers.Options, screen.Option{Key: o.Code, Title: o.Name, Detail: joinDots(o.Code, o.Field), Tag: o.Limit})
	}
	sec.Blocks = append(sec.Blocks, offers)
	if len(s.Drafts) > 0 && s.Kept == nil {
		drafts := screen.Choice{Key: "drafts", Label: v.t("reception.drafts")}
		for _, d := range s.Drafts {
			drafts.Options = append(drafts.Options, screen.Option{Key: string(d.ID), Title: d.Name, Detail: d.Procedure, Icon: "draft"})
		}
		sec.Blocks = append(sec.Blocks, drafts)
	}
	sec.Notice = flow.Notice(v.w, s.Fault)
	p.Focus = "query"
	return p
}

func (s Identifying) draw(v view) screen.Screen {
	p := v.page(s, s.Case, "person")
	sec := open(&p)
	if s.Reading {
		sec.Blocks = []screen.Block{screen.Progress{Text: v.t("reception.identify.reading"), Part: -1}}
		return p
	}
	hint := v.t("reception.identify.lay")
	if v.room.Reader != "" {
		hint = v.t("reception.identify.laid", "reader", v.room.Reader)
	}
	field := screen.Field{Key: "number", Label: v.t("reception.identify.number"), Value: s.Typed, Hint: v.t("reception.identify.hint"), Kind: screen.Scan, Wide: true}
	sec.Blocks = []screen.Block{
		screen.Picture{Name: "card-on-reader", Caption: hint},
		screen.Form{Fields: []screen.Field{field}},
	}
	sec.Notice = flow.Notice(v.w, s.Fault,
		screen.Action{Key: "read", Title: v.t("action.again"), Icon: "again"},
		screen.Action{Key: "by-hand", Title: v.t("action.by-hand"), Icon: "pen"})
	read := screen.Action{Key: "read", Title: v.t("reception.identify.read"), Icon: "card", Keys: "Enter", Main: true}
	if v.room.Reader == "" {
		read.Off = v.t("reception.identify.no-card")
	}
	p.Actions = []screen.Action{read,
		{Key: "by-hand", Title: v.t("action.by-hand"), Icon: "pen", Keys: "F4"},
		v.discard(), v.back()}
	p.Focus = "number"
	return p
}

func (s Person) draw(v view) screen.Screen {
	p := v.page(s, s.Case, "person")
	sec := open(&p)
	a, from := s.Dossier.Applicant, ""
	if s.Citizen != nil {
		from = v.t("person.from." + s.Citizen.Method)
	}
	field := func(key, value string, kind screen.Kind) screen.Field {
		f := screen.Field{Key: key, Label: v.t("person." + key), Value: value, Kind: kind}
		if s.Citizen != nil && key != "phone" && key != "email" {
			f.From, f.ReadOnly = from, s.Citizen.Method == "chip"
		}
		return f
	}
	name, address := field("name", a.Name, screen.Text), field("address", a.Address, screen.Text)
	name.Required, name.Wide, address.Wide = true, true, true
	sec.Blocks = []screen.Block{screen.Form{Fields: []screen.Field{
		name, field("number", a.Number, screen.Digits), field("birth", a.Birth, screen.Date), address,
		field("phone", a.Phone, screen.Digits), field("email", a.Email, screen.Text),
	}}}
	if s.Busy {
		sec.Blocks = append(sec.Blocks, screen.Progress{Text: v.t("reception.person.portrait"), Part: -1})
	}
	sec.Notice = flow.Notice(v.w, s.Fault)
	if s.Fault == nil && s.Citizen != nil && !s.Citizen.Genuine() {
		sec.Notice = flow.Notice(v.w, motcua.Fail(motcua.CardNotGenuine, "", nil))
	}
	p.Actions = []screen.Action{v.next("action.next"), v.discard(), v.back()}
	p.Focus = "phone"
	if s.Citizen == nil {
		p.Focus = "name"
	}
	return p
}

func (s Papers) draw(v view) screen.Screen {
	p := v.page(s, s.Case, "papers")
	sec := open(&p)
	list := screen.Checklist{Key: "papers"}
	for _, c := range s.Dossier.Components {
		detail := v.t("component." + string(c.Kind))
		if c.Quantity > 1 {
			detail += " · " + v.t("component.quantity", "n", c.Quantity)
		}
		list.Items = append(list.Items, screen.Item{Key: c.Key, Text: c.Name, Detail: joinDots(detail, c.Note), On: c.Shown})
	}
	sec.Blocks = append(sec.Blocks, list)
	form := screen.Form{Fields: []screen.Field{{Key: "summary", Label: v.t("reception.papers.content"), Value: s.Dossier.Summary, Kind: screen.Text, Wide: true}}}
	var choices []screen.Block
	for _, a := range s.Asks {
		if len(a.Options) > 0 {
			choices = append(choices, screen.Choice{Key: a.Key, Label: a.Label, Options: a.Options, Selected: s.Dossier.Answers[a.Key]})
			continue
		}
		form.Fields = append(form.Fields, screen.Field{Key: a.Key, Label: a.Label, Value: s.Dossier.Answers[a.Key], Kind: a.Kind, Hint: a.Hint, Required: a.Required})
	}
	sec.Blocks = append(sec.Blocks, form)
	sec.Blocks = append(sec.Blocks, choices...)
	sec.Notice = v.missing(s)
	p.Actions = []screen.Action{v.next("action.next"),
		{Key: "all", Title: v.t("reception.papers.all"), Icon: "check", Keys: "F6"}, v.discard(), v.back()}
	p.Focus = "papers"
	return p
}

// missing says which question is open rather than "bad input".
func (v view) missing(s Papers) *screen.Notice {
	if s.Fault == nil || motcua.CodeOf(s.Fault) != motcua.BadInput {
		return flow.Notice(v.w, s.Fault)
	}
	what := v.t("reception.papers.none")
	if key := s.missing(); key != "papers" && key != "" {
		for _, a := range s.Asks {
			if a.Key == key {
				what = v.t("reception.papers.ask", "label", a.Label)
			}
		}
	}
	return &screen.Notice{Tone: screen.Warn, Text: what}
}

func (s Promise) draw(v view) screen.Screen {
	p := v.page(s, s.Case, "promise")
	sec := open(&p)
	if s.Busy {
		sec.Blocks = []screen.Block{screen.Progress{Text: v.t("reception.promise.reckoning"), Part: -1}}
		return p
	}
	d := s.Dossier
	total := dossier.Total(d.Fees)
	facts := screen.Facts{Rows: []screen.Fact{
		{Label: v.t("reception.promise.due"), Value: words.DateClock(d.Appointment.Due), Note: d.Appointment.Limit, Large: true},
		{Label: v.t("reception.promise.fee"), Value: words.Money(total), Large: true},
		{Label: v.t("reception.promise.received"), Value: words.DateClock(d.ReceivedAt)},
	}}
	for _, f := range d.Fees {
		facts.Rows = append(facts.Rows, screen.Fact{Label: f.Name, Value: words.Money(f.Amount), Note: f.Formula})
	}
	if len(d.Appointment.Reasons) > 0 {
		facts.Rows = append(facts.Rows, screen.Fact{Label: v.t("reception.promise.why"), Value: strings.Join(d.Appointment.Reasons, " "), Tone: screen.Muted})
	}
	for _, f := range d.Appointment.Flags {
		facts.Rows = append(facts.Rows, screen.Fact{Label: v.t("reception.promise.flag"), Value: v.flag(f), Tone: screen.Warn})
	}
	sec.Blocks = []screen.Block{facts}
	if total > 0 {
		sec.Blocks = append(sec.Blocks, v.choice("payment", d.Payment.Method, "cash", "transfer", "later"))
	}
	sec.Blocks = append(sec.Blocks, v.choice("delivery", string(d.ResultBy), "counter", "post", "electronic"))
	sec.Notice = flow.Notice(v.w, s.Fault, screen.Action{Key: "reckon", Title: v.t("action.again"), Icon: "again"})
	p.Actions = []screen.Action{v.next("reception.promise.accept"), v.discard(), v.back()}
	p.Focus = "next"
	return p
}

// flag is what a person must see before the promise is made: most come from
// the reckoning of the deadline, one from the fees.
func (v view) flag(f string) string {
	if f == "fee-unknown" {
		return v.t("fee.unknown")
	}
	return v.t("deadline.flag." + f)
}

func (v view) choice(key, selected string, options ...string) screen.Choice {
	c := screen.Choice{Key: key, Label: v.t(key + ".title"), Selected: selected}
	for _, o := range options {
		c.Options = append(c.Options, screen.Option{Key: o, Title: v.t(key + "." + o)})
	}
	return c
}

func (s Signing) draw(v view) screen.Screen {
	p := v.page(s, s.Case, "sign")
	sec := open(&p)
	sec.Blocks = []screen.Block{v.promiseFacts(s.Dossier)}
	if s.Busy != "" {
		sec.Blocks = append(sec.Blocks, screen.Progress{Text: v.t("reception.sign." + s.Busy), Part: -1})
		return p
	}
	again := []screen.Action{}
	if s.Again != "" {
		again = append(again, screen.Action{Key: s.Again, Title: v.t("action.again"), Icon: "again"})
	}
	sec.Notice = flow.Notice(v.w, s.Fault, again...)
	unsigned := screen.Action{Key: "unsigned", Title: v.t("reception.sign.unsigned"), Icon: "print", Keys: "F8"}
	if len(s.Signers) == 0 {
		sec.Blocks = append(sec.Blocks, screen.Picture{Name: "token", Caption: v.t("reception.sign.no-token")})
		p.Actions = []screen.Action{{Key: "tokens", Title: v.t("reception.sign.look"), Icon: "again", Keys: "F5", Main: true}, unsigned, v.back()}
		return p
	}
	sec.Blocks = append(sec.Blocks, v.signers(s))
	if g := s.signer(); g != nil {
		pin := screen.Field{Key: "pin", Label: v.t("reception.sign.pin"), Kind: screen.Secret, Hint: v.t("reception.sign.hint")}
		switch {
		case g.PINFinal:
			pin.Error = v.t("reception.sign.final")
		case g.PINLow:
			pin.Error = v.t("reception.sign.low")
		}
		sec.Blocks = append(sec.Blocks, screen.Form{Fields: []screen.Field{pin}})
		p.Focus = "pin"
	}
	p.Actions = []screen.Action{{Key: "submit/pin", Title: v.t("reception.sign.do"), Icon: "sign", Keys: "Enter", Main: true}, unsigned, v.back()}
	return p
}

func (s Signing) signer() *Signer {
	for i := range s.Signers {
		if s.Signers[i].Fingerprint == s.Chosen {
			return &s.Signers[i]
		}
	}
	return nil
}

func (v view) signers(s Signing) screen.Choice {
	c := screen.Choice{Key: "signers", Label: v.t("reception.sign.signers"), Selected: s.Chosen}
	for _, g := range s.Signers {
		o := screen.Option{Key: g.Fingerprint, Title: g.Name, Detail: joinDots(v.t("reception.sign.until", "date", g.Until), g.Kind), Icon: "token"}
		if g.Off != "" {
			o.Off = v.t("certificate." + g.Off)
		}
		c.Options = append(c.Options, o)
	}
	return c
}

func (v view) promiseFacts(d dossier.Dossier) screen.Facts {
	return screen.Facts{Rows: []screen.Fact{
		{Label: v.t("reception.promise.due"), Value: words.DateClock(d.Appointment.Due), Large: true},
		{Label: v.t("reception.promise.fee"), Value: words.Money(dossier.Total(d.Fees)), Large: true},
	}}
}

func (s signed) draw(v view) screen.Screen {
	p := v.page(s, s.Case, "sign")
	sec := open(&p)
	sec.Blocks = []screen.Block{v.promiseFacts(s.Dossier)}
	if s.Busy != "" {
		sec.Blocks = append(sec.Blocks, screen.Progress{Text: v.t("reception.sign." + s.Busy), Part: -1})
		return p
	}
	keep := screen.Action{Key: "keep", Title: v.t("action.again"), Icon: "again", Keys: "Enter", Main: true}
	sec.Notice = flow.Notice(v.w, s.Fault)
	p.Actions = []screen.Action{keep}
	return p
}

func (s Finished) draw(v view) screen.Screen {
	d := s.Dossier
	p := screen.Screen{
		Name: "reception/finished", Face: screen.Counter,
		Title: v.t("reception.finished.title"), Lead: v.t("reception.finished.lead"),
		Rail: v.rail("rail/reception"), Aside: v.aside(s.Case), Status: v.room.Lights,
	}
	number := screen.Fact{Label: v.t("dossier.number"), Value: d.Number, Note: v.t("dossier.provisional"), Large: true}
	if !d.Provisional() {
		number = screen.Fact{Label: v.t("dossier.code"), Value: d.Code, Note: v.t("dossier.was", "number", d.Number), Large: true}
	}
	aloud := screen.Facts{Rows: []screen.Fact{number,
		{Label: v.t("reception.promise.due"), Value: words.DateClock(d.Appointment.Due), Note: d.Appointment.Limit, Large: true}}}
	rest := screen.Facts{Rows: []screen.Fact{
		{Label: v.t("dossier.lookup"), Value: d.Lookup, Large: true},
		{Label: v.t("reception.promise.fee"), Value: words.Money(dossier.Total(d.Fees)), Large: true},
		v.way(d),
	}}
	sec := screen.Section{Key: "kept", Title: v.t("reception.finished.kept"), State: screen.Open, Blocks: []screen.Block{aloud, rest}}
	sec.Notice = flow.Notice(v.w, s.Fault, screen.Action{Key: "print", Title: v.t("action.print-again"), Icon: "print"})
	p.Sections = []screen.Section{sec}
	p.Actions = []screen.Action{
		{Key: "next", Title: v.t("reception.finished.next"), Icon: "next", Keys: "Enter", Main: true},
		{Key: "print", Title: v.t("action.print-again"), Icon: "print", Keys: "F8"},
	}
	p.Focus = "next"
	return p
}

// way says in words where the dossier is on its way to the portal.
func (v view) way(d dossier.Dossier) screen.Fact {
	f := screen.Fact{Label: v.t("dossier.portal"), Value: v.t("dossier.waiting"), Tone: screen.Warn}
	if d.SynchronisedAt != nil {
		f.Value, f.Tone = v.t("dossier.synchronised", "time", words.DateClock(*d.SynchronisedAt)), screen.Good
		if d.Portal.Status.Valid() {
			f.Note = v.t("status." + strconv.Itoa(int(d.Portal.Status)))
		}
	}
	return f
}
