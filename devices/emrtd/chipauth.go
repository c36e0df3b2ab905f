package emrtd

import (
	"bytes"
	"context"
	"fmt"

	"motcua"
)

// The object identifiers of Chip Authentication, without identifier and length
// (9303-11 9.2.5 and 9.2.6).
var (
	idPK     = []byte{0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x01}
	idPKECDH = append(bytes.Clone(idPK), 2)
	idCA     = []byte{0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x03}
	idCAECDH = append(bytes.Clone(idCA), 2) // the byte after it names the suite
)

// chipKey is a public key of the chip together with how it is used.
type chipKey struct {
	publicKey
	oid     []byte // the protocol, nil when the card does not name one
	suite   suite
	id      []byte // the number of the key, nil when it has none
	assumed bool   // the card shows a key and no protocol
}

// chipKeys is what DG14 says of Chip Authentication: the keys that we can
// compute with, the protocols that we can run, and whether there is any other
// of either.
type chipKeys struct {
	keys, protocols        []chipKey
	otherKey, anyProtocols bool
}

func readChipKeys(infos []securityInfo) chipKeys {
	var found chipKeys
	for _, info := range infos {
		switch {
		case bytes.HasPrefix(info.oid, idPK):
			key, ok := readChipKey(info)
			if !ok {
				found.otherKey = true
				continue
			}
			found.keys = append(found.keys, key)
		case bytes.HasPrefix(info.oid, idCA):
			found.anyProtocols = true
			if p, ok := readChipProtocol(info); ok {
				found.protocols = append(found.protocols, p)
			}
		}
	}
	return found
}

// readChipKey reads a ChipAuthenticationPublicKeyInfo; false for a key that is
// not a point on one of our curves.
func readChipKey(info securityInfo) (chipKey, bool) {
	if !bytes.Equal(info.oid, idPKECDH) || info.required.Tag != 0x30 {
		return chipKey{}, false
	}
	key, err := parsePublicKey(info.required.Value)
	id, ok := keyID(info.optional)
	return chipKey{publicKey: key, id: id}, err == nil && ok && key.curve.group != nil
}

// readChipProtocol reads a ChipAuthenticationInfo of version 1 over ECDH.
func readChipProtocol(info securityInfo) (chipKey, bool) {
	n := len(idCAECDH)
	if len(info.oid) != n+1 || !bytes.HasPrefix(info.oid, idCAECDH) {
		return chipKey{}, false
	}
	s := suite(info.oid[n])
	version, ok := smallInteger(info.required)
	id, good := keyID(info.optional)
	return chipKey{oid: info.oid, suite: s, id: id}, ok && good && version == 1 && s >= suite3DES && s <= suiteAES256
}

// keyID is the number of a key as MSE names it: without the sign's zero.
func keyID(t TLV) ([]byte, bool) {
	switch {
	case t.Raw == nil:
		return nil, true
	case t.Tag != 0x02 || len(t.Value) == 0 || len(t.Value) > 8 || t.Value[0]&0x80 != 0:
		return nil, false
	case len(t.Value) > 1 && t.Value[0] == 0:
		return t.Value[1:], true
	}
	return t.Value, true
}

// choose is the strongest pair of a key and a protocol that belong together by
// their number; a missing number fits any. A key without any protocol is one
// of the first documents, which had 3DES only.
func (f chipKeys) choose() (best chipKey, ok bool) {
	protocols := f.protocols
	if !f.anyProtocols {
		protocols = []chipKey{{suite: suite3DES, assumed: true}}
	}
	for _, p := range protocols {
		for _, k := range f.keys {
			if k.id != nil && p.id != nil && !bytes.Equal(k.id, p.id) {
				continue
			}
			if ok && (p.suite < best.suite || p.suite == best.suite && k.curve.size() <= best.curve.size()) {
				continue
			}
			best, ok = chipKey{k.publicKey, p.oid, p.suite, k.id, p.assumed}, true
		}
	}
	return best, ok
}

// trusted is a data group whose hash is the one in the SOD. A key from
// anywhere else proves nothing, so that its check is not attempted; what the
// SOD itself is worth, Signature and Chain say.
func (r *reader) trusted(n int) ([]byte, Check) {
	raw, there := r.report.Groups[n]
	switch {
	case !there:
		return nil, Check{Unsupported, fmt.Sprintf("dg%d-missing", n)}
	case r.sod == nil || r.sod.digest == 0 || !bytes.Equal(r.sod.hashes[n], digestOf(r.sod.digest, raw)):
		return nil, Check{NotAttempted, fmt.Sprintf("dg%d-unverified", n)}
	}
	return raw, Check{}
}

// trustedInfos is the SecurityInfos of a trusted DG14.
func (r *reader) trustedInfos() ([]securityInfo, Check) {
	raw, check := r.trusted(14)
	if raw == nil {
		return nil, check
	}
	outer, err := ReadOnly(raw, 0x6E)
	if err != nil {
		return nil, Check{Unsupported, reasonDG14}
	}
	infos, err := parseSecurityInfos(outer.Value)
	if err != nil {
		return nil, Check{Unsupported, reasonDG14}
	}
	return infos, Check{}
}

// chipAuth runs Chip Authentication version 1 (9303-11 6.2) with the key of
// DG14. What follows is read over its channel; the first answer there decides
// whether the chip has the private key. A session that is opened again later
// is that of access control: the chip has proved itself by then, or failed to.
func (r *reader) chipAuth(ctx context.Context) error {
	check := &r.report.Checks.ChipAuth
	infos, why := r.trustedInfos()
	if infos == nil && why != (Check{}) {
		*check = why
		return nil
	}
	found := readChipKeys(infos)
	key, ok := found.choose()
	switch {
	case len(found.keys) == 0 && !found.otherKey:
		*check = Check{Unsupported, reasonNoChipKey}
		return nil
	case !ok:
		*check = Check{Unsupported, reasonAlgorithm}
		return nil
	}
	*check = Check{NotAttempted, reasonUnproven}
	return r.agree(ctx, key)
}

// agree does the key agreement and changes to the new session.
func (r *reader) agree(ctx context.Context, key chipKey) error {
	secret, err := key.curve.secret(r.o.random)
	if err != nil {
		return err
	}
	defer wipe(secret)
	public, ok := key.curve.multiply(key.curve.generator(), secret)
	if !ok {
		return motcua.Fail(motcua.Internal, "chip authentication: ephemeral key", nil)
	}
	sw, err := r.sendKey(ctx, key, key.curve.encode(public))
	switch {
	case err != nil:
		return err
	case sw != swOK && key.assumed:
		r.report.Checks.ChipAuth = Check{Unsupported, reasonAlgorithm}
		return nil
	case sw != swOK:
		r.report.Checks.ChipAuth = Check{Failed, reasonRefused}
		return nil
	}
	session, err := key.session(secret)
	if err != nil {
		return err
	}
	r.end()
	r.sm, r.fresh = session, true
	return nil
}

// session derives the keys from the shared point (9303-11 6.2.3 and 9.7.1).
// The send sequence counter starts at zero.
func (k chipKey) session(secret []byte) (*session, error) {
	shared, ok := k.curve.multiply(k.point, secret)
	if !ok {
		return nil, broken("chip authentication: shared point at infinity")
	}
	defer wipeInt(shared.x)
	x := shared.x.FillBytes(make([]byte, k.curve.size()))
	defer wipe(x)
	return newSession(k.suite, k.suite.derive(x, keyEncryption), k.suite.derive(x, keyMAC), make([]byte, k.suite.blockSize()))
}

// sendKey is MSE:Set KAT for 3DES (9303-11 6.2.4.1), and MSE:Set AT with
// GENERAL AUTHENTICATE for AES (6.2.4.2).
func (r *reader) sendKey(ctx context.Context, key chipKey, public []byte) (uint16, error) {
	if key.suite == suite3DES {
		resp, err := r.command(ctx, Command{INS: 0x22, P1: 0x41, P2: 0xA6, Data: key.reference(appendTLV(nil, 0x91, public))})
		return resp.SW, err
	}
	resp, err := r.command(ctx, Command{INS: 0x22, P1: 0x41, P2: 0xA4, Data: key.reference(appendTLV(nil, 0x80, key.oid))})
	if err != nil || resp.SW != swOK {
		return resp.SW, err
	}
	data := appendTLV(nil, 0x7C, appendTLV(nil, 0x80, public))
	resp, err = r.command(ctx, Command{INS: 0x86, Data: data, Ne: r.sm.largest(shortNe)})
	return resp.SW, err
}

// reference names the private key where the card gives its keys numbers.
func (k chipKey) reference(data []byte) []byte {
	if k.id == nil {
		return data
	}
	return appendTLV(data, 0x84, k.id)
}

// prove judges the first answer under the keys of chip authentication. A chip
// without the private key has other keys: it cannot check our command, and we
// cannot check its answer. That becomes the status word of a dead session, so
// that reading goes on over access control.
func (r *reader) prove(resp Response, protected bool, err error) (Response, bool, error) {
	switch {
	case err == nil && protected:
		r.report.Checks.ChipAuth = Check{State: Verified}
	case err == nil || motcua.CodeOf(err) == motcua.CardBroken:
		r.report.Checks.ChipAuth = Check{Failed, reasonChipKeys}
		resp, protected, err = Response{SW: swSMWrong}, false, nil
	}
	r.fresh = false
	return resp, protected, err
}
