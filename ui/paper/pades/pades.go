// Package pades signs and checks PDF documents: PAdES baseline B-B (ETSI EN
// 319 142-1 section 6), SubFilter ETSI.CAdES.detached, as an incremental
// update which leaves every byte that was there where it was.
//
// It draws nothing. A visible block is handed in as a document of one page and
// becomes the appearance of the signature field. Files come from anywhere: a
// malformed one is the fault PDFUnreadable, never a panic.
package pades

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"fmt"
	"time"

	"motcua"
)

// Options says how a signature is made.
type Options struct {
	Now func() time.Time // the signing time, in /M; needed
	// Field is the name of the signature field. A field of that name which is
	// taken gets a number behind it; "ChuKy" when empty.
	Field    string
	Reason   string // left out when empty
	Location string // left out when empty
	Stamp    *Stamp // an invisible signature when nil
	// Hash is the digest of document and attributes; SHA-256 when zero.
	Hash crypto.Hash
	// Roots lets the check after signing judge the chain too. Signing does
	// not need it: the counter may not hold the root.
	Roots *x509.CertPool
}

// Stamp is the visible block and where it stands.
type Stamp struct {
	PDF  []byte // a document whose first page is drawn into the field
	Page int    // counts from 1
	// X, Y, W, H is the rectangle in points from the page's lower left corner.
	X, Y, W, H float64
}

// Sign appends a signature over all of pdf and returns the new file. chain is
// the certificates above cert, in any order; they are carried along.
//
// The certificate is checked before the token is asked (TT 15/2025/TT-BKHCN):
// TokenCertificate is the fault when it may not sign at the time. The token is
// asked once. Its signature is verified before it is put in, and the result is
// read again and checked before it is returned: SignatureBad is the fault, and
// no file, when it does not hold. Signing a signed file adds a signature.
func Sign(pdf []byte, s crypto.Signer, cert *x509.Certificate, chain []*x509.Certificate, o Options) ([]byte, error) {
	if o.Now == nil || s == nil || cert == nil {
		return nil, motcua.Fail(motcua.BadInput, "signing needs a key, its certificate and a clock", nil)
	}
	if o.Hash == 0 {
		o.Hash = crypto.SHA256
	}
	now := o.Now()
	if err := maySign(cert, s.Public(), now); err != nil {
		return nil, err
	}
	f, err := open(pdf)
	if err != nil {
		return nil, err
	}
	w := signatureWriter{update: newUpdate(f), options: o, now: now, cert: cert, chain: chain}
	prepared, err := w.prepare()
	if err != nil {
		return nil, err
	}
	signed, err := w.fill(prepared, s)
	if err != nil {
		return nil, err
	}
	return signed, confirm(signed, cert, o.Roots, now)
}

// maySign refuses before the person is asked for a PIN in vain.
func maySign(cert *x509.Certificate, public crypto.PublicKey, now time.Time) error {
	same, ok := cert.PublicKey.(interface{ Equal(crypto.PublicKey) bool })
	switch {
	case !ok || !same.Equal(public):
		return motcua.Fail(motcua.TokenCertificate, "the certificate is another key's", nil)
	case now.After(cert.NotAfter):
		return motcua.Fail(motcua.TokenCertificate, "expired", nil)
	case now.Before(cert.NotBefore):
		return motcua.Fail(motcua.TokenCertificate, "not-yet", nil)
	case !forSigning(cert):
		return motcua.Fail(motcua.TokenCertificate, "key-usage", nil)
	}
	return nil
}

// forSigning is whether the certificate's usage allows signing documents.
func forSigning(c *x509.Certificate) bool {
	return !c.IsCA && (c.KeyUsage == 0 || c.KeyUsage&(x509.KeyUsageDigitalSignature|x509.KeyUsageContentCommitment) != 0)
}

// confirm checks a fresh signature with the same eyes as anybody's.
func confirm(signed []byte, cert *x509.Certificate, roots *x509.CertPool, now time.Time) error {
	all, err := Verify(signed, roots, now)
	if err != nil {
		return motcua.Fail(motcua.SignatureBad, "the signed file cannot be read", err)
	}
	last := all[len(all)-1]
	if last.Integrity != OK || last.Signer != OK || last.Coverage != OK || last.Certificate == Bad || !last.Leaf.Equal(cert) {
		return motcua.Fail(motcua.SignatureBad, fmt.Sprintf("the fresh signature: %v", last.Why), nil)
	}
	return nil
}

// signatureWriter is one signature being made.
type signatureWriter struct {
	*update
	options Options
	now     time.Time
	cert    *x509.Certificate
	chain   []*x509.Certificate
	room    int // bytes reserved for the CMS
}

// The hole's marks, patched in place once the offsets are known. The range is
// of fixed width, so that nothing moves.
const (
	rangeMark  = "[0 0000000000 0000000000 0000000000]"
	rangeStart = "/ByteRange "
	holeStart  = "/Contents "
)

// prepare writes the update with a hole for the signature.
func (w *signatureWriter) prepare() ([]byte, error) {
	w.room = 3072 + len(w.cert.Raw)
	for _, c := range w.chain {
		w.room += len(c.Raw)
	}
	value := w.add(w.signatureDict())
	if err := w.addField(value); err != nil {
		return nil, err
	}
	return w.bytes(), nil
}

func (w *signatureWriter) signatureDict() dict {
	d := dict{}.with("Type", name("Sig")).with("Filter", name("Adobe.PPKLite")).
		with("SubFilter", name("ETSI.CAdES.detached")).
		with("ByteRange", plain(rangeMark)).
		with("Contents", text{b: make([]byte, w.room)}).
		with("M", pdfDate(w.now)).
		with("Name", utf16Text(w.cert.Subject.CommonName))
	if w.options.Reason != "" {
		d = d.with("Reason", utf16Text(w.options.Reason))
	}
	if w.options.Location != "" {
		d = d.with("Location", utf16Text(w.options.Location))
	}
	return d
}

// fill computes the range, asks the key once and fills the hole.
func (w *signatureWriter) fill(pdf []byte, s crypto.Signer) ([]byte, error) {
	from := len(w.file.data) // nothing of ours is before
	mark := bytes.Index(pdf[from:], []byte(rangeStart+rangeMark))
	hole := bytes.Index(pdf[from+max(mark, 0):], []byte(holeStart+"<"))
	if mark < 0 || hole < 0 {
		return nil, motcua.Fail(motcua.Internal, "the signature's place is lost", nil)
	}
	open := from + mark + hole + len(holeStart)
	end := open + 2*w.room + 2
	numbers := fmt.Sprintf("[0 %d %d %d", open, end, len(pdf)-end)
	copy(pdf[from+mark+len(rangeStart):], fmt.Sprintf("%-*s]", len(rangeMark)-1, numbers))
	h := w.options.Hash.New()
	h.Write(pdf[:open])
	h.Write(pdf[end:])
	cms, err := signCMS(h.Sum(nil), w.options.Hash, s, w.cert, w.chain)
	if err != nil {
		return nil, err
	}
	if len(cms) > w.room {
		return nil, motcua.Fail(motcua.Internal, "the signature is larger than its place", nil)
	}
	copy(pdf[open+1:], fmt.Sprintf("%X", cms))
	return pdf, nil
}
