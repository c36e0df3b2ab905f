package bolt

import (
	"bytes"
	"testing"

	"motcua"
	"motcua/store"
	"motcua/store/dossier"
	"motcua/store/storetest"
)

// FuzzUnseal reads arbitrary bytes as each kind of record: a value or a Fault,
// never a panic; and what was read can be written.
func FuzzUnseal(f *testing.F) {
	key := []byte("k")
	for _, v := range []any{
		storetest.Dossier(1), store.Entry{Seq: 1, Tries: []store.Try{{N: 1}}}, store.JournalEntry{Seq: 1}, way{1, 2, 3}, tip{1, "x"},
	} {
		b, err := seal(bDossiers, key, v)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b[headerSize:])
	}
	f.Add([]byte{0x9b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff})
	f.Fuzz(func(t *testing.T, content []byte) {
		if err := unseal(bDossiers, key, content, new(int)); err == nil && len(content) < headerSize {
			t.Fatal("a record without a header was read")
		}
		b := sealBytes(bDossiers, key, content) // behind a true checksum, so that the decoder is reached
		for _, v := range []any{new(dossier.Dossier), new(store.Entry), new(store.JournalEntry), new(way), new(tip)} {
			err := unseal(bDossiers, key, b, v)
			if err != nil && motcua.CodeOf(err) != motcua.StoreDamaged {
				t.Fatal(err)
			}
			if err == nil {
				if _, err := seal(bDossiers, key, v); err != nil {
					t.Fatal(err)
				}
			}
		}
	})
}

// FuzzSurvey changes a small database and surveys it: a verdict, never a panic
// or an endless walk.
func FuzzSurvey(f *testing.F) {
	_, content := sample(f, 12)
	for _, at := range []uint32{0, 8, 4096 + 16, 2*4096 + 8, 3*4096 + 16} {
		f.Add(at, []byte{0xff, 0xff, 0xff, 0xff})
	}
	f.Fuzz(func(t *testing.T, at uint32, patch []byte) {
		b := bytes.Clone(content)
		copy(b[int(at)%len(b):], patch)
		// The pages below true meta pages, where the patch may hit.
		copy(b[:2*4096], content[:2*4096])
		_ = surveyAll(bytes.NewReader(b), int64(len(b)), true)
		// And the patch as a whole file.
		_ = surveyAll(bytes.NewReader(patch), int64(len(patch)), true)
	})
}
