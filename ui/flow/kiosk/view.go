package kiosk

import (
	"strconv"

	"motcua/ui/flow"
	"motcua/ui/screen"
	"motcua/ui/words"
)

// View draws the state: one question, at most four choices.
func (Flow) View(s flow.State, w *words.Words) screen.Screen {
	v := view{w}
	p := screen.Screen{Name: "kiosk/" + s.Name(), Face: screen.Kiosk, Title: v.t("kiosk." + s.Name() + ".title")}
	switch s := s.(type) {
	case Welcome:
		v.welcome(&p, s)
	case Digits:
		v.digits(&p, s)
	case Hello:
		p.Title = v.t("kiosk.hello.title", "name", s.Who)
		p.Lead = v.t("kiosk.hello.lead", "number", s.Number)
		p.Left = v.left(s.Left)
		v.menu(&p, flow.Notice(v.w, s.Fault))
	case Reference:
		v.ask(&p, "reference", s.Typed, screen.Scan, true, flow.Notice(v.w, s.Fault), s.Left)
	case Lookup:
		p.Lead = v.t("kiosk.lookup.lead", "reference", s.Ref)
		v.ask(&p, "lookup", s.Typed, screen.Digits, false, flow.Notice(v.w, s.Fault), s.Left)
	case Found:
		v.found(&p, s)
	case Services:
		v.services(&p, s)
	case Ticketed:
		v.ticket(&p, s)
	case Help:
		p.Left = v.left(s.Left)
		p.Sections = []screen.Section{{Key: "help", State: screen.Open, Blocks: []screen.Block{
			screen.Picture{Name: "card-on-reader", Caption: v.t("kiosk.help.text")}}}}
	}
	v.edges(&p, s)
	return p
}

type view struct{ w *words.Words }

func (v view) t(key string, args ...any) string { return v.w.T(key, args...) }

// edges are the same on every screen: back bottom left, help bottom right.
func (v view) edges(p *screen.Screen, s flow.State) {
	switch s.(type) {
	case Welcome:
	case Found, Ticketed:
		p.Actions = append(p.Actions, screen.Action{Key: "home", Title: v.t("kiosk.finish"), Icon: "check", Main: true})
	default:
		p.Actions = append(p.Actions, screen.Action{Key: "back", Title: v.t("action.back"), Icon: "back", Back: true})
	}
	if _, helping := s.(Help); !helping {
		p.Actions = append(p.Actions, screen.Action{Key: "help", Title: v.t("kiosk.help"), Icon: "help", Help: true})
	}
}

func (v view) left(part float64) *screen.Left {
	return &screen.Left{Part: part, Text: v.t("kiosk.left")}
}

func (v view) welcome(p *screen.Screen, s Welcome) {
	p.Lead = v.t("kiosk.welcome.lead")
	p.Notice = flow.Notice(v.w, s.Fault)
	p.Sections = []screen.Section{{Key: "welcome", State: screen.Open, Blocks: []screen.Block{
		screen.Picture{Name: "card-on-reader", Caption: v.t("kiosk.welcome.card")},
		v.tiles(),
	}}}
}

func (v view) tiles() screen.Choice {
	return screen.Choice{Key: "menu", Big: true, Options: []screen.Option{
		{Key: "lookup", Title: v.t("kiosk.menu.lookup"), Detail: v.t("kiosk.menu.lookup.detail"), Icon: "search"},
		{Key: "ticket", Title: v.t("kiosk.menu.ticket"), Detail: v.t("kiosk.menu.ticket.detail"), Icon: "ticket"},
	}}
}

func (v view) menu(p *screen.Screen, n *screen.Notice) {
	p.Notice = n
	p.Sections = []screen.Section{{Key: "menu", State: screen.Open, Blocks: []screen.Block{v.tiles()}}}
}

func (v view) digits(p *screen.Screen, s Digits) {
	p.Lead = v.t("kiosk.digits.lead")
	if s.Reading {
		p.Sections = []screen.Section{{Key: "reading", State: screen.Open, Blocks: []screen.Block{
			screen.Progress{Text: v.t("kiosk.digits.reading"), Part: -1}}}}
		return
	}
	v.ask(p, "digits", s.Typed, screen.Digits, false, flow.Notice(v.w, s.Fault), s.Left)
}

// ask is one field with its keypad.
func (v view) ask(p *screen.Screen, key, typed string, kind screen.Kind, letters bool, n *screen.Notice, part float64) {
	p.Notice, p.Left, p.Focus = n, v.left(part), key
	p.Sections = []screen.Section{{Key: key, State: screen.Open, Blocks: []screen.Block{
		screen.Form{Fields: []screen.Field{{Key: key, Label: v.t("kiosk." + key + ".field"), Value: typed, Kind: kind, Wide: true}}},
		screen.Keypad{Field: key, Letters: letters},
	}}}
}

func (v view) found(p *screen.Screen, s Found) {
	a := s.Answer
	p.Left = v.left(s.Left)
	status := screen.Fact{Label: v.t("dossier.status"), Value: v.t("status." + strconv.Itoa(int(a.Status))), Large: true}
	if a.Ready {
		status.Note, status.Tone = v.t("kiosk.found.ready"), screen.Good
	}
	p.Sections = []screen.Section{{Key: "found", State: screen.Open, Blocks: []screen.Block{screen.Facts{Rows: []screen.Fact{
		status,
		{Label: v.t("reception.promise.due"), Value: words.DateClock(a.Due), Large: true},
		{Label: v.t("dossier.reference"), Value: a.Reference},
		{Label: v.t("dossiers.procedure"), Value: a.Procedure},
	}}}}}
}

func (v view) services(p *screen.Screen, s Services) {
	p.Left, p.Notice = v.left(s.Left), flow.Notice(v.w, s.Fault)
	if s.Busy {
		p.Sections = []screen.Section{{Key: "busy", State: screen.Open, Blocks: []screen.Block{screen.Progress{Text: v.t("kiosk.services.busy"), Part: -1}}}}
		return
	}
	c := screen.Choice{Key: "services", Big: true}
	for _, o := range s.Offers {
		c.Options = append(c.Options, screen.Option{Key: o.Key, Title: o.Name, Icon: "ticket"})
	}
	p.Sections = []screen.Section{{Key: "services", State: screen.Open, Blocks: []screen.Block{c}}}
}

func (v view) ticket(p *screen.Screen, s Ticketed) {
	p.Left = v.left(s.Left)
	p.Lead = v.t("kiosk.ticket.lead")
	p.Sections = []screen.Section{{Key: "ticket", State: screen.Open, Blocks: []screen.Block{
		screen.Facts{Rows: []screen.Fact{
			{Label: v.t("kiosk.ticket.number"), Value: s.Ticket.Number, Large: true},
			{Label: v.t("kiosk.ticket.service"), Value: s.Ticket.Service},
			{Label: v.t("kiosk.ticket.time"), Value: words.DateClock(s.Ticket.At)},
		}},
		screen.Picture{Name: "ticket", Caption: v.t("kiosk.ticket.take")},
	}}}
}
