package dossier

import (
	"fmt"
	"regexp"
	"strings"
	"time"
)

// Status is TrangThaiHoSo, the ten states every portal shares (domain: QĐ
// 766/QĐ-TTg and the integration guide use the same numbers).
type Status int

// The ten portal statuses.
const (
	Registered       Status = 1  // Mới đăng ký
	Received         Status = 2  // Được tiếp nhận
	Refused          Status = 3  // Không được tiếp nhận
	Processing       Status = 4  // Đang xử lý
	SupplementAsked  Status = 5  // Yêu cầu bổ sung giấy tờ
	PaymentAsked     Status = 6  // Yêu cầu thực hiện nghĩa vụ tài chính
	WithdrawalAsked  Status = 7  // Công dân yêu cầu rút hồ sơ
	Stopped          Status = 8  // Dừng xử lý
	Resolved         Status = 9  // Đã xử lý xong
	ResultDelivered  Status = 10 // Đã trả kết quả
	lastPortalStatus        = ResultDelivered
)

// Valid reports whether s is one of the ten.
func (s Status) Valid() bool { return s >= Registered && s <= lastPortalStatus }

// Final reports whether nothing follows s.
func (s Status) Final() bool { return s == Refused || s == Stopped || s == ResultDelivered }

// Stage is our own life cycle, richer than the portal's ten.
type Stage string

// The stages.
const (
	Draft       Stage = "draft"       // being entered: kept, but nobody was promised anything
	Accepted    Stage = "accepted"    // receipt issued
	Transferred Stage = "transferred" // with the resolving agency
	Waiting     Stage = "waiting"     // for the citizen's supplement or payment
	Decided     Stage = "decided"     // the agency decided; the result is not here yet
	AtDesk      Stage = "at-desk"     // the result is at the centre
	Delivered   Stage = "delivered"   // the citizen has it
	Declined    Stage = "declined"    // refused at reception
	Ended       Stage = "ended"       // stopped or withdrawn
)

// next is the life cycle: from each stage, where it may go.
var next = map[Stage][]Stage{
	Draft:       {Accepted, Declined},
	Accepted:    {Transferred, Waiting, Decided, AtDesk, Ended},
	Transferred: {Waiting, Decided, AtDesk, Ended},
	Waiting:     {Accepted, Transferred, Decided, Ended},
	Decided:     {AtDesk, Delivered},
	AtDesk:      {Delivered},
}

// MayBecome reports whether the life cycle allows the step from s to t.
// Staying where one is is always allowed.
func (s Stage) MayBecome(t Stage) bool {
	if s == t {
		return true
	}
	for _, n := range next[s] {
		if n == t {
			return true
		}
	}
	return false
}

// numberPattern is the provisional number: "TAM", the counter's name, the date
// and a daily sequence. No official code starts with letters only followed by
// a slash, so the two can never be mistaken for each other.
var (
	numberPattern = regexp.MustCompile(`^TAM/[A-Z0-9]{1,8}/\d{6}/\d{4,}$`)
	codePattern   = regexp.MustCompile(`^[A-Z0-9]+(\.[A-Z0-9]+)*-\d{6}(\d{2})?-\d{4,8}$`)
)

// FormatNumber makes the provisional number of the seq-th dossier that counter
// received on day.
func FormatNumber(counter string, day time.Time, seq int) string {
	return fmt.Sprintf("TAM/%s/%s/%04d", counter, day.Format("060102"), seq)
}

// IsNumber reports whether s has the form of a provisional number.
func IsNumber(s string) bool { return numberPattern.MatchString(s) }

// LooksOfficial reports whether s has one of the known forms of an official
// code. It is advice for a person who types, not a rule: codes are opaque.
func LooksOfficial(s string) bool { return codePattern.MatchString(s) }

// FoldCode is the form in which numbers and codes are compared: trimmed, upper
// case, never renumbered.
func FoldCode(s string) string { return strings.ToUpper(strings.TrimSpace(s)) }

// MaskNumber hides the middle of a personal number for lists and kiosks: the
// first three and the last three digits remain.
func MaskNumber(n string) string {
	if len(n) < 9 {
		return strings.Repeat("•", len(n))
	}
	return n[:3] + strings.Repeat("•", len(n)-6) + n[len(n)-3:]
}

// Reference is what the dossier is called today: the official code, or the
// provisional number until there is one.
func (d *Dossier) Reference() string {
	if d.Code != "" {
		return d.Code
	}
	return d.Number
}

// Provisional reports whether the portal has not named the dossier yet.
func (d *Dossier) Provisional() bool { return d.Code == "" }

// Holder is the person the dossier is about: the owner, or the applicant when
// they are the same.
func (d *Dossier) Holder() Person {
	if d.Owner != nil {
		return *d.Owner
	}
	return d.Applicant
}
