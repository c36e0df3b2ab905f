package emrtd

import (
	"crypto/sha1"

	"motcua"
)

// Password is what opens the chip: the card access number or the machine
// readable zone. Its bytes are personal data; Wipe it after the reading.
type Password struct {
	secret []byte // K of 9303-11 9.7.3
	mrz    bool
}

// CAN is the six-digit card access number (9303-11 9.7.3). Anything else is
// BadInput.
func CAN(digits string) (Password, error) {
	if len(digits) != 6 || !allDigits(digits) {
		return Password{}, motcua.Fail(motcua.BadInput, "card access number is not six digits", nil)
	}
	return Password{secret: []byte(digits)}, nil
}

// MRZ is the password made of document number, date of birth and date of
// expiry, each followed by its check digit (9303-11 9.7.2: MRZ_information).
// The document number has nine characters, padded with <, and the dates have
// the form YYMMDD. A wrong length or letter is BadInput; check digits are the
// caller's to verify.
func MRZ(information string) (Password, error) {
	if len(information) < 24 || len(information) > 40 {
		return Password{}, motcua.Fail(motcua.BadInput, "mrz information has a wrong length", nil)
	}
	for _, r := range []byte(information) {
		if (r < '0' || r > '9') && (r < 'A' || r > 'Z') && r != '<' {
			return Password{}, motcua.Fail(motcua.BadInput, "mrz information has a wrong letter", nil)
		}
	}
	sum := sha1.Sum([]byte(information))
	return Password{secret: sum[:], mrz: true}, nil
}

func allDigits(s string) bool {
	for _, r := range []byte(s) {
		if r < '0' || r > '9' {
			return false
		}
	}
	return true
}

// Wipe overwrites the password.
func (p Password) Wipe() { wipe(p.secret) }

// reference is the key reference of MSE:Set AT (9303-11 4.4.4.1 table 6).
func (p Password) reference() byte {
	if p.mrz {
		return 1
	}
	return 2
}

// access is the name of PACE with this password.
func (p Password) access() string {
	if p.mrz {
		return AccessPACEMRZ
	}
	return AccessPACECAN
}
