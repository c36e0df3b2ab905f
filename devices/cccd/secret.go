package cccd

import (
	"time"

	"motcua"
	"motcua/devices/emrtd"
)

// Secret is what is known of a card before it is read, and opens it. The zero
// value opens nothing.
type Secret struct {
	number Number // empty when only the access number is known
	can    string
	qr     *QR
	mrz    *MRZ
}

// FromNumber opens with the last six digits of a typed number. The fault is
// NumberInvalid.
func FromNumber(s string) (Secret, error) {
	n, err := ParseNumber(s)
	return Secret{number: n, can: n.CAN()}, err
}

// FromCAN opens with six digits. The fault is BadInput.
func FromCAN(s string) (Secret, error) {
	if len(s) != 6 || !digits(s) {
		return Secret{}, motcua.Fail(motcua.BadInput, "access number is not six digits", nil)
	}
	return Secret{can: s}, nil
}

// FromQR opens with the number in the text of the card's QR code and compares
// the rest with the chip. The fault is QRGarbled.
func FromQR(text string) (Secret, error) {
	q, err := ParseQR(text)
	if err != nil {
		return Secret{}, err
	}
	return Secret{number: q.Number, can: q.Number.CAN(), qr: &q}, nil
}

// FromMRZ opens with the machine readable zone on the back, the only secret
// that BAC can use. The fault is BadInput.
func FromMRZ(text string) (Secret, error) {
	m, err := ParseMRZ(text, time.Now())
	if err != nil {
		return Secret{}, err
	}
	return Secret{number: m.Number, mrz: &m}, nil
}

// String hides the secret from logs and messages.
func (Secret) String() string { return "[card secret]" }

// GoString hides it from %#v.
func (Secret) GoString() string { return "[card secret]" }

func (s Secret) password() (emrtd.Password, error) {
	if s.mrz != nil {
		return emrtd.MRZ(s.mrz.information)
	}
	return emrtd.CAN(s.can)
}
