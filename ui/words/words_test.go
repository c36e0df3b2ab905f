package words

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"motcua"
)

// go test ./ui/words -sort writes the files back in order, after somebody
// added a sentence at the end.
var sortFiles = flag.Bool("sort", false, "sort the files of words by key")

const folder = "../../assets/words"

func TestMain(m *testing.M) {
	flag.Parse()
	if *sortFiles {
		for _, lang := range Languages() {
			if err := sortFile(filepath.Join(folder, lang+".json")); err != nil {
				panic(err)
			}
		}
	}
	os.Exit(m.Run())
}

func sortFile(name string) error {
	data, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	sorted, err := inOrder(data)
	if err != nil {
		return err
	}
	return os.WriteFile(name, sorted, 0o644)
}

// inOrder is the file as it should be: sorted, two spaces, letters unescaped.
func inOrder(data []byte) ([]byte, error) {
	var text map[string]string
	if err := json.Unmarshal(data, &text); err != nil {
		return nil, err
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	err := e.Encode(text) // sorts the keys of a map
	return b.Bytes(), err
}

func load(t testing.TB, lang string) *Words {
	t.Helper()
	w, err := Load(lang)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func TestFilesAreSorted(t *testing.T) {
	for _, lang := range Languages() {
		name := filepath.Join(folder, lang+".json")
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if sorted, err := inOrder(data); err != nil || !bytes.Equal(sorted, data) {
			t.Errorf("%s is not in order (%v): run go test ./ui/words -sort", name, err)
		}
	}
}

func TestVietnameseComesFirst(t *testing.T) {
	if l := Languages(); len(l) < 2 || l[0] != "vi" || !slices.Contains(l, "en") {
		t.Errorf("the languages are %q", l)
	}
}

// Every language says the same things with the same arguments.
func TestLanguagesHaveTheSameKeys(t *testing.T) {
	vi := load(t, "vi")
	for _, lang := range Languages()[1:] {
		other := load(t, lang)
		for key, text := range vi.text {
			if !other.Has(key) {
				t.Errorf("%s lacks %s", lang, key)
			} else if a, b := places(text), places(other.text[key]); !slices.Equal(a, b) {
				t.Errorf("%s: vi has the places %q, %s has %q", key, a, lang, b)
			}
		}
		for key := range other.text {
			if !vi.Has(key) {
				t.Errorf("vi lacks %s", key)
			}
		}
	}
}

// places lists the {names} of a text once each, in order.
func places(text string) []string {
	var out []string
	for {
		_, rest, ok := strings.Cut(text, "{")
		if !ok {
			slices.Sort(out)
			return slices.Compact(out)
		}
		name, tail, _ := strings.Cut(rest, "}")
		out, text = append(out, name), tail
	}
}

// What a font on a screen, a text terminal and a slip of paper all have.
const marks = ` .,:;?!()/-%'"&+*=@#_{}“”‘’…–•·`

func TestLettersAreThoseEveryFontHas(t *testing.T) {
	for _, lang := range Languages() {
		for key, text := range load(t, lang).text {
			if strings.TrimSpace(text) != text || text == "" {
				t.Errorf("%s %s is empty or has space around it", lang, key)
			}
			if !norm.NFC.IsNormalString(text) {
				t.Errorf("%s %s is not NFC", lang, key)
			}
			for _, r := range text {
				letter := unicode.Is(unicode.Latin, r) || r >= '0' && r <= '9'
				if !letter && !strings.ContainsRune(marks, r) {
					t.Errorf("%s %s holds %q (%U)", lang, key, r, r)
				}
			}
		}
	}
}

// Vietnamese has no f, j, w or z: one of them in a sentence for citizens is a
// foreign word that slipped in, unless it is a name we know.
func TestVietnameseIsVietnamese(t *testing.T) {
	known := strings.Fields("pdf windows smart card pcscd linux setup make qr token usb wi-fi f1 f2 f9 " +
		"vneid pin chip email portal sms telex http https ocr mrz can bac pace")
	place := regexp.MustCompile(`\{[^}]*\}`)
	for key, text := range load(t, "vi").text {
		text = place.ReplaceAllString(text, "")
		for _, word := range strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '-' }) {
			if strings.ContainsAny(word, "fjwz") && !slices.Contains(known, word) {
				t.Errorf("%s holds %q", key, word)
			}
		}
	}
}

func TestTFillsPlaces(t *testing.T) {
	vi, en := load(t, "vi"), load(t, "en")
	vi.text["x"], en.text["x"] = "{a} và {b}", "{a} and {b}"
	for _, tt := range []struct {
		name, got, want string
	}{
		{"money", vi.T("x", "a", int64(1234567), "b", 5000), "1.234.567 và 5000"},
		{"english", en.T("x", "a", int64(200000), "b", int64(-1500)), "200,000 and -1,500"},
		{"an argument is not a place", vi.T("x", "a", "{b}", "b", "{a}"), "{b} và {a}"},
		{"small amounts", vi.T("x", "a", int64(0), "b", int64(999)), "0 và 999"},
		{"a name without value", vi.T("x", "a"), "{a} và {b}"},
		{"a missing key", vi.T("no.such.key", "a", 1), "no.such.key"},
	} {
		if tt.got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, tt.got, tt.want)
		}
	}
}

func TestFaultSpeaksForEveryError(t *testing.T) {
	w := load(t, "vi")
	if s, try := w.Fault(nil); s != "" || try != "" {
		t.Errorf("nil says %q, %q", s, try)
	}
	s, try := w.Fault(motcua.Fail(motcua.CardRemoved, "reader 0", errors.New("0x80100069")))
	if s != w.T("fault.C02") || try != w.T("fault.C02.try") || strings.Contains(s, "0x") {
		t.Errorf("a removed card says %q, %q", s, try)
	}
	defect, _ := w.Fault(errors.New("anything"))
	if strange, _ := w.Fault(motcua.Fail("Z99", "", nil)); strange != defect || defect != w.T("fault.H03") {
		t.Errorf("an unknown code says %q", strange)
	}
}

func TestUnknownLanguage(t *testing.T) {
	if _, err := Load("../../go"); motcua.CodeOf(err) != motcua.CatalogueBad {
		t.Errorf("a language that is not there gives %v", err)
	}
}
