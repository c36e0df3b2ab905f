package pack_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"motcua"
	"motcua/store/pack"
)

type paper struct {
	Name  string            `json:"name"`
	Pages int               `json:"pages"`
	Parts []paper           `json:"parts"`
	Notes map[string]string `json:"notes"`
}

func TestDecodeReadsAPack(t *testing.T) {
	var p paper
	text := `{"name":"a","pages":2,"parts":[{"name":"a"},{"name":"a"}],"notes":{"a":"1","b":"2"}}` + "\n"
	if err := pack.Decode("x.json", []byte(text), &p); err != nil || p.Pages != 2 || len(p.Parts) != 2 {
		t.Errorf("%+v, %v", p, err)
	}
}

func TestDecodeNamesFileAndField(t *testing.T) {
	for _, tt := range []struct{ name, text, want string }{
		{"empty", ``, "x.json is not JSON"},
		{"half", `{"name":`, "x.json is not JSON"},
		{"two values", `{"name":"a"} {}`, "x.json is not JSON"},
		{"a field of nobody", `{"nam":"a"}`, "x.json: nam"},
		{"a field twice", `{"name":"a","name":"b"}`, "x.json: name is given twice"},
		{"a field twice by case", `{"name":"a","Name":"b"}`, "x.json: Name is given twice"},
		{"twice deep inside", `{"parts":[{"notes":{"k":"1","k":"2"}}]}`, "x.json: k is given twice"},
		{"another type", `{"pages":"two"}`, "x.json: pages"},
		{"not UTF-8", "{\"name\":\"\xff\"}", "x.json is not UTF-8"},
		{"deep", strings.Repeat(`{"parts":[`, 40) + strings.Repeat(`]}`, 40), "nested too deeply"},
		{"large", strings.Repeat(" ", pack.MaxSize+1), "larger than 1 MiB"},
	} {
		var p paper
		err := pack.Decode("x.json", []byte(tt.text), &p)
		if motcua.CodeOf(err) != motcua.CatalogueBad || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %q", tt.name, err, tt.want)
		}
	}
}

func TestReadIsBounded(t *testing.T) {
	fsys := fstest.MapFS{
		"large.json": {Data: []byte(strings.Repeat(" ", 2*pack.MaxSize))},
		"good.json":  {Data: []byte(`{"name":"a"}`)},
	}
	var p paper
	if err := pack.Read(fsys, "good.json", &p); err != nil || p.Name != "a" {
		t.Errorf("%+v, %v", p, err)
	}
	for _, name := range []string{"large.json", "none.json", "../good.json"} {
		if err := pack.Read(fsys, name, &p); motcua.CodeOf(err) != motcua.CatalogueBad {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzDecode(f *testing.F) {
	for _, s := range []string{`{"name":"a","parts":[{"pages":1}]}`, `{"a":{"a":1}}`, `[`, `{"name":"a"}{}`, `null`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var p paper
		if err := pack.Decode("x.json", data, &p); err != nil && motcua.CodeOf(err) != motcua.CatalogueBad {
			t.Errorf("%v is no fault of a pack", err)
		}
	})
}
