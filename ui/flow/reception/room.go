package reception

import "motcua/ui/flow"

// caseOf is the dossier under way, on the pages whose sections may be opened
// again.
func caseOf(at Page) (Case, bool) {
	switch s := at.(type) {
	case Identifying:
		return s.Case, true
	case Person:
		return s.Case, true
	case Papers:
		return s.Case, true
	case Promise:
		return s.Case, true
	case Signing:
		return s.Case, true
	}
	return Case{}, false
}

// withCase puts the case back where caseOf found it.
func withCase(at Page, c Case) Page {
	switch s := at.(type) {
	case Identifying:
		s.Case = c
		return s
	case Person:
		s.Case = c
		return s
	case Papers:
		s.Case = c
		return s
	case Promise:
		s.Case = c
		return s
	case Signing:
		s.Case = c
		return s
	}
	return at
}

// CaseOf is the dossier under way in s, for the hands that act on it.
func CaseOf(s flow.State) (Case, bool) {
	switch at := Here(s).(type) {
	case signed:
		return at.Case, true
	case Finished:
		return at.Case, true
	default:
		return caseOf(at)
	}
}

// Here is the page that s has come to.
func Here(s flow.State) Page {
	if c, ok := s.(Counter); ok {
		return c.At
	}
	return nil
}
