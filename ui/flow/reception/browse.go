package reception

import (
	"strconv"

	"motcua/store"
	"motcua/store/dossier"
	"motcua/ui/flow"
	"motcua/ui/screen"
	"motcua/ui/words"
)

// step of the list and of the dossier opened from it.
func (s Browsing) step(_ Room, e flow.Event) (Page, []flow.Effect) {
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

func (s Browsing) pressed(action string) (Page, []flow.Effect) {
	switch {
	case action == "back" && s.Open != nil:
		s.Open = nil
		return s, []flow.Effect{List{}}
	case action == "back":
		return s.Back, nil
	case action == "resend" && s.Open != nil:
		for _, entry := range s.Open.Entries {
			if entry.State != "sent" {
				return s, []flow.Effect{Resend{Seq: entry.Seq}}
			}
		}
	}
	return s, nil
}

func (s Browsing) draw(v view) screen.Screen {
	p := screen.Screen{
		Name: "reception/" + s.Name(), Face: screen.Counter,
		Rail: v.rail("rail/dossiers"), Status: v.room.Lights,
	}
	if s.Open != nil {
		return v.opened(p, s)
	}
	p.Title, p.Lead = v.t("dossiers.title"), v.t("dossiers.lead")
	table := screen.Table{Key: "dossiers", Empty: v.t("dossiers.none"), Columns: []screen.Column{
		{Title: v.t("dossiers.reference"), Share: 26}, {Title: v.t("dossiers.name"), Share: 24},
		{Title: v.t("dossiers.procedure"), Share: 26}, {Title: v.t("dossiers.due"), Share: 16}, {Title: v.t("dossiers.state"), Share: 18},
	}}
	for _, r := range s.Rows {
		table.Rows = append(table.Rows, screen.Row{Key: string(r.ID), Cells: []screen.Cell{
			{Text: r.Reference}, {Text: r.Name}, {Text: r.Procedure, Tone: screen.Muted}, {Text: r.Due}, v.state(r),
		}})
	}
	p.Sections = []screen.Section{{Key: "list", State: screen.Open, Notice: flow.Notice(v.w, s.Fault), Blocks: []screen.Block{
		screen.Form{Fields: []screen.Field{{Key: "query", Label: v.t("dossiers.search"), Value: s.Query, Hint: v.t("dossiers.hint"), Kind: screen.Text, Wide: true}}},
		table,
	}}}
	p.Actions = []screen.Action{v.back()}
	p.Focus = "dossiers"
	return p
}

// state is the one fact that matters of a dossier in the list.
func (v view) state(r Row) screen.Cell {
	switch r.Queue {
	case "held":
		return screen.Cell{Text: v.t("queue.held"), Tone: screen.Bad}
	case "ready", "taken":
		return screen.Cell{Text: v.t("queue.ready"), Tone: screen.Warn}
	case "draft":
		return screen.Cell{Text: v.t("queue.draft"), Tone: screen.Muted}
	}
	return screen.Cell{Text: v.status(r.Status), Tone: screen.Good}
}

func (v view) status(s dossier.Status) string {
	if !s.Valid() {
		return ""
	}
	return v.t("status." + strconv.Itoa(int(s)))
}

func (v view) opened(p screen.Screen, s Browsing) screen.Screen {
	d := s.Open.Dossier
	p.Title, p.Lead = d.Reference(), d.Procedure.Name
	p.Aside = v.aside(Case{Dossier: d})
	facts := screen.Facts{Rows: []screen.Fact{
		{Label: v.t("dossier.number"), Value: d.Number},
		{Label: v.t("dossier.code"), Value: d.Code},
		{Label: v.t("dossier.lookup"), Value: d.Lookup},
		{Label: v.t("reception.promise.due"), Value: words.DateClock(d.Appointment.Due), Large: true},
		{Label: v.t("reception.promise.fee"), Value: words.Money(dossier.Total(d.Fees))},
		{Label: v.t("dossier.status"), Value: v.status(d.Status)},
		v.way(d),
	}}
	tries := screen.Table{Key: "tries", Empty: v.t("tries.none"), Columns: []screen.Column{
		{Title: v.t("tries.time"), Share: 20}, {Title: v.t("tries.kind"), Share: 16},
		{Title: v.t("tries.outcome"), Share: 30}, {Title: v.t("tries.said"), Share: 40},
	}}
	unsent := false
	for _, e := range s.Open.Entries {
		unsent = unsent || e.State != store.Sent
		tries.Rows = append(tries.Rows, v.tries(e)...)
	}
	p.Sections = []screen.Section{
		{Key: "facts", Title: v.t("dossier.facts"), State: screen.Open, Blocks: []screen.Block{facts}},
		{Key: "tries", Title: v.t("tries.title"), State: screen.Open, Blocks: []screen.Block{tries}, Notice: flow.Notice(v.w, s.Fault)},
	}
	p.Actions = []screen.Action{v.back()}
	if unsent {
		p.Actions = append([]screen.Action{{Key: "resend", Title: v.t("dossier.resend"), Icon: "again", Keys: "F5", Main: true}}, p.Actions...)
	}
	return p
}

func (v view) tries(e store.Entry) []screen.Row {
	var rows []screen.Row
	for _, t := range e.Tries {
		outcome := screen.Cell{Text: v.t("tries.ok"), Tone: screen.Good}
		if t.Code != "" {
			outcome = screen.Cell{Text: t.Code + " · " + v.t("fault."+t.Code), Tone: screen.Bad}
		}
		rows = append(rows, screen.Row{Cells: []screen.Cell{
			{Text: words.DateClock(t.At)}, {Text: v.t("kind." + string(e.Kind))}, outcome, {Text: t.Said, Tone: screen.Muted},
		}})
	}
	if len(rows) == 0 {
		rows = append(rows, screen.Row{Cells: []screen.Cell{
			{Text: words.DateClock(e.KeptAt)}, {Text: v.t("kind." + string(e.Kind))}, {Text: v.t("queue.ready"), Tone: screen.Warn}, {},
		}})
	}
	return rows
}
