package emrtd

import (
	"context"
	"crypto/cipher"
	"crypto/subtle"
	"fmt"
	"io"
	"math/big"

	"motcua"
)

// pace is one run of PACE with generic mapping over ECDH (9303-11 4.4).
type pace struct {
	*link
	info   paceInfo
	pw     Password
	random io.Reader
}

// run does the four steps and returns the session. A refused password is
// CardWrongSecret; a chip whose own token is wrong is CardNotGenuine.
func (p pace) run(ctx context.Context) (*session, error) {
	if err := p.choose(ctx); err != nil {
		return nil, err
	}
	nonce, err := p.nonce(ctx)
	if err != nil {
		return nil, err
	}
	defer wipe(nonce)
	base, err := p.mapNonce(ctx, nonce)
	if err != nil {
		return nil, err
	}
	ours, theirs, shared, err := p.agree(ctx, 3, base)
	if err != nil {
		return nil, err
	}
	secret := shared.x.FillBytes(make([]byte, p.info.curve.size()))
	defer wipe(secret)
	defer wipeInt(shared.x)
	keyEnc, keyMAC := p.info.suite.derive(secret, keyEncryption), p.info.suite.derive(secret, keyMAC)
	if err := p.authenticate(ctx, keyMAC, ours, theirs); err != nil {
		wipe(keyEnc, keyMAC)
		return nil, err
	}
	return newSession(p.info.suite, keyEnc, keyMAC, make([]byte, p.info.suite.blockSize()))
}

// choose is MSE:Set AT (9303-11 4.4.4.1). 63Cx tells the tries left and is no
// refusal unless none is left.
func (p pace) choose(ctx context.Context) error {
	data := appendTLV(nil, 0x80, p.info.oid)
	data = appendTLV(data, 0x83, []byte{p.pw.reference()})
	if p.info.ambiguous {
		data = appendTLV(data, 0x84, []byte{byte(p.info.curve.id)})
	}
	r, err := p.plain(ctx, Command{INS: 0x22, P1: 0xC1, P2: 0xA4, Data: data})
	switch {
	case err != nil:
		return err
	case r.SW == 0x63C0 || r.SW == swBlocked:
		return motcua.Fail(motcua.CardTriesSpent, "the chip blocks this password", nil)
	case r.SW == swOK || r.SW>>4 == 0x63C:
		return nil
	}
	return refused("mse set at", r.SW)
}

// nonce is step 1: the encrypted nonce, decrypted with the password's key.
func (p pace) nonce(ctx context.Context) ([]byte, error) {
	z, err := p.general(ctx, 1, nil)
	if err != nil {
		return nil, err
	}
	size := 16
	if p.info.suite == suiteAES192 || p.info.suite == suiteAES256 {
		size = len(z) // 9303-11 4.4.3.3: a multiple of the block, as long as the key
	}
	if len(z) != size || len(z) == 0 || len(z) > 64 || len(z)%p.info.suite.blockSize() != 0 {
		return nil, broken("pace: nonce of a wrong length")
	}
	key := p.info.suite.derive(p.pw.secret, keyPassword)
	defer wipe(key)
	block, err := p.info.suite.cipher(key)
	if err != nil {
		return nil, motcua.Fail(motcua.Internal, "pace cipher", err)
	}
	s := make([]byte, len(z))
	cipher.NewCBCDecrypter(block, make([]byte, block.BlockSize())).CryptBlocks(s, z)
	return s, nil
}

// mapNonce is step 2: the generic mapping G' = s G + H (9303-11 4.4.3.3.1).
func (p pace) mapNonce(ctx context.Context, nonce []byte) (point, error) {
	c := p.info.curve
	_, _, shared, err := p.agree(ctx, 2, c.generator())
	if err != nil {
		return point{}, err
	}
	sg, ok := c.multiply(c.generator(), nonce)
	if !ok {
		return shared, nil
	}
	base, ok := c.add(sg, shared)
	if !ok {
		return point{}, broken("pace: mapping to infinity")
	}
	return base, nil
}

// agree exchanges public keys over the base point in step 2 or 3 and returns
// both and the shared point. A key equal to ours is refused (9303-11 4.4.1).
func (p pace) agree(ctx context.Context, step int, base point) (ours, theirs []byte, shared point, err error) {
	c := p.info.curve
	secret, err := c.secret(p.random)
	if err != nil {
		return nil, nil, point{}, err
	}
	defer wipe(secret)
	public, ok := c.multiply(base, secret)
	if !ok {
		return nil, nil, point{}, broken("pace: base point of small order")
	}
	ours = c.encode(public)
	theirs, err = p.general(ctx, step, ours)
	if err != nil {
		return nil, nil, point{}, err
	}
	other, ok := c.decode(theirs)
	if !ok || other.x.Cmp(public.x) == 0 {
		return nil, nil, point{}, broken("pace: not a public key")
	}
	shared, ok = c.multiply(other, secret)
	if !ok {
		return nil, nil, point{}, broken("pace: shared point at infinity")
	}
	return ours, theirs, shared, nil
}

// authenticate is step 4: the mutual tokens (9303-11 4.4.3.4).
func (p pace) authenticate(ctx context.Context, keyMAC, ours, theirs []byte) error {
	mac, err := p.info.suite.mac(keyMAC)
	if err != nil {
		return motcua.Fail(motcua.Internal, "pace token", err)
	}
	mine, want := p.token(mac, theirs), p.token(mac, ours)
	got, err := p.general(ctx, 4, mine[:])
	if err != nil {
		return err
	}
	if subtle.ConstantTimeCompare(want[:], got) != 1 {
		return motcua.Fail(motcua.CardNotGenuine, "pace: wrong token of the chip", nil)
	}
	return nil
}

// token is the MAC over the public key data object (9303-11 4.4.3.4 and
// 9.4.5). Only 3DES needs the caller's padding.
func (p pace) token(mac macFunc, public []byte) [8]byte {
	object := appendTLV(nil, 0x06, p.info.oid)
	object = appendTLV(object, 0x86, public)
	message := appendTLV(nil, 0x7F49, object)
	if p.info.suite == suite3DES {
		message = pad(message, 8)
	}
	var sum [8]byte
	mac(message, &sum)
	return sum
}

// general is one GENERAL AUTHENTICATE (9303-11 4.4.4.2): our data under tag
// 2*step-1, the chip's under the next one. Command chaining holds until the
// last step. In step 1 we have no data.
func (p pace) general(ctx context.Context, step int, data []byte) ([]byte, error) {
	var object []byte
	if step > 1 {
		object = appendTLV(nil, uint32(0x80+2*step-3), data)
	}
	c := Command{CLA: 0x10, INS: 0x86, Data: appendTLV(nil, 0x7C, object), Ne: shortNe}
	if step == 4 {
		c.CLA = 0
	}
	r, err := p.plain(ctx, c)
	if err != nil {
		return nil, err
	}
	if r.SW != swOK {
		return nil, paceRefusal(step, r.SW)
	}
	return dynamicData(r.Data, uint32(0x80+2*step-2), step)
}

// paceRefusal reads a status word: a wrong password is noticed by the chip
// when it checks our token, and at no other step.
func paceRefusal(step int, sw uint16) error {
	if step == 4 && (sw>>8 == 0x63 || isRefusal(sw) || sw == swSMWrong) {
		return motcua.Fail(motcua.CardWrongSecret, fmt.Sprintf("pace: token refused with %04X", sw), nil)
	}
	return refused(fmt.Sprintf("pace step %d", step), sw)
}

// dynamicData takes the element with tag out of the response's 7C. A CHAT's
// certificate references (87, 88) may follow in step 4.
func dynamicData(b []byte, tag uint32, step int) ([]byte, error) {
	t, err := ReadOnly(b, 0x7C)
	if err != nil {
		return nil, broken(fmt.Sprintf("pace step %d: malformed reply", step))
	}
	c := cursor{rest: t.Value}
	value := c.take(tag).Value
	if c.err != nil || len(c.rest) != 0 && step != 4 {
		return nil, broken(fmt.Sprintf("pace step %d: malformed reply", step))
	}
	return value, nil
}

// refused is a step that the card does not do: CardUnsupported with the status
// word for the technician.
func refused(what string, sw uint16) error {
	return motcua.Fail(motcua.CardUnsupported, fmt.Sprintf("%s: status %04X", what, sw), nil)
}

// wipeInt overwrites the words of a number.
func wipeInt(n *big.Int) {
	if n != nil {
		clear(n.Bits())
	}
}
