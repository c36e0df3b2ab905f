package emrtd

import (
	"crypto/aes"
	"crypto/cipher"
)

// cmac is the block cipher MAC of NIST SP 800-38B over AES (RFC 4493 for
// 128-bit keys).
type cmac struct {
	block  cipher.Block
	k1, k2 [aes.BlockSize]byte
}

func newCMACState(key []byte) (*cmac, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	c := &cmac{block: block}
	block.Encrypt(c.k1[:], c.k1[:])
	double(&c.k1, &c.k1)
	double(&c.k2, &c.k1)
	return c, nil
}

// double multiplies by x in GF(2^128) (SP 800-38B 6.1), without a branch on
// the secret bit.
func double(dst, src *[aes.BlockSize]byte) {
	high := src[0] >> 7
	for i := range len(src) - 1 {
		dst[i] = src[i]<<1 | src[i+1]>>7
	}
	dst[len(dst)-1] = src[len(src)-1]<<1 ^ 0x87*high
}

// sum is the full code of message (SP 800-38B 6.2).
func (c *cmac) sum(message []byte) [aes.BlockSize]byte {
	var state [aes.BlockSize]byte
	for len(message) > aes.BlockSize {
		xorInto(state[:], message[:aes.BlockSize])
		c.block.Encrypt(state[:], state[:])
		message = message[aes.BlockSize:]
	}
	xorInto(state[:], message)
	if len(message) == aes.BlockSize {
		xorInto(state[:], c.k1[:])
	} else {
		state[len(message)] ^= 0x80
		xorInto(state[:], c.k2[:])
	}
	c.block.Encrypt(state[:], state[:])
	return state
}

// newCMAC truncates to eight bytes, as 9303-11 9.8.6.1 and 9.4.4 ask.
func newCMAC(key []byte) (macFunc, error) {
	c, err := newCMACState(key)
	if err != nil {
		return nil, err
	}
	return func(message []byte, sum *[8]byte) {
		full := c.sum(message)
		copy(sum[:], full[:8])
	}, nil
}
