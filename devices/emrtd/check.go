package emrtd

import (
	"fmt"

	"motcua"
)

// CheckState is the outcome of one check of the chip. The zero value is
// NotAttempted, so that a check nobody ran never looks like one that held.
type CheckState int

// The states of a check.
const (
	NotAttempted CheckState = iota // not run: the reason says why
	Verified                       // run, and it holds
	Failed                         // run, and it does not hold
	Unsupported                    // the card or this program lacks what it takes
)

var checkStates = [...]string{"not-attempted", "verified", "failed", "unsupported"}

func (s CheckState) String() string {
	if s < 0 || int(s) >= len(checkStates) {
		return fmt.Sprintf("CheckState(%d)", int(s))
	}
	return checkStates[s]
}

// MarshalText writes the word that String gives.
func (s CheckState) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads that word; another one is BadInput.
func (s *CheckState) UnmarshalText(text []byte) error {
	for i, word := range checkStates {
		if word == string(text) {
			*s = CheckState(i)
			return nil
		}
	}
	return motcua.Fail(motcua.BadInput, "not the state of a check", nil)
}

// Check is one check and why it came out so. Reason is a short fixed word such
// as "no-anchors" or "dg2-hash"; a verified check may carry one that weakens
// it, such as "sha1".
type Check struct {
	State  CheckState `json:"state"`
	Reason string     `json:"reason,omitempty"`
}

// Checks is every check of a chip, each by itself: they are never folded into
// one yes.
type Checks struct {
	Hashes     Check `json:"hashes"`     // each data group read is the one in the SOD (9303-11 5.1)
	Signature  Check `json:"signature"`  // the SOD's signature holds under the certificate inside it
	Chain      Check `json:"chain"`      // that certificate was issued by a configured anchor
	ChipAuth   Check `json:"chipAuth"`   // Chip Authentication (9303-11 6.2)
	ActiveAuth Check `json:"activeAuth"` // Active Authentication (9303-11 6.1)
}

// The reasons. Groups make their own: "dg14-missing", "dg2-hash",
// "dg13-unlisted", "dg15-unverified".
const (
	reasonNoSOD       = "sod-missing"
	reasonMalformed   = "sod-malformed"
	reasonNothing     = "no-group-read"
	reasonDigest      = "digest-unknown"
	reasonPending     = "portrait-pending" // only in what OnText sees
	reasonSHA1        = "sha1"
	reasonSignature   = "signature-wrong"
	reasonContent     = "content-digest-wrong"
	reasonNoSigner    = "signer-certificate-missing"
	reasonAlgorithm   = "algorithm-unknown"
	reasonNoAnchors   = "no-anchors"
	reasonNoSignature = "signature-not-verified"
	reasonIssuer      = "issuer-unknown"
	reasonDSCTime     = "dsc-expired"
	reasonDSCUse      = "dsc-key-usage"
	reasonAnchorTime  = "anchor-expired"
	reasonNoChipKey   = "chip-key-missing" // DG14 holds no key of chip authentication
	reasonChipKeys    = "chip-keys-differ" // the chip does not have the private key
	reasonUnproven    = "no-answer-yet"    // keys agreed, and the reading ended before they were used
	reasonRefused     = "refused"          // the card shows a key and will not use it
	reasonTextFirst   = "text-first"       // only in what OnText sees, or when the reading ended there
	reasonReplyLong   = "reply-too-long"   // reader or card carry short responses only
	reasonDG14        = "dg14-malformed"
	reasonDG15        = "dg15-malformed"
)
