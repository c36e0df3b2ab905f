// Package dossier holds the noun the whole product is about: one citizen's
// dossier (hồ sơ) at a one-stop centre, from reception to delivery.
//
// It imports the standard library only. A Dossier is a value: rooms pass it,
// nobody shares it. Every field that leaves the centre is written down here
// once; adapters translate it and never invent what is missing.
package dossier

import "time"

// ID is the dossier's identity for life: a ULID made at reception. It is never
// shown as the dossier's number and never sent in place of one.
type ID string

// Dossier is everything the centre keeps of one request.
//
// Money is integer đồng. Times carry the zone Asia/Ho_Chi_Minh. Text is NFC.
type Dossier struct {
	ID       ID  `json:"id"`
	Schema   int `json:"schema"`   // of this record; see Schema
	Revision int `json:"revision"` // grows by one with each keeping; 1 is the first

	// Number is the provisional number printed at reception. It is unlike any
	// official code (see FormatNumber) and finds the dossier for ever.
	Number string `json:"number"`
	// Code is the official code (TT 03/2025/TT-VPCP Điều 13), an opaque alias
	// given by the portal later. Empty until then.
	Code string `json:"code,omitempty"`
	// Lookup is the short secret printed beside the number. Who knows both may
	// see the dossier's state at a kiosk.
	Lookup string `json:"lookup"`

	Procedure Procedure `json:"procedure"`
	Units     Units     `json:"units"`
	Officer   Officer   `json:"officer"`
	Channel   Channel   `json:"channel"`

	Applicant Person    `json:"applicant"`          // người nộp: stands at the counter
	Owner     *Person   `json:"owner,omitempty"`    // chủ hồ sơ, when not the applicant
	Delegate  *Delegate `json:"delegate,omitempty"` // under what authority the applicant acts
	Summary   string    `json:"summary"`            // nội dung yêu cầu giải quyết
	Identity  Identity  `json:"identity"`           // how the applicant was identified

	// Answers are what the procedure asks beyond the person, by the key of the
	// question: copies, pages, ground of exemption.
	Answers map[string]string `json:"answers,omitempty"`

	Components []Component `json:"components"`
	Sets       int         `json:"sets"` // số bộ hồ sơ
	Fees       []Fee       `json:"fees"`
	Payment    Payment     `json:"payment"`

	SubmittedAt time.Time    `json:"submittedAt"` // handed in
	ReceivedAt  time.Time    `json:"receivedAt"`  // found complete and valid: the clock starts
	Appointment Appointment  `json:"appointment"`
	ResultBy    Delivery     `json:"resultBy"`
	Supplements []Supplement `json:"supplements,omitempty"`

	// Stage is our own life cycle; Status is what the portal is told.
	Stage  Stage  `json:"stage"`
	Status Status `json:"status"`

	// Four different facts, each with its own time, none implied by another.
	ResolvedAt     *time.Time `json:"resolvedAt,omitempty"`     // the agency decided
	ReleasedAt     *time.Time `json:"releasedAt,omitempty"`     // the result reached the centre
	DeliveredAt    *time.Time `json:"deliveredAt,omitempty"`    // the citizen has the result
	SynchronisedAt *time.Time `json:"synchronisedAt,omitempty"` // the portal confirmed this revision

	// Portal is what the portal last said, kept apart from what we say, so
	// that a difference can be shown and decided by a person.
	Portal Portal `json:"portal"`

	Steps   []Step   `json:"steps"`
	Papers  []Paper  `json:"papers,omitempty"` // documents we issued: the signed receipt and others
	Remarks []string `json:"remarks,omitempty"`
}

// Schema is the version of the Dossier record this program writes.
const Schema = 1

// Procedure binds the dossier to the version of the procedure in force on the
// day of reception. Later versions do not touch it.
type Procedure struct {
	Code    string `json:"code"` // e.g. 2.000815
	Version string `json:"version"`
	Name    string `json:"name"`
	Field   string `json:"field"`            // lĩnh vực, its name
	FieldID string `json:"fieldId"`          // its code; empty when unknown
	Result  string `json:"result,omitempty"` // code of the result paper
}

// Units are the three organisations of NĐ 118/2025: who helped, who officially
// received, who resolves. They may be one and the same.
type Units struct {
	Assisting string `json:"assisting"`
	Receiving Unit   `json:"receiving"`
	Resolving Unit   `json:"resolving"`
}

// Unit is an organisation with its agency code (QĐ 20/2020/QĐ-TTg).
type Unit struct {
	Code   string `json:"code"`
	Name   string `json:"name"`
	Parent string `json:"parent,omitempty"`
}

// Officer is the person who received the dossier.
type Officer struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Title   string `json:"title,omitempty"`
	Counter string `json:"counter"`
}

// Channel is KenhThucHien of the national catalogue.
type Channel int

// The channels.
const (
	Direct Channel = 1 // at the counter
	Online Channel = 2
	Postal Channel = 3 // public post
)

// Person is a citizen or an organisation.
type Person struct {
	Kind    PersonKind `json:"kind"`
	Name    string     `json:"name"`
	Number  string     `json:"number"`          // số định danh cá nhân (12 digits) or organisation code
	Birth   string     `json:"birth,omitempty"` // dd/mm/yyyy as on the card: a year alone is possible
	Sex     string     `json:"sex,omitempty"`
	Address string     `json:"address"`
	Phone   string     `json:"phone,omitempty"`
	Email   string     `json:"email,omitempty"`
}

// PersonKind is who the person is; portals number it differently, so adapters
// map it.
type PersonKind string

// The kinds of person.
const (
	Citizen      PersonKind = "citizen"
	Business     PersonKind = "business"
	Household    PersonKind = "household-business"
	StateAgency  PersonKind = "state-agency"
	Organisation PersonKind = "organisation"
)

// Delegate is the authority under which somebody acts for the owner.
type Delegate struct {
	Paper    string `json:"paper"` // giấy tờ ủy quyền
	Relation string `json:"relation,omitempty"`
}

// Identity says how the applicant was identified, without the proof itself:
// the checks' outcomes, never the card's bytes.
type Identity struct {
	Method string            `json:"method"` // "chip", "qr", "typed"
	Access string            `json:"access,omitempty"`
	Checks map[string]string `json:"checks,omitempty"` // check name to verified, failed, unsupported, not-attempted
	Notes  []string          `json:"notes,omitempty"`  // warning codes shown to the officer
}

// Component is one paper of the dossier (thành phần hồ sơ).
type Component struct {
	Key      string        `json:"key"`            // of the procedure's list
	Code     string        `json:"code,omitempty"` // national component code
	Name     string        `json:"name"`
	Kind     ComponentKind `json:"kind"`
	Quantity int           `json:"quantity"`
	Shown    bool          `json:"shown"` // the officer saw or received it
	Files    []File        `json:"files,omitempty"`
	Note     string        `json:"note,omitempty"`
}

// ComponentKind says what happens to the paper.
type ComponentKind string

// The kinds of component.
const (
	Original  ComponentKind = "original"   // submitted and kept
	Copy      ComponentKind = "copy"       // a copy is submitted
	Presented ComponentKind = "presented"  // shown and given back, never scanned
	EForm     ComponentKind = "electronic" // an electronic form or data look-up
)

// File refers to an attachment by its content.
type File struct {
	SHA256 string `json:"sha256"` // lower-case hex of the plain content
	Name   string `json:"name"`
	MIME   string `json:"mime"`
	Size   int64  `json:"size"` // bytes
}

// Fee is one line of what is to be paid.
type Fee struct {
	Code     string `json:"code,omitempty"`
	Name     string `json:"name"`
	Kind     string `json:"kind"` // "fee" (phí) or "charge" (lệ phí)
	Amount   int64  `json:"amount"`
	Formula  string `json:"formula"`            // how the amount came about, for the receipt
	Exempt   string `json:"exempt,omitempty"`   // the ground, when exempted: Amount is 0
	Undated  bool   `json:"undated,omitempty"`  // no source with a validity was found
	Resolved bool   `json:"resolved,omitempty"` // paid
}

// Total is the sum of the fees in đồng.
func Total(fees []Fee) int64 {
	var sum int64
	for _, f := range fees {
		sum += f.Amount
	}
	return sum
}

// Payment is how the fee was taken.
type Payment struct {
	Method string     `json:"method"` // "none", "cash", "transfer", "portal"
	PaidAt *time.Time `json:"paidAt,omitempty"`
}

// Appointment is the printed promise (hẹn trả kết quả), the yardstick of index
// 766.
type Appointment struct {
	Due     time.Time `json:"due"`
	Limit   string    `json:"limit"`             // the legal limit in words
	Reasons []string  `json:"reasons,omitempty"` // each step of the reckoning, codes with arguments
	Flags   []string  `json:"flags,omitempty"`   // "beyond-calendar" and others a person must see
	By      string    `json:"by,omitempty"`      // the officer who set it by hand, if anyone did
}

// Delivery is how the result goes back.
type Delivery string

// The ways of delivery.
const (
	AtCounter  Delivery = "counter"
	ByPost     Delivery = "post"
	Electronic Delivery = "electronic"
)

// Supplement is one request to complete the dossier (Mẫu 02). A second one
// counts as overdue in index 766.
type Supplement struct {
	AskedAt    time.Time  `json:"askedAt"`
	By         string     `json:"by"`
	Content    string     `json:"content"`
	AnsweredAt *time.Time `json:"answeredAt,omitempty"`
	DueBefore  time.Time  `json:"dueBefore"`
	DueAfter   *time.Time `json:"dueAfter,omitempty"`
}

// Portal is the portal's last word on the dossier.
type Portal struct {
	Code   string     `json:"code,omitempty"`
	Status Status     `json:"status,omitempty"`
	At     *time.Time `json:"at,omitempty"` // when we heard it
}

// Step is one event in the dossier's life, in order.
type Step struct {
	Seq    int       `json:"seq"`
	At     time.Time `json:"at"`
	By     string    `json:"by"`
	Title  string    `json:"title,omitempty"`
	Unit   string    `json:"unit"`
	What   string    `json:"what"` // content in Vietnamese, never empty: null broke a portal
	Status Status    `json:"status"`
}

// Paper is a document the centre issued.
type Paper struct {
	Form   string    `json:"form"` // "mau-01"
	File   File      `json:"file"`
	Signer string    `json:"signer,omitempty"` // certificate fingerprint; empty when unsigned
	At     time.Time `json:"at"`
}
