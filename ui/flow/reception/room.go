package reception

import "motcua/ui/flow"

// roomOf points at a copy of the state's room.
func roomOf(s flow.State) *Room {
	var room Room
	inRoom(s, func(r *Room) { room = *r })
	return &room
}

// inRoom gives the state with its room changed.
func inRoom(s flow.State, change func(*Room)) flow.State {
	switch s := s.(type) {
	case Choosing:
		change(&s.Room)
		return s
	case Identifying:
		change(&s.Room)
		return s
	case Person:
		change(&s.Room)
		return s
	case Papers:
		change(&s.Room)
		return s
	case Promise:
		change(&s.Room)
		return s
	case Signing:
		change(&s.Room)
		return s
	case signed:
		change(&s.Room)
		return s
	case Finished:
		change(&s.Room)
		return s
	case Browsing:
		change(&s.Room)
		return s
	}
	return s
}

// caseOf is the dossier under way, in the states in which its sections may
// still be opened again.
func caseOf(s flow.State) (Case, bool) {
	switch s := s.(type) {
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

// CaseOf is the dossier under way in s, for the hands that act on it.
func CaseOf(s flow.State) (Case, bool) {
	switch s := s.(type) {
	case signed:
		return s.Case, true
	case Finished:
		return s.Case, true
	}
	return caseOf(s)
}
