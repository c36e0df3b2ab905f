package store

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"reflect"
	"strings"
	"time"
	"unicode/utf8"

	"motcua"
	"motcua/store/dossier"
)

// The rules of keeping that do not depend on where things are kept. Both rooms
// call them, so that they cannot differ.

const (
	maxID   = 64      // bytes of a dossier's identity
	maxCode = 200     // bytes of an official code
	maxBody = 4 << 20 // bytes of a dossier's canonical JSON
)

// Advance is the dossier that keeping c makes of old (nil when there is none):
// checked, one revision on, with what only the portal may change taken from
// old. Those are Code once it is bound, Portal and SynchronisedAt: they change
// without a new revision (see Learn), so the officer's copy may be stale in
// them without being stale. A revision that the portal must hear of is not
// synchronised any more.
func Advance(old *dossier.Dossier, c Change) (dossier.Dossier, error) {
	d := c.Dossier
	if err := checkChange(&c); err != nil {
		return d, err
	}
	if old == nil && d.Revision != 0 {
		return d, motcua.Fail(motcua.StoreConflict, "no earlier revision", nil)
	}
	if old != nil {
		if d.Revision != old.Revision {
			return d, motcua.Fail(motcua.StoreConflict, "revision", nil)
		}
		if old.Stage != dossier.Draft && d.Number != old.Number {
			return d, motcua.Fail(motcua.StoreInvalid, "the number is printed already", nil)
		}
		d.Portal, d.SynchronisedAt = old.Portal, old.SynchronisedAt
		if old.Code != "" {
			d.Code = old.Code
		}
	}
	if c.Send != Nothing {
		d.SynchronisedAt = nil
	}
	d.Revision++
	return d, nil
}

func checkChange(c *Change) error {
	if !validText(reflect.ValueOf(c.Dossier)) {
		return motcua.Fail(motcua.StoreInvalid, "a text is not UTF-8", nil)
	}
	if !validID(c.Dossier.ID) {
		return motcua.Fail(motcua.StoreInvalid, "id", nil)
	}
	if err := c.Dossier.Check(); err != nil {
		return motcua.Fail(motcua.StoreInvalid, "", err)
	}
	switch c.Send {
	case Nothing:
		return nil
	case Create, Update, Progress:
	default:
		return motcua.Fail(motcua.StoreInvalid, "kind of sending", nil)
	}
	if c.Dossier.Stage == dossier.Draft {
		return motcua.Fail(motcua.StoreInvalid, "a draft is not sent", nil)
	}
	return nil
}

// validText reports whether every string in v is UTF-8. What is not would come
// back changed from JSON and not at all from CBOR.
func validText(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.String:
		return utf8.ValidString(v.String())
	case reflect.Pointer:
		return v.IsNil() || validText(v.Elem())
	case reflect.Slice:
		for i := range v.Len() {
			if !validText(v.Index(i)) {
				return false
			}
		}
	case reflect.Map:
		for k, e := range v.Seq2() {
			if !validText(k) || !validText(e) {
				return false
			}
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() && !validText(v.Field(i)) {
				return false
			}
		}
	}
	return true
}

// validID keeps identities to what a key, a log and a file name can hold.
func validID(id dossier.ID) bool {
	const letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_"
	return id != "" && len(id) <= maxID && strings.Trim(string(id), letters) == ""
}

// Body is the canonical JSON of d and its SHA-256 in lower-case hex.
func Body(d *dossier.Dossier) ([]byte, string, error) {
	b, err := json.Marshal(d)
	if err != nil || len(b) > maxBody {
		return nil, "", motcua.Fail(motcua.StoreInvalid, "record", err)
	}
	sum := sha256.Sum256(b)
	return b, hex.EncodeToString(sum[:]), nil
}

// Files is every attachment the dossier refers to.
func Files(d *dossier.Dossier) []dossier.File {
	var out []dossier.File
	for _, c := range d.Components {
		out = append(out, c.Files...)
	}
	for _, p := range d.Papers {
		if p.File.SHA256 != "" {
			out = append(out, p.File)
		}
	}
	return out
}

// IsSHA256 reports whether s is a SHA-256 in lower-case hex. Rooms make file
// names of it, so nothing else may pass.
func IsSHA256(s string) bool {
	return len(s) == 64 && strings.Trim(s, "0123456789abcdef") == ""
}

// News is what Learn made of the portal's word.
type News struct {
	Changed bool   // a code or a status is new
	Action  string // for the journal, empty when nothing changed
	Detail  string
}

// Learn writes the portal's word into d without a new revision. The first
// official code stays bound for life: papers carry it. Another one is kept in
// Portal only and the journal says so; so is a code that taken says is another
// dossier's. An empty code or status says nothing and erases nothing. A word
// older than the one we have fills gaps only, and what cannot be a code (longer
// than 200 bytes, not UTF-8) is none.
func Learn(d *dossier.Dossier, p dossier.Portal, now time.Time, taken func(code string) bool) News {
	before := *d
	if len(p.Code) > maxCode || !utf8.ValidString(p.Code) {
		p.Code = ""
	}
	at := now
	if p.At != nil {
		at = *p.At
	}
	late := d.Portal.At != nil && at.Before(*d.Portal.At)
	if p.Code != "" && (d.Portal.Code == "" || !late) {
		d.Portal.Code = p.Code
	}
	if p.Status.Valid() && (d.Portal.Status == 0 || !late) {
		d.Portal.Status = p.Status
	}
	if !late {
		d.Portal.At = &at
	}
	return bind(d, &before, p.Code, taken)
}

func bind(d, before *dossier.Dossier, code string, taken func(string) bool) News {
	n := News{Changed: d.Portal.Code != before.Portal.Code || d.Portal.Status != before.Portal.Status}
	switch {
	case code == "" || dossier.FoldCode(code) == dossier.FoldCode(d.Code):
	case d.Code != "":
		n.Detail = "the portal names another code than the one bound"
	case taken(dossier.FoldCode(code)):
		n.Detail = "the portal names a code that is another dossier's"
	default:
		d.Code, n.Changed = code, true
	}
	if n.Changed {
		n.Action = "portal"
	} else {
		n.Detail = ""
	}
	return n
}

// Unknown reports whether the poll of statuses should ask for d, given that
// something of it was sent.
func Unknown(d *dossier.Dossier) bool { return d.Code == "" || !d.Portal.Status.Final() }

// Heard is when the portal last spoke of d, zero when it never did. Unheard
// gives the longest silence first, so that a short poll comes round to all.
func Heard(d *dossier.Dossier) time.Time {
	if d.Portal.At == nil {
		return time.Time{}
	}
	return *d.Portal.At
}
