package emrtd

import (
	"bytes"
	"encoding/asn1"
)

// securityInfo is one element of SecurityInfos (9303-11 9.2).
type securityInfo struct {
	oid      []byte // without identifier and length
	required TLV
	optional TLV // Raw is nil when absent
}

// maxInfos bounds EF.CardAccess and DG14. The largest seen has about a dozen.
const maxInfos = 64

// parseSecurityInfos reads SET OF SecurityInfo; bytes after the set are file
// padding and ignored.
func parseSecurityInfos(b []byte) ([]securityInfo, error) {
	c := cursor{rest: b}
	set := c.take(0x31)
	if c.err != nil {
		return nil, c.err
	}
	elements, err := Elements(set.Value, maxInfos)
	if err != nil {
		return nil, err
	}
	infos := make([]securityInfo, 0, len(elements))
	for _, e := range elements {
		info, err := parseSecurityInfo(e)
		if err != nil {
			return nil, err
		}
		infos = append(infos, info)
	}
	return infos, nil
}

func parseSecurityInfo(e TLV) (securityInfo, error) {
	if e.Tag != 0x30 {
		return securityInfo{}, errShape
	}
	c := cursor{rest: e.Value}
	info := securityInfo{oid: c.take(0x06).Value, required: c.any()}
	if c.err == nil && len(c.rest) > 0 {
		info.optional = c.any()
	}
	if c.err == nil && len(c.rest) > 0 {
		return securityInfo{}, errShape
	}
	return info, c.err
}

// smallInteger reads an INTEGER between 0 and 65535.
func smallInteger(t TLV) (int, bool) {
	if t.Tag != 0x02 || len(t.Value) == 0 || len(t.Value) > 3 || t.Value[0]&0x80 != 0 {
		return 0, false
	}
	n := 0
	for _, b := range t.Value {
		n = n<<8 | int(b)
	}
	return n, n <= 0xFFFF
}

// idPACE is 0.4.0.127.0.7.2.2.4 (9303-11 9.2.3).
var idPACE = []byte{0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x04}

// idPACEECDHGM is id-PACE-ECDH-GM; the byte after it names the suite.
var idPACEECDHGM = append(bytes.Clone(idPACE), 2)

// paceInfo is a PACEInfo that this package can run (9303-11 9.2.1).
type paceInfo struct {
	oid       []byte
	suite     suite
	curve     curve
	ambiguous bool // several parameters with this protocol: name ours
}

func (p paceInfo) String() string {
	name := map[suite]string{suite3DES: "3DES-CBC-CBC", suiteAES128: "AES-CBC-CMAC-128",
		suiteAES192: "AES-CBC-CMAC-192", suiteAES256: "AES-CBC-CMAC-256"}[p.suite]
	return "PACE-ECDH-GM-" + name + " " + p.curve.name
}

// choosePACE finds the strongest PACEInfo that can be run. offered says whether
// the card advertises any PACE at all, which decides whether a failure may be
// taken for "this card has no PACE".
func choosePACE(infos []securityInfo) (best paceInfo, found, offered bool) {
	for _, info := range infos {
		if !bytes.HasPrefix(info.oid, idPACE) {
			continue
		}
		offered = true
		p, ok := runnable(info)
		if !ok || found && !stronger(p, best) {
			continue
		}
		best, found = p, true
	}
	best.ambiguous = count(infos, best.oid) > 1
	return best, found, offered
}

func stronger(a, b paceInfo) bool {
	if a.suite != b.suite {
		return a.suite > b.suite
	}
	return a.curve.size() > b.curve.size()
}

func count(infos []securityInfo, oid []byte) int {
	n := 0
	for _, info := range infos {
		if bytes.Equal(info.oid, oid) {
			n++
		}
	}
	return n
}

// runnable says whether we speak the protocol and know its parameters.
func runnable(info securityInfo) (paceInfo, bool) {
	n := len(idPACEECDHGM)
	if len(info.oid) != n+1 || !bytes.HasPrefix(info.oid, idPACEECDHGM) {
		return paceInfo{}, false
	}
	version, ok := smallInteger(info.required)
	id, known := smallInteger(info.optional)
	s := suite(info.oid[n])
	if !ok || version != 2 || !known || s < suite3DES || s > suiteAES256 {
		return paceInfo{}, false
	}
	c, ok := curveByID(id)
	return paceInfo{oid: info.oid, suite: s, curve: c}, ok
}

// oidString is the dotted form for messages, "?" when malformed.
func oidString(oid []byte) string {
	var out asn1.ObjectIdentifier
	rest, err := asn1.Unmarshal(appendTLV(nil, 0x06, oid), &out)
	if err != nil || len(rest) != 0 {
		return "?"
	}
	return out.String()
}
