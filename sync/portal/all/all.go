// Package all is the list of the kinds of portal.
package all

import (
	"time"

	"motcua"
	"motcua/sync/portal"
	"motcua/sync/portal/dvcqg"
)

// Kinds names the kinds of portal that Open knows.
func Kinds() []string { return []string{"dvcqg"} }

// Open makes the adapter for the profile's kind; now is its clock, time.Now
// when nil. PortalConfig means that the kind is unknown or the profile is
// incomplete.
func Open(p portal.Profile, now func() time.Time) (portal.Portal, error) {
	switch p.Kind {
	case "dvcqg":
		a, err := dvcqg.Open(p, dvcqg.Options{Now: now})
		if err != nil {
			return nil, err // not a nil adapter inside an interface
		}
		return a, nil
	}
	return nil, motcua.Fail(motcua.PortalConfig, "kind of portal is unknown", nil)
}
