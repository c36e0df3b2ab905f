// Package module holds one vendor's PKCS #11 module. It is the only package
// that loads foreign code, and only cmd/tokend imports it: a defect of the
// module ends that process, not the product.
//
// Everything here happens on one goroutine, one call at a time, in read-only
// sessions: some drivers refuse read-write sessions while they scan.
package module

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	p11 "github.com/miekg/pkcs11"

	"motcua"
	"motcua/devices"
	"motcua/devices/pkcs11/talk"
)

// Module is a loaded and initialised vendor module.
type Module struct {
	ctx    *p11.Ctx
	direct direct
	open   *key // nil when nobody is logged in
}

// Load takes the module file at path. TokenModule is the fault when it is not
// a PKCS #11 module or does not initialise.
func Load(path string) (*Module, error) {
	ctx := p11.New(path)
	if ctx == nil {
		return nil, motcua.Fail(motcua.TokenModule, "not a PKCS #11 module", nil)
	}
	d, ok := newDirect(path)
	if !ok {
		return nil, motcua.Fail(motcua.TokenModule, "no function list", nil)
	}
	if err := ctx.Initialize(); err != nil && !is(err, p11.CKR_CRYPTOKI_ALREADY_INITIALIZED) {
		return nil, motcua.Fail(motcua.TokenModule, "C_Initialize", err)
	}
	return &Module{ctx: ctx, direct: d}, nil
}

// List is every certificate object of every token, read without a PIN. A slot
// that cannot be read is left out: the token may be leaving.
func (m *Module) List() ([]talk.Certificate, error) {
	slots, err := m.ctx.GetSlotList(true)
	if err != nil {
		return nil, fault(err, "C_GetSlotList")
	}
	var all []talk.Certificate
	for _, slot := range slots {
		found, err := m.listSlot(slot)
		if err != nil {
			continue
		}
		for _, f := range found {
			all = append(all, f.Certificate)
		}
	}
	return all, nil
}

// found is a certificate object with what only this process needs.
type found struct {
	talk.Certificate
	slot uint
	id   []byte
}

func (f found) fingerprint() string {
	sum := sha256.Sum256(f.DER)
	return hex.EncodeToString(sum[:])
}

func (m *Module) listSlot(slot uint) ([]found, error) {
	info, err := m.ctx.GetTokenInfo(slot)
	if err != nil {
		return nil, err
	}
	if info.Flags&p11.CKF_TOKEN_INITIALIZED == 0 {
		return nil, nil
	}
	s, err := m.ctx.OpenSession(slot, p11.CKF_SERIAL_SESSION)
	if err != nil {
		return nil, err
	}
	defer m.ctx.CloseSession(s)
	certs, err := m.find(s, p11.NewAttribute(p11.CKA_CLASS, p11.CKO_CERTIFICATE))
	if err != nil {
		return nil, err
	}
	keys, err := m.visibleKeys(s, info)
	if err != nil {
		return nil, err
	}
	var all []found
	for _, object := range certs {
		if f, ok := m.certificate(s, object); ok {
			f.slot, f.Token, f.Serial, f.PIN = slot, text(info.Label), text(info.SerialNumber), pinState(info.Flags)
			f.NoKey = keys.lacks(f.id)
			all = append(all, f)
		}
	}
	return all, nil
}

// certificate reads the attributes one by one: a single one the token does not
// know would make a joint request fail.
func (m *Module) certificate(s p11.SessionHandle, object p11.ObjectHandle) (f found, ok bool) {
	der := m.attribute(s, object, p11.CKA_VALUE)
	if len(der) == 0 || len(der) > 64<<10 {
		return f, false
	}
	f.DER, f.id = der, m.attribute(s, object, p11.CKA_ID)
	return f, true
}

// keyring is the private keys a token shows without a PIN.
type keyring struct {
	certain bool // every key of the token is seen
	ids     map[string]bool
}

func (k keyring) lacks(id []byte) bool {
	return k.certain && !k.ids[string(id)] && !(len(id) == 0 && len(k.ids) == 1)
}

func (m *Module) visibleKeys(s p11.SessionHandle, info p11.TokenInfo) (keyring, error) {
	keys, err := m.find(s, p11.NewAttribute(p11.CKA_CLASS, p11.CKO_PRIVATE_KEY))
	if err != nil {
		return keyring{}, err
	}
	k := keyring{certain: len(keys) > 0 || info.Flags&p11.CKF_LOGIN_REQUIRED == 0, ids: map[string]bool{}}
	for _, object := range keys {
		k.ids[string(m.attribute(s, object, p11.CKA_ID))] = true
	}
	return k, nil
}

// find is every object that matches, up to a limit no honest token reaches.
func (m *Module) find(s p11.SessionHandle, like ...*p11.Attribute) ([]p11.ObjectHandle, error) {
	if err := m.ctx.FindObjectsInit(s, like); err != nil {
		return nil, err
	}
	defer m.ctx.FindObjectsFinal(s)
	var all []p11.ObjectHandle
	for len(all) < 256 {
		some, _, err := m.ctx.FindObjects(s, 32)
		if err != nil {
			return nil, err
		}
		if len(some) == 0 {
			break
		}
		all = append(all, some...)
	}
	return all, nil
}

// attribute is one attribute, or nil when the token does not give it.
func (m *Module) attribute(s p11.SessionHandle, object p11.ObjectHandle, kind uint) []byte {
	got, err := m.ctx.GetAttributeValue(s, object, []*p11.Attribute{p11.NewAttribute(kind, nil)})
	if err != nil || len(got) != 1 {
		return nil
	}
	return got[0].Value
}

func pinState(flags uint) devices.PINState {
	return devices.PINState{
		Low:       flags&p11.CKF_USER_PIN_COUNT_LOW != 0,
		Final:     flags&p11.CKF_USER_PIN_FINAL_TRY != 0,
		Locked:    flags&p11.CKF_USER_PIN_LOCKED != 0,
		Protected: flags&p11.CKF_PROTECTED_AUTHENTICATION_PATH != 0,
	}
}

// text is a padded field of the token: vendors pad with spaces, or with NULs.
func text(s string) string {
	return strings.ToValidUTF8(strings.TrimRight(s, " \x00"), "?")
}

func is(err error, rv uint) bool {
	var e p11.Error
	return errors.As(err, &e) && uint(e) == rv
}

// fault names a return value. The call's name and the value are all the
// detail: neither holds anything personal.
func fault(err error, call string) *motcua.Fault {
	code := motcua.TokenModule
	var e p11.Error
	if errors.As(err, &e) {
		if c, known := codes[uint(e)]; known {
			code = c
		}
		err = fmt.Errorf("return value 0x%X", uint(e))
	}
	return motcua.Fail(code, call, err)
}

// codes is what a return value means for the person at the counter.
var codes = map[uint]motcua.Code{
	p11.CKR_PIN_INCORRECT:              motcua.TokenPINWrong,
	p11.CKR_PIN_INVALID:                motcua.TokenPINWrong,
	p11.CKR_PIN_LEN_RANGE:              motcua.TokenPINWrong,
	p11.CKR_PIN_LOCKED:                 motcua.TokenPINLocked,
	p11.CKR_PIN_EXPIRED:                motcua.TokenPINLocked,
	p11.CKR_USER_NOT_LOGGED_IN:         motcua.TokenPINNeeded,
	p11.CKR_USER_ALREADY_LOGGED_IN:     motcua.TokenPINNeeded,
	p11.CKR_FUNCTION_CANCELED:          motcua.Cancelled,
	p11.CKR_TOKEN_NOT_PRESENT:          motcua.TokenRemoved,
	p11.CKR_TOKEN_NOT_RECOGNIZED:       motcua.TokenRemoved,
	p11.CKR_DEVICE_REMOVED:             motcua.TokenRemoved,
	p11.CKR_DEVICE_ERROR:               motcua.TokenRemoved,
	p11.CKR_SESSION_HANDLE_INVALID:     motcua.TokenRemoved,
	p11.CKR_SESSION_CLOSED:             motcua.TokenRemoved,
	p11.CKR_KEY_HANDLE_INVALID:         motcua.TokenNoKey,
	p11.CKR_KEY_TYPE_INCONSISTENT:      motcua.TokenNoKey,
	p11.CKR_KEY_FUNCTION_NOT_PERMITTED: motcua.TokenNoKey,
}
