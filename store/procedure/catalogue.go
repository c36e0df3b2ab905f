package procedure

import (
	"cmp"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"motcua"
	"motcua/store/deadline"
	"motcua/store/pack"
)

// Catalogue is every version of every procedure. It is read only once loaded.
type Catalogue struct {
	versions map[string][]*Procedure // by code, newest first
}

// maxFiles bounds the walk: the whole national catalogue has 5,670 procedures.
const maxFiles = 20_000

// Load reads dir/<code>/*.json of fsys, one version of one procedure each. The
// error is a motcua.Fault, CatalogueBad, naming file and field; nothing is
// loaded then, because half a catalogue is worse than the one before.
func Load(fsys fs.FS, dir string) (*Catalogue, error) {
	c := &Catalogue{versions: map[string][]*Procedure{}}
	files, err := fs.Glob(fsys, path.Join(dir, "*", "*.json"))
	if err != nil || len(files) > maxFiles {
		return nil, pack.Bad(dir, "", "cannot be listed or is too large", err)
	}
	for _, name := range files {
		p := new(Procedure)
		if err := pack.Read(fsys, name, p); err != nil {
			return nil, err
		}
		if err := c.add(name, p); err != nil {
			return nil, err
		}
	}
	for _, versions := range c.versions {
		slices.SortStableFunc(versions, func(a, b *Procedure) int { return -compareStart(a, b) })
	}
	return c, nil
}

func (c *Catalogue) add(name string, p *Procedure) error {
	if field, why := p.check(); why != "" {
		return pack.Bad(name, field, why, nil)
	}
	if path.Base(path.Dir(name)) != p.Code {
		return pack.Bad(name, "code", "is not the name of the folder", nil)
	}
	for _, other := range c.versions[p.Code] {
		switch {
		case other.Version == p.Version:
			return pack.Bad(name, "version", "stands in another file as well", nil)
		case overlap(p, other):
			return pack.Bad(name, "validFrom", "overlaps the version "+other.Version, nil)
		}
	}
	c.versions[p.Code] = append(c.versions[p.Code], p)
	return nil
}

// compareStart orders by ValidFrom; unknown is before every day.
func compareStart(a, b *Procedure) int { return cmp.Compare(startOf(a), startOf(b)) }

func startOf(p *Procedure) string {
	if p.Undated() {
		return ""
	}
	return p.ValidFrom
}

func overlap(a, b *Procedure) bool {
	if compareStart(a, b) > 0 {
		a, b = b, a
	}
	return a.ValidTo == "" || startOf(b) <= a.ValidTo
}

// At is the version of the procedure in force on the day, or ProcedureUnknown.
// The Procedure is shared: it is not to be changed.
func (c *Catalogue) At(code string, day time.Time) (*Procedure, error) {
	for _, p := range c.versions[strings.TrimSpace(code)] {
		if p.InForce(day) {
			return p, nil
		}
	}
	return nil, motcua.Fail(motcua.ProcedureUnknown, "not in force on "+day.In(deadline.Zone).Format(time.DateOnly), nil)
}

// Version is the version a dossier is bound to, or ProcedureUnknown.
func (c *Catalogue) Version(code, version string) (*Procedure, error) {
	for _, p := range c.versions[code] {
		if p.Version == version {
			return p, nil
		}
	}
	return nil, motcua.Fail(motcua.ProcedureUnknown, "no such version", nil)
}

// Search is the procedures in force on day that text names, best first: every
// word of text stands at the start of a word of the code, name, aliases or
// field, diacritics and case aside. Where two are found alike the shorter name
// is first: more of it was meant. Empty text finds all.
func (c *Catalogue) Search(text string, day time.Time) []*Procedure {
	words := strings.Fields(Fold(text))
	type hit struct {
		p    *Procedure
		rank int
		name string
	}
	var hits []hit
	for code := range c.versions {
		p, err := c.At(code, day)
		if err != nil {
			continue
		}
		if rank, ok := p.matches(words); ok {
			hits = append(hits, hit{p, rank, Fold(p.Name)})
		}
	}
	slices.SortFunc(hits, func(a, b hit) int {
		return cmp.Or(cmp.Compare(a.rank, b.rank), cmp.Compare(len(a.name), len(b.name)), cmp.Compare(a.name, b.name), cmp.Compare(a.p.Code, b.p.Code))
	})
	out := make([]*Procedure, len(hits))
	for i, h := range hits {
		out[i] = h.p
	}
	return out
}

// matches ranks p for the folded words: the best place every word was found.
func (p *Procedure) matches(words []string) (rank int, ok bool) {
	places := []string{p.Code, p.Name, strings.Join(p.Aliases, " "), p.Field.Name}
	for i, place := range places {
		places[i] = " " + Fold(place)
	}
	for _, w := range words {
		at := slices.IndexFunc(places, func(place string) bool { return strings.Contains(place, " "+w) })
		if at < 0 {
			return 0, false
		}
		rank = max(rank, at)
	}
	return rank, true
}

// folds lists the letters with diacritics of the Vietnamese alphabet under the
// letter they are typed as by somebody in a hurry.
var folds = foldTable(map[rune]string{
	'a': "àáảãạăằắẳẵặâầấẩẫậ", 'e': "èéẻẽẹêềếểễệ", 'i': "ìíỉĩị",
	'o': "òóỏõọôồốổỗộơờớởỡợ", 'u': "ùúủũụưừứửữự", 'y': "ỳýỷỹỵ", 'd': "đ",
})

func foldTable(groups map[rune]string) map[rune]rune {
	table := map[rune]rune{}
	for plain, letters := range groups {
		for _, r := range letters {
			table[r] = plain
		}
	}
	return table
}

// Fold is text for comparison: lower case, without diacritics whether
// composed or not, every other sign a single space except the dot of a code.
func Fold(text string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(text) {
		if plain, ok := folds[r]; ok {
			r = plain
		}
		switch {
		case r >= 0x300 && r <= 0x36f: // combining marks of decomposed text
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9', r == '.':
			b.WriteRune(r)
		default:
			b.WriteByte(' ')
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}
