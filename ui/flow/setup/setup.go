// Package setup is the technician's board: each device a card that says its
// name, its state in words, the evidence, and what to do when it is not well.
package setup

import (
	"slices"

	"motcua/ui/flow"
	"motcua/ui/screen"
	"motcua/ui/words"
)

// Keys of the devices, in the order of the board.
var Keys = []string{"readers", "card", "token", "printer", "portal", "clock", "store"}

// Device is one card of the board.
type Device struct {
	Key   string
	Tone  screen.Tone
	State string // a words key under "setup.state."
	Args  []any
	Facts []Fact
	Fault error
}

// Fact is evidence: Label is a words key under "setup.fact.".
type Fact struct {
	Label string
	Value string
	Tone  screen.Tone
}

// Board is the one state.
type Board struct {
	Devices map[string]Device
	Busy    map[string]bool
	Number  string // typed for the test read
	Read    *flow.Citizen
	Fault   error // of the test read
	Lights  []screen.Light
}

// Name of the state.
func (Board) Name() string { return "board" }

// Probe asks for one device to be looked at.
type Probe struct {
	flow.IsEffect
	Key string
}

// Probed answers Probe; it also comes by itself when a device changes.
type Probed struct {
	flow.IsEvent
	Device Device
}

// Flow is the technician's dialogue.
type Flow struct{}

var _ flow.Flow = Flow{}

// Start looks at everything.
func (Flow) Start() (flow.State, []flow.Effect) {
	b := Board{Devices: map[string]Device{}, Busy: map[string]bool{}}
	var effects []flow.Effect
	for _, key := range Keys {
		if key == "card" {
			continue
		}
		b.Busy[key] = true
		effects = append(effects, Probe{Key: key})
	}
	return b, effects
}

// Step is the timetable.
func (Flow) Step(s flow.State, e flow.Event) (flow.State, []flow.Effect) {
	b := s.(Board).clone()
	switch e := e.(type) {
	case flow.Lights:
		b.Lights = e.Lights
	case Probed:
		b.Devices[e.Device.Key] = e.Device
		b.Busy[e.Device.Key] = false
	case flow.CardIn, flow.CardOut:
		b.Read, b.Fault = nil, nil
		return b, []flow.Effect{Probe{Key: "readers"}}
	case flow.Edited:
		b.Number = e.Value
	case flow.Entered:
		b.Number = e.Value
		return b.read()
	case flow.TextRead:
		b.Read = &e.Citizen
	case flow.CardRead:
		b.Read, b.Busy["card"] = &e.Citizen, false
	case flow.Failed:
		return b.failed(e), nil
	case flow.Pressed:
		return b.pressed(e.Action)
	}
	return b, nil
}

func (b Board) read() (flow.State, []flow.Effect) {
	b.Busy["card"], b.Read, b.Fault = true, nil, nil
	return b, []flow.Effect{flow.Read{}}
}

func (b Board) failed(e flow.Failed) Board {
	if p, ok := e.Effect.(Probe); ok {
		b.Busy[p.Key] = false
		b.Devices[p.Key] = Device{Key: p.Key, Tone: screen.Bad, State: "failed", Fault: e.Fault}
		return b
	}
	b.Busy["card"], b.Fault = false, e.Fault
	return b
}

func (b Board) pressed(action string) (flow.State, []flow.Effect) {
	if action == "test/card" {
		return b.read()
	}
	for _, key := range Keys {
		if action == "test/"+key {
			b.Busy[key] = true
			return b, []flow.Effect{Probe{Key: key}}
		}
	}
	return b, nil
}

func (b Board) clone() Board {
	devices, busy := map[string]Device{}, map[string]bool{}
	for k, v := range b.Devices {
		devices[k] = v
	}
	for k, v := range b.Busy {
		busy[k] = v
	}
	b.Devices, b.Busy = devices, busy
	return b
}

// View draws the board.
func (Flow) View(s flow.State, w *words.Words) screen.Screen {
	b := s.(Board)
	p := screen.Screen{Name: "setup/board", Face: screen.Setup, Title: w.T("setup.title"), Lead: w.T("setup.lead"), Status: b.Lights}
	for _, key := range Keys {
		sec := screen.Section{Key: key, Title: w.T("setup.device." + key), State: screen.Open}
		if key == "card" {
			b.card(&sec, w)
		} else {
			b.device(&sec, key, w)
		}
		p.Sections = append(p.Sections, sec)
	}
	if b.Read != nil {
		p.Name = "setup/read"
	}
	return p
}

func (b Board) device(sec *screen.Section, key string, w *words.Words) {
	d, known := b.Devices[key]
	sec.Actions = []screen.Action{{Key: "test/" + key, Title: w.T("setup.test"), Icon: "again"}}
	if b.Busy[key] || !known {
		sec.Summary, sec.Tone = w.T("setup.state.looking"), screen.Muted
		return
	}
	sec.Summary, sec.Tone = w.T("setup.state."+d.State, d.Args...), d.Tone
	facts := screen.Facts{}
	for _, f := range d.Facts {
		facts.Rows = append(facts.Rows, screen.Fact{Label: w.T("setup.fact." + f.Label), Value: f.Value, Tone: f.Tone})
	}
	if len(facts.Rows) > 0 {
		sec.Blocks = []screen.Block{facts}
	}
	sec.Notice = flow.Notice(w, d.Fault)
}

func (b Board) card(sec *screen.Section, w *words.Words) {
	sec.Actions = []screen.Action{{Key: "test/card", Title: w.T("setup.read"), Icon: "card"}}
	sec.Blocks = []screen.Block{screen.Form{Fields: []screen.Field{
		{Key: "number", Label: w.T("setup.number"), Hint: w.T("setup.number.hint"), Value: b.Number, Kind: screen.Scan},
	}}}
	sec.Summary, sec.Tone = w.T("setup.state.ready"), screen.Muted
	if b.Busy["card"] {
		sec.Summary = w.T("setup.state.reading")
	}
	sec.Notice = flow.Notice(w, b.Fault)
	if b.Read == nil {
		return
	}
	facts := screen.Facts{Rows: []screen.Fact{
		{Label: w.T("setup.fact.access"), Value: b.Read.Access},
		{Label: w.T("setup.fact.link"), Value: w.T("setup.link", "apdus", b.Read.Link.APDUs, "sent", b.Read.Link.Sent, "received", b.Read.Link.Received)},
	}}
	sec.Tone = screen.Good
	sec.Summary = w.T("setup.state.read")
	for _, c := range b.Read.Checks {
		facts.Rows = append(facts.Rows, screen.Fact{Label: w.T("setup.check." + c.Name), Value: w.T("check." + c.Name + "." + c.Outcome), Tone: c.Tone()})
		if c.Outcome == "failed" {
			sec.Tone, sec.Summary = screen.Bad, w.T("setup.state.not-genuine")
		}
	}
	sec.Blocks = slices.Concat(sec.Blocks, []screen.Block{facts})
}
