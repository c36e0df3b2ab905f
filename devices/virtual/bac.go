package virtual

import (
	"bytes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha1"
	"crypto/subtle"
)

// getChallenge is GET CHALLENGE, the first half of basic access control
// (ICAO 9303-11 section 4.3.1).
func (c *Chip) getChallenge(cmd command) ([]byte, status) {
	switch {
	case !c.access.bac:
		return nil, swInstruction
	case !c.inside:
		return nil, swConditions
	case cmd.ne < 8:
		return nil, swLength
	}
	c.nonce = make([]byte, 8)
	rand.Read(c.nonce)
	return c.nonce, swOK
}

// externalAuthenticate is EXTERNAL AUTHENTICATE, the second half: 32 bytes of
// RND.IFD, RND.IC and K.IFD enciphered with K.ENC and their MAC with K.MAC.
func (c *Chip) externalAuthenticate(cmd command) ([]byte, status) {
	nonce := c.nonce
	c.nonce = nil
	switch {
	case !c.access.bac:
		return nil, swInstruction
	case nonce == nil:
		return nil, swConditions
	case len(cmd.data) != 40:
		return nil, swLength
	}
	seed := sha1.Sum([]byte(c.access.mrz))
	enc, mac := deriveDES(seed[:16], forEncryption), deriveDES(seed[:16], forMAC)
	hidden := cmd.data[:32]
	plain := make([]byte, 32)
	cipher.NewCBCDecrypter(tripleDES(enc), make([]byte, 8)).CryptBlocks(plain, hidden)
	authentic := subtle.ConstantTimeCompare(retailMAC(mac, pad(hidden, 8)), cmd.data[32:]) == 1
	if !authentic || !bytes.Equal(plain[8:16], nonce) {
		c.tries++
		return nil, swWrongSecret
	}
	return c.answerBAC(plain, nonce, enc, mac), swOK
}

func (c *Chip) answerBAC(plain, nonce, enc, mac []byte) []byte {
	own := make([]byte, 16)
	rand.Read(own)
	answer := bytes.Join([][]byte{nonce, plain[:8], own}, nil)
	cipher.NewCBCEncrypter(tripleDES(enc), make([]byte, 8)).CryptBlocks(answer, answer)
	seed := make([]byte, 16)
	subtle.XORBytes(seed, plain[16:], own)
	counter := append(bytes.Clone(nonce[4:]), plain[4:8]...)
	c.session = desSession(deriveDES(seed, forEncryption), deriveDES(seed, forMAC), counter)
	c.open = true
	return append(answer, retailMAC(mac, pad(answer, 8))...)
}
