package emrtd

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/des"
	"crypto/sha1"
	"crypto/sha256"
	"math/bits"
)

// suite is a symmetric protection of 9303-11 table 2 and section 9.8: what
// comes after access control.
type suite int

// The suites. The key size of 3DES counts its two-key form.
const (
	suite3DES suite = iota + 1
	suiteAES128
	suiteAES192
	suiteAES256
)

// The counters of the key derivation (9303-11 9.7.1).
const (
	keyEncryption = 1
	keyMAC        = 2
	keyPassword   = 3
)

// keySize is the size of a derived key, in bytes.
func (s suite) keySize() int {
	switch s {
	case suiteAES192:
		return 24
	case suiteAES256:
		return 32
	}
	return 16
}

// blockSize is the cipher's, in bytes, and the secure messaging's unit of
// padding.
func (s suite) blockSize() int {
	if s == suite3DES {
		return des.BlockSize
	}
	return aes.BlockSize
}

// derive is the key derivation function of 9303-11 9.7.1: SHA-1 for 3DES and
// AES-128, SHA-256 for the longer keys, with the parity bits of DES set.
func (s suite) derive(secret []byte, counter byte) []byte {
	input := append(append(make([]byte, 0, len(secret)+4), secret...), 0, 0, 0, counter)
	defer wipe(input)
	key := make([]byte, s.keySize())
	if s == suite3DES || s == suiteAES128 {
		sum := sha1.Sum(input)
		copy(key, sum[:])
	} else {
		sum := sha256.Sum256(input)
		copy(key, sum[:])
	}
	if s == suite3DES {
		setParity(key)
	}
	return key
}

// setParity gives each byte an odd number of ones (FIPS 46-3).
func setParity(key []byte) {
	for i, b := range key {
		if bits.OnesCount8(b)%2 == 0 {
			key[i] = b ^ 1
		}
	}
}

// cipher makes the block cipher of a derived key.
func (s suite) cipher(key []byte) (cipher.Block, error) {
	if s != suite3DES {
		return aes.NewCipher(key)
	}
	three := append(append(make([]byte, 0, 24), key...), key[:8]...)
	defer wipe(three)
	return des.NewTripleDESCipher(three)
}

// mac makes the eight-byte message authentication code of 9303-11 9.8.6 or
// of the authentication token of 9.4.4: the retail MAC with padding method 2
// for 3DES, CMAC for AES.
func (s suite) mac(key []byte) (macFunc, error) {
	if s == suite3DES {
		return newRetailMAC(key)
	}
	return newCMAC(key)
}

// macFunc writes the first eight bytes of the code of message into sum.
type macFunc func(message []byte, sum *[8]byte)

// newRetailMAC is MAC algorithm 3 of ISO/IEC 9797-1 over DES. The message
// comes padded to whole blocks.
func newRetailMAC(key []byte) (macFunc, error) {
	first, err := des.NewCipher(key[:8])
	if err != nil {
		return nil, err
	}
	last, err := des.NewCipher(key[8:16])
	if err != nil {
		return nil, err
	}
	return func(message []byte, sum *[8]byte) {
		*sum = [8]byte{}
		for ; len(message) >= 8; message = message[8:] {
			xorInto(sum[:], message[:8])
			first.Encrypt(sum[:], sum[:])
		}
		last.Decrypt(sum[:], sum[:])
		first.Encrypt(sum[:], sum[:])
	}, nil
}

func xorInto(dst, src []byte) {
	for i, b := range src {
		dst[i] ^= b
	}
}

// pad appends the padding method 2 of ISO/IEC 9797-1: one bit and zeroes, at
// least one byte.
func pad(b []byte, block int) []byte {
	b = append(b, 0x80)
	for len(b)%block != 0 {
		b = append(b, 0)
	}
	return b
}

// unpad removes it; false when it is not there.
func unpad(b []byte) ([]byte, bool) {
	for i := len(b) - 1; i >= 0; i-- {
		switch b[i] {
		case 0:
		case 0x80:
			return b[:i], true
		default:
			return nil, false
		}
	}
	return nil, false
}
