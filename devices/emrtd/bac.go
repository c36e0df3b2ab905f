package emrtd

import (
	"context"
	"crypto/cipher"
	"crypto/subtle"
	"fmt"
	"io"

	"motcua"
)

// bac is one run of Basic Access Control (9303-11 4.3). The application must
// have been selected.
type bac struct {
	*link
	pw     Password
	random io.Reader
}

// run returns the session. A refused key is CardWrongSecret.
func (b bac) run(ctx context.Context) (*session, error) {
	seed := b.pw.secret[:16]
	keyEnc, macKey := suite3DES.derive(seed, keyEncryption), suite3DES.derive(seed, keyMAC)
	defer wipe(keyEnc, macKey)
	challenge, err := b.challenge(ctx)
	if err != nil {
		return nil, err
	}
	own := make([]byte, 24) // RND.IFD and K.IFD
	defer wipe(own)
	if _, err := io.ReadFull(b.random, own); err != nil {
		return nil, motcua.Fail(motcua.Internal, "random numbers", err)
	}
	box, err := newSealer(keyEnc, macKey)
	if err != nil {
		return nil, err
	}
	answer, err := b.external(ctx, box, challenge, own)
	if err != nil {
		return nil, err
	}
	defer wipe(answer)
	return b.session(own, answer, challenge)
}

func (b bac) challenge(ctx context.Context) ([]byte, error) {
	r, err := b.plain(ctx, Command{INS: 0x84, Ne: 8})
	if err != nil {
		return nil, err
	}
	if r.SW != swOK {
		return nil, refused("get challenge", r.SW)
	}
	if len(r.Data) != 8 {
		return nil, broken("bac: challenge of a wrong length")
	}
	return r.Data, nil
}

// external is EXTERNAL AUTHENTICATE; it returns the chip's decrypted answer:
// RND.IC, RND.IFD, K.IC.
func (b bac) external(ctx context.Context, box sealer, challenge, own []byte) ([]byte, error) {
	s := make([]byte, 0, 32)
	s = append(append(append(s, own[:8]...), challenge...), own[8:]...)
	defer wipe(s)
	r, err := b.plain(ctx, Command{INS: 0x82, Data: box.seal(s), Ne: 40})
	if err != nil {
		return nil, err
	}
	if r.SW != swOK {
		return nil, bacRefusal(r.SW)
	}
	answer, ok := box.open(r.Data)
	if !ok || subtle.ConstantTimeCompare(answer[8:16], own[:8]) != 1 ||
		subtle.ConstantTimeCompare(answer[:8], challenge) != 1 {
		return nil, motcua.Fail(motcua.CardNotGenuine, "bac: wrong answer of the chip", nil)
	}
	return answer, nil
}

// bacRefusal: the cryptogram we send has one right form, so that a chip that
// refuses it means the key.
func bacRefusal(sw uint16) error {
	if sw>>8 == 0x63 || isRefusal(sw) || sw == swSMWrong || sw == swBadData {
		return motcua.Fail(motcua.CardWrongSecret, fmt.Sprintf("bac: refused with %04X", sw), nil)
	}
	return refused("external authenticate", sw)
}

// session derives the session keys and the first counter (9303-11 9.8.6.3).
func (b bac) session(own, answer, challenge []byte) (*session, error) {
	seed := make([]byte, 16)
	defer wipe(seed)
	copy(seed, own[8:])
	xorInto(seed, answer[16:32])
	ssc := append(append(make([]byte, 0, 8), challenge[4:]...), own[4:8]...)
	return newSession(suite3DES, suite3DES.derive(seed, keyEncryption), suite3DES.derive(seed, keyMAC), ssc)
}

// sealer is encrypt-then-MAC with 3DES as BAC does it (9303-11 4.3.3).
type sealer struct {
	block cipher.Block
	mac   macFunc
}

func newSealer(keyEnc, macKey []byte) (sealer, error) {
	block, err := suite3DES.cipher(keyEnc)
	if err != nil {
		return sealer{}, motcua.Fail(motcua.Internal, "bac cipher", err)
	}
	mac, err := suite3DES.mac(macKey)
	if err != nil {
		return sealer{}, motcua.Fail(motcua.Internal, "bac mac", err)
	}
	return sealer{block, mac}, nil
}

func (s sealer) seal(plain []byte) []byte {
	out := make([]byte, len(plain), len(plain)+8)
	cipher.NewCBCEncrypter(s.block, make([]byte, 8)).CryptBlocks(out, plain)
	sum := s.sum(out)
	return append(out, sum[:]...)
}

func (s sealer) open(b []byte) ([]byte, bool) {
	if len(b) != 40 {
		return nil, false
	}
	sum := s.sum(b[:32])
	if subtle.ConstantTimeCompare(sum[:], b[32:]) != 1 {
		return nil, false
	}
	out := make([]byte, 32)
	cipher.NewCBCDecrypter(s.block, make([]byte, 8)).CryptBlocks(out, b[:32])
	return out, true
}

func (s sealer) sum(text []byte) [8]byte {
	var sum [8]byte
	s.mac(pad(append(make([]byte, 0, len(text)+8), text...), 8), &sum)
	return sum
}
