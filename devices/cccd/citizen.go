package cccd

import (
	"encoding/json"

	"motcua/devices/emrtd"
)

// Citizen is what a card says of its holder and how far it can be believed.
// It is personal data: Wipe it when the case is done.
type Citizen struct {
	Number      Number   `json:"number"`
	Name        string   `json:"name"` // NFC, as on the card; from the MRZ, without diacritics, if DG13 is missing
	Birth       Date     `json:"birth"`
	Sex         Sex      `json:"sex"`
	Nationality string   `json:"nationality"`
	Ethnicity   string   `json:"ethnicity,omitempty"`
	Religion    string   `json:"religion,omitempty"`
	Origin      string   `json:"origin,omitempty"`    // quê quán
	Residence   string   `json:"residence,omitempty"` // nơi thường trú or nơi cư trú
	Marks       string   `json:"marks,omitempty"`     // đặc điểm nhận dạng
	Issued      Date     `json:"issued,omitzero"`
	Expires     Date     `json:"expires,omitzero"`
	NoExpiry    bool     `json:"noExpiry,omitempty"` // "Không thời hạn"
	Father      string   `json:"father,omitempty"`
	Mother      string   `json:"mother,omitempty"`
	Spouses     []string `json:"spouses,omitempty"`
	OldNumber   string   `json:"oldNumber,omitempty"`

	// Portrait is the image on the chip, of type PortraitMIME. JSON tells
	// only its size.
	Portrait     []byte `json:"-"`
	PortraitMIME string `json:"portraitMime,omitempty"`

	Access   string       `json:"access"` // emrtd.AccessPACECAN and so on
	Suite    string       `json:"suite"`
	Digest   string       `json:"digest,omitempty"` // hash of the document security object
	Checks   emrtd.Checks `json:"checks"`
	Unread   []int        `json:"unread,omitempty"` // groups that are signed and were not read
	Warnings []string     `json:"warnings"`         // codes of this package and of emrtd

	APDUs         int `json:"apdus"`
	BytesSent     int `json:"bytesSent"`
	BytesReceived int `json:"bytesReceived"`
	MaxLe         int `json:"maxLe"` // the response length that worked, for Options.MaxLe next time
}

// MarshalJSON writes everything but the portrait's bytes, of which it gives
// the number as portraitSize.
func (c Citizen) MarshalJSON() ([]byte, error) {
	type plain Citizen
	if c.Warnings == nil {
		c.Warnings = []string{}
	}
	return json.Marshal(struct {
		plain
		PortraitSize int `json:"portraitSize"`
	}{plain(c), len(c.Portrait)})
}

// Wipe overwrites the portrait and lets go of the rest; strings cannot be
// overwritten in Go.
func (c *Citizen) Wipe() {
	if c == nil {
		return
	}
	clear(c.Portrait)
	*c = Citizen{}
}

func (c *Citizen) warn(code string) {
	for _, w := range c.Warnings {
		if w == code {
			return
		}
	}
	c.Warnings = append(c.Warnings, code)
}
