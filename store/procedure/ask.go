package procedure

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"motcua"
	"motcua/store/deadline"
)

// Ask is one question of the form beyond the person's own data.
type Ask struct {
	Key      string   `json:"key"`
	Label    string   `json:"label"` // Vietnamese
	Help     string   `json:"help,omitempty"`
	Kind     AskKind  `json:"kind"`
	Required bool     `json:"required"`
	Default  string   `json:"default,omitempty"`
	Min      int      `json:"min,omitempty"` // for counts
	Max      int      `json:"max,omitempty"`
	Options  []Option `json:"options,omitempty"` // for a choice
}

// AskKind is what an answer looks like.
type AskKind string

// The kinds of question.
const (
	AskCount  AskKind = "count"  // a whole number: "2"
	AskCounts AskKind = "counts" // several, one per thing: "2 5 1"
	AskText   AskKind = "text"
	AskDate   AskKind = "date" // dd/mm/yyyy
	AskChoice AskKind = "choice"
)

// Option is one answer of a choice.
type Option struct {
	Key  string `json:"key"`
	Name string `json:"name"`
}

// maxAnswer bounds an answer in bytes; maxThings bounds a list of counts.
const (
	maxAnswer = 2000
	maxThings = 50
)

// Check reports whether answer can be used: BadInput with the question's key,
// never with the answer, which is the citizen's.
func (a Ask) Check(answer string) error {
	answer = strings.TrimSpace(answer)
	if answer == "" {
		if a.Required {
			return a.bad("is not answered")
		}
		return nil
	}
	if len(answer) > maxAnswer || !utf8.ValidString(answer) {
		return a.bad("is too long or not text")
	}
	switch a.Kind {
	case AskCount:
		_, err := a.count(answer)
		return err
	case AskCounts:
		_, err := a.counts(answer)
		return err
	case AskDate:
		_, err := a.date(answer)
		return err
	case AskChoice:
		return a.choice(answer)
	}
	return nil
}

func (a Ask) bad(why string) error {
	return motcua.Fail(motcua.BadInput, a.Key+" "+why, nil)
}

func (a Ask) count(answer string) (int, error) {
	n, err := strconv.Atoi(strings.TrimSpace(answer))
	if err != nil || n < a.Min || n > a.Max {
		return 0, a.bad(fmt.Sprintf("is not a number from %d to %d", a.Min, a.Max))
	}
	return n, nil
}

// counts reads numbers separated by spaces, commas, semicolons or plus signs:
// officers write a list in each of these ways.
func (a Ask) counts(answer string) ([]int, error) {
	parts := strings.FieldsFunc(answer, func(r rune) bool { return strings.ContainsRune(" ,;+\t", r) })
	if len(parts) == 0 || len(parts) > maxThings {
		return nil, a.bad(fmt.Sprintf("is not a list of 1 to %d numbers", maxThings))
	}
	out := make([]int, len(parts))
	for i, p := range parts {
		n, err := a.count(p)
		if err != nil {
			return nil, err
		}
		out[i] = n
	}
	return out, nil
}

func (a Ask) date(answer string) (time.Time, error) {
	t, err := time.ParseInLocation("2/1/2006", strings.TrimSpace(answer), deadline.Zone)
	if err != nil || t.Year() < 1900 || t.Year() > 2200 {
		return time.Time{}, a.bad("is not a day like 24/11/2026")
	}
	return t, nil
}

func (a Ask) choice(answer string) error {
	for _, o := range a.Options {
		if o.Key == answer {
			return nil
		}
	}
	return a.bad("is none of the answers")
}
