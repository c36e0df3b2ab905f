package all

import (
	"testing"

	"motcua"
	"motcua/sync/portal"
)

func TestOpen(t *testing.T) {
	for _, kind := range Kinds() {
		p, err := Open(portal.Profile{Kind: kind, URL: "https://portal.example/", User: "u"}, nil)
		if err != nil || p.Name() != kind {
			t.Errorf("%s: %v", kind, err)
		}
		// An incomplete profile must not come back as an adapter of nothing.
		if p, err := Open(portal.Profile{Kind: kind}, nil); motcua.CodeOf(err) != motcua.PortalConfig || p != nil {
			t.Errorf("%s without an address: %v, %v", kind, p, err)
		}
	}
	if p, err := Open(portal.Profile{Kind: "other"}, nil); motcua.CodeOf(err) != motcua.PortalConfig || p != nil {
		t.Errorf("%v, %v", p, err)
	}
}
