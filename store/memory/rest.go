package memory

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"slices"

	"motcua"
	"motcua/store"
	"motcua/store/dossier"
)

// Put stores an attachment.
func (s *Store) Put(ctx context.Context, r io.Reader, name, mime string) (dossier.File, error) {
	if err := store.CheckFileNames(name, mime); err != nil {
		return dossier.File{}, err
	}
	b, err := io.ReadAll(r) // the lock is not held while the scanner speaks
	if err != nil {
		return dossier.File{}, motcua.Fail(motcua.StoreInvalid, "attachment could not be read", err)
	}
	if err := s.enter(ctx); err != nil {
		return dossier.File{}, err
	}
	defer s.mu.Unlock()
	sum := sha256.Sum256(b)
	f := dossier.File{SHA256: hex.EncodeToString(sum[:]), Name: name, MIME: mime, Size: int64(len(b))}
	s.files[f.SHA256] = b
	return f, nil
}

// Open reads an attachment back.
func (s *Store) Open(ctx context.Context, sha256 string) (io.ReadCloser, error) {
	if !store.IsSHA256(sha256) {
		return nil, motcua.Fail(motcua.StoreInvalid, "attachment reference", nil)
	}
	if err := s.enter(ctx); err != nil {
		return nil, err
	}
	defer s.mu.Unlock()
	b, ok := s.files[sha256]
	if !ok {
		return nil, motcua.Fail(motcua.StoreNotFound, "attachment", nil)
	}
	return store.Verified(io.NopCloser(bytes.NewReader(b)), sha256), nil
}

// Note appends to the journal.
func (s *Store) Note(ctx context.Context, e store.JournalEntry) error {
	if err := s.enter(ctx); err != nil {
		return err
	}
	defer s.mu.Unlock()
	return s.note(e)
}

func (s *Store) note(e store.JournalEntry) error {
	seq, prev := uint64(0), ""
	if n := len(s.journal); n > 0 {
		seq, prev = s.journal[n-1].Seq, s.journal[n-1].Hash
	}
	if e.At.IsZero() {
		e.At = s.Now()
	}
	if err := e.Chain(seq, prev); err != nil {
		return err
	}
	s.journal = append(s.journal, e)
	return nil
}

// JournalAfter reads the journal.
func (s *Store) JournalAfter(ctx context.Context, seq uint64, limit int) ([]store.JournalEntry, error) {
	if err := s.enter(ctx); err != nil {
		return nil, err
	}
	defer s.mu.Unlock()
	from := min(seq, uint64(len(s.journal)))
	rest := s.journal[from:]
	return slices.Clone(rest[:min(len(rest), max(limit, 0))]), nil
}

// VerifyJournal walks the chain.
func (s *Store) VerifyJournal(ctx context.Context) (int, error) {
	if err := s.enter(ctx); err != nil {
		return 0, err
	}
	defer s.mu.Unlock()
	prev := ""
	for i := range s.journal {
		if !s.journal[i].Follows(uint64(i), prev) {
			return i, motcua.Fail(motcua.StoreDamaged, "journal", nil)
		}
		prev = s.journal[i].Hash
	}
	return len(s.journal), nil
}
