package emrtd

import (
	"bytes"
	"crypto"
	"errors"
	"fmt"
	"maps"
	"slices"
)

// examine runs passive authentication over the bytes read so far (9303-11 5.1).
func (r *reader) examine() {
	c := &r.report.Checks
	c.Hashes = r.hashes(false)
	r.compareAccess()
	dsc := r.signature()
	r.chain(dsc)
	for _, n := range r.report.Listed {
		if _, ok := r.report.Groups[n]; !ok && n != 2 && r.sod != nil {
			r.report.Unread = append(r.report.Unread, n)
		}
	}
}

// hashes compares each group read with the list in the SOD. A group that was
// read and is not listed fails, and so does one that is listed, that we ask
// for, and that is not there: removing a chip's authentication keys is how a
// clone hides. whole says that the portrait has been asked for too.
func (r *reader) hashes(whole bool) Check {
	switch {
	case r.report.SOD == nil:
		return Check{NotAttempted, reasonNoSOD}
	case r.sod == nil:
		return Check{Failed, reasonMalformed}
	case r.sod.digest == 0:
		return Check{Unsupported, reasonDigest}
	case len(r.report.Groups) == 0:
		return Check{NotAttempted, reasonNothing}
	}
	r.report.Digest = r.sod.digest.String()
	for _, n := range slices.Sorted(maps.Keys(r.report.Groups)) {
		want, listed := r.sod.hashes[n]
		switch {
		case !listed:
			return Check{Failed, fmt.Sprintf("dg%d-unlisted", n)}
		case !bytes.Equal(want, digestOf(r.sod.digest, r.report.Groups[n])):
			return Check{Failed, fmt.Sprintf("dg%d-hash", n)}
		}
	}
	if n := r.missing(whole); n > 0 {
		return Check{Failed, fmt.Sprintf("dg%d-missing", n)}
	}
	if r.sod.digest == crypto.SHA1 {
		r.report.warn(WarnDigest)
		return Check{Verified, reasonSHA1}
	}
	return Check{State: Verified}
}

// missing is the first group that the SOD lists and that the card did not
// give, 0 for none. Groups we never ask for are not missing.
func (r *reader) missing(whole bool) int {
	asked := []int{14, 1, 13, 15}
	if whole {
		asked = append(asked, 2)
	}
	for _, n := range asked {
		_, listed := r.sod.hashes[n]
		if _, there := r.report.Groups[n]; listed && !there {
			return n
		}
	}
	return 0
}

// signature checks the SOD's signature and returns the certificate it holds
// under.
func (r *reader) signature() *certificate {
	check := &r.report.Checks.Signature
	switch {
	case r.report.SOD == nil:
		*check = Check{NotAttempted, reasonNoSOD}
		return nil
	case r.sod == nil:
		*check = Check{Failed, reasonMalformed}
		return nil
	}
	dsc := r.sod.signerCertificate()
	if dsc == nil {
		*check = Check{Failed, reasonNoSigner}
		return nil
	}
	*check = r.sod.verify(dsc)
	if check.State != Verified {
		return nil
	}
	return dsc
}

// signerCertificate is the certificate in the SOD that its signer names, nil
// without a readable one.
func (o *securityObject) signerCertificate() *certificate {
	for _, t := range o.certificates {
		x, err := parseCertificate(t.Raw)
		if err != nil {
			continue
		}
		byName := bytes.Equal(x.issuer, o.signer.issuer) && bytes.Equal(x.serial, o.signer.serial)
		byKey := o.signer.keyID != nil && bytes.Equal(x.keyID, o.signer.keyID)
		if byName || byKey {
			return x
		}
	}
	return nil
}

// verify checks the content's digest and the signature over the attributes
// (RFC 5652 5.4).
func (o *securityObject) verify(dsc *certificate) Check {
	hash := digests[o.signer.digestOID]
	if hash == 0 {
		return Check{Unsupported, reasonDigest}
	}
	if !bytes.Equal(o.signer.contentDigest, digestOf(hash, o.content)) {
		return Check{Failed, reasonContent}
	}
	err := dsc.key.verify(o.signer.algorithm, o.signer.digestOID, o.signer.attributes, o.signer.signature)
	switch {
	case errors.Is(err, errAlgorithm):
		return Check{Unsupported, reasonAlgorithm}
	case err != nil:
		return Check{Failed, reasonSignature}
	case hash == crypto.SHA1 || o.signer.algorithm.sha1():
		return Check{Verified, reasonSHA1}
	}
	return Check{State: Verified}
}

// sha1 says whether the algorithm hashes with SHA-1.
func (a algorithm) sha1() bool {
	if a.oid == oidPSS {
		hash, _, err := parsePSS(a.parameters)
		return err == nil && hash == crypto.SHA1
	}
	return rsaHashes[a.oid] == crypto.SHA1 || ecdsaHashes[a.oid] == crypto.SHA1
}

// chain looks for the anchor that issued the signer's certificate.
func (r *reader) chain(dsc *certificate) {
	check := &r.report.Checks.Chain
	anchors, bad := parseAnchors(r.o.Anchors)
	if bad > 0 {
		r.report.warn(WarnAnchor)
	}
	switch {
	case dsc == nil:
		*check = Check{NotAttempted, reasonNoSignature}
	case len(anchors) == 0:
		*check = Check{NotAttempted, reasonNoAnchors}
	default:
		*check = r.issuer(dsc, anchors)
	}
}

func (r *reader) issuer(dsc *certificate, anchors []*certificate) Check {
	now := r.o.Now()
	i := slices.IndexFunc(anchors, dsc.issuedBy)
	switch {
	case i < 0:
		return Check{Failed, reasonIssuer}
	case !dsc.maySign():
		return Check{Failed, reasonDSCUse}
	case !dsc.validAt(now):
		return Check{Failed, reasonDSCTime}
	case !anchors[i].validAt(now):
		return Check{Failed, reasonAnchorTime}
	case dsc.algorithm.sha1():
		return Check{Verified, reasonSHA1}
	}
	return Check{State: Verified}
}

// compareAccess compares the unprotected EF.CardAccess with the signed DG14:
// where DG14 repeats the PACE parameters, they must be the same (9303-11
// 9.2.11), or somebody changed what the terminal saw first.
func (r *reader) compareAccess() {
	outer, err := ReadOnly(r.report.Groups[14], 0x6E)
	if err != nil {
		return
	}
	signed, err := parseSecurityInfos(outer.Value)
	if err != nil || !slices.ContainsFunc(signed, isPACE) {
		return
	}
	for _, info := range r.infos {
		same := func(s securityInfo) bool {
			return bytes.Equal(s.oid, info.oid) && bytes.Equal(s.optional.Raw, info.optional.Raw)
		}
		if isPACE(info) && !slices.ContainsFunc(signed, same) {
			r.report.warn(WarnCardAccess)
		}
	}
}

func isPACE(info securityInfo) bool { return bytes.HasPrefix(info.oid, idPACE) }
