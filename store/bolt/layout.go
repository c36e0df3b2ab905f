package bolt

import (
	"encoding/binary"
	"time"

	"go.etcd.io/bbolt"

	"motcua"
	"motcua/store"
	"motcua/store/dossier"
)

// format is the version of the layout below. A file of a higher one is refused.
const format = 1

// The buckets.
var (
	bMeta     = []byte("meta")     // "format": uint32, unsealed so that every version can read it
	bDossiers = []byte("dossiers") // id: dossier
	bList     = []byte("list")     // see listKeys: nothing
	bAlias    = []byte("alias")    // folded number or code: id
	bFiles    = []byte("files")    // id 0 sha256: size of an attachment the dossier refers to
	bWays     = []byte("ways")     // id: way
	bOutbox   = []byte("outbox")   // seq: entry without its body
	bBodies   = []byte("bodies")   // seq: body of the entry
	bSteps    = []byte("steps")    // id 0 order: seq
	bDue      = []byte("due")      // time seq: nothing; only the first unsent of each dossier
	bUnsent   = []byte("unsent")   // seq: state
	bJournal  = []byte("journal")  // seq: journal entry
	bCounters = []byte("counters") // name: last number given
)

var buckets = [][]byte{
	bMeta, bDossiers, bList, bAlias, bFiles, bWays, bOutbox, bBodies, bSteps, bDue, bUnsent, bJournal, bCounters,
}

var (
	kFormat = []byte("format")
	kTip    = []byte("journal") // in meta: the journal's newest entry, so that a cut end is seen
)

// way is how far a dossier is on its way to the portal.
type way struct {
	Last int    `cbor:"1,keyasint"` // order of its newest entry
	Head uint64 `cbor:"2,keyasint"` // its first unsent entry; 0 when all are sent
	Sent int    `cbor:"3,keyasint"` // order of its newest sent entry
}

// tip is the newest entry of the journal.
type tip struct {
	Seq  uint64 `cbor:"1,keyasint"`
	Hash string `cbor:"2,keyasint"`
}

func be64(n uint64) []byte { return binary.BigEndian.AppendUint64(nil, n) }

// millis is a time as ascending bytes.
func millis(t time.Time) []byte { return be64(uint64(t.UnixMilli()) ^ 1<<63) }

// The kinds of list, the first byte of their keys.
const (
	listAll       = 'a'
	listPerson    = 'n'
	listProcedure = 'p'
	listStage     = 's'
	listWord      = 't'
	listUnsent    = 'u'
	listStatus    = 'x'
	listUnheard   = 'h'
)

// prefix is the start of the keys of one list. A value longer than a key
// allows is cut: who reads the list checks the record.
func prefix(kind byte, value string) []byte {
	value = value[:min(len(value), 255)]
	return append([]byte{kind, byte(len(value))}, value...)
}

// wordPrefix is the start of the keys of words that begin like plain.
func wordPrefix(plain string) []byte { return append([]byte{listWord}, plain...) }

// listKeys is every key of the list bucket that leads to d. All but the words
// and the unheard end with the dossier's place.
func listKeys(d *dossier.Dossier, w *way) map[string]bool {
	place, keys := store.Place(d), map[string]bool{}
	add := func(kind byte, value string) { keys[string(prefix(kind, value))+place] = true }
	add(listAll, "")
	add(listStage, string(d.Stage))
	add(listStatus, string(rune(d.Status)))
	add(listProcedure, d.Procedure.Code)
	for _, n := range store.Persons(d) {
		add(listPerson, n)
	}
	for _, word := range store.Words(d) {
		keys[string(wordPrefix(word.Plain))+"\x00"+place] = true
	}
	if w.Head != 0 {
		add(listUnsent, "")
	}
	if w.Sent != 0 && store.Unknown(d) {
		keys[string(prefix(listUnheard, ""))+string(millis(store.Heard(d)))+string(d.ID)] = true
	}
	return keys
}

// reader is a transaction that gives copies out.
type reader struct{ tx *bbolt.Tx }

// get decodes the value at key into v and reports whether there is one.
func (r reader) get(bucket, key []byte, v any) (bool, error) {
	b := r.tx.Bucket(bucket).Get(key)
	if b == nil {
		return false, nil
	}
	return true, unseal(bucket, key, b, v)
}

// dossier is nil when there is none. Every dossier has a way: when that alone
// is there, the dossier is lost and must not pass for one that never was.
func (r reader) dossier(id dossier.ID) (*dossier.Dossier, error) {
	var d dossier.Dossier
	found, err := r.get(bDossiers, []byte(id), &d)
	switch {
	case err != nil:
		return nil, err
	case !found && r.tx.Bucket(bWays).Get([]byte(id)) != nil:
		return nil, damaged("a dossier is lost")
	case !found:
		return nil, nil
	case d.Schema > dossier.Schema:
		return nil, motcua.Fail(motcua.StoreNewer, "dossier", nil)
	}
	return &d, nil
}

func (r reader) way(id dossier.ID) (way, error) {
	var w way
	_, err := r.get(bWays, []byte(id), &w)
	return w, err
}

// alias is the dossier that a folded reference names, empty when none.
func (r reader) alias(ref string) (id dossier.ID, err error) {
	_, err = r.get(bAlias, []byte(ref), &id)
	return id, err
}

// writer is a transaction that changes things. wrote tells the committer that
// it cannot go on after a refusal without rolling back.
type writer struct {
	reader
	wrote  bool
	events []store.Event
}

func (w *writer) put(bucket, key []byte, v any) error {
	b, err := seal(bucket, key, v)
	if err != nil {
		return err
	}
	return w.putRaw(bucket, key, b)
}

func (w *writer) putRaw(bucket, key, b []byte) error {
	w.wrote = true
	return w.tx.Bucket(bucket).Put(key, b)
}

func (w *writer) drop(bucket, key []byte) error {
	w.wrote = true
	return w.tx.Bucket(bucket).Delete(key)
}

func (w *writer) tell(id dossier.ID, kind store.EventKind) {
	w.events = append(w.events, store.Event{Dossier: id, Kind: kind})
}
