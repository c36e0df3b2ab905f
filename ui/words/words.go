// Package words is every sentence the product says to a person, in each of its
// languages.
//
// The sentences are in assets/words/<lang>.json, flat and sorted: a key, and a
// text with {name} where an argument goes. Vietnamese is the first language,
// written for an officer and for an old citizen alike; adding a language is
// adding a file.
package words

import (
	"fmt"
	"io/fs"
	"sort"
	"strconv"
	"strings"

	"motcua"
	"motcua/assets"
	"motcua/store/pack"
)

// Words is the sentences of one language. It is read only.
type Words struct {
	lang string
	text map[string]string
}

// Default is the language of the screens until somebody chooses another.
const Default = "vi"

// Load is the sentences of the language, or a motcua.Fault with CatalogueBad.
func Load(lang string) (*Words, error) {
	w := &Words{lang: lang}
	return w, pack.Read(assets.FS, "words/"+lang+".json", &w.text)
}

// Languages is what Load knows, the default first.
func Languages() []string {
	files, _ := fs.Glob(assets.FS, "words/*.json")
	var out []string
	for _, f := range files {
		out = append(out, strings.TrimSuffix(strings.TrimPrefix(f, "words/"), ".json"))
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i] == Default && out[j] != Default })
	return out
}

// Lang is the language's code, as Load was given it.
func (w *Words) Lang() string { return w.lang }

// Has reports whether there is a sentence under key: for keys made of a code
// that came from elsewhere.
func (w *Words) Has(key string) bool { _, ok := w.text[key]; return ok }

// T is the sentence under key with its arguments, given in pairs of name and
// value. An int64 is money and is grouped by thousands; everything else is
// written as fmt does. A key without a sentence is returned itself: a wrong
// word on the screen is better than none, and a test looks for it.
func (w *Words) T(key string, args ...any) string {
	text, ok := w.text[key]
	if !ok {
		return key
	}
	if len(args) < 2 || !strings.Contains(text, "{") {
		return text
	}
	pairs := make([]string, 0, len(args))
	for i := 0; i+1 < len(args); i += 2 {
		pairs = append(pairs, "{"+fmt.Sprint(args[i])+"}", w.say(args[i+1]))
	}
	// One pass: what an argument brings is never itself read as a place for
	// another one.
	return strings.NewReplacer(pairs...).Replace(text)
}

func (w *Words) say(v any) string {
	if amount, ok := v.(int64); ok {
		return w.group(amount)
	}
	return fmt.Sprint(v)
}

// group writes an amount by thousands, without the currency, as the language
// does: 200.000 or 200,000.
func (w *Words) group(amount int64) string {
	digits := strconv.FormatInt(amount, 10)
	sign := ""
	if strings.HasPrefix(digits, "-") {
		sign, digits = "-", digits[1:]
	}
	mark := "."
	if w.lang == "en" {
		mark = ","
	}
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + mark + digits[i:]
	}
	return sign + digits
}

// Fault is what happened and what to do next, for the person at the screen.
// Both are empty for nil. The technician reads err itself.
func (w *Words) Fault(err error) (sentence, try string) {
	code := motcua.CodeOf(err)
	if code == "" {
		return "", ""
	}
	key := "fault." + string(code)
	if !w.Has(key) {
		key = "fault." + string(motcua.Internal)
	}
	return w.T(key), w.T(key + ".try")
}
