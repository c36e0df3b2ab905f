package cccd

import (
	"sync"

	"motcua"
)

// maxTries is how often a program may try a secret on one card by itself. A
// chip slows down with each refusal, and a wrong number stays wrong.
const maxTries = 2

// Tries counts automatic tries for each card that lies on a reader. The zero
// value is ready; it may be used by several goroutines.
type Tries struct {
	mu    sync.Mutex
	taken map[string]int
}

// Take counts a try for the card with that answer to reset on that reader. The
// third is CardTriesSpent: ask the person.
func (t *Tries) Take(reader string, atr []byte) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	key := reader + "\x00" + string(atr)
	if t.taken[key] >= maxTries {
		return motcua.Fail(motcua.CardTriesSpent, "two automatic tries", nil)
	}
	if t.taken == nil {
		t.taken = map[string]int{}
	}
	t.taken[key]++
	return nil
}

// Clear forgets the tries on a reader: the card has left, was opened, or the
// person has typed a secret.
func (t *Tries) Clear(reader string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for key := range t.taken {
		if len(key) > len(reader) && key[:len(reader)+1] == reader+"\x00" {
			delete(t.taken, key)
		}
	}
}
