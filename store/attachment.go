package store

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"motcua"
)

// Verified reads r and fails with StoreDamaged in place of the end when the
// content is not the one with this SHA-256.
func Verified(r io.ReadCloser, sha256sum string) io.ReadCloser {
	return &verified{r, sha256.New(), sha256sum}
}

type verified struct {
	io.ReadCloser
	hash hash.Hash
	want string
}

func (v *verified) Read(p []byte) (int, error) {
	n, err := v.ReadCloser.Read(p)
	v.hash.Write(p[:n])
	if errors.Is(err, io.EOF) && hex.EncodeToString(v.hash.Sum(nil)) != v.want {
		err = motcua.Fail(motcua.StoreDamaged, "attachment", nil)
	}
	return n, err
}

// CheckFileNames refuses a file name or media type that is not plain text, is
// longer than 255 bytes or holds a path.
func CheckFileNames(name, mime string) error {
	for _, s := range []string{name, mime} {
		if len(s) > 255 || !utf8.ValidString(s) || strings.ContainsFunc(s, unicode.IsControl) {
			return motcua.Fail(motcua.StoreInvalid, "name of an attachment", nil)
		}
	}
	if strings.ContainsAny(name, `/\`) {
		return motcua.Fail(motcua.StoreInvalid, "path in the name of an attachment", nil)
	}
	return nil
}

// ValidCounter reports whether a counter may bear this name.
func ValidCounter(name string) bool {
	return name != "" && len(name) <= 255 && utf8.ValidString(name)
}
