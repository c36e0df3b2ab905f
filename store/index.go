package store

import (
	"encoding/binary"
	"encoding/hex"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"motcua"
	"motcua/store/dossier"
)

// Word is one word as it is searched: its letters without marks, and the marks
// beside them. A searcher who types no marks finds every spelling; one who
// types them finds only words that carry at least these. The tone belongs to
// the word, not to a letter, because "hoà" and "hòa" are the same word written
// by two rules.
type Word struct {
	Plain   string // lower case, without marks, at most maxWord letters
	quality []byte // of each letter: circumflex, breve, horn, stroke
	tones   byte   // of the whole word
}

const (
	maxWord  = 48 // letters of a word that are compared
	maxWords = 64 // words of a dossier that are searched
)

// tones and qualities are the combining marks of written Vietnamese.
var (
	toneBit    = map[rune]byte{0x300: 1, 0x301: 2, 0x303: 4, 0x309: 8, 0x323: 16}
	qualityBit = map[rune]byte{0x302: 1, 0x306: 2, 0x31b: 4}
)

const strokeBit = 8 // of đ, which Unicode does not take apart

// FoldWord takes one word apart into letters and marks.
func FoldWord(s string) Word {
	var w Word
	letters := make([]rune, 0, len(s))
	for _, r := range norm.NFD.String(strings.ToLower(s)) {
		if bit, ok := toneBit[r]; ok {
			w.tones |= bit
			continue
		}
		if unicode.Is(unicode.Mn, r) {
			if n := len(w.quality); n > 0 {
				w.quality[n-1] |= qualityBit[r]
			}
			continue
		}
		if unicode.IsControl(r) {
			continue
		}
		if len(letters) == maxWord {
			break
		}
		bit := byte(0)
		if r == 'đ' {
			r, bit = 'd', strokeBit
		}
		letters, w.quality = append(letters, r), append(w.quality, bit)
	}
	w.Plain = string(letters)
	return w
}

// Begins reports whether w, as typed so far, is the start of other.
func (w Word) Begins(other Word) bool {
	if !strings.HasPrefix(other.Plain, w.Plain) || w.tones&^other.tones != 0 {
		return false
	}
	for i, q := range w.quality {
		if q&^other.quality[i] != 0 {
			return false
		}
	}
	return true
}

// Words is what a search by text may find the dossier by: the words of the
// names, the number and the codes from each of their parts on, the telephone
// numbers. The lookup secret and the personal number are not among them: the
// one is a proof and the other has its own exact query.
func Words(d *dossier.Dossier) []Word {
	people := []dossier.Person{d.Applicant}
	if d.Owner != nil {
		people = append(people, *d.Owner)
	}
	var texts []string
	for _, c := range References(d) {
		texts = append(texts, suffixes(c)...)
	}
	for _, p := range people {
		texts = append(texts, phone(p.Phone))
		texts = append(texts, strings.FieldsFunc(p.Name, notInName)...)
	}
	return foldAll(texts)
}

// foldAll folds each text once, without the empty ones.
func foldAll(texts []string) []Word {
	var out []Word
	seen := map[string]bool{"": true}
	for _, t := range texts {
		if len(out) == maxWords {
			break
		}
		if seen[t] {
			continue
		}
		seen[t] = true
		if w := FoldWord(t); w.Plain != "" {
			out = append(out, w)
		}
	}
	return out
}

func notInName(r rune) bool {
	return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.Is(unicode.Mn, r)
}

// suffixes is a code from each of its parts on, so that its end alone, as
// people read it out, finds it.
func suffixes(code string) []string {
	out := []string{code}
	for i, r := range code {
		if r == '/' || r == '-' || r == '.' {
			out = append(out, code[i+1:])
		}
	}
	return out
}

// phone is a telephone number's digits in the national form.
func phone(s string) string {
	digits := strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
	if rest, ok := strings.CutPrefix(digits, "84"); ok && strings.HasPrefix(strings.TrimSpace(s), "+") {
		return "0" + rest
	}
	return digits
}

// Terms is what a person typed, as words that must all be found.
func Terms(text string) []Word {
	text = strings.TrimSpace(text)
	if isPhone(text) {
		return foldAll([]string{phone(text)})
	}
	var fields []string
	for _, f := range strings.Fields(text) {
		fields = append(fields, strings.Trim(f, ",;:"))
	}
	return foldAll(fields)
}

// isPhone reports whether text is a telephone number, however it is grouped.
func isPhone(text string) bool {
	if !strings.HasPrefix(text, "0") && !strings.HasPrefix(text, "+84") {
		return false
	}
	return strings.Trim(text, "+0123456789 .-") == "" && len(phone(text)) > 4
}

// References is every name that finds the dossier, folded by dossier.FoldCode:
// the provisional number, the official code, and the code the portal used when
// it is another one.
func References(d *dossier.Dossier) []string {
	var out []string
	for _, s := range []string{d.Number, d.Code, d.Portal.Code} {
		if c := dossier.FoldCode(s); c != "" && !slices.Contains(out, c) {
			out = append(out, c)
		}
	}
	return out
}

// Persons is the personal numbers that an exact query finds the dossier by.
func Persons(d *dossier.Dossier) []string {
	var out []string
	if d.Applicant.Number != "" {
		out = append(out, d.Applicant.Number)
	}
	if d.Owner != nil && d.Owner.Number != "" && d.Owner.Number != d.Applicant.Number {
		out = append(out, d.Owner.Number)
	}
	return out
}

// Match reports whether d is among what q asks for, apart from q.Unsent, which
// the outbox answers, and the paging.
func (q *Query) Match(d *dossier.Dossier) bool {
	switch {
	case q.Stage != "" && d.Stage != q.Stage,
		q.Status != 0 && d.Status != q.Status,
		q.Procedure != "" && d.Procedure.Code != q.Procedure,
		q.Person != "" && !slices.Contains(Persons(d), q.Person):
		return false
	case (!q.From.IsZero() || !q.To.IsZero()) && d.ReceivedAt.IsZero(),
		!q.From.IsZero() && d.ReceivedAt.Before(q.From),
		!q.To.IsZero() && !d.ReceivedAt.Before(q.To):
		return false
	}
	return matchText(Terms(q.Text), d)
}

func matchText(terms []Word, d *dossier.Dossier) bool {
	if len(terms) == 0 {
		return true
	}
	words := Words(d)
	for _, t := range terms {
		if !slices.ContainsFunc(words, t.Begins) {
			return false
		}
	}
	return true
}

// Size is how many dossiers a page of q holds at most.
func (q *Query) Size() int {
	switch {
	case q.Limit <= 0:
		return 50
	case q.Limit > 500:
		return 500
	}
	return q.Limit
}

// Place is where the dossier stands in a list: ascending places are ascending
// reception times (milliseconds), then identities. A draft without a reception
// time stands before all others.
func Place(d *dossier.Dossier) string {
	at := uint64(d.ReceivedAt.UnixMilli()) ^ 1<<63
	return string(binary.BigEndian.AppendUint64(nil, at)) + string(d.ID)
}

// PlaceID is the identity in a place.
func PlaceID(place string) dossier.ID {
	if len(place) < 8 {
		return ""
	}
	return dossier.ID(place[8:])
}

// CursorAt is the cursor of a page that ends at place.
func CursorAt(place string) string { return hex.EncodeToString([]byte(place)) }

// After is the place that q's cursor names, empty for the first page. A list
// continues with the places below it. StoreInvalid when it is not a cursor of
// ours.
func (q *Query) After() (string, error) {
	b, err := hex.DecodeString(q.Cursor)
	if err != nil || (len(b) > 0 && len(b) <= 8) || len(b) > 8+maxID {
		return "", motcua.Fail(motcua.StoreInvalid, "cursor", nil)
	}
	return string(b), nil
}
