package procedure

import (
	"fmt"
	"time"

	"motcua"
	"motcua/store/deadline"
	"motcua/store/dossier"
)

// Fee is one fee (phí) or charge (lệ phí) with the rule that makes its amount.
type Fee struct {
	Key        string      `json:"key"`
	Code       string      `json:"code,omitempty"`
	Name       string      `json:"name"`
	Kind       FeeKind     `json:"kind"`
	Rule       Rule        `json:"rule"`
	Exemptions []Exemption `json:"exemptions,omitempty"`
	Source     string      `json:"source"`
	Certainty  string      `json:"certainty"`
	ValidFrom  string      `json:"validFrom"` // 2006-01-02 or "unknown"
}

// FeeKind is phí or lệ phí.
type FeeKind string

// The kinds of fee.
const (
	PhiKind FeeKind = "fee"    // phí: for a service
	LePhi   FeeKind = "charge" // lệ phí
)

// Exemption is a ground on which nothing is paid. The officer chooses it and
// it is named on the receipt; the program never decides it.
type Exemption struct {
	Key    string `json:"key"`
	Ground string `json:"ground"` // Vietnamese
}

// RuleKind is how an amount comes about.
type RuleKind string

// The kinds of rule.
const (
	RuleFree     RuleKind = "free"
	RuleFixed    RuleKind = "fixed"     // Amount, once
	RulePer      RuleKind = "per"       // Amount for each of the count answered to Ask
	RulePageTier RuleKind = "page-tier" // by pages of each original, times copies
	RuleOnTime   RuleKind = "on-time"   // free within Days of the event, else Late
	RuleChannel  RuleKind = "channel"   // by how the dossier arrives
	RuleUnknown  RuleKind = "unknown"   // set by the province's council: the officer enters it
)

// Rule makes an amount. Which fields are read depends on Kind; the others are
// absent, and Load refuses them.
type Rule struct {
	Kind   RuleKind `json:"kind"`
	Amount int64    `json:"amount,omitempty"` // đồng
	Ask    string   `json:"ask,omitempty"`    // the question with the count, or with the event's day
	Unit   string   `json:"unit,omitempty"`   // per: what is counted, "copy" or "case"

	Pages string `json:"pages,omitempty"` // page-tier: the question with the pages of each original
	Tiers []Tier `json:"tiers,omitempty"`
	Cap   int64  `json:"cap,omitempty"` // at most for one copy, đồng

	Days int   `json:"days,omitempty"` // on-time
	Late *Rule `json:"late,omitempty"`

	Channels map[Channel]Rule `json:"channels,omitempty"`
}

// MayBeUnknown reports whether r can end in an amount nobody published, which
// the officer then enters.
func (r Rule) MayBeUnknown() bool {
	if r.Kind == RuleUnknown || r.Late != nil && r.Late.MayBeUnknown() {
		return true
	}
	for _, c := range r.Channels {
		if c.MayBeUnknown() {
			return true
		}
	}
	return false
}

// Tier is the price of a page up to UpTo; the last tier has none.
type Tier struct {
	UpTo int   `json:"upTo,omitempty"`
	Each int64 `json:"each"`
}

// Inputs is what a reckoning of fees depends on.
type Inputs struct {
	Channel  dossier.Channel
	Received time.Time
	Answers  map[string]string // by Ask.Key
	Exempt   map[string]string // by Fee.Key: the Exemption.Key the officer chose
	Manual   map[string]int64  // by Fee.Key: the amount the officer entered where none is known
	// Calendar moves the end of an on-time period off a rest day; without it
	// the period ends on the day itself.
	Calendar *deadline.Calendar
}

// Line is one line of what is to be paid, in đồng.
type Line struct {
	Fee     string // Fee.Key
	Code    string
	Name    string
	Kind    FeeKind
	Amount  int64
	Formula Formula
	Exempt  string // the ground, when exempted
	Unknown bool   // no amount is known: the officer must enter one
	Undated bool   // no source says since when the fee holds
}

// Formula is how an amount came about: a key of ui/words with arguments in
// pairs. An int64 is money, an int is a count.
type Formula struct {
	Key  string
	Args []any
}

// Dossier is the line as a dossier keeps it; formula is the sentence ui/words
// makes of Formula.
func (l Line) Dossier(formula string) dossier.Fee {
	return dossier.Fee{
		Code: l.Code, Name: l.Name, Kind: string(l.Kind), Amount: l.Amount,
		Formula: formula, Exempt: l.Exempt, Undated: l.Undated,
	}
}

// Total is the sum in đồng, or FeeUnknown while an amount is missing.
func Total(lines []Line) (int64, error) {
	var sum int64
	for _, l := range lines {
		if l.Unknown {
			return 0, motcua.Fail(motcua.FeeUnknown, l.Fee, nil)
		}
		sum += l.Amount
	}
	return sum, nil
}

// maxAmount bounds what an officer may enter for one fee: a slip of the finger
// must not become a demand.
const maxAmount = 1_000_000_000

// Reckon is the fees of p for the inputs. The error is BadInput naming the
// question whose answer is missing or unusable; an amount nobody published is
// not an error but a Line that is Unknown.
func Reckon(p *Procedure, in Inputs) ([]Line, error) {
	var out []Line
	for _, f := range p.Fees {
		lines, err := f.lines(p, in)
		if err != nil {
			return nil, err
		}
		out = append(out, lines...)
	}
	return out, nil
}

func (f Fee) lines(p *Procedure, in Inputs) ([]Line, error) {
	line := Line{Fee: f.Key, Code: f.Code, Name: f.Name, Kind: f.Kind, Undated: f.ValidFrom == Unsaid}
	if key := in.Exempt[f.Key]; key != "" {
		ground, err := f.ground(key)
		line.Exempt, line.Formula = ground, Formula{Key: "fee.formula.exempt", Args: []any{"ground", ground}}
		return []Line{line}, err
	}
	lines, err := f.Rule.lines(p, in, line)
	if err != nil {
		return nil, err
	}
	return f.manual(lines, in)
}

func (f Fee) ground(key string) (string, error) {
	for _, e := range f.Exemptions {
		if e.Key == key {
			return e.Ground, nil
		}
	}
	return "", motcua.Fail(motcua.BadInput, f.Key+" has no such exemption", nil)
}

// manual fills an unknown amount with what the officer entered. It never
// replaces an amount that a rule gave.
func (f Fee) manual(lines []Line, in Inputs) ([]Line, error) {
	amount, entered := in.Manual[f.Key]
	for i := range lines {
		if !lines[i].Unknown || !entered {
			continue
		}
		if amount < 0 || amount > maxAmount {
			return nil, motcua.Fail(motcua.BadInput, f.Key+" amount is out of range", nil)
		}
		lines[i].Amount, lines[i].Unknown = amount, false
		lines[i].Formula = Formula{Key: "fee.formula.manual"}
	}
	return lines, nil
}

func (r Rule) lines(p *Procedure, in Inputs, line Line) ([]Line, error) {
	switch r.Kind {
	case RuleFree:
		line.Formula = Formula{Key: "fee.formula.free"}
	case RuleFixed:
		line.Amount, line.Formula = r.Amount, Formula{Key: "fee.formula.fixed", Args: []any{"each", r.Amount}}
	case RulePer:
		return r.per(p, in, line)
	case RulePageTier:
		return r.pageTier(p, in, line)
	case RuleOnTime:
		return r.onTime(p, in, line)
	case RuleChannel:
		for name, rule := range r.Channels {
			if channels[name] == in.Channel {
				return rule.lines(p, in, line)
			}
		}
		return nil, motcua.Fail(motcua.BadInput, "channel has no fee of "+line.Fee, nil)
	default:
		line.Unknown, line.Formula = true, Formula{Key: "fee.formula.unknown"}
	}
	return []Line{line}, nil
}

func (r Rule) per(p *Procedure, in Inputs, line Line) ([]Line, error) {
	a, answer := p.ask(r.Ask, in)
	if answer == "" && !a.Required {
		answer = "0"
	}
	n, err := a.count(answer)
	if err != nil {
		return nil, err
	}
	line.Amount = r.Amount * int64(n)
	line.Formula = Formula{Key: "fee.formula.per-" + r.Unit, Args: []any{"each", r.Amount, "count", n}}
	return []Line{line}, nil
}

// pageTier makes one line for each original, because the citizen counts them
// so.
func (r Rule) pageTier(p *Procedure, in Inputs, line Line) ([]Line, error) {
	a, answer := p.ask(r.Ask, in)
	copies, err := a.count(answer)
	if err != nil {
		return nil, err
	}
	b, answer := p.ask(r.Pages, in)
	originals, err := b.counts(answer)
	if err != nil {
		return nil, err
	}
	var out []Line
	for i, pages := range originals {
		each, capped := r.copyPrice(pages)
		l := line
		l.Amount = each * int64(copies)
		l.Formula = Formula{Key: "fee.formula.pages", Args: []any{"pages", pages, "each", each, "copies", copies}}
		if capped {
			l.Formula.Key = "fee.formula.pages-capped"
		}
		if len(originals) > 1 {
			l.Name = fmt.Sprintf("%s (bản chính thứ %d)", line.Name, i+1)
		}
		out = append(out, l)
	}
	return out, nil
}

// copyPrice is the price of one copy of an original with that many pages, and
// whether the cap made it.
func (r Rule) copyPrice(pages int) (price int64, capped bool) {
	done := 0
	for _, t := range r.Tiers {
		upTo := pages
		if t.UpTo > 0 && t.UpTo < pages {
			upTo = t.UpTo
		}
		if upTo > done {
			price += int64(upTo-done) * t.Each
			done = upTo
		}
	}
	if r.Cap > 0 && price > r.Cap {
		return r.Cap, true
	}
	return price, false
}

func (r Rule) onTime(p *Procedure, in Inputs, line Line) ([]Line, error) {
	a, answer := p.ask(r.Ask, in)
	event, err := a.date(answer)
	if err != nil {
		return nil, err
	}
	received := deadline.StartOf(in.Received)
	if event.After(received) {
		return nil, a.bad("lies after the day of receipt")
	}
	end := event.AddDate(0, 0, r.Days)
	if in.Calendar != nil {
		end = in.Calendar.Ends(event, r.Days)
	}
	if received.After(end) {
		return r.Late.lines(p, in, line)
	}
	line.Formula = Formula{Key: "fee.formula.on-time", Args: []any{"days", r.Days}}
	return []Line{line}, nil
}

// ask is the question with that key and its answer, or its default.
func (p *Procedure) ask(key string, in Inputs) (Ask, string) {
	for _, a := range p.Asks {
		if a.Key == key {
			if answer := in.Answers[key]; answer != "" {
				return a, answer
			}
			return a, a.Default
		}
	}
	return Ask{Key: key}, ""
}
