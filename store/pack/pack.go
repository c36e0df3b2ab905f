// Package pack reads the files of the catalogue: procedures, holidays, words.
//
// A pack is a JSON file that somebody edits by hand and the program trusts
// afterwards, so it is read strictly: bounded, one value, no unknown field, no
// field twice. What is wrong is said with the file and the field, because the
// person who must repair it is not the person who wrote the program.
package pack

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"unicode/utf8"

	"motcua"
)

// MaxSize bounds a pack: a hundred times the largest procedure, small enough
// to be read into memory without thought.
const MaxSize = 1 << 20

// Read decodes the file name of fsys into the value that into points to. The
// error is a motcua.Fault, CatalogueBad, whose detail names file and field.
func Read(fsys fs.FS, name string, into any) error {
	f, err := fsys.Open(name)
	if err != nil {
		return Bad(name, "", "cannot be opened", err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, MaxSize+1))
	if err != nil {
		return Bad(name, "", "cannot be read", err)
	}
	return Decode(name, data, into)
}

// Decode is Read for bytes that are here already; name is for the error.
func Decode(name string, data []byte, into any) error {
	switch {
	case len(data) > MaxSize:
		return Bad(name, "", "is larger than 1 MiB", nil)
	case !utf8.Valid(data):
		return Bad(name, "", "is not UTF-8 text", nil)
	}
	if twice, err := repeated(data); err != nil {
		return Bad(name, "", "is not JSON", err)
	} else if twice != "" {
		return Bad(name, twice, "is given twice", nil)
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return Bad(name, fieldOf(err), "is not of the form wanted", err)
	}
	return nil
}

// Bad is the fault of a malformed pack. Field and err may be empty.
func Bad(name, field, why string, err error) error {
	detail := name
	if field != "" {
		detail += ": " + field
	}
	return motcua.Fail(motcua.CatalogueBad, detail+" "+why, err)
}

// fieldOf finds the field an error of encoding/json is about.
func fieldOf(err error) string {
	var t *json.UnmarshalTypeError
	if errors.As(err, &t) {
		return t.Field
	}
	if _, name, found := strings.Cut(err.Error(), "unknown field "); found {
		return strings.Trim(name, `"`)
	}
	return ""
}

// maxDepth of nesting: the deepest pack we ship has six levels.
const maxDepth = 32

// repeated walks the text once and returns the first object key that stands
// twice in one object: encoding/json would silently let the second win. It
// also refuses a second value behind the first.
func repeated(data []byte) (string, error) {
	d := json.NewDecoder(bytes.NewReader(data))
	twice, err := walk(d, 0)
	if err != nil || twice != "" {
		return twice, err
	}
	if _, err := d.Token(); err != io.EOF {
		return "", errors.New("text after the end")
	}
	return "", nil
}

func walk(d *json.Decoder, depth int) (string, error) {
	if depth > maxDepth {
		return "", errors.New("nested too deeply")
	}
	t, err := d.Token()
	if err != nil {
		return "", err
	}
	open, ok := t.(json.Delim)
	if !ok {
		return "", nil
	}
	seen := map[string]bool{}
	for d.More() {
		if open == '{' {
			k, err := d.Token()
			if err != nil {
				return "", err
			}
			// Field names are matched without regard to case.
			key := strings.ToLower(fmt.Sprint(k))
			if seen[key] {
				return fmt.Sprint(k), nil
			}
			seen[key] = true
		}
		if twice, err := walk(d, depth+1); err != nil || twice != "" {
			return twice, err
		}
	}
	_, err = d.Token()
	return "", err
}
