// Package storetest is the exam of a store: what the contract promises, put
// as questions that bolt and memory both have to answer.
package storetest

import (
	"context"
	"testing"

	"motcua/store"
)

// Run examines the stores that open makes, a fresh one for each question.
func Run(t *testing.T, open func(t *testing.T) store.Store) {
	for _, part := range []map[string]func(*bench){keeping, finding, outbox, journal, attachments, watching} {
		for name, question := range part {
			t.Run(name, func(t *testing.T) {
				s := open(t)
				defer s.Close()
				question(&bench{t, s, context.Background()})
			})
		}
	}
}
