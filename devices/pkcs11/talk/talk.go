// Package talk is what the product and its token helper say to each other:
// one JSON object a line, a Request down the helper's standard input, a Reply
// up its standard output, in turn.
//
// The helper (cmd/tokend) holds one vendor module, because a defect of that
// module may end the process or never return. Nothing of a request is ever an
// argument or an environment variable: both can be read by other programs.
package talk

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"

	"motcua"
	"motcua/devices"
)

// MaxLine is the longest line either side accepts, in bytes. A reply holds
// every certificate of every token of one module.
const MaxLine = 1 << 20

// Op is what a request asks for.
type Op string

// The operations.
const (
	Load  Op = "load"  // take the vendor module of Request.Module; the first request
	List  Op = "list"  // every certificate, without a PIN
	Open  Op = "open"  // log in with Request.PIN and find the key of Request.Certificate
	Sign  Op = "sign"  // sign Request.Input with the open key
	Close Op = "close" // log out
)

// Secret is a PIN. It is written by AppendRequest only, into memory the caller
// wipes, and read into fresh memory the reader wipes.
type Secret []byte

// MarshalJSON refuses: an encoder keeps buffers that nobody wipes.
func (Secret) MarshalJSON() ([]byte, error) {
	return nil, errors.New("talk: a secret is written by AppendRequest")
}

// UnmarshalJSON decodes base64 out of the caller's line without another copy.
func (s *Secret) UnmarshalJSON(b []byte) error {
	b = bytes.TrimSuffix(bytes.TrimPrefix(b, []byte(`"`)), []byte(`"`))
	out := make([]byte, base64.StdEncoding.DecodedLen(len(b)))
	n, err := base64.StdEncoding.Decode(out, b)
	if err != nil {
		clear(out)
		return errors.New("talk: a secret is not base64")
	}
	*s = out[:n]
	return nil
}

// Request is one line to the helper.
type Request struct {
	ID          uint64 `json:"id"`
	Op          Op     `json:"op"`
	Module      string `json:"module,omitempty"`      // path of the vendor module, for Load
	Certificate string `json:"certificate,omitempty"` // SHA-256, lower-case hex, for Open
	// Input is what the key is applied to, for Sign: a DigestInfo (RFC 8017
	// section 9.2) for an RSA key, the bare digest for an EC key.
	Input []byte `json:"input,omitempty"`
	PIN   Secret `json:"pin,omitempty"` // for Open
}

// Reply is one line from the helper. Code is empty when it went well.
type Reply struct {
	ID           uint64        `json:"id"`
	Code         motcua.Code   `json:"code,omitempty"`
	Detail       string        `json:"detail,omitempty"`
	Certificates []Certificate `json:"certificates,omitempty"`
	// Signature is what the module returned: PKCS #1 for RSA, r and s side by
	// side for EC (PKCS #11 2.40 mechanisms, section 2.3.1).
	Signature []byte `json:"signature,omitempty"`
}

// Certificate is one certificate object and the token it lies on.
type Certificate struct {
	Token  string           `json:"token"`
	Serial string           `json:"serial"`
	PIN    devices.PINState `json:"state"`
	DER    []byte           `json:"der"`
	// NoKey is set when the token shows its keys without a PIN and none
	// belongs to this certificate.
	NoKey bool `json:"no_key,omitempty"`
}

// AppendRequest appends r and a newline to dst. The PIN is written last and
// straight into the result, which the caller clears after sending.
func AppendRequest(dst []byte, r Request) ([]byte, error) {
	pin := r.PIN
	r.PIN = nil
	line, err := json.Marshal(r)
	if err != nil {
		return dst, err
	}
	need := len(line) + base64.StdEncoding.EncodedLen(len(pin)) + len(`,"pin":""`) + 1
	if cap(dst)-len(dst) < need { // a later growth would leave a copy behind
		dst = append(make([]byte, 0, len(dst)+need), dst...)
	}
	dst = append(dst, line[:len(line)-1]...)
	if len(pin) > 0 {
		dst = append(dst, `,"pin":"`...)
		dst = base64.StdEncoding.AppendEncode(dst, pin)
		dst = append(dst, '"')
	}
	return append(dst, '}', '\n'), nil
}

// NewReader is a reader whose ReadRequest and ReadReply see whole lines.
func NewReader(r io.Reader) *bufio.Reader { return bufio.NewReaderSize(r, MaxLine) }

// ReadRequest reads one request and clears the buffer it lay in. The caller
// clears r.PIN. io.EOF is the end of the talk.
func ReadRequest(in *bufio.Reader) (r Request, err error) {
	line, err := in.ReadSlice('\n')
	defer func() { clear(line) }()
	if err != nil {
		return r, err
	}
	if err := json.Unmarshal(line, &r); err != nil {
		clear(r.PIN)
		return Request{}, errors.New("talk: not a request")
	}
	return r, nil
}

// ReadReply reads the next reply. Lines which are not JSON objects are passed
// over: vendor modules have been seen to print to standard output.
func ReadReply(in *bufio.Reader) (r Reply, err error) {
	for {
		line, err := in.ReadSlice('\n')
		if err != nil {
			return r, err
		}
		if len(line) > 0 && line[0] == '{' && json.Unmarshal(line, &r) == nil {
			return r, nil
		}
		r = Reply{}
	}
}
