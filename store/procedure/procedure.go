// Package procedure holds the administrative procedures a centre receives
// (thủ tục hành chính): what papers, what limit, what fee, since when and who
// says so.
//
// A procedure is data in assets/procedures. The public catalogue lags the law
// and contradicts itself in places, so each entry carries its sources with how
// certain they are, and what nobody settled stays visibly unknown.
package procedure

import (
	"time"

	"motcua/store/deadline"
	"motcua/store/dossier"
)

// Procedure is one version of one procedure.
type Procedure struct {
	Schema  int    `json:"schema"`
	Code    string `json:"code"`    // e.g. 2.000815
	Version string `json:"version"` // of this description, unique within the code
	Name    string `json:"name"`
	// Aliases are what people call it; Search looks there as well.
	Aliases []string `json:"aliases,omitempty"`
	Field   Field    `json:"field"`
	Level   Level    `json:"level"`
	Agency  string   `json:"agency"` // who resolves it

	// ValidFrom and ValidTo are days, both included, 2006-01-02. ValidFrom
	// may be "unknown": see Undated. ValidTo is empty while it is in force.
	ValidFrom string   `json:"validFrom"`
	ValidTo   string   `json:"validTo,omitempty"`
	Decision  string   `json:"decision"` // the decision that published it, or "unknown"
	Sources   []Source `json:"sources"`

	Ways       []Way       `json:"ways"` // one per channel
	Components []Component `json:"components"`
	Asks       []Ask       `json:"asks,omitempty"` // what the form asks beyond the person
	Fees       []Fee       `json:"fees"`
	Result     Result      `json:"result"`
	Subjects   []string    `json:"subjects"` // who may ask for it: dossier.PersonKind
	Notes      []string    `json:"notes,omitempty"`
}

// Schema is the version of the procedure files this program reads.
const Schema = 1

// Unsaid stands where no source says: for ValidFrom, Decision and Field.Code.
const Unsaid = "unknown"

// Field is lĩnh vực. Code is "unknown" where the national code was not found.
type Field struct {
	Code string `json:"code"`
	Name string `json:"name"`
}

// Level is who is competent.
type Level string

// The levels.
const (
	Commune  Level = "commune"
	Province Level = "province"
	Ministry Level = "ministry"
)

// Source is where something was read and how sure that is: S sourced, M-high,
// M-med and M-low remembered, C computed, I inferred, ? searched and not found.
type Source struct {
	Text      string `json:"text"`
	About     string `json:"about,omitempty"` // the fields it covers
	Certainty string `json:"certainty"`
	Seen      string `json:"seen,omitempty"` // when it was read, 2006-01-02 or 2006-01
}

// Way is one channel with its limit and cut-off: the same procedure may have
// different limits at the counter and online.
type Way struct {
	Channel   Channel         `json:"channel"`
	Limit     deadline.Limit  `json:"limit"`
	CutOff    deadline.CutOff `json:"cutOff"`
	Cases     []Case          `json:"cases,omitempty"`
	Certainty string          `json:"certainty"`
}

// Case is a circumstance that changes the limit, chosen by the officer.
type Case struct {
	Key   string         `json:"key"`
	Name  string         `json:"name"`
	Limit deadline.Limit `json:"limit"`
}

// Channel is how the dossier arrives, as the files write it.
type Channel string

// The channels.
const (
	Direct Channel = "direct"
	Online Channel = "online"
	Postal Channel = "postal"
)

var channels = map[Channel]dossier.Channel{
	Direct: dossier.Direct, Online: dossier.Online, Postal: dossier.Postal,
}

// Result is the paper the procedure ends with.
type Result struct {
	Code string `json:"code,omitempty"` // e.g. KQ.G15.000031; empty when not known
	Name string `json:"name"`
}

// Component is one paper of the dossier.
type Component struct {
	Key      string                `json:"key"`
	Code     string                `json:"code,omitempty"` // national code, where known
	Name     string                `json:"name"`
	Kind     dossier.ComponentKind `json:"kind"`
	Quantity int                   `json:"quantity"`
	Required bool                  `json:"required"`
	// Condition says when it is wanted, in Vietnamese; empty means always.
	Condition string `json:"condition,omitempty"`
	// Channels restricts it; empty means every channel.
	Channels  []Channel `json:"channels,omitempty"`
	Certainty string    `json:"certainty"`
}

// Undated reports whether no source says since when this version holds. It is
// offered all the same, because it is the only one known, and shown as such.
func (p *Procedure) Undated() bool { return p.ValidFrom == Unsaid }

// InForce reports whether the version holds on the day of t.
func (p *Procedure) InForce(t time.Time) bool {
	day := t.In(deadline.Zone).Format(time.DateOnly)
	return (p.Undated() || p.ValidFrom <= day) && (p.ValidTo == "" || day <= p.ValidTo)
}

// Way is how the procedure is done through ch, and whether it can be.
func (p *Procedure) Way(ch dossier.Channel) (Way, bool) {
	for _, w := range p.Ways {
		if channels[w.Channel] == ch {
			return w, true
		}
	}
	return Way{}, false
}

// LimitFor is the limit of the case with that key; of the ordinary case when
// key is empty or unknown.
func (w Way) LimitFor(key string) deadline.Limit {
	for _, c := range w.Cases {
		if c.Key == key {
			return c.Limit
		}
	}
	return w.Limit
}

// Checklist is the papers asked for through ch, in order.
func (p *Procedure) Checklist(ch dossier.Channel) []Component {
	var out []Component
	for _, c := range p.Components {
		if c.serves(ch) {
			out = append(out, c)
		}
	}
	return out
}

func (c Component) serves(ch dossier.Channel) bool {
	for _, only := range c.Channels {
		if channels[only] == ch {
			return true
		}
	}
	return len(c.Channels) == 0
}

// Line is the component as a dossier keeps it, not shown yet.
func (c Component) Line() dossier.Component {
	return dossier.Component{Key: c.Key, Code: c.Code, Name: c.Name, Kind: c.Kind, Quantity: c.Quantity}
}

// Bind is what a dossier keeps of the procedure for life: later versions do
// not touch it. A code nobody found stays empty.
func (p *Procedure) Bind() dossier.Procedure {
	b := dossier.Procedure{
		Code: p.Code, Version: p.Version, Name: p.Name,
		Field: p.Field.Name, FieldID: p.Field.Code, Result: p.Result.Code,
	}
	if b.FieldID == Unsaid {
		b.FieldID = ""
	}
	return b
}
