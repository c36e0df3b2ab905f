package virtual

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/des"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/subtle"
)

// session is one secure messaging channel seen from the chip (ICAO 9303-11
// section 9.8): the keys, the block cipher they are for and the send sequence
// counter.
type session struct {
	enc     cipher.Block
	mac     func(message []byte) []byte
	block   int
	counter []byte
	ivFrom  bool // AES: the initial vector is the enciphered counter (9.8.6.1)
}

func aesSession(encKey, macKey []byte) *session {
	enc, mac := aesBlock(encKey), aesBlock(macKey)
	return &session{
		enc: enc, block: aes.BlockSize, counter: make([]byte, aes.BlockSize), ivFrom: true,
		mac: func(m []byte) []byte { return cmac(mac, m)[:8] },
	}
}

func desSession(encKey, macKey, counter []byte) *session {
	return &session{
		enc: tripleDES(encKey), block: des.BlockSize, counter: counter,
		mac: func(m []byte) []byte { return retailMAC(macKey, m) },
	}
}

func aesBlock(key []byte) cipher.Block {
	b, err := aes.NewCipher(key)
	if err != nil {
		panic("virtual: a derived AES key has a wrong length")
	}
	return b
}

// tripleDES is the two-key variant: K1 K2 K1.
func tripleDES(key []byte) cipher.Block {
	b, err := des.NewTripleDESCipher(append(append([]byte{}, key...), key[:8]...))
	if err != nil {
		panic("virtual: a derived DES key has a wrong length")
	}
	return b
}

func (s *session) step() {
	for i := len(s.counter) - 1; i >= 0; i-- {
		if s.counter[i]++; s.counter[i] != 0 {
			return
		}
	}
}

func (s *session) iv() []byte {
	iv := make([]byte, s.block)
	if s.ivFrom {
		s.enc.Encrypt(iv, s.counter)
	}
	return iv
}

func (s *session) encipher(plain []byte) []byte {
	out := pad(plain, s.block)
	cipher.NewCBCEncrypter(s.enc, s.iv()).CryptBlocks(out, out)
	return out
}

func (s *session) decipher(b []byte) ([]byte, bool) {
	if len(b) == 0 || len(b)%s.block != 0 {
		return nil, false
	}
	out := make([]byte, len(b))
	cipher.NewCBCDecrypter(s.enc, s.iv()).CryptBlocks(out, b)
	return unpad(out)
}

// open checks and uncovers a protected command (section 9.8.4). The status
// is 9000, or 6987 and 6988 as ISO 7816-4 table 6 has them: data objects are
// missing, data objects are wrong.
func (s *session) open(c command) (command, status) {
	s.step()
	list, ok := objects(c.data)
	if !ok {
		return c, swSecureWrong
	}
	body, le, mac := []byte(nil), []byte(nil), []byte(nil)
	authentic := pad([]byte{c.cla, c.ins, c.p1, c.p2}, s.block)
	covered := []byte{}
	for _, o := range list {
		switch {
		case mac != nil:
			return c, swSecureWrong // nothing follows the MAC
		case o.tag == 0x8E:
			mac = o.value
			continue
		case o.tag == dataTag(c.ins):
			body = o.value
		case o.tag == 0x97:
			le = o.value
		default:
			return c, swSecureWrong
		}
		covered = append(covered, o.raw...)
	}
	if mac == nil {
		return c, swSecureMissing
	}
	message := append(append([]byte{}, s.counter...), authentic...)
	if len(covered) > 0 {
		message = append(message, pad(covered, s.block)...)
	}
	if subtle.ConstantTimeCompare(s.mac(message), mac) != 1 {
		return c, swSecureWrong
	}
	return s.uncover(c, body, le)
}

func (s *session) uncover(c command, body, le []byte) (command, status) {
	plain := c
	plain.cla, plain.data, plain.ne = c.cla&^0x0C, nil, 0
	plain.room = s.room(c.ne)
	if body != nil {
		if c.ins&1 == 0 {
			if len(body) == 0 || body[0] != 0x01 {
				return c, swSecureWrong
			}
			body = body[1:]
		}
		var ok bool
		if plain.data, ok = s.decipher(body); !ok {
			return c, swSecureWrong
		}
	}
	switch len(le) {
	case 1:
		plain.ne = orMax(int(le[0]), 256)
	case 2:
		plain.ne = orMax(int(le[0])<<8|int(le[1]), 65536)
	}
	return plain, swOK
}

// dataTag is the tag of enciphered data: 87 with a padding indicator, or 85
// without one where the instruction is odd (section 9.8.4).
func dataTag(ins byte) uint16 {
	if ins&1 == 1 {
		return 0x85
	}
	return 0x87
}

// seal protects a response (section 9.8.5).
func (s *session) seal(ins byte, data []byte, sw status) []byte {
	s.step()
	var out []byte
	if len(data) > 0 {
		hidden := s.encipher(data)
		if ins&1 == 0 {
			hidden = append([]byte{0x01}, hidden...)
		}
		out = node(dataTag(ins), hidden)
	}
	out = append(out, node(0x99, sw.bytes())...)
	message := append(append([]byte{}, s.counter...), pad(out, s.block)...)
	return append(out, node(0x8E, s.mac(message))...)
}

// room is how many bytes of plain data fit into a protected response of at
// most ne bytes: 223 with AES and 231 with 3DES for the 256 of a short APDU.
func (s *session) room(ne int) int {
	const status, mac, indicator = 4, 10, 1
	free := ne - status - mac - indicator - 1
	free -= len(lengthOf(free))
	if free < s.block {
		return 0
	}
	return free/s.block*s.block - 1
}

// pad is padding method 2 of ISO/IEC 9797-1: 80, then zeros. It copies.
func pad(b []byte, block int) []byte {
	out := make([]byte, (len(b)/block+1)*block)
	copy(out, b)
	out[len(b)] = 0x80
	return out
}

func unpad(b []byte) ([]byte, bool) {
	for i := len(b) - 1; i >= 0; i-- {
		switch b[i] {
		case 0x80:
			return b[:i], true
		case 0x00:
		default:
			return nil, false
		}
	}
	return nil, false
}

// cmac is AES-CMAC (NIST SP 800-38B section 6).
func cmac(b cipher.Block, m []byte) []byte {
	key := double(encryptZero(b))
	full := len(m) > 0 && len(m)%aes.BlockSize == 0
	if !full {
		key = double(key)
		m = pad(m, aes.BlockSize)
	}
	x := make([]byte, aes.BlockSize)
	for ; len(m) > 0; m = m[aes.BlockSize:] {
		subtle.XORBytes(x, x, m[:aes.BlockSize])
		if len(m) == aes.BlockSize {
			subtle.XORBytes(x, x, key)
		}
		b.Encrypt(x, x)
	}
	return x
}

func encryptZero(b cipher.Block) []byte {
	out := make([]byte, aes.BlockSize)
	b.Encrypt(out, out)
	return out
}

func double(k []byte) []byte {
	out := make([]byte, len(k))
	carry := byte(0)
	for i := len(k) - 1; i >= 0; i-- {
		out[i], carry = k[i]<<1|carry, k[i]>>7
	}
	out[len(k)-1] ^= carry * 0x87
	return out
}

// retailMAC is MAC algorithm 3 of ISO/IEC 9797-1 with DES over a message that
// is already padded.
func retailMAC(key, m []byte) []byte {
	one, err1 := des.NewCipher(key[:8])
	two, err2 := des.NewCipher(key[8:16])
	if err1 != nil || err2 != nil {
		panic("virtual: a derived DES key has a wrong length")
	}
	x := make([]byte, des.BlockSize)
	for ; len(m) >= des.BlockSize; m = m[des.BlockSize:] {
		subtle.XORBytes(x, x, m[:des.BlockSize])
		one.Encrypt(x, x)
	}
	two.Decrypt(x, x)
	one.Encrypt(x, x)
	return x
}

// The counters of the key derivation function (ICAO 9303-11 section 9.7.1).
const (
	forEncryption = 1
	forMAC        = 2
	forPassword   = 3
)

// derive is the key derivation function of ICAO 9303-11 section 9.7.1 for a
// key of size bytes: SHA-1 up to 128 bits, SHA-256 above.
func derive(secret []byte, counter byte, size int) []byte {
	input := append(append([]byte{}, secret...), 0, 0, 0, counter)
	if size > 16 {
		h := sha256.Sum256(input)
		return h[:size]
	}
	h := sha1.Sum(input)
	return h[:size]
}

// deriveDES is derive for two-key 3DES, with the parity bits adjusted
// (section 9.7.1.1).
func deriveDES(secret []byte, counter byte) []byte {
	key := derive(secret, counter, 16)
	for i, b := range key {
		odd := byte(1)
		for v := b >> 1; v != 0; v >>= 1 {
			odd ^= v & 1
		}
		key[i] = b&^1 | odd
	}
	return key
}
