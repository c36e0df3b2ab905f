package module

import (
	"crypto/x509"

	p11 "github.com/miekg/pkcs11"

	"motcua"
)

// key is the private key of one certificate after login.
type key struct {
	session p11.SessionHandle
	object  p11.ObjectHandle
	rsa     bool
	// always keys ask for the PIN at each signature (CKA_ALWAYS_AUTHENTICATE).
	// pin is held for them alone, until Close, so that a batch asks once.
	always bool
	pin    []byte
}

// Open logs in to the token that holds the certificate and finds its key. The
// PIN is tried once; the flags are read first, and a locked token is not
// asked. The caller clears pin.
func (m *Module) Open(fingerprint string, pin []byte) error {
	m.Close()
	at, err := m.locate(fingerprint)
	if err != nil {
		return err
	}
	switch {
	case at.PIN.Locked:
		return motcua.Fail(motcua.TokenPINLocked, "the token says so before the try", nil)
	case at.PIN.Protected:
		pin = nil
	case len(pin) == 0:
		return motcua.Fail(motcua.TokenPINNeeded, "", nil)
	}
	s, err := m.ctx.OpenSession(at.slot, p11.CKF_SERIAL_SESSION)
	if err != nil {
		return fault(err, "C_OpenSession")
	}
	if err := m.login(s, at.slot, pin); err != nil {
		m.ctx.CloseSession(s)
		return err
	}
	k, err := m.privateKey(s, at)
	if err != nil {
		m.ctx.Logout(s)
		m.ctx.CloseSession(s)
		return err
	}
	if k.always {
		k.pin = append([]byte(nil), pin...)
	}
	m.open = k
	return nil
}

// locate looks for the certificate afresh: another token may have been put
// into the slot since the list was made.
func (m *Module) locate(fingerprint string) (found, error) {
	slots, err := m.ctx.GetSlotList(true)
	if err != nil {
		return found{}, fault(err, "C_GetSlotList")
	}
	for _, slot := range slots {
		all, err := m.listSlot(slot)
		if err != nil {
			continue
		}
		for _, f := range all {
			if f.fingerprint() == fingerprint {
				return f, nil
			}
		}
	}
	return found{}, motcua.Fail(motcua.TokenAbsent, "no token holds the certificate", nil)
}

// login tries the PIN once. A login state that was there before says nothing
// about this PIN, because a module answers the same to any: it is ended, and
// the person is asked again.
func (m *Module) login(s p11.SessionHandle, slot uint, pin []byte) error {
	err := m.direct.login(s, p11.CKU_USER, pin)
	switch {
	case err == nil:
		return nil
	case is(err, p11.CKR_USER_ALREADY_LOGGED_IN):
		m.ctx.Logout(s)
		return motcua.Fail(motcua.TokenPINNeeded, "someone was still logged in and is now logged out", nil)
	case is(err, p11.CKR_PIN_INCORRECT):
		if info, e := m.ctx.GetTokenInfo(slot); e == nil && pinState(info.Flags).Locked {
			return motcua.Fail(motcua.TokenPINLocked, "by this try", nil)
		}
	}
	return fault(err, "C_Login")
}

// privateKey matches by CKA_ID, and without one accepts only a single key. No
// public key object is asked for: many tokens carry none.
func (m *Module) privateKey(s p11.SessionHandle, at found) (*key, error) {
	like := []*p11.Attribute{p11.NewAttribute(p11.CKA_CLASS, p11.CKO_PRIVATE_KEY)}
	if len(at.id) > 0 {
		like = append(like, p11.NewAttribute(p11.CKA_ID, at.id))
	}
	objects, err := m.find(s, like...)
	if err != nil {
		return nil, fault(err, "C_FindObjects")
	}
	if len(objects) != 1 {
		return nil, motcua.Fail(motcua.TokenNoKey, countWord(len(objects)), nil)
	}
	leaf, err := x509.ParseCertificate(at.DER)
	if err != nil {
		return nil, motcua.Fail(motcua.TokenCertificate, "not readable", nil)
	}
	always := m.attribute(s, objects[0], p11.CKA_ALWAYS_AUTHENTICATE)
	return &key{
		session: s, object: objects[0],
		rsa:    leaf.PublicKeyAlgorithm == x509.RSA,
		always: len(always) == 1 && always[0] != 0,
	}, nil
}

func countWord(n int) string {
	if n == 0 {
		return "no private key belongs to the certificate"
	}
	return "several private keys could belong to the certificate"
}

// Sign applies the open key to input: CKM_RSA_PKCS, the one RSA mechanism all
// tokens share, or CKM_ECDSA.
func (m *Module) Sign(input []byte) ([]byte, error) {
	k := m.open
	if k == nil {
		return nil, motcua.Fail(motcua.TokenPINNeeded, "nobody is logged in", nil)
	}
	if len(input) == 0 {
		return nil, motcua.Fail(motcua.BadInput, "nothing to sign", nil)
	}
	mechanism := uint(p11.CKM_ECDSA)
	if k.rsa {
		mechanism = p11.CKM_RSA_PKCS
	}
	if err := m.ctx.SignInit(k.session, []*p11.Mechanism{p11.NewMechanism(mechanism, nil)}, k.object); err != nil {
		return nil, fault(err, "C_SignInit")
	}
	if k.always {
		if err := m.direct.login(k.session, p11.CKU_CONTEXT_SPECIFIC, k.pin); err != nil {
			m.Close() // the PIN that was right a moment ago is not tried again
			return nil, fault(err, "C_Login for the key")
		}
	}
	out, err := m.direct.sign(k.session, input)
	if err != nil {
		return nil, fault(err, "C_Sign")
	}
	return out, nil
}

// Close logs out and wipes what an always key needed. Login belongs to the
// process, so it must not outlast the batch.
func (m *Module) Close() {
	if m.open == nil {
		return
	}
	clear(m.open.pin)
	m.ctx.Logout(m.open.session)
	m.ctx.CloseSession(m.open.session)
	m.open = nil
}
