package store

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"time"
	"unicode/utf8"

	"motcua"
)

// maxNote bounds each text of a journal entry, in bytes.
const maxNote = 2000

// Sum is the hash of the entry: SHA-256 over every field but Hash itself, each
// preceded by its length, so that no two entries share one spelling.
func (e *JournalEntry) Sum() string {
	h := sha256.New()
	var n [8]byte
	for _, field := range []string{
		"motcua journal 1", string(binary.BigEndian.AppendUint64(nil, e.Seq)),
		e.At.UTC().Format(time.RFC3339Nano), e.By, e.Action, string(e.Dossier), e.Detail, e.Body, e.Prev,
	} {
		binary.BigEndian.PutUint64(n[:], uint64(len(field)))
		h.Write(n[:])
		h.Write([]byte(field))
	}
	return hex.EncodeToString(h.Sum(nil))
}

// Chain makes e the entry after the one with number seq and hash prev; both
// are zero for the first entry. StoreInvalid when a text of e is unusable.
func (e *JournalEntry) Chain(seq uint64, prev string) error {
	if e.By == "" || e.Action == "" {
		return motcua.Fail(motcua.StoreInvalid, "journal: who and what", nil)
	}
	for _, s := range []string{e.By, e.Action, string(e.Dossier), e.Detail, e.Body} {
		if len(s) > maxNote || !utf8.ValidString(s) {
			return motcua.Fail(motcua.StoreInvalid, "journal: text", nil)
		}
	}
	if y := e.At.UTC().Year(); y < 1 || y > 9999 {
		return motcua.Fail(motcua.StoreInvalid, "journal: time", nil)
	}
	e.Seq, e.Prev = seq+1, prev
	e.Hash = e.Sum()
	return nil
}

// Follows reports whether e is whole and stands behind the entry with number
// seq and hash prev.
func (e *JournalEntry) Follows(seq uint64, prev string) bool {
	return e.Seq == seq+1 && e.Prev == prev && e.Hash == e.Sum()
}
