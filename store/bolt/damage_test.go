package bolt

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"motcua"
	"motcua/store"
	"motcua/store/dossier"
	"motcua/store/storetest"
)

// sample is a closed store with some dossiers, and the bytes of its database
// up to the last page in use.
func sample(t testing.TB, n int) (dir string, content []byte) {
	t.Helper()
	dir = t.TempDir()
	s := open(t, dir)
	for i := 1; i <= n; i++ {
		d := keepN(t, s, i, store.Create)
		if i%3 == 0 {
			_, err := s.Keep(ctx, change(d, store.Update))
			ok(t, err)
		}
	}
	ok(t, s.Close())
	content, err := os.ReadFile(filepath.Join(dir, dbName))
	ok(t, err)
	v, err := newSurvey(bytes.NewReader(content), int64(len(content)), true)
	ok(t, err)
	return dir, content[:v.pages*v.pageSize]
}

// tryStore opens what is in dir and reads everything. It gives the first
// error; what it must not do is panic, or say that a dossier is not there or
// is another.
func tryStore(dir string, n int) error {
	s, err := Open(dir, Options{})
	if err != nil {
		return err
	}
	defer s.Close()
	for i := 1; i <= n; i++ {
		want := storetest.Dossier(i)
		got, err := s.Get(ctx, want.ID)
		if err != nil {
			return fmt.Errorf("dossier %d: %w", i, err) // "not found" fails the test: it is a lie
		}
		want.Revision = got.Revision
		if x, y := mustBody(&got), mustBody(&want); !bytes.Equal(x, y) {
			return fmt.Errorf("dossier %d is silently another: %s", i, x)
		}
	}
	if _, err := s.List(ctx, store.Query{Text: "mau", Limit: 500}); err != nil {
		return err
	}
	return s.Check(ctx)
}

func mustBody(d *dossier.Dossier) []byte {
	b, _, err := store.Body(d)
	if err != nil {
		panic(err)
	}
	return b
}

func TestNotADatabase(t *testing.T) {
	dir, content := sample(t, 5)
	path := filepath.Join(dir, dbName)
	random := make([]byte, len(content))
	for i := range random {
		random[i] = byte(rand.Uint32())
	}
	noMeta := append(make([]byte, 2*4096), content[2*4096:]...)
	for name, b := range map[string][]byte{
		"empty": {}, "text": []byte("<html>not found</html>"), "random": random, "zeros": make([]byte, len(content)),
		"no meta pages": noMeta, "half": content[:len(content)/2], "one page": content[:4096],
		"a page short": content[:len(content)-4096], "a byte short": content[:len(content)-1],
	} {
		ok(t, os.WriteFile(path, b, 0o600))
		if _, err := Open(dir, Options{}); motcua.CodeOf(err) != motcua.StoreDamaged {
			t.Errorf("%s: %v", name, err)
		}
		if after, err := os.ReadFile(path); err != nil || !bytes.Equal(after, b) {
			t.Errorf("%s: the evidence was changed", name)
		}
	}
	ok(t, os.WriteFile(path, content, 0o600))
	ok(t, tryStore(dir, 5))
}

// TestBitRot flips single bits all over the file. bbolt alone would show most
// of them as other data; here none may pass for a dossier.
func TestBitRot(t *testing.T) {
	const dossiers = 40
	dir, content := sample(t, dossiers)
	flips := 400
	if testing.Short() {
		flips = 50
	}
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	seen, r := 0, rand.New(rand.NewPCG(seed, 0))
	for range flips {
		at := r.IntN(len(content) * 8)
		rotten := bytes.Clone(content)
		rotten[at/8] ^= 1 << (at % 8)
		ok(t, os.WriteFile(filepath.Join(dir, dbName), rotten, 0o600))
		switch err := tryStore(dir, dossiers); motcua.CodeOf(err) {
		case "": // a bit of free space, or of a value nobody asked for
		case motcua.StoreDamaged, motcua.StoreNewer:
			seen++
		default:
			t.Fatalf("bit %d: %v", at, err)
		}
	}
	t.Logf("%d of %d flips were seen, none was silent", seen, flips)
	if seen < flips/10 {
		t.Error("hardly any flip was seen: does the test hit the pages in use?")
	}
}

// TestRottenPages overwrites whole pages, and pages with other pages.
func TestRottenPages(t *testing.T) {
	const dossiers = 40
	dir, content := sample(t, dossiers)
	pages := len(content) / 4096
	for i := range pages {
		rotten := bytes.Clone(content)
		from := (i*7 + 3) % pages
		copy(rotten[i*4096:(i+1)*4096], content[from*4096:(from+1)*4096])
		ok(t, os.WriteFile(filepath.Join(dir, dbName), rotten, 0o600))
		switch err := tryStore(dir, dossiers); motcua.CodeOf(err) {
		case "", motcua.StoreDamaged, motcua.StoreNewer:
		default:
			t.Fatalf("page %d as page %d: %v", from, i, err)
		}
	}
}

// TestCutWhileOpen: the file shrinks under the map; reading must not end the
// process.
func TestCutWhileOpen(t *testing.T) {
	dir, content := sample(t, 40)
	s := open(t, dir)
	ok(t, os.Truncate(filepath.Join(dir, dbName), int64(len(content)/4)))
	lost := 0
	for i := 1; i <= 40; i++ {
		if _, err := s.Get(ctx, storetest.Dossier(i).ID); err != nil {
			wantCode(t, err, motcua.StoreDamaged)
			lost++
		}
	}
	if lost == 0 {
		t.Error("the cut was not noticed: does the test read beyond it?")
	}
}
