package virtual

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"motcua"
)

// Profile says how a stand-in card behaves. The zero value of a field is the
// well-behaved one; take one of Profiles and change what a test is about.
type Profile struct {
	Name    string
	Citizen Citizen // zero: the first of Citizens
	PKI     *PKI    // nil: keys and certificates are minted for this card alone

	PACE     string // "aes-128", "aes-256" or "" for none
	BAC      bool   // without PACE and BAC the files are free
	Active   string // active authentication: "rsa", "rsa-sha256", "ec" or "" for none
	Agree    string // chip authentication: "3des", "aes-128", "aes-192", "aes-256" or "" for "aes-128"
	Groups   []int  // data groups on the card, ascending
	Loose    bool   // DG13 in its invented loose form, DG14 with written-out parameters
	Garbled  bool   // DG13 holds, under a good signature, bytes that are not its structure
	Tampered bool   // DG13 was changed after signing
	Forged   bool   // the signature of EF.SOD does not verify
	Foreign  bool   // EF.SOD is signed under a CSCA that is not the PKI's
	Clone    bool   // the files of a card without its private keys

	NoMaster  bool // SELECT of the master file answers 6D00
	ShortOnly bool // extended length fields answer 6700
	StrictLe  bool // a read whose protected response does not fit answers 6700 instead of less
	MaxLe     int  // longer responses answer 6700; 0: as the link allows
	DiesAt    int  // the command, counted from 1, at which the card is taken away; 0: never

	APDUDelay time.Duration // per command
	ByteDelay time.Duration // per byte of command and response
	TryDelay  time.Duration // per refused password, growing with their number
}

// cardGroups are the groups seen on citizen cards of 2021.
var cardGroups = []int{1, 2, 3, 13, 14, 15}

func base(name string) Profile {
	return Profile{Name: name, PACE: "aes-128", BAC: true, Active: "rsa", Groups: cardGroups}
}

// Profiles returns the cards that ship, freshly made and in a fixed order:
//
//	2021              what is known of the citizen card of 2021
//	2024              a variant that is different where nothing is known: no BAC,
//	                  PACE with AES-256, EC active authentication, a loose DG13
//	bac-only          no EF.CardAccess, no DG14
//	no-dg13           a travel document: no national data
//	dg13-broken       DG13 is signed but is not what it should be
//	select-mf-6d00    SELECT of the master file is not known
//	short-only        no extended length
//	strict-le         a read that does not fit is refused
//	le-2048           at most 2048 bytes at a time
//	dies-at-12        taken away at the twelfth command (any number will do)
//	wrong-hash        DG13 was changed after signing
//	forged-signature  the signature does not verify
//	foreign-signer    signed under an unknown authority
//	clone             a copy without the private keys
//	slow              a link of 106 kbit/s and a chip that thinks
func Profiles() []Profile {
	list := []Profile{
		base("2021"), base("2024"), base("bac-only"), base("no-dg13"), base("dg13-broken"), base("select-mf-6d00"),
		base("short-only"), base("strict-le"), base("le-2048"), base("dies-at-12"), base("wrong-hash"),
		base("forged-signature"), base("foreign-signer"), base("clone"), base("slow"),
	}
	for i := range list {
		vary(&list[i])
	}
	return list
}

func vary(p *Profile) {
	switch p.Name {
	case "2024":
		p.PACE, p.BAC, p.Active, p.Loose = "aes-256", false, "ec", true
	case "bac-only":
		p.PACE, p.Groups = "", []int{1, 2, 13, 15}
	case "no-dg13":
		p.Groups = []int{1, 2, 14, 15}
	case "dg13-broken":
		p.Garbled = true
	case "select-mf-6d00":
		p.NoMaster = true
	case "short-only":
		p.ShortOnly = true
	case "strict-le":
		p.StrictLe = true
	case "le-2048":
		p.MaxLe = 2048
	case "dies-at-12":
		p.DiesAt = 12
	case "wrong-hash":
		p.Tampered = true
	case "forged-signature":
		p.Forged = true
	case "foreign-signer":
		p.Foreign = true
	case "clone":
		p.Clone = true
	case "slow":
		p.APDUDelay, p.ByteDelay, p.TryDelay = 7*time.Millisecond, 85*time.Microsecond, time.Second
	}
}

// ProfileNamed is the profile with that name, "dies-at-N" for any N above 0
// among them. An unknown name is the fault BadInput.
func ProfileNamed(name string) (Profile, error) {
	for _, p := range Profiles() {
		if p.Name == name {
			return p, nil
		}
	}
	if digits, ok := strings.CutPrefix(name, "dies-at-"); ok {
		if n, err := strconv.Atoi(digits); err == nil && n > 0 {
			p := base(name)
			p.DiesAt = n
			return p, nil
		}
	}
	return Profile{}, motcua.Fail(motcua.BadInput, fmt.Sprintf("no stand-in card is called %q", name), nil)
}
