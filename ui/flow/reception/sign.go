package reception

import (
	"motcua/store/dossier"
	"motcua/ui/flow"
)

func (s Signing) step(_ Room, e flow.Event) (Page, []flow.Effect) {
	switch e := e.(type) {
	case Saw:
		s.Busy, s.Signers = "", e.Signers
		s.Chosen = firstUsable(e.Signers, s.Chosen)
	case flow.Picked:
		if e.Block == "signers" {
			s.Chosen = e.Key
		}
	case flow.Secret:
		if s.Busy == "" && s.Chosen != "" {
			s.Busy, s.Fault = "sign", nil
			return s, []flow.Effect{Sign{Fingerprint: s.Chosen, PIN: e.PIN}}
		}
	case Drawn:
		s.Dossier.Papers = []dossier.Paper{e.Paper}
		s.Busy = "keep"
		return signed{s}, []flow.Effect{Keep{}}
	case flow.Failed:
		s.Busy, s.Fault = "", e.Fault
		s.Again = againAfter(e.Effect)
	case flow.Pressed:
		return s.pressed(e.Action)
	}
	return s, nil
}

func (s Signing) pressed(action string) (Page, []flow.Effect) {
	if s.Busy != "" {
		return s, nil
	}
	switch action {
	case "tokens":
		s.Busy, s.Fault = "tokens", nil
		return s, []flow.Effect{Tokens{}}
	case "unsigned":
		s.Busy, s.Fault = "sign", nil
		return s, []flow.Effect{Draw{}}
	case "back":
		return Promise{Case: s.Case}, nil
	}
	return s, nil
}

// againAfter is the action that tries a failed effect again. A refused PIN has
// none: the person types it anew.
func againAfter(e flow.Effect) string {
	switch e.(type) {
	case Tokens:
		return "tokens"
	case Draw:
		return "unsigned"
	}
	return ""
}

func firstUsable(signers []Signer, chosen string) string {
	first := ""
	for _, g := range signers {
		if g.Off == "" && g.Fingerprint == chosen {
			return chosen
		}
		if g.Off == "" && first == "" {
			first = g.Fingerprint
		}
	}
	return first
}

// signed is Signing with the receipt in the store, on its way to be kept.
type signed struct{ Signing }

func (s signed) step(_ Room, e flow.Event) (Page, []flow.Effect) {
	switch e := e.(type) {
	case Kept:
		c := s.Case
		c.Dossier = e.Dossier
		return Finished{Case: c}, []flow.Effect{Print{}}
	case flow.Failed:
		s.Busy, s.Fault, s.Again = "", e.Fault, "keep"
	case flow.Pressed:
		if e.Action == "keep" && s.Busy == "" {
			s.Busy, s.Fault = "keep", nil
			return s, []flow.Effect{Keep{}}
		}
	}
	return s, nil
}

func (s Finished) step(_ Room, e flow.Event) (Page, []flow.Effect) {
	switch e := e.(type) {
	case Changed:
		if e.ID == s.Dossier.ID {
			return s, []flow.Effect{Refresh{}}
		}
	case Kept:
		if e.Dossier.ID == s.Dossier.ID {
			s.Dossier = e.Dossier
		}
	case flow.Failed:
		if _, ok := e.Effect.(Print); ok {
			s.Fault = e.Fault
		}
	case Printed:
		s.Fault = nil
	case flow.Pressed:
		switch e.Action {
		case "next":
			return Choosing{}, []flow.Effect{Search{}}
		case "print":
			s.Fault = nil
			return s, []flow.Effect{Print{}}
		}
	}
	return s, nil
}
