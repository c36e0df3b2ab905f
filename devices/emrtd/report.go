package emrtd

import (
	"io"
	"time"
)

// The ways into the chip, as Report.Access names them.
const (
	AccessPACECAN = "PACE-CAN"
	AccessPACEMRZ = "PACE-MRZ"
	AccessBAC     = "BAC"
)

// The warnings of a Report. Groups make their own: "dg13-unreadable",
// "dg2-refused".
const (
	WarnPACEFailed = "pace-failed-bac-used"   // PACE was offered, failed, and BAC was allowed
	WarnCardAccess = "card-access-differs"    // EF.CardAccess and the signed DG14 disagree
	WarnAnchor     = "anchor-unreadable"      // an anchor is neither DER nor PEM of a certificate
	WarnDigest     = "weak-digest"            // the SOD uses SHA-1
	WarnNoList     = "sod-and-com-unreadable" // the groups were found by trying
)

// Options is how to read.
type Options struct {
	// Anchors is the operator's country signing certificates, each DER or
	// PEM. Without any the chain is not attempted.
	Anchors [][]byte
	// AllowBAC permits Basic Access Control where PACE is not offered or does
	// not work. It needs the MRZ password.
	AllowBAC bool
	// Extended permits extended length commands. MaxLe is the most bytes the
	// reader and card carry in one response, as learned earlier; 0 tries
	// 65,000 first and comes down to 256.
	Extended bool
	MaxLe    int
	// OnText is called once, when every group but the portrait has been read
	// and before active authentication.
	// The report is the one that Read returns, unfinished.
	OnText func(*Report)
	// Now is the time for the validity of certificates; nil is time.Now.
	Now func() time.Time

	random io.Reader // crypto/rand, or a worked example's keys
}

// Report is what a reading found. It holds personal data: Wipe it.
type Report struct {
	Access string // AccessPACECAN, AccessPACEMRZ or AccessBAC
	Suite  string // protocol, cipher and curve
	Digest string // the SOD's hash, such as "SHA-256"; empty without SOD
	Checks Checks
	// Groups holds each data group read, by number, as it is on the card;
	// SOD is the document security object.
	Groups map[int][]byte
	SOD    []byte
	// Listed is the groups that the SOD names, and Unread those of them that
	// were not read: fingerprints, and what this program has no use for.
	Listed, Unread []int
	Warnings       []string
	// MaxLe is the response length that worked, for the next reading on this
	// reader.
	MaxLe                           int
	APDUs, BytesSent, BytesReceived int
}

// Wipe overwrites the data groups and the SOD.
func (r *Report) Wipe() {
	if r == nil {
		return
	}
	for _, g := range r.Groups {
		wipe(g)
	}
	wipe(r.SOD)
	r.Groups, r.SOD = nil, nil
}

func (r *Report) warn(code string) {
	for _, w := range r.Warnings {
		if w == code {
			return
		}
	}
	r.Warnings = append(r.Warnings, code)
}
