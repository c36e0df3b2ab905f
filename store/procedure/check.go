package procedure

import (
	"fmt"
	"regexp"
	"slices"

	"motcua/store/deadline"
	"motcua/store/dossier"
)

var (
	codePattern = regexp.MustCompile(`^[1-9]\.\d{6}$`)
	keyPattern  = regexp.MustCompile(`^[a-z][a-z0-9-]{0,39}$`)
)

// Bounds of the lists and texts of a procedure. The longest published list of
// papers has 224 entries.
const (
	maxList = 300
	maxText = 4000
)

// check reports the first field that breaks a rule, and how; why is empty when
// all is well.
func (p *Procedure) check() (field, why string) {
	for _, part := range []func() (string, string){
		p.checkHead, p.checkSources, p.checkWays, p.checkComponents, p.checkAsks, p.checkFees, p.checkRest,
	} {
		if field, why = part(); why != "" {
			return field, why
		}
	}
	return "", ""
}

func (p *Procedure) checkHead() (string, string) {
	switch {
	case p.Schema != Schema:
		return "schema", fmt.Sprintf("is %d, want %d", p.Schema, Schema)
	case !codePattern.MatchString(p.Code):
		return "code", "is not a code like 2.000815"
	case p.Level != Commune && p.Level != Province && p.Level != Ministry:
		return "level", "is none of ours"
	case !isDay(p.ValidFrom) && !p.Undated():
		return "validFrom", "is neither a day nor unknown"
	case p.ValidTo != "" && (!isDay(p.ValidTo) || !p.Undated() && p.ValidTo < p.ValidFrom):
		return "validTo", "is not a day after validFrom"
	}
	return firstEmpty(map[string]string{
		"version": p.Version, "name": p.Name, "field.code": p.Field.Code, "field.name": p.Field.Name,
		"agency": p.Agency, "decision": p.Decision, "result.name": p.Result.Name,
	})
}

func (p *Procedure) checkSources() (string, string) {
	if len(p.Sources) == 0 {
		return "sources", "are missing"
	}
	for i, s := range p.Sources {
		if s.Text == "" || !isCertainty(s.Certainty) {
			return fmt.Sprintf("sources[%d]", i), "lacks text or certainty"
		}
	}
	return "", ""
}

func (p *Procedure) checkWays() (string, string) {
	seen := map[Channel]bool{}
	for i, w := range p.Ways {
		field := fmt.Sprintf("ways[%d]", i)
		if _, known := channels[w.Channel]; !known || seen[w.Channel] {
			return field + ".channel", "is not a channel of its own"
		}
		seen[w.Channel] = true
		if err := w.Limit.Check(); err != nil {
			return field + ".limit", err.Error()
		}
		if err := w.CutOff.Check(); err != nil {
			return field + ".cutOff", err.Error()
		}
		if !isCertainty(w.Certainty) {
			return field + ".certainty", "is missing"
		}
		for _, c := range w.Cases {
			if err := c.Limit.Check(); err != nil || c.Name == "" || !keyPattern.MatchString(c.Key) {
				return field + ".cases", "have one without key, name or usable limit"
			}
		}
	}
	if len(p.Ways) == 0 {
		return "ways", "are missing"
	}
	return "", ""
}

var kinds = []dossier.ComponentKind{dossier.Original, dossier.Copy, dossier.Presented, dossier.EForm}

func (p *Procedure) checkComponents() (string, string) {
	if len(p.Components) > maxList {
		return "components", "are too many"
	}
	seen := map[string]bool{}
	for i, c := range p.Components {
		field := fmt.Sprintf("components[%d]", i)
		switch {
		case !keyPattern.MatchString(c.Key) || seen[c.Key]:
			return field + ".key", "is missing, malformed or used before"
		case c.Name == "" || len(c.Name) > maxText:
			return field + ".name", "is missing or too long"
		case !slices.Contains(kinds, c.Kind):
			return field + ".kind", "is none of ours"
		case c.Quantity < 0 || c.Quantity > 100:
			return field + ".quantity", "is out of range"
		case !isCertainty(c.Certainty):
			return field + ".certainty", "is missing"
		}
		for _, ch := range c.Channels {
			if _, known := channels[ch]; !known {
				return field + ".channels", "have one that is none of ours"
			}
		}
		seen[c.Key] = true
	}
	return "", ""
}

func (p *Procedure) checkAsks() (string, string) {
	seen := map[string]bool{}
	for i, a := range p.Asks {
		field := fmt.Sprintf("asks[%d]", i)
		switch {
		case !keyPattern.MatchString(a.Key) || seen[a.Key] || len(p.Asks) > maxList:
			return field + ".key", "is missing, malformed or used before"
		case a.Label == "":
			return field + ".label", "is missing"
		case !slices.Contains([]AskKind{AskCount, AskCounts, AskText, AskDate, AskChoice}, a.Kind):
			return field + ".kind", "is none of ours"
		case (a.Kind == AskCount || a.Kind == AskCounts) && (a.Min < 0 || a.Max <= a.Min || a.Max > 1_000_000):
			return field + ".max", "is not above min"
		case (a.Kind == AskChoice) != (len(a.Options) > 0):
			return field + ".options", "belong to a choice, and only there"
		case a.Default != "" && a.Check(a.Default) != nil:
			return field + ".default", "is no answer to its own question"
		}
		seen[a.Key] = true
	}
	return "", ""
}

func (p *Procedure) checkFees() (string, string) {
	if len(p.Fees) > maxList {
		return "fees", "are too many"
	}
	seen := map[string]bool{}
	for i, f := range p.Fees {
		field := fmt.Sprintf("fees[%d]", i)
		switch {
		case !keyPattern.MatchString(f.Key) || seen[f.Key]:
			return field + ".key", "is missing, malformed or used before"
		case f.Name == "" || f.Source == "" || !isCertainty(f.Certainty):
			return field, "lacks name, source or certainty"
		case f.Kind != PhiKind && f.Kind != LePhi:
			return field + ".kind", "is none of ours"
		case f.ValidFrom != Unsaid && !isDay(f.ValidFrom):
			return field + ".validFrom", "is neither a day nor unknown"
		}
		for _, e := range f.Exemptions {
			if !keyPattern.MatchString(e.Key) || e.Ground == "" {
				return field + ".exemptions", "have one without key or ground"
			}
		}
		if why := f.Rule.check(p, 0); why != "" {
			return field + ".rule", why
		}
		seen[f.Key] = true
	}
	return "", ""
}

// check reports what is wrong with a rule: a field missing, or one that its
// kind does not read and somebody believed in.
func (r Rule) check(p *Procedure, depth int) string {
	if depth > 3 {
		return "is nested too deeply"
	}
	if r.Amount < 0 || r.Amount > maxAmount || r.Cap < 0 || r.Cap > maxAmount || r.Days < 0 {
		return "has an amount out of range"
	}
	if odd := r.odd(); odd != "" {
		return "has the field " + odd + ", which the kind " + string(r.Kind) + " does not read or needs otherwise"
	}
	switch r.Kind {
	case RuleFree, RuleFixed, RuleUnknown:
		return ""
	case RulePer:
		return p.needs(r.Ask, AskCount)
	case RulePageTier:
		if why := r.checkTiers(); why != "" {
			return why
		}
		if why := p.needs(r.Ask, AskCount); why != "" {
			return why
		}
		return p.needs(r.Pages, AskCounts)
	case RuleOnTime:
		if why := p.needs(r.Ask, AskDate); why != "" {
			return why
		}
		return r.Late.check(p, depth+1)
	case RuleChannel:
		return r.checkChannels(p, depth)
	}
	return "has a kind that is none of ours"
}

// odd is the first field whose presence does not fit the kind.
func (r Rule) odd() string {
	reads := map[RuleKind][]string{
		RuleFree: {}, RuleUnknown: {}, RuleFixed: {"amount"}, RulePer: {"amount", "ask", "unit"},
		RulePageTier: {"ask", "pages", "tiers"}, RuleOnTime: {"ask", "days", "late"}, RuleChannel: {"channels"},
	}[r.Kind]
	given := []struct {
		name string
		is   bool
	}{
		{"amount", r.Amount > 0}, {"ask", r.Ask != ""}, {"unit", r.Unit == "copy" || r.Unit == "case"},
		{"pages", r.Pages != ""}, {"tiers", len(r.Tiers) > 0}, {"days", r.Days > 0},
		{"late", r.Late != nil}, {"channels", len(r.Channels) > 0},
	}
	for _, g := range given {
		if g.is != slices.Contains(reads, g.name) {
			return g.name
		}
	}
	if r.Cap > 0 && r.Kind != RulePageTier {
		return "cap"
	}
	return ""
}

func (r Rule) checkTiers() string {
	last := 0
	for i, t := range r.Tiers {
		final := i == len(r.Tiers)-1
		if t.Each < 0 || t.Each > maxAmount || final != (t.UpTo == 0) || !final && t.UpTo <= last {
			return "has tiers that do not ascend to an open end"
		}
		last = t.UpTo
	}
	return ""
}

func (r Rule) checkChannels(p *Procedure, depth int) string {
	for _, w := range p.Ways {
		if _, ok := r.Channels[w.Channel]; !ok {
			return "says nothing of the channel " + string(w.Channel)
		}
	}
	for name, rule := range r.Channels {
		if _, known := channels[name]; !known {
			return "names a channel that is none of ours"
		}
		if why := rule.check(p, depth+1); why != "" {
			return why
		}
	}
	return ""
}

func (p *Procedure) needs(key string, kind AskKind) string {
	for _, a := range p.Asks {
		if a.Key == key && a.Kind == kind {
			return ""
		}
	}
	return fmt.Sprintf("needs the question %q of kind %s", key, kind)
}

var subjects = []dossier.PersonKind{
	dossier.Citizen, dossier.Business, dossier.Household, dossier.StateAgency, dossier.Organisation,
}

func (p *Procedure) checkRest() (string, string) {
	if len(p.Subjects) == 0 {
		return "subjects", "are missing"
	}
	for _, s := range p.Subjects {
		if !slices.Contains(subjects, dossier.PersonKind(s)) {
			return "subjects", "have one that is none of ours"
		}
	}
	for i, n := range p.Notes {
		if n == "" || len(n) > maxText {
			return fmt.Sprintf("notes[%d]", i), "is empty or too long"
		}
	}
	return "", ""
}

// firstEmpty names an empty or endless text. The order does not matter: one
// is enough to refuse the file.
func firstEmpty(texts map[string]string) (string, string) {
	for field, text := range texts {
		if text == "" || len(text) > maxText {
			return field, "is missing or too long"
		}
	}
	return "", ""
}

func isDay(s string) bool {
	_, err := deadline.ParseDay(s)
	return err == nil
}

func isCertainty(s string) bool {
	return slices.Contains([]string{"S", "M-high", "M-med", "M-low", "C", "I", "?"}, s)
}
