package words

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"motcua/store/deadline"
	"motcua/store/dossier"
	"motcua/store/procedure"
)

// codes reads the codes from the source, so that a new one cannot be missed.
func codes(t *testing.T) []string {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), "../../fault.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	ast.Inspect(f, func(n ast.Node) bool {
		v, ok := n.(*ast.ValueSpec)
		if !ok || len(v.Values) != 1 {
			return true
		}
		if name, ok := v.Type.(*ast.Ident); !ok || name.Name != "Code" {
			return true
		}
		if lit, ok := v.Values[0].(*ast.BasicLit); ok {
			code, _ := strconv.Unquote(lit.Value)
			out = append(out, code)
		}
		return true
	})
	return out
}

func TestEveryCodeHasItsSentences(t *testing.T) {
	declared := codes(t)
	if len(declared) < 50 {
		t.Fatalf("only %d codes were found in fault.go", len(declared))
	}
	for _, lang := range Languages() {
		w := load(t, lang)
		for _, code := range declared {
			for _, key := range []string{"fault." + code, "fault." + code + ".try"} {
				if !w.Has(key) {
					t.Errorf("%s lacks %s", lang, key)
				}
			}
		}
		for key := range w.text {
			code, is := strings.CutPrefix(strings.TrimSuffix(key, ".try"), "fault.")
			if is && !slices.Contains(declared, code) {
				t.Errorf("%s has %s for a code that fault.go does not declare", lang, key)
			}
		}
	}
}

// Keys that are made of a value at run time.
func TestFamiliesAreComplete(t *testing.T) {
	w := load(t, Default)
	need := func(key string) {
		t.Helper()
		if !w.Has(key) {
			t.Errorf("no sentence for %s", key)
		}
	}
	for s := dossier.Registered; s.Valid(); s++ {
		need("status." + strconv.Itoa(int(s)))
	}
	for _, s := range []dossier.Stage{dossier.Draft, dossier.Accepted, dossier.Transferred, dossier.Waiting,
		dossier.Decided, dossier.AtDesk, dossier.Delivered, dossier.Declined, dossier.Ended} {
		need("stage." + string(s))
	}
	for _, c := range []dossier.Channel{dossier.Direct, dossier.Online, dossier.Postal} {
		need("channel." + strconv.Itoa(int(c)))
	}
	for _, check := range []string{"hashes", "signature", "chain", "chipAuth", "activeAuth"} {
		need("check." + check)
		for _, state := range []string{"verified", "failed", "unsupported", "not-attempted"} {
			need("check." + check + "." + state)
			need("check.state." + state)
		}
	}
	for _, u := range []deadline.Unit{deadline.WorkingHour, deadline.WorkingDay, deadline.CalendarDay, deadline.Month} {
		for n := 1; n <= 2; n++ {
			key, _ := deadline.Limit{Count: n, Unit: u}.Words()
			need(key)
		}
	}
	need("limit.same-day")
	for _, f := range []string{deadline.FlagBeyond, deadline.FlagUndecided, deadline.FlagProjected, deadline.FlagHours, deadline.FlagLimit} {
		need("deadline.flag." + f)
	}
	for _, l := range []procedure.Level{procedure.Commune, procedure.Province, procedure.Ministry} {
		need("level." + string(l))
	}
}

// A key that is written out in the source must have its sentence: T("key" and,
// for the packages that make reasons and formulas, say("code" and Key: "key".
func TestKeysInTheSourceExist(t *testing.T) {
	w := load(t, Default)
	found := 0
	each(t, "../..", func(name string, call *ast.CallExpr) {
		if key, ok := keyOf(call); ok {
			found++
			if !w.Has(key) {
				t.Errorf("%s asks for %q, which has no sentence", name, key)
			}
		}
	})
	each(t, "../../store/deadline", func(name string, call *ast.CallExpr) {
		if code, ok := firstText(call, "say"); ok {
			found++
			if !w.Has("deadline.reason."+strings.TrimSuffix(code, ".")) && !strings.HasSuffix(code, ".") {
				t.Errorf("%s gives the reason %q, which has no sentence", name, code)
			}
		}
	})
	for _, kind := range []deadline.CutKind{deadline.ResultNext, deadline.StartNext, deadline.LastHour} {
		if !w.Has("deadline.reason.cut-off." + string(kind)) {
			t.Errorf("no sentence for the cut-off %q", kind)
		}
	}
	if found == 0 {
		t.Error("no key was found in the source: this test has gone blind")
	}
}

// each parses the Go files under root and calls see for every call.
func each(t *testing.T, root string, see func(name string, call *ast.CallExpr)) {
	t.Helper()
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			if d != nil && slices.Contains([]string{".git", "trial", "build", "testdata"}, d.Name()) {
				return filepath.SkipDir
			}
			return err
		}
		if filepath.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(f, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok {
				see(name, call)
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// keyOf is the key of a call x.T("key", ...).
func keyOf(call *ast.CallExpr) (string, bool) {
	return firstText(call, "T")
}

func firstText(call *ast.CallExpr, method string) (string, bool) {
	sel, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || sel.Sel.Name != method || len(call.Args) == 0 {
		return "", false
	}
	lit, ok := call.Args[0].(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", false
	}
	text, err := strconv.Unquote(lit.Value)
	return text, err == nil
}

func TestFormulasHaveTheirSentences(t *testing.T) {
	w := load(t, Default)
	for _, key := range []string{"free", "fixed", "per-copy", "per-case", "pages", "pages-capped", "on-time", "exempt", "manual", "unknown"} {
		if !w.Has("fee.formula." + key) {
			t.Errorf("no sentence for the formula %q", key)
		}
	}
}

// The warnings about a card are read from the source of their packages.
func TestCardWarningsHaveTheirSentences(t *testing.T) {
	w := load(t, Default)
	var found int
	for _, pattern := range []string{"../../devices/cccd/*.go", "../../devices/emrtd/*.go"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range files {
			f, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(f, func(n ast.Node) bool {
				v, ok := n.(*ast.ValueSpec)
				if !ok || !strings.HasPrefix(v.Names[0].Name, "Warn") || len(v.Values) != 1 {
					return true
				}
				if lit, ok := v.Values[0].(*ast.BasicLit); ok {
					found++
					if code, _ := strconv.Unquote(lit.Value); !w.Has("card-warning." + code) {
						t.Errorf("no sentence for the warning %q", code)
					}
				}
				return true
			})
		}
	}
	if found == 0 {
		t.Error("no warning was found in the source: this test has gone blind")
	}
}
