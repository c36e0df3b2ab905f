package reference

import (
	"bytes"
	"fmt"
	"testing"
)

// FuzzReplay gives the journal any file: it is read to some point or refused,
// and what was read is read again the same.
func FuzzReplay(f *testing.F) {
	line := []byte(`{"kind":"request","service":"login"}`)
	f.Add(fmt.Appendf(nil, "%s %s\n", checksum(line), line))
	f.Add([]byte("00000000 {}\n"))
	f.Add([]byte("no line"))
	f.Fuzz(func(t *testing.T, file []byte) {
		var first, second []record
		end, err := replay(bytes.NewReader(file), func(r record) error { first = append(first, r); return nil })
		if end < 0 || end > int64(len(file)) || err == nil && bytes.Count(file, []byte("\n")) != len(first) {
			t.Fatalf("end %d of %d, %d records, %v", end, len(file), len(first), err)
		}
		again, err := replay(bytes.NewReader(file[:end]), func(r record) error { second = append(second, r); return nil })
		if err != nil || again != end || len(second) != len(first) {
			t.Errorf("the whole part does not read again: %v", err)
		}
	})
}
