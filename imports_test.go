package motcua_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// room is one package: where it is, which other rooms it may look into, and
// what it may take from outside the house.
type room struct {
	name string
	sees string // rooms; "x/..." is x and all behind it
	door string // libraries, and the reaching packages of the standard library
}

// house is the drawing of the program and the check of it at once. Everything
// not written here is forbidden: a room looks down, never sideways into
// another's, and each library has one door.
//
// The first room is the module itself, motcua, which every room may see.
var house = []room{
	{"", "", ""},

	// Nouns.
	{"store/dossier", "", ""},
	{"store/pack", "", ""},
	{"store/deadline", "store/pack", ""},
	{"store/procedure", "store/pack store/deadline store/dossier", ""},
	{"ui/screen", "", ""},
	{"assets", "", ""},
	{"assets/fonts", "", ""},

	// What is kept.
	{"store", "store/dossier", "golang.org/x/text"},
	{"store/bolt", "store store/dossier", "go.etcd.io/bbolt github.com/fxamacker/cbor golang.org/x/crypto golang.org/x/sys"},
	{"store/memory", "store store/dossier", ""},
	{"store/storetest", "store store/dossier", ""},

	// Things on the desk.
	{"devices", "", ""},
	{"devices/emrtd", "", "github.com/ProtonMail/go-crypto"},
	{"devices/cccd", "devices/emrtd", "golang.org/x/text"},
	{"devices/pcsc", "devices", "github.com/ebfe/scard"},
	{"devices/pkcs11", "devices devices/pkcs11/talk", "os/exec"},
	{"devices/pkcs11/talk", "devices", ""},
	{"devices/pkcs11/module", "devices devices/pkcs11/talk", "github.com/miekg/pkcs11 unsafe C"},
	{"devices/printer", "devices", "net os/exec golang.org/x/sys"},
	{"devices/virtual", "devices", "net os/exec golang.org/x/text github.com/ProtonMail/go-crypto"},

	// The way to the portals.
	{"sync/portal", "store/dossier", ""},
	{"sync/portal/all", "sync/portal sync/portal/dvcqg sync/wire", ""},
	{"sync/portal/dvcqg", "sync/portal sync/wire store/dossier", "golang.org/x/text"},
	{"sync/portal/reference", "store/dossier", "net net/http go.etcd.io/bbolt golang.org/x/text"},
	{"sync/outbox", "sync/portal store store/dossier", ""},
	{"sync/wire", "sync/portal", "net net/http golang.org/x/text"},

	// Dialogues, and what draws them.
	{"ui/words", "assets store/pack", ""},
	{"ui/flow", "ui/screen ui/words", ""},
	{"ui/flow/flowtest", "ui/flow", ""},
	{"ui/flow/kiosk", "ui/flow ui/screen ui/words store store/dossier", ""},
	{"ui/flow/reception", "ui/flow ui/screen ui/words store store/dossier store/procedure store/deadline", ""},
	{"ui/flow/setup", "ui/flow ui/screen ui/words", ""},
	{"ui/console", "ui/flow ui/screen", ""},
	{"ui/paper", "assets/fonts", "github.com/jung-kurt/gofpdf github.com/boombuler/barcode golang.org/x/image golang.org/x/text"},
	{"ui/paper/pades", "", "github.com/smallstep/pkcs7 golang.org/x/crypto"},
	{"ui/window", "ui/window/... ui/flow ui/screen ui/words", "fyne.io/fyne/v2"},
	{"ui/window/demo", "ui/screen", ""},
	{"ui/window/field", "ui/window/shape ui/window/theme ui/screen", "fyne.io/fyne/v2 golang.org/x/text"},
	{"ui/window/shape", "ui/window/theme", "fyne.io/fyne/v2"},
	{"ui/window/theme", "assets/fonts", "fyne.io/fyne/v2"},

	// The one room that sees every room, and the programs.
	{"cmd/internal/desk", "...", "github.com/BurntSushi/toml github.com/oklog/ulid"},
	{"cmd/internal/trial", "...", "net os/exec"},
	{"cmd/motcua", "cmd/internal/... ui/... store/dossier", "fyne.io/fyne/v2 github.com/spf13/cobra"},
	{"cmd/motcuactl", "...", "github.com/spf13/cobra"},
	{"cmd/portald", "sync/portal/reference", "net net/http"},
	{"cmd/tokend", "devices/pkcs11/module", "golang.org/x/sys"},
}

// What reaches out of the program needs a door like a library does.
var reaching = []string{"net", "net/http", "os/exec", "plugin", "unsafe", "C"}

// A test may bring tools, start programs and listen: that is what it is for.
// What it may not do is to go round a door.
var forTests = strings.Fields("pgregory.net/rapid golang.org/x/text golang.org/x/image golang.org/x/sys github.com/ProtonMail/go-crypto " +
	"github.com/oklog/ulid github.com/smallstep/pkcs7 github.com/BurntSushi/toml net net/http os/exec unsafe")

// pkg is what the source of one package imports.
type pkg struct {
	name    string
	imports map[string]bool // path to whether only tests import it
	clients []string        // uses of an HTTP client outside tests
}

func TestRoomsLookWhereTheyMay(t *testing.T) {
	for _, p := range readHouse(t) {
		i := slices.IndexFunc(house, func(r room) bool { return r.name == p.name })
		if i < 0 {
			t.Errorf("%s is not on the map: draw it in imports_test.go", p.name)
			continue
		}
		for imported, testOnly := range p.imports {
			if why := house[i].refuses(imported, testOnly); why != "" {
				t.Error(why)
			}
		}
		for _, use := range p.clients {
			if p.name != "sync/wire" {
				t.Errorf("%s calls out with http.%s: only sync/wire does", p.name, use)
			}
		}
	}
}

func TestMapShowsNoRoomThatIsGone(t *testing.T) {
	packages := readHouse(t)
	for _, r := range house {
		if !slices.ContainsFunc(packages, func(p pkg) bool { return p.name == r.name }) {
			t.Errorf("the map shows %s, and there is no such room", r.name)
		}
	}
}

// The window's toolkit stays in the window: the programs without one do not
// link it.
func TestOnlyTheWindowLinksTheToolkit(t *testing.T) {
	packages := map[string]pkg{}
	for _, p := range readHouse(t) {
		packages[p.name] = p
	}
	for _, program := range []string{"cmd/motcuactl", "cmd/portald", "cmd/tokend"} {
		seen := map[string]bool{}
		var visit func(name string)
		visit = func(name string) {
			if seen[name] {
				return
			}
			seen[name] = true
			for imported, testOnly := range packages[name].imports {
				if inside, ok := roomOf(imported); ok && !testOnly {
					visit(inside)
				} else if strings.HasPrefix(imported, "fyne.io/") && !testOnly {
					t.Errorf("%s links the window's toolkit, through %s", program, name)
				}
			}
		}
		visit(program)
	}
}

func (r room) refuses(imported string, testOnly bool) string {
	name := r.name
	if name == "" {
		name = "motcua"
	}
	if inside, ok := roomOf(imported); ok {
		if testOnly || inside == "" || inside == r.name || covers(r.sees, inside) {
			return ""
		}
		return name + " looks into " + inside
	}
	outside := strings.Contains(strings.Split(imported, "/")[0], ".")
	if !outside && !slices.Contains(reaching, imported) {
		return ""
	}
	if within(strings.Fields(r.door), imported) || testOnly && within(forTests, imported) {
		return ""
	}
	return name + " takes " + imported + ", which has its door elsewhere"
}

// roomOf is the room an import path means, if it is one of ours.
func roomOf(imported string) (string, bool) {
	if imported == "motcua" {
		return "", true
	}
	return strings.CutPrefix(imported, "motcua/")
}

func covers(sees, name string) bool {
	for _, s := range strings.Fields(sees) {
		if wide, ok := strings.CutSuffix(s, "..."); s == name || ok && strings.HasPrefix(name+"/", wide) {
			return true
		}
	}
	return false
}

// within reports whether imported is one of the modules or behind one. For
// the standard library only the package itself counts.
func within(modules []string, imported string) bool {
	for _, m := range modules {
		if imported == m || strings.Contains(m, ".") && strings.HasPrefix(imported, m+"/") {
			return true
		}
	}
	return false
}

// readHouse parses the imports of every Go file, whatever system it is for.
func readHouse(t *testing.T) []pkg {
	t.Helper()
	found := map[string]*pkg{}
	err := filepath.WalkDir(".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (strings.HasPrefix(d.Name(), ".") && name != "." || slices.Contains([]string{"testdata", "trial", "build"}, name) || d.Name() == "testdata") {
			return filepath.SkipDir
		}
		if filepath.Ext(name) != ".go" {
			return nil
		}
		return readFile(found, filepath.ToSlash(name))
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(found) < 10 {
		t.Fatalf("only %d packages were found: this test has gone blind", len(found))
	}
	out := make([]pkg, 0, len(found))
	for _, p := range found {
		out = append(out, *p)
	}
	slices.SortFunc(out, func(a, b pkg) int { return strings.Compare(a.name, b.name) })
	return out
}

func readFile(found map[string]*pkg, name string) error {
	f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	dir := path.Dir(name)
	if dir == "." {
		dir = ""
	}
	p := found[dir]
	if p == nil {
		p = &pkg{name: dir, imports: map[string]bool{}}
		found[dir] = p
	}
	isTest := strings.HasSuffix(name, "_test.go")
	for _, spec := range f.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return err
		}
		testOnly, known := p.imports[imported]
		p.imports[imported] = isTest && (testOnly || !known)
	}
	if !isTest {
		p.clients = append(p.clients, clientsIn(f)...)
	}
	return nil
}

// calls are the names of net/http that reach out; the rest of it serves.
var calls = strings.Fields("Client Transport DefaultClient DefaultTransport Get Head Post PostForm NewRequest NewRequestWithContext")

func clientsIn(f *ast.File) (out []string) {
	ast.Inspect(f, func(n ast.Node) bool {
		sel, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		if x, ok := sel.X.(*ast.Ident); ok && x.Name == "http" && slices.Contains(calls, sel.Sel.Name) {
			out = append(out, sel.Sel.Name)
		}
		return true
	})
	return out
}

// The check itself is checked: what it must refuse, it refuses.
func TestTheMapRefuses(t *testing.T) {
	noun := room{"store/dossier", "", ""}
	wide := room{"cmd/motcua", "cmd/internal/...", "fyne.io/fyne/v2"}
	for _, tt := range []struct {
		r        room
		imported string
		testOnly bool
		want     string
	}{
		{noun, "motcua/store", false, "store/dossier looks into store"},
		{noun, "motcua/store", true, ""},
		{noun, "motcua", false, ""},
		{noun, "time", false, ""},
		{noun, "net/http", false, "store/dossier takes net/http, which has its door elsewhere"},
		{noun, "net/url", false, ""},
		{noun, "go.etcd.io/bbolt", true, "store/dossier takes go.etcd.io/bbolt, which has its door elsewhere"},
		{noun, "pgregory.net/rapid", true, ""},
		{wide, "motcua/cmd/internal/desk", false, ""},
		{wide, "motcua/store/bolt", false, "cmd/motcua looks into store/bolt"},
		{wide, "fyne.io/fyne/v2/app", false, ""},
		{wide, "fyne.io/fyne/v2x", false, "cmd/motcua takes fyne.io/fyne/v2x, which has its door elsewhere"},
	} {
		if got := tt.r.refuses(tt.imported, tt.testOnly); got != tt.want {
			t.Errorf("%s imports %s: %q, want %q", tt.r.name, tt.imported, got, tt.want)
		}
	}
}
