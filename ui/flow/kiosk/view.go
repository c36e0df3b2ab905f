package kiosk

import (
	"strconv"

	"motcua/ui/flow"
	"motcua/ui/screen"
	"motcua/ui/words"
)

// View draws the state: one question, at most four choices.
func (Flow) View(s flow.State, w *words.Words) screen.Screen {
	visit := s.(Visit)
	v := view{w}
	p := visit.At.draw(v)
	p.Name, p.Face = "kiosk/"+visit.Name(), screen.Kiosk
	if p.Title == "" {
		p.Title = v.t("kiosk." + visit.Name() + ".title")
	}
	if !home(visit.At) {
		p.Left = &screen.Left{Part: visit.Left, Text: v.t("kiosk.left")}
	}
	v.edges(&p, visit.At)
	return p
}

type view struct{ w *words.Words }

func (v view) t(key string, args ...any) string { return v.w.T(key, args...) }

// edges are the same on every screen: back bottom left, help bottom right.
func (v view) edges(p *screen.Screen, at Page) {
	switch at.(type) {
	case Welcome:
	case Found, Ticketed:
		p.Actions = append(p.Actions, screen.Action{Key: "home", Title: v.t("kiosk.finish"), Icon: "check", Main: true})
	default:
		p.Actions = append(p.Actions, screen.Action{Key: "back", Title: v.t("action.back"), Icon: "back", Back: true})
	}
	if _, helping := at.(Help); !helping {
		p.Actions = append(p.Actions, screen.Action{Key: "help", Title: v.t("kiosk.help"), Icon: "help", Help: true})
	}
}

// section is a page of one section.
func section(key string, blocks ...screen.Block) []screen.Section {
	return []screen.Section{{Key: key, State: screen.Open, Blocks: blocks}}
}

func (s Welcome) draw(v view) screen.Screen {
	return screen.Screen{Lead: v.t("kiosk.welcome.lead"), Notice: flow.Notice(v.w, s.Fault),
		Sections: section("welcome", screen.Picture{Name: "card-on-reader", Caption: v.t("kiosk.welcome.card")}, v.tiles())}
}

func (v view) tiles() screen.Choice {
	return screen.Choice{Key: "menu", Big: true, Options: []screen.Option{
		{Key: "lookup", Title: v.t("kiosk.menu.lookup"), Detail: v.t("kiosk.menu.lookup.detail"), Icon: "search"},
		{Key: "ticket", Title: v.t("kiosk.menu.ticket"), Detail: v.t("kiosk.menu.ticket.detail"), Icon: "ticket"},
	}}
}

func (s Digits) draw(v view) screen.Screen {
	p := v.ask("digits", s.Typed, screen.Digits, false, s.Fault)
	if s.Reading {
		p = screen.Screen{Sections: section("reading", screen.Progress{Text: v.t("kiosk.digits.reading"), Part: -1})}
	}
	p.Lead = v.t("kiosk.digits.lead")
	return p
}

// ask is one field with its keypad.
func (v view) ask(key, typed string, kind screen.Kind, letters bool, fault error) screen.Screen {
	field := screen.Field{Key: key, Label: v.t("kiosk." + key + ".field"), Value: typed, Kind: kind, Wide: true}
	return screen.Screen{Notice: flow.Notice(v.w, fault), Focus: key,
		Sections: section(key, screen.Form{Fields: []screen.Field{field}}, screen.Keypad{Field: key, Letters: letters})}
}

func (s Hello) draw(v view) screen.Screen {
	return screen.Screen{Title: v.t("kiosk.hello.title", "name", s.Who), Lead: v.t("kiosk.hello.lead", "number", s.Number),
		Notice: flow.Notice(v.w, s.Fault), Sections: section("menu", v.tiles())}
}

func (s Reference) draw(v view) screen.Screen {
	return v.ask("reference", s.Typed, screen.Scan, true, s.Fault)
}

func (s Lookup) draw(v view) screen.Screen {
	p := v.ask("lookup", s.Typed, screen.Digits, false, s.Fault)
	p.Lead = v.t("kiosk.lookup.lead", "reference", s.Ref)
	return p
}

func (s Found) draw(v view) screen.Screen {
	a := s.Answer
	status := screen.Fact{Label: v.t("dossier.status"), Value: v.t("status." + strconv.Itoa(int(a.Status))), Large: true}
	if a.Ready {
		status.Note, status.Tone = v.t("kiosk.found.ready"), screen.Good
	}
	return screen.Screen{Sections: section("found", screen.Facts{Rows: []screen.Fact{
		status,
		{Label: v.t("reception.promise.due"), Value: words.DateClock(a.Due), Large: true},
		{Label: v.t("dossier.reference"), Value: a.Reference},
		{Label: v.t("dossiers.procedure"), Value: a.Procedure},
	}})}
}

func (s Services) draw(v view) screen.Screen {
	if s.Busy {
		return screen.Screen{Sections: section("busy", screen.Progress{Text: v.t("kiosk.services.busy"), Part: -1})}
	}
	c := screen.Choice{Key: "services", Big: true}
	for _, o := range s.Offers {
		c.Options = append(c.Options, screen.Option{Key: o.Key, Title: o.Name, Icon: "ticket"})
	}
	return screen.Screen{Notice: flow.Notice(v.w, s.Fault), Sections: section("services", c)}
}

func (s Ticketed) draw(v view) screen.Screen {
	return screen.Screen{Lead: v.t("kiosk.ticket.lead"), Sections: section("ticket",
		screen.Facts{Rows: []screen.Fact{
			{Label: v.t("kiosk.ticket.number"), Value: s.Ticket.Number, Large: true},
			{Label: v.t("kiosk.ticket.service"), Value: s.Ticket.Service},
			{Label: v.t("kiosk.ticket.time"), Value: words.DateClock(s.Ticket.At)},
		}},
		screen.Picture{Name: "ticket", Caption: v.t("kiosk.ticket.take")})}
}

func (s Help) draw(v view) screen.Screen {
	return screen.Screen{Sections: section("help", screen.Picture{Name: "card-on-reader", Caption: v.t("kiosk.help.text")})}
}
