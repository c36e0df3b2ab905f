// Package store is the contract of what the centre keeps: dossiers, their
// attachments, the journal of who did what, and the outbox to the portal.
//
// The promise: when Keep has returned without error the dossier, its indexes,
// its attachment references, the journal entry and the outbox entry are all
// durable, or else none of them is. There is no moment at which one exists
// without the others.
//
// Two rooms stand behind this door, bolt (one bbolt file) and memory (the
// stand-in); the suite in storetest is the exam both of them sit.
//
// Errors are *motcua.Fault with a code of area G.
package store

import (
	"context"
	"io"
	"time"

	"motcua/store/dossier"
)

// Store keeps dossiers. Its methods may be called from several goroutines.
type Store interface {
	// Keep writes one change of one dossier in one transaction. The change's
	// dossier carries the revision it was read at (0 for a new one); Keep
	// stores it as the next revision and returns it as stored. StoreConflict
	// means somebody else changed it since; nothing was written then.
	Keep(ctx context.Context, c Change) (dossier.Dossier, error)
	// Get is the newest revision of the dossier.
	Get(ctx context.Context, id dossier.ID) (dossier.Dossier, error)
	// Find is the dossier that a person names: by provisional number or
	// official code, whichever they hold. Comparison is by dossier.FoldCode.
	Find(ctx context.Context, reference string) (dossier.Dossier, error)
	// List pages through dossiers, newest reception first.
	List(ctx context.Context, q Query) (Page, error)
	// Next is the next number of a durable counter, starting at 1. A number
	// is never given twice, even when its dossier is never kept.
	Next(ctx context.Context, counter string) (int, error)

	Attachments
	Outbox
	Journal

	// Watch calls tell after each change that became durable, until stop is
	// called. tell runs on the store's goroutine: it must return at once.
	Watch(tell func(Event)) (stop func())
	io.Closer
}

// Change is one keeping.
type Change struct {
	Dossier dossier.Dossier
	By      string    // who did it: officer id, "portal", "kiosk"
	Action  string    // what it was, for the journal: "receive", "status", ...
	At      time.Time // when
	// Send says that the portal must hear of this revision: an outbox entry
	// of this kind is written in the same transaction. Empty for drafts.
	Send Kind
}

// Kind of an outbox entry.
type Kind string

// The kinds of outbox entries.
const (
	Nothing  Kind = ""
	Create   Kind = "create"   // the portal hears of the dossier for the first time
	Update   Kind = "update"   // its data changed
	Progress Kind = "progress" // a step was added
)

// Query selects dossiers for List. Zero fields do not restrict.
type Query struct {
	Text      string // folded name, number, code or phone, any part at a word's start
	Stage     dossier.Stage
	Status    dossier.Status
	Procedure string
	Person    string    // personal number, exact
	From, To  time.Time // reception, half open
	Unsent    bool      // only those with something still in the outbox
	Limit     int       // at most; 0 means 50, never above 500
	Cursor    string    // from the page before
}

// Page is one page of a list. Next is empty on the last.
type Page struct {
	Dossiers []dossier.Dossier
	Next     string
}

// Attachments keeps files by their content.
type Attachments interface {
	// Put stores r durably and returns the reference. The same content twice
	// is stored once. A reference may be used in a Keep only after Put
	// returned.
	Put(ctx context.Context, r io.Reader, name, mime string) (dossier.File, error)
	// Open reads an attachment back; the reader fails with StoreDamaged at
	// the end when the content is not what was stored.
	Open(ctx context.Context, sha256 string) (io.ReadCloser, error)
}

// State of an outbox entry.
type State string

// The states of an outbox entry.
const (
	Ready State = "ready" // to be sent when its time has come
	Taken State = "taken" // leased to a sender until LeaseUntil
	Sent  State = "sent"  // the portal confirmed it
	Held  State = "held"  // a person must look: see the last try's code
)

// Entry is one message on its way to the portal. Body and SHA256 are fixed by
// the transaction that kept the dossier and never change afterwards.
type Entry struct {
	Seq      uint64     // over all dossiers, ascending
	Dossier  dossier.ID //
	Order    int        // within the dossier, from 1
	Kind     Kind
	Revision int
	Body     []byte // canonical JSON of the dossier as kept
	SHA256   string // of Body, lower-case hex
	KeptAt   time.Time

	State      State
	LeaseUntil time.Time
	NextTry    time.Time // not before
	Tries      []Try     // newest last, at most MaxTries kept
}

// MaxTries bounds the tries remembered per entry; the count goes on in Try.N.
const MaxTries = 20

// Key is the entry's idempotency key: stable over every try.
func (e *Entry) Key() string { return string(e.Dossier) + "-" + e.SHA256[:16] }

// Try is one attempt to send, with personal data masked.
type Try struct {
	N        int           `json:"n"` // from 1
	At       time.Time     `json:"at"`
	Took     time.Duration `json:"took"`
	Code     string        `json:"code,omitempty"` // fault code; empty on success
	Said     string        `json:"said,omitempty"` // the portal's message, cut and masked
	Request  string        `json:"request,omitempty"`
	Reply    string        `json:"reply,omitempty"`
	Resolved bool          `json:"resolved,omitempty"`
}

// Outbox is the durable queue to the portal. Order is strict within a dossier:
// an entry is offered only after every earlier one of its dossier is Sent.
type Outbox interface {
	// Lease takes up to n entries that may be sent at now and marks them
	// Taken until the given time. At most one entry per dossier is ever out.
	// A lease that has run out is offered again.
	Lease(ctx context.Context, now, until time.Time, n int) ([]Entry, error)
	// Settle ends a lease with what came of it, in one transaction with the
	// dossier: on Sent the official code, the portal's status and the time
	// of synchronisation are written as well.
	Settle(ctx context.Context, seq uint64, o Outcome) error
	// Hear records what the portal says of a dossier without being sent
	// anything: code and status.
	Hear(ctx context.Context, id dossier.ID, p dossier.Portal) error
	// Resend makes a held entry, or one waiting for its next try, ready now.
	Resend(ctx context.Context, seq uint64, now time.Time) error
	// Entries is every entry of a dossier, in order.
	Entries(ctx context.Context, id dossier.ID) ([]Entry, error)
	// Unheard is dossiers sent to the portal whose official code or end is
	// not known yet, for the poll of statuses, oldest first.
	Unheard(ctx context.Context, limit int) ([]dossier.Dossier, error)
	// Queue counts what is in the outbox.
	Queue(ctx context.Context) (Queue, error)
}

// Outcome is how a try ended.
type Outcome struct {
	State   State // Sent, Ready (try again at NextTry) or Held
	NextTry time.Time
	Try     Try
	Portal  dossier.Portal // on Sent: what the portal answered
}

// Queue counts entries by state. Oldest is when the oldest unsent was kept.
type Queue struct {
	Ready, Taken, Held, Sent int
	Oldest                   time.Time
}

// Waiting is the number of entries the portal has not confirmed.
func (q Queue) Waiting() int { return q.Ready + q.Taken + q.Held }

// Entry of the journal: append-only, each bound to the one before by its hash.
type JournalEntry struct {
	Seq     uint64     `json:"seq"`
	At      time.Time  `json:"at"`
	By      string     `json:"by"`
	Action  string     `json:"action"`
	Dossier dossier.ID `json:"dossier,omitempty"`
	Detail  string     `json:"detail,omitempty"` // no personal data
	Body    string     `json:"body,omitempty"`   // SHA-256 of what was kept
	Prev    string     `json:"prev"`             // hash of the entry before
	Hash    string     `json:"hash"`             // over all fields above
}

// Journal is who did what.
type Journal interface {
	// Note appends an entry that is not part of a Keep: a look at a sensitive
	// record, a print, a sign-in.
	Note(ctx context.Context, e JournalEntry) error
	// Entries after seq, oldest first.
	JournalAfter(ctx context.Context, seq uint64, limit int) ([]JournalEntry, error)
	// VerifyJournal walks the whole chain. It returns how many entries hold
	// and StoreDamaged when one does not.
	VerifyJournal(ctx context.Context) (int, error)
}

// Event says that a dossier or its way to the portal changed.
type Event struct {
	Dossier dossier.ID
	Kind    EventKind
}

// EventKind is what changed.
type EventKind string

// The kinds of event.
const (
	Kept    EventKind = "kept"    // a new revision
	Moved   EventKind = "moved"   // an outbox entry changed state
	Learned EventKind = "learned" // the portal told us a code or status
)
