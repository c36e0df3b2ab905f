package procedure_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"motcua"
	"motcua/assets"
	"motcua/store/deadline"
	"motcua/store/dossier"
	"motcua/store/procedure"
)

func contains(text, part string) bool { return strings.Contains(text, part) }
func itoa(n int) string               { return strconv.Itoa(n) }

func source(t testing.TB, code string) string {
	t.Helper()
	data, err := assets.FS.ReadFile("procedures/" + code + "/procedure.json")
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// with is the shipped file with one thing changed; it must be there to change.
func with(t testing.TB, code, old, new string) fstest.MapFS {
	t.Helper()
	text := source(t, code)
	if !contains(text, old) {
		t.Fatalf("%s does not hold %s", code, old)
	}
	return fstest.MapFS{"p/" + code + "/procedure.json": {Data: []byte(strings.Replace(text, old, new, 1))}}
}

func TestBadFilesNameTheField(t *testing.T) {
	for _, tt := range []struct{ code, old, new, want string }{
		{"2.000815", `"schema": 1`, `"schema": 9`, "schema"},
		{"2.000815", `"code": "2.000815"`, `"code": "2.815"`, "code"},
		{"2.000815", `"code": "2.000815"`, `"code": "2.000816"`, "folder"},
		{"2.000815", `"validFrom": "unknown"`, `"validFrom": "soon"`, "validFrom"},
		{"2.000815", `"validFrom": "unknown"`, `"validFrom": "unknown", "validTo": "2026-13-01"`, "validTo"},
		{"2.000815", `"level": "commune"`, `"level": "hamlet"`, "level"},
		{"2.000815", `"name": "Chứng thực"`, `"name": ""`, "field.name"},
		{"2.000815", `"certainty": "S"`, `"certainty": "sure"`, "sources[0]"},
		{"2.000815", `"channel": "direct"`, `"channel": "pigeon"`, "ways[0].channel"},
		{"2.000815", `"unit": "same-day"`, `"unit": "same-week"`, "ways[0].limit"},
		{"2.000815", `"at": "15:00"`, `"at": "25:00"`, "hour"},
		{"2.000815", `"kind": "presented"`, `"kind": "borrowed"`, "components[0].kind"},
		{"2.000815", `"quantity": 1`, `"quantity": -1`, "components[0].quantity"},
		{"2.000815", `"kind": "counts"`, `"kind": "numbers"`, "asks[0].kind"},
		{"2.000815", `"default": "1"`, `"default": "0"`, "asks[1].default"},
		{"2.000815", `"pages": "pages"`, `"pages": "leaves"`, "leaves"},
		{"2.000815", `"cap": 200000`, `"cap": -5`, "amount out of range"},
		{"2.000815", `"upTo": 2,`, ``, "tiers"},
		{"2.000815", `"kind": "page-tier"`, `"kind": "per"`, "fees[0].rule"},
		{"2.000815", `"kind": "page-tier"`, `"kind": "guess"`, "fees[0].rule"},
		{"2.000884", `"amount": 10000`, `"amount": 10000.5`, "amount"},
		{"2.000884", `"unit": "case"`, `"unit": "box"`, "unit"},
		{"1.004194", `"online": {`, `"postal": {`, "online"},
		{"1.001193", `"late": {`, `"late": {"amount": 3,`, "amount"},
		{"1.001193", `"citizen"`, `"alien"`, "subjects"},
		{"1.001193", `"Nộp trực tuyến`, `"","Nộp`, "notes[0]"},
		{"1.001193", `"result":`, `"outcome":`, "outcome"},
	} {
		_, err := procedure.Load(with(t, tt.code, tt.old, tt.new), "p")
		if motcua.CodeOf(err) != motcua.CatalogueBad || !contains(err.Error(), tt.want) || !contains(err.Error(), "p/"+tt.code) {
			t.Errorf("%s with %s: %v, want the field %q", tt.code, tt.new, err, tt.want)
		}
	}
}

func TestTheVersionInForce(t *testing.T) {
	older := strings.NewReplacer(`"version": "2026-07"`, `"version": "old"`, `"validFrom": "unknown",
  "decision"`, `"validFrom": "unknown",
  "validTo": "2026-06-30",
  "decision"`).Replace(source(t, "2.000884"))
	newer := strings.Replace(source(t, "2.000884"), `"validFrom": "unknown"`, `"validFrom": "2026-07-01"`, 1)
	files := fstest.MapFS{"p/2.000884/a.json": {Data: []byte(older)}, "p/2.000884/b.json": {Data: []byte(newer)}}
	c, err := procedure.Load(files, "p")
	if err != nil {
		t.Fatal(err)
	}
	for day, want := range map[string]string{"2020-01-01": "old", "2026-06-30": "old", "2026-07-01": "2026-07", "2030-01-01": "2026-07"} {
		at, _ := deadline.ParseDay(day)
		if p, err := c.At("2.000884", at); err != nil || p.Version != want {
			t.Errorf("on %s: %v, %v", day, p, err)
		}
	}
	if p, err := c.Version("2.000884", "old"); err != nil || p.Version != "old" {
		t.Errorf("bound to the old version: %v", err)
	}
	for _, missing := range []error{errOf(c.At("9.999999", november)), errOf(c.At("", november)), errOf(c.Version("2.000884", "none"))} {
		if motcua.CodeOf(missing) != motcua.ProcedureUnknown {
			t.Errorf("missing: %v", missing)
		}
	}
	files["p/2.000884/c.json"] = &fstest.MapFile{Data: []byte(strings.Replace(newer, `"version": "2026-07"`, `"version": "x"`, 1))}
	if _, err := procedure.Load(files, "p"); motcua.CodeOf(err) != motcua.CatalogueBad || !contains(err.Error(), "overlaps") {
		t.Errorf("two versions at once: %v", err)
	}
}

func errOf(_ *procedure.Procedure, err error) error { return err }

func TestSearch(t *testing.T) {
	c := shipped(t)
	for _, tt := range []struct{ text, first string }{
		{"chung thuc ban sao", "2.000815"}, {"CHỨNG THỰC CHỮ KÝ", "2.000884"}, {"sao y", "2.000815"},
		{"khai sinh", "1.001193"}, {"doc than", "1.004873"}, {"1.0048", "1.004873"}, {"ho kinh doanh", "1.001612"},
		{"Đăng ký tạm trú", "1.004194"}, {"tình trạng", "1.004873"}, // decomposed
		{"trích lục", "2.000635"},
	} {
		found := c.Search(tt.text, november)
		if len(found) == 0 || found[0].Code != tt.first {
			t.Errorf("%q finds %v first, want %s", tt.text, codesOf(found), tt.first)
		}
	}
	if all := c.Search("  ", november); len(all) != 7 {
		t.Errorf("empty text finds %v", codesOf(all))
	}
	for _, none := range []string{"xyz", "ai sinh", "khai sinh xyz", "' OR 1=1"} {
		if found := c.Search(none, november); len(found) > 0 {
			t.Errorf("%q finds %v", none, codesOf(found))
		}
	}
	// Civil status holds three procedures; the field is the last place looked.
	if found := codesOf(c.Search("ho tich", november)); len(found) != 3 || found[0] != "2.000635" {
		t.Errorf("the field finds %v", found)
	}
}

func codesOf(ps []*procedure.Procedure) (out []string) {
	for _, p := range ps {
		out = append(out, p.Code)
	}
	return out
}

func TestChecklistDependsOnTheChannel(t *testing.T) {
	p := get(t, "1.001193")
	keys := func(ch dossier.Channel) (out []string) {
		for _, c := range p.Checklist(ch) {
			out = append(out, c.Key)
		}
		return out
	}
	direct, online := keys(dossier.Direct), keys(dossier.Online)
	if !slices.Contains(direct, "form") || slices.Contains(direct, "eform") {
		t.Errorf("at the counter: %v", direct)
	}
	if slices.Contains(online, "form") || !slices.Contains(online, "eform") {
		t.Errorf("online: %v", online)
	}
	w, ok := p.Way(dossier.Direct)
	if !ok || w.LimitFor("") != w.Limit || w.LimitFor("verify").Count != 3 || w.LimitFor("none") != w.Limit {
		t.Errorf("limits: %+v", w)
	}
	if _, ok := get(t, "2.000815").Way(dossier.Online); ok {
		t.Error("copies are certified at the counter only")
	}
	if b := get(t, "2.000815").Bind(); b.FieldID != "" || b.Code != "2.000815" || b.Version == "" {
		t.Errorf("bound as %+v", b)
	}
}

func FuzzLoad(f *testing.F) {
	for _, code := range []string{"2.000815", "1.001193", "1.004194"} {
		f.Add([]byte(source(f, code)))
	}
	f.Add([]byte(`{}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := procedure.Load(fstest.MapFS{"p/2.000815/procedure.json": {Data: data}}, "p")
		if err != nil {
			if motcua.CodeOf(err) != motcua.CatalogueBad {
				t.Errorf("%v is no fault of the catalogue", err)
			}
			return
		}
		for _, p := range c.Search("", november) {
			_, _ = procedure.Reckon(p, procedure.Inputs{Channel: dossier.Direct, Received: november, Answers: map[string]string{"pages": "3"}})
		}
	})
}

func FuzzFold(f *testing.F) {
	for _, s := range []string{"Chứng thực", "Đăng ký", "ß İ \xff", "  2.000815 "} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		once := procedure.Fold(text)
		if procedure.Fold(once) != once {
			t.Errorf("%q folds to %q and on", text, once)
		}
	})
}
