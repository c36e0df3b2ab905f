package wire

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Show lists the JSON keys whose values the record of a call may show. Every
// value under another key is masked: a field that a portal adds tomorrow is
// hidden until somebody has looked at it.
type Show map[string]Shown

// Shown says how a value is shown.
type Shown int

// The ways of showing.
const (
	Code Shown = iota + 1 // a code, a date, an amount: as it is
	Text                  // free text: scrubbed of what the request held
)

const (
	hidden = "•••"
	// maxRecord bounds one side of a recorded exchange, in bytes.
	maxRecord = 4 << 10
	// minSecret is the shortest text, in letters, searched for in free text:
	// shorter ones ("Nam", "1") would blot out the sentence.
	minSecret = 4
)

var (
	digitRun = regexp.MustCompile(`\d[\d .\-]{7,}\d`)
	email    = regexp.MustCompile(`[^\s"'<>@]+@[^\s"'<>@]+`)
)

// mask hides the personal data of one call.
type mask struct {
	show    Show
	secrets [][]rune // lower case
}

func newMask(show Show, request []byte, hide ...string) *mask {
	m := &mask{show: show}
	for _, s := range hide {
		m.remember(s)
	}
	if v, ok := parse(request); ok {
		m.collect("", v)
	}
	return m
}

// collect remembers every hidden text, to be found again in the reply.
func (m *mask) collect(key string, v any) {
	switch v := v.(type) {
	case map[string]any:
		for k, inner := range v {
			m.collect(k, inner)
		}
	case []any:
		for _, inner := range v {
			m.collect(key, inner)
		}
	case string:
		if m.show[key] == 0 {
			m.remember(v)
		}
	}
}

func (m *mask) remember(s string) {
	if utf8.RuneCountInString(s) >= minSecret {
		m.secrets = append(m.secrets, lower(s))
	}
}

// record is body as the record may show it. A body that is not JSON is only
// described: an error page can echo anything.
func (m *mask) record(body []byte) string {
	switch v, ok := parse(body); {
	case len(body) == 0:
		return ""
	case ok:
		return cut(encode(m.hide("", v)), maxRecord)
	case isHTML(body):
		return fmt.Sprintf("HTML, %d bytes", len(body))
	case utf8.Valid(body):
		return cut(m.scrub(cut(string(body), maxRecord)), 200)
	}
	return fmt.Sprintf("%d bytes", len(body))
}

func (m *mask) hide(key string, v any) any {
	switch v := v.(type) {
	case map[string]any:
		shown := make(map[string]any, len(v))
		for k, inner := range v {
			shown[m.scrub(k)] = m.hide(k, inner)
		}
		return shown
	case []any:
		for i, inner := range v {
			v[i] = m.hide(key, inner)
		}
		return v
	case string:
		return m.text(key, v)
	case nil, bool:
		return v
	}
	if m.show[key] == 0 {
		return hidden
	}
	return v
}

func (m *mask) text(key, s string) string {
	switch {
	case s == "":
		return s
	case m.show[key] == Code:
		return s
	case m.show[key] == Text:
		if inner, ok := parse([]byte(s)); ok && strings.HasPrefix(strings.TrimSpace(s), "{") {
			return encode(m.hide("", inner)) // an envelope inside the message
		}
		return m.scrub(s)
	}
	return hidden
}

// scrub removes from free text what the request hid, long digit runs and
// e-mail addresses.
func (m *mask) scrub(s string) string {
	text := []rune(norm.NFC.String(s))
	folded := lower(string(text))
	for _, secret := range m.secrets {
		text, folded = blot(text, folded, secret)
	}
	s = email.ReplaceAllString(string(text), hidden)
	return digitRun.ReplaceAllString(s, hidden)
}

// blot replaces each occurrence of secret; both forms keep the same length.
func blot(text, folded, secret []rune) (t, f []rune) {
	for i := 0; i < len(folded); i++ {
		if !startsWith(folded[i:], secret) {
			t, f = append(t, text[i]), append(f, folded[i])
			continue
		}
		t, f = append(t, []rune(hidden)...), append(f, []rune(hidden)...)
		i += len(secret) - 1
	}
	return t, f
}

func startsWith(s, prefix []rune) bool {
	if len(s) < len(prefix) {
		return false
	}
	for i, r := range prefix {
		if s[i] != r {
			return false
		}
	}
	return true
}

// lower maps rune by rune, so that positions stay the same.
func lower(s string) []rune {
	out := []rune(norm.NFC.String(s))
	for i, r := range out {
		out[i] = unicode.ToLower(r)
	}
	return out
}

func parse(body []byte) (v any, ok bool) {
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	if d.Decode(&v) != nil || d.More() {
		return nil, false
	}
	return v, true
}

func encode(v any) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if e.Encode(v) != nil {
		return hidden
	}
	return strings.TrimSpace(b.String())
}

// cut shortens s to at most n bytes on a rune boundary.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n] + "…"
}
