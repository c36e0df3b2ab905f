package emrtd

import (
	"bytes"
	"crypto"
	_ "crypto/sha1"   // legacy documents, flagged
	_ "crypto/sha256" // registers SHA-224 and SHA-256
	_ "crypto/sha512" // registers SHA-384 and SHA-512
	"errors"
	"slices"
)

// The object identifiers of a document security object (9303-10 4.6.2, RFC
// 5652).
const (
	oidSignedData    = "1.2.840.113549.1.7.2"
	oidLDSObject     = "2.23.136.1.1.1"
	oidContentType   = "1.2.840.113549.1.9.3"
	oidMessageDigest = "1.2.840.113549.1.9.4"
)

var errSOD = errors.New("sod: malformed")

// securityObject is a parsed EF.SOD. Its slices are parts of the file.
type securityObject struct {
	content      []byte // the encoded LDSSecurityObject
	digest       crypto.Hash
	digestOID    string
	hashes       map[int][]byte
	certificates []TLV
	signer       signerInfo
}

// signerInfo is the one SignerInfo of the object (RFC 5652 5.3).
type signerInfo struct {
	issuer, serial []byte // encoded Name and value of the serial number, or
	keyID          []byte // the subject key identifier
	digestOID      string
	attributes     []byte // encoded as SET OF, as it is signed
	contentType    string
	contentDigest  []byte
	algorithm      algorithm
	signature      []byte
}

// algorithm is an AlgorithmIdentifier.
type algorithm struct {
	oid        string
	parameters TLV // Raw is nil when absent
}

func (c *cursor) algorithm() algorithm {
	in := c.inside(0x30)
	a := algorithm{oid: oidString(in.take(0x06).Value)}
	if in.err == nil && len(in.rest) > 0 {
		a.parameters = in.any()
	}
	if in.err == nil && len(in.rest) > 0 {
		in.err = errShape
	}
	c.join(in)
	return a
}

// join carries an inner cursor's error outwards.
func (c *cursor) join(in cursor) {
	if c.err == nil {
		c.err = in.err
	}
}

// parseSOD reads EF.SOD: tag 77, CMS SignedData, LDSSecurityObject. The lengths
// must be definite, one signer is expected, and signed attributes are required
// as RFC 5652 5.3 does for this content type.
func parseSOD(raw []byte) (*securityObject, error) {
	outer, err := ReadOnly(raw, 0x77)
	if err != nil {
		return nil, err
	}
	info, err := ReadOnly(outer.Value, 0x30)
	if err != nil {
		return nil, err
	}
	c := cursor{rest: info.Value}
	kind := oidString(c.take(0x06).Value)
	wrap := c.inside(0xA0)
	c.join(wrap)
	if c.err != nil || kind != oidSignedData || len(c.rest) != 0 {
		return nil, errSOD
	}
	return parseSignedData(wrap.rest)
}

func parseSignedData(b []byte) (*securityObject, error) {
	seq, err := ReadOnly(b, 0x30)
	if err != nil {
		return nil, err
	}
	o := &securityObject{}
	c := cursor{rest: seq.Value}
	c.take(0x02)
	c.take(0x31) // digest algorithms: the signer names its own
	o.content = c.encapsulated()
	if t, ok := c.maybe(0xA0); ok {
		o.certificates, err = Elements(t.Value, 8)
	}
	c.maybe(0xA1) // revocation lists inside a document prove nothing
	signers := c.inside(0x31)
	if c.err != nil || err != nil || len(c.rest) != 0 {
		return nil, errSOD
	}
	if o.signer, err = parseSigner(signers.rest); err != nil {
		return nil, err
	}
	return o, o.parseContent()
}

// encapsulated is the content of EncapsulatedContentInfo, which must be the
// LDS security object.
func (c *cursor) encapsulated() []byte {
	in := c.inside(0x30)
	kind := oidString(in.take(0x06).Value)
	holder := in.inside(0xA0)
	content := holder.take(0x04).Value
	in.join(holder)
	if in.err == nil && kind != oidLDSObject {
		in.err = errSOD
	}
	c.join(in)
	return content
}

func parseSigner(b []byte) (signerInfo, error) {
	seq, err := ReadOnly(b, 0x30)
	if err != nil {
		return signerInfo{}, errSOD
	}
	var s signerInfo
	c := cursor{rest: seq.Value}
	c.take(0x02)
	if t, ok := c.maybe(0x80); ok {
		s.keyID = t.Value
	} else {
		id := c.inside(0x30)
		s.issuer, s.serial = id.take(0x30).Raw, id.take(0x02).Value
		c.join(id)
	}
	s.digestOID = c.algorithm().oid
	attributes := c.take(0xA0)
	s.algorithm = c.algorithm()
	s.signature = c.take(0x04).Value
	c.maybe(0xA1)
	if c.err != nil || len(c.rest) != 0 {
		return signerInfo{}, errSOD
	}
	s.attributes = bytes.Clone(attributes.Raw)
	s.attributes[0] = 0x31
	return s, s.parseAttributes(attributes.Value)
}

// parseAttributes finds the two attributes that RFC 5652 11.1 and 11.2 require,
// each once and with one value.
func (s *signerInfo) parseAttributes(b []byte) error {
	list, err := Elements(b, 16)
	if err != nil {
		return err
	}
	for _, e := range list {
		c := cursor{rest: e.Value}
		name := oidString(c.take(0x06).Value)
		values := c.inside(0x31)
		switch {
		case name == oidContentType && s.contentType == "":
			s.contentType = oidString(values.take(0x06).Value)
		case name == oidMessageDigest && s.contentDigest == nil:
			s.contentDigest = values.take(0x04).Value
		case name == oidContentType || name == oidMessageDigest:
			return errSOD
		default:
			continue
		}
		if c.err != nil || values.err != nil || len(values.rest) != 0 {
			return errSOD
		}
	}
	if s.contentType != oidLDSObject || len(s.contentDigest) == 0 {
		return errSOD
	}
	return nil
}

// parseContent reads LDSSecurityObject (9303-10 4.6.2.3). A hash of a wrong
// length or a group named twice is malformed; an unknown digest is not: then
// digest is zero.
func (o *securityObject) parseContent() error {
	seq, err := ReadOnly(o.content, 0x30)
	if err != nil {
		return errSOD
	}
	c := cursor{rest: seq.Value}
	c.take(0x02)
	o.digestOID = c.algorithm().oid
	o.digest = digests[o.digestOID]
	list := c.take(0x30)
	c.maybe(0x30) // ldsVersionInfo
	if c.err != nil || len(c.rest) != 0 {
		return errSOD
	}
	return o.parseHashes(list.Value)
}

func (o *securityObject) parseHashes(b []byte) error {
	elements, err := Elements(b, 16)
	if err != nil {
		return errSOD
	}
	o.hashes = make(map[int][]byte, len(elements))
	for _, e := range elements {
		c := cursor{rest: e.Value}
		n, ok := smallInteger(c.take(0x02))
		hash := c.take(0x04).Value
		_, twice := o.hashes[n]
		if c.err != nil || e.Tag != 0x30 || len(c.rest) != 0 || !ok || n < 1 || n > 16 || twice {
			return errSOD
		}
		if o.digest != 0 && len(hash) != o.digest.Size() {
			return errSOD
		}
		o.hashes[n] = hash
	}
	return nil
}

// numbers is the groups the object lists, ascending.
func (o *securityObject) numbers() []int {
	list := make([]int, 0, len(o.hashes))
	for n := range o.hashes {
		list = append(list, n)
	}
	slices.Sort(list)
	return list
}

// digests is the hash functions accepted in a document security object and in
// signatures; SHA-1 is accepted and flagged.
var digests = map[string]crypto.Hash{
	"1.3.14.3.2.26":          crypto.SHA1,
	"2.16.840.1.101.3.4.2.4": crypto.SHA224,
	"2.16.840.1.101.3.4.2.1": crypto.SHA256,
	"2.16.840.1.101.3.4.2.2": crypto.SHA384,
	"2.16.840.1.101.3.4.2.3": crypto.SHA512,
}

func digestOf(h crypto.Hash, b []byte) []byte {
	w := h.New()
	w.Write(b)
	return w.Sum(nil)
}
