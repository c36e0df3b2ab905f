package virtual

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"os"
	"path/filepath"

	"motcua"
)

// NewChip makes the card of a profile: its files, keys and signature. Without
// a PKI in the profile one is minted and forgotten. It fails with BadInput for
// a citizen that contradicts itself and with ToolMissing without openssl.
func NewChip(p Profile) (*Chip, error) {
	if p.Citizen.Number == "" {
		p.Citizen = Citizens()[0]
	}
	if err := p.Citizen.check(); err != nil {
		return nil, err
	}
	if p.PKI == nil {
		dir, err := os.MkdirTemp("", "motcua-card-")
		if err != nil {
			return nil, motcua.Fail(motcua.StoreUnreadable, "a folder for the stand-in's keys", err)
		}
		defer os.RemoveAll(dir)
		if p.PKI, err = MintPKI(dir); err != nil {
			return nil, err
		}
	}
	return issue(p)
}

// issue personalises the card.
func issue(p Profile) (*Chip, error) {
	c := &Chip{profile: p, files: map[uint16][]byte{}}
	c.access = access{can: p.Citizen.CAN(), mrz: p.Citizen.key(), bac: p.BAC, suite: suites[p.PACE]}
	if err := c.access.keys(p); err != nil {
		return nil, err
	}
	groups, err := c.groups()
	if err != nil {
		return nil, err
	}
	sod, err := c.securityObject(groups)
	if err != nil {
		return nil, err
	}
	if p.Tampered && groups[13] != nil {
		changed := p.Citizen
		changed.Residence += " (đã sửa)"
		groups[13] = nationalGroup(changed, p.Loose)
	}
	for n, content := range groups {
		c.files[uint16(0x0100+n)] = content
	}
	c.files[fileCOM], c.files[fileSOD] = commonData(p.Groups), sod
	if c.access.suite != nil {
		c.files[fileCardAccess] = cardAccess(c.access.suite, c.access.agree)
	}
	if p.Clone {
		err = c.access.lose()
	}
	c.forget()
	return c, err
}

var suites = map[string]*suite{"aes-128": paceAES128, "aes-256": paceAES256}

var agreements = map[string]*suite{"": agreeAES128, "3des": agree3DES, "aes-128": agreeAES128, "aes-192": agreeAES192, "aes-256": agreeAES256}

func (a *access) keys(p Profile) error {
	switch p.Active {
	case "rsa":
		a.active = rsaActive{p.PKI.active, crypto.SHA1}
	case "rsa-sha256":
		a.active = rsaActive{p.PKI.active, crypto.SHA256}
	case "ec":
		a.active = ecActive{brainpool256, brainpool256.scalar()}
	case "":
	default:
		return motcua.Fail(motcua.BadInput, "no such active authentication: "+p.Active, nil)
	}
	if a.suite == nil && p.PACE != "" {
		return motcua.Fail(motcua.BadInput, "no such PACE suite: "+p.PACE, nil)
	}
	if a.agree = agreements[p.Agree]; a.agree == nil {
		return motcua.Fail(motcua.BadInput, "no such chip authentication: "+p.Agree, nil)
	}
	a.static = a.agree.group.scalar()
	return nil
}

// lose replaces the private keys: the files still show the public ones.
func (a *access) lose() error {
	a.static = a.agree.group.scalar()
	switch old := a.active.(type) {
	case rsaActive:
		key, err := rsa.GenerateKey(rand.Reader, old.key.N.BitLen())
		if err != nil {
			return motcua.Fail(motcua.Internal, "an RSA key", err)
		}
		a.active = rsaActive{key, old.hash}
	case ecActive:
		a.active = ecActive{old.group, old.group.scalar()}
	}
	return nil
}

func (c *Chip) groups() (map[int][]byte, error) {
	p, out := c.profile, map[int][]byte{}
	for _, n := range p.Groups {
		switch n {
		case 1:
			out[n] = mrzGroup(p.Citizen)
		case 2:
			portrait, err := p.Citizen.portrait()
			if err != nil {
				return nil, err
			}
			out[n] = faceGroup(p.Citizen, portrait)
		case 3:
			out[n] = node(0x63, noise(512)) // nobody's fingers
		case 13:
			out[n] = nationalGroup(p.Citizen, p.Loose)
			if p.Garbled {
				out[n] = node(0x6D, noise(300))
			}
		case 14:
			out[n] = securityGroup(c.access, p.Loose)
		case 15:
			if c.access.active != nil {
				out[n] = node(0x6F, c.access.active.public())
			}
		default:
			return nil, motcua.Fail(motcua.BadInput, "a data group the stand-in does not have", nil)
		}
	}
	if out[14] == nil {
		c.access.static = nil
	}
	return out, nil
}

func noise(n int) []byte {
	b := make([]byte, n)
	rand.Read(b)
	b[0] = 0x04 // an OCTET STRING by its tag, whose length is wrong
	b[1] = 0x84
	return b
}

// securityObject is EF.SOD over the groups, good or as bad as the profile asks.
func (c *Chip) securityObject(groups map[int][]byte) ([]byte, error) {
	pki := c.profile.PKI
	if c.profile.Foreign {
		var err error
		if pki, err = MintPKI(filepath.Join(pki.dir, "foreign")); err != nil {
			return nil, err
		}
	}
	sod, err := pki.SOD(groups)
	if err == nil && c.profile.Forged {
		sod = bytes.Clone(sod)
		sod[len(sod)-1] ^= 0x01 // the last byte of the signature
	}
	return sod, err
}
