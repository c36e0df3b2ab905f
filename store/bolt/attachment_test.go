package bolt

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"motcua"
	"motcua/store"
	"motcua/store/dossier"
	"motcua/store/storetest"
)

func putText(t *testing.T, s *Store, text string) dossier.File {
	t.Helper()
	f, err := s.Put(ctx, strings.NewReader(text), "a.txt", "text/plain")
	ok(t, err)
	return f
}

func readBack(s *Store, sum string) (string, error) {
	r, err := s.Open(ctx, sum)
	if err != nil {
		return "", err
	}
	defer r.Close()
	b, err := io.ReadAll(r)
	return string(b), err
}

func TestAttachmentPlace(t *testing.T) {
	s := open(t, t.TempDir())
	f := putText(t, s, "một trang")
	putText(t, s, "một trang")
	got, err := filepath.Glob(filepath.Join(s.dir, attached, "*", "*"))
	ok(t, err)
	if want := filepath.Join(s.dir, attached, f.SHA256[:2], f.SHA256); len(got) != 1 || got[0] != want {
		t.Errorf("files %v, want %s", got, want)
	}
	if left, _ := filepath.Glob(filepath.Join(s.dir, attached, putName)); len(left) != 0 {
		t.Errorf("left %v", left)
	}
}

// TestRottenAttachment: a changed file is not read as if it were whole, and is
// replaced when its content is put again.
func TestRottenAttachment(t *testing.T) {
	s := open(t, t.TempDir())
	f := putText(t, s, "một trang")
	for _, rotten := range []string{"một trans", "một", ""} {
		ok(t, os.WriteFile(s.place(f.SHA256), []byte(rotten), 0o600))
		_, err := readBack(s, f.SHA256)
		wantCode(t, err, motcua.StoreDamaged)
	}
	putText(t, s, "một trang")
	if got, err := readBack(s, f.SHA256); got != "một trang" || err != nil {
		t.Error(got, err)
	}
}

// TestLostAttachment: the dossier lives on, but a new one may not refer to it.
func TestLostAttachment(t *testing.T) {
	s := open(t, t.TempDir())
	f := putText(t, s, "một trang")
	d := storetest.Dossier(1)
	d.Components = []dossier.Component{{Key: "a", Name: "Tờ khai", Files: []dossier.File{f}}}
	kept, err := s.Keep(ctx, change(d, store.Create))
	ok(t, err)
	ok(t, os.Remove(s.place(f.SHA256)))
	kept, err = s.Keep(ctx, change(kept, store.Update))
	ok(t, err)

	other := storetest.Dossier(2)
	other.Components = d.Components
	_, err = s.Keep(ctx, change(other, store.Create))
	wantCode(t, err, motcua.StoreInvalid)

	kept.Components = nil
	kept, err = s.Keep(ctx, change(kept, store.Update))
	ok(t, err)
	kept.Components = d.Components // once let go, it is a new reference
	_, err = s.Keep(ctx, change(kept, store.Update))
	wantCode(t, err, motcua.StoreInvalid)
}

func TestAttachmentTooLarge(t *testing.T) {
	s, err := Open(t.TempDir(), Options{MaxAttachment: 10})
	ok(t, err)
	defer s.Close()
	_, err = s.Put(ctx, strings.NewReader("12345678901"), "a", "b")
	wantCode(t, err, motcua.StoreInvalid)
	putText(t, s, "1234567890")
	if files, _ := filepath.Glob(filepath.Join(s.dir, attached, "*")); len(files) != 1 {
		t.Errorf("files %v", files)
	}
}
