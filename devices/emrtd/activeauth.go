package emrtd

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"io"
	"math/big"

	"motcua"
)

// idAA is the ActiveAuthenticationInfo 2.23.136.1.1.5 (9303-11 9.2.8).
const idAA = "2.23.136.1.1.5"

// plainHashes are the ecdsa-plain algorithms of BSI TR-03111 5.2.1.1, which
// ActiveAuthenticationInfo names.
var plainHashes = map[string]crypto.Hash{
	"0.4.0.127.0.7.1.1.4.1.1": crypto.SHA1, "0.4.0.127.0.7.1.1.4.1.2": crypto.SHA224,
	"0.4.0.127.0.7.1.1.4.1.3": crypto.SHA256, "0.4.0.127.0.7.1.1.4.1.4": crypto.SHA384,
	"0.4.0.127.0.7.1.1.4.1.5": crypto.SHA512,
}

// unnamedHashes is tried, in this order, for an EC key whose card does not say
// how it signs.
var unnamedHashes = []crypto.Hash{crypto.SHA256, crypto.SHA384, crypto.SHA512, crypto.SHA224, crypto.SHA1}

// trailers are the hash functions of ISO/IEC 9796-2 trailers of two bytes, by
// their number in ISO/IEC 10118-3; the second byte is CC.
var trailers = map[byte]crypto.Hash{
	0x33: crypto.SHA1, 0x34: crypto.SHA256, 0x35: crypto.SHA512, 0x36: crypto.SHA384, 0x38: crypto.SHA224,
}

// The moduli accepted for Active Authentication, in bits. A shorter one would
// prove little.
const minActiveBits, maxActiveBits = 1024, 8 * maxModulus

// activeKey is the key of Active Authentication.
type activeKey struct {
	publicKey
	hashes []crypto.Hash // of an EC key
}

// activeKey reads the key of DG15 (9303-10 4.7.15) and how it signs. The check
// is set to why it cannot be used, or to pending.
func (r *reader) activeKey() (activeKey, bool) {
	check := &r.report.Checks.ActiveAuth
	raw, why := r.trusted(15)
	if raw == nil {
		*check = why
		return activeKey{}, false
	}
	key, err := parseDG15(raw)
	if err != nil {
		*check = Check{Unsupported, reasonDG15}
		return activeKey{}, false
	}
	k := activeKey{publicKey: key}
	if key.curve.group != nil {
		infos, _ := r.trustedInfos()
		k.hashes = activeHashes(infos)
	}
	if !k.usable() {
		*check = Check{Unsupported, reasonAlgorithm}
		return activeKey{}, false
	}
	*check = Check{NotAttempted, reasonTextFirst}
	return k, true
}

func parseDG15(raw []byte) (publicKey, error) {
	outer, err := ReadOnly(raw, 0x6F)
	if err != nil {
		return publicKey{}, err
	}
	info, err := ReadOnly(outer.Value, 0x30)
	if err != nil {
		return publicKey{}, err
	}
	return parsePublicKey(info.Value)
}

// activeHashes is the hash that DG14 names, none if we do not know it, and
// every one if DG14 does not say.
func activeHashes(infos []securityInfo) []crypto.Hash {
	for _, info := range infos {
		if oidString(info.oid) != idAA {
			continue
		}
		if hash := plainHashes[oidString(info.optional.Value)]; hash != 0 {
			return []crypto.Hash{hash}
		}
		return nil
	}
	return unnamedHashes
}

func (k activeKey) usable() bool {
	switch {
	case k.rsa != nil:
		bits := k.rsa.N.BitLen()
		return bits >= minActiveBits && bits <= maxActiveBits && bits%8 == 0 && k.rsa.N.Bit(0) == 1 && k.rsa.E >= 3 && k.rsa.E&1 == 1
	case k.curve.group != nil:
		return len(k.hashes) > 0
	}
	return false
}

// size is the longest answer, in bytes.
func (k activeKey) size() int {
	if k.rsa != nil {
		return k.rsa.Size()
	}
	return 2*k.width() + 16 // DER adds headers and signs
}

// width is the size of a number below the order, in bytes.
func (k publicKey) width() int { return (k.curve.group.Params().N.BitLen() + 7) / 8 }

// long says that the answer is longer than a short response carries under
// this session, as that of an RSA key of 2048 bits is.
func (r *reader) long(key activeKey) bool { return key.size() > r.sm.largest(shortNe) }

// strained says that such an answer is to come through short responses: in
// pieces, cut off, or as a fault of the reader.
func (r *reader) strained(key activeKey) bool { return r.limit <= shortNe && r.long(key) }

// activeAuth is INTERNAL AUTHENTICATE with a random challenge (9303-11 6.1). A
// card or reader that cannot bring the answer is no reason to doubt the card.
func (r *reader) activeAuth(ctx context.Context, key activeKey) error {
	check := &r.report.Checks.ActiveAuth
	challenge := make([]byte, 8)
	if _, err := io.ReadFull(r.o.random, challenge); err != nil {
		return motcua.Fail(motcua.Internal, "random numbers", err)
	}
	ne := key.size()
	if r.limit <= shortNe {
		ne = min(ne, shortNe)
	}
	resp, err := r.command(ctx, Command{INS: 0x88, Data: challenge, Ne: ne})
	switch {
	case r.strained(key) && cutOff(err):
		*check = Check{NotAttempted, reasonReplyLong}
	case err != nil:
		return err
	case resp.SW == swOK:
		*check = key.proves(challenge, resp.Data)
	case r.long(key) && tooLong(resp.SW):
		*check = Check{NotAttempted, reasonReplyLong}
	default:
		*check = Check{Failed, reasonRefused}
	}
	return nil
}

// cutOff says that an error may come of the answer's length: a malformed
// answer, or the reader's complaint. Both end the session, with nothing left to
// read.
func cutOff(err error) bool {
	code := motcua.CodeOf(err)
	return code == motcua.CardBroken || code == motcua.CardMute
}

// tooLong says that a status word means the length of the answer: wrong
// length, another length, no diagnosis.
func tooLong(sw uint16) bool { return sw == swWrongLength || sw>>8 == 0x6C || sw == swUnknown }

// proves checks the chip's answer to the challenge.
func (k activeKey) proves(challenge, answer []byte) Check {
	hash, ok := k.openedBy(challenge, answer)
	switch {
	case !ok:
		return Check{Failed, reasonSignature}
	case hash == crypto.SHA1:
		return Check{Verified, reasonSHA1}
	}
	return Check{State: Verified}
}

func (k activeKey) openedBy(challenge, answer []byte) (crypto.Hash, bool) {
	if k.rsa != nil {
		return k.recovered(challenge, answer)
	}
	for _, hash := range k.hashes {
		if k.verifyPoint(digestOf(hash, challenge), answer) {
			return hash, true
		}
	}
	return 0, false
}

// verifyPoint checks an ECDSA signature in the plain form r || s of the
// standard, or in DER, which cards in the field use too.
func (k publicKey) verifyPoint(digest, answer []byte) bool {
	key := &ecdsa.PublicKey{Curve: k.curve.group, X: k.point.x, Y: k.point.y} //nolint:staticcheck // crypto/ecdsa's parser knows no brainpool
	if w := k.width(); len(answer) == 2*w {
		r, s := new(big.Int).SetBytes(answer[:w]), new(big.Int).SetBytes(answer[w:])
		if ecdsa.Verify(key, digest, r, s) {
			return true
		}
	}
	seq, err := ReadOnly(answer, 0x30)
	if err != nil {
		return false
	}
	c := cursor{rest: seq.Value}
	r, s := new(big.Int).SetBytes(c.take(0x02).Value), new(big.Int).SetBytes(c.take(0x02).Value)
	return c.err == nil && len(c.rest) == 0 && len(answer) <= 160 && ecdsa.Verify(key, digest, r, s)
}

// recovered opens a signature of ISO/IEC 9796-2 digital signature scheme 1 with
// partial recovery: the message is what the chip put into the signature and,
// after it, our challenge.
func (k publicKey) recovered(challenge, answer []byte) (crypto.Hash, bool) {
	s := new(big.Int).SetBytes(answer)
	if len(answer) != k.rsa.Size() || s.Cmp(k.rsa.N) >= 0 {
		return 0, false
	}
	j := new(big.Int).Exp(s, big.NewInt(int64(k.rsa.E)), k.rsa.N)
	if j.Bit(0) == 1 { // the signer took the smaller of J and n-J; J ends in C
		j.Sub(k.rsa.N, j)
	}
	block := j.FillBytes(make([]byte, k.rsa.Size()))
	hash, body := trailer(block)
	start := header(body)
	if hash == 0 || start < 0 || len(body)-start < hash.Size() {
		return 0, false
	}
	end := len(body) - hash.Size()
	w := hash.New()
	w.Write(body[start:end])
	w.Write(challenge)
	return hash, string(w.Sum(nil)) == string(body[end:])
}

// trailer splits the trailer off: BC for SHA-1, or the number of the hash
// function and CC. The hash is zero when there is none that we know.
func trailer(block []byte) (crypto.Hash, []byte) {
	n := len(block)
	switch block[n-1] {
	case 0xBC:
		return crypto.SHA1, block[:n-1]
	case 0xCC:
		return trailers[block[n-2]], block[:n-2]
	}
	return 0, block
}

// header is where the message begins: after 6A, or after 6B, BB and so on, and
// BA where the message is shorter than its place. It is -1 without a header.
func header(block []byte) int {
	switch block[0] {
	case 0x6A:
		return 1
	case 0x6B:
	default:
		return -1
	}
	for i, b := range block[1:] {
		switch b {
		case 0xBB:
		case 0xBA:
			return i + 2
		default:
			return -1
		}
	}
	return -1
}
