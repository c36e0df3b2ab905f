package procedure_test

import (
	"testing"
	"time"

	"motcua/assets"
	"motcua/store/deadline"
	"motcua/store/procedure"
)

func shipped(t testing.TB) *procedure.Catalogue {
	t.Helper()
	c, err := procedure.Load(assets.FS, "procedures")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

var november = time.Date(2026, 11, 12, 9, 0, 0, 0, deadline.Zone)

func TestShippedProceduresLoad(t *testing.T) {
	c := shipped(t)
	for _, code := range []string{"2.000815", "2.000884", "2.000635", "1.004873", "1.001193", "1.004194", "1.001612"} {
		p, err := c.At(code, november)
		if err != nil {
			t.Errorf("%s: %v", code, err)
			continue
		}
		if !p.Undated() {
			t.Errorf("%s has a validity no source gives", code)
		}
	}
	if _, err := deadline.Load(assets.FS, "holidays"); err != nil {
		t.Error(err)
	}
}
