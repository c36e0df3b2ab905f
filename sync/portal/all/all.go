// Package all is the list of the kinds of portal.
package all

import (
	"time"

	"motcua"
	"motcua/sync/portal"
	"motcua/sync/portal/dvcqg"
	"motcua/sync/wire"
)

// Options are what a profile does not hold: the clock, and in tests the
// network. The zero value is the real world.
type Options struct {
	Now  func() time.Time
	Wire wire.Config // only Dial is used
}

// Kinds names the kinds of portal that Open knows.
func Kinds() []string { return []string{"dvcqg"} }

// Open makes the adapter for the profile's kind. PortalConfig means that the
// kind is unknown or the profile is incomplete.
func Open(p portal.Profile, o Options) (portal.Portal, error) {
	switch p.Kind {
	case "dvcqg":
		a, err := dvcqg.Open(p, dvcqg.Options{Now: o.Now, Wire: o.Wire})
		if err != nil {
			return nil, err // not a nil adapter inside an interface
		}
		return a, nil
	}
	return nil, motcua.Fail(motcua.PortalConfig, "kind of portal is unknown", nil)
}
