package bolt

import (
	"encoding/binary"
	"hash/crc32"

	"github.com/fxamacker/cbor/v2"

	"motcua"
)

// Every value of the database passes through this file on its way in and out:
// a header, then the content in deterministic CBOR. The header is a version
// byte and a CRC-32C over the bucket, the key and the content, because bbolt
// itself has no checksum on data pages: a flipped bit, or a value that stands
// under another's key, is found when it is read. The checksum finds accidents,
// not intent; files are not encrypted in this version.

// recordVersion is the form of the values this program writes.
const recordVersion = 1

// headerSize is the version byte and the checksum.
const headerSize = 5

var (
	castagnoli = crc32.MakeTable(crc32.Castagnoli)
	encoding   = mustEncoding()
	decoding   = mustDecoding()
)

// mustEncoding keeps time zones and nanoseconds, and gives equal values equal
// bytes.
func mustEncoding() cbor.EncMode {
	o := cbor.CoreDetEncOptions()
	o.Time = cbor.TimeRFC3339Nano
	m, err := o.EncMode()
	if err != nil {
		panic(err)
	}
	return m
}

// mustDecoding allows as many elements as a dossier of the greatest size can
// have, and no key twice.
func mustDecoding() cbor.DecMode {
	m, err := cbor.DecOptions{
		DupMapKey: cbor.DupMapKeyEnforcedAPF, MaxArrayElements: 4 << 20, MaxMapPairs: 4 << 20,
	}.DecMode()
	if err != nil {
		panic(err)
	}
	return m
}

// seal encodes v for its place.
func seal(bucket, key []byte, v any) ([]byte, error) {
	content, err := encoding.Marshal(v)
	if err != nil {
		return nil, motcua.Fail(motcua.StoreInvalid, "record", err)
	}
	return sealBytes(bucket, key, content), nil
}

// sealBytes puts the header before content that has its form already.
func sealBytes(bucket, key, content []byte) []byte {
	out := make([]byte, headerSize, headerSize+len(content))
	out[0] = recordVersion
	binary.BigEndian.PutUint32(out[1:], checksum(bucket, key, content))
	return append(out, content...)
}

// unseal decodes b, which was found at its place, into v. b is not kept.
func unseal(bucket, key, b []byte, v any) error {
	content, err := unsealBytes(bucket, key, b)
	if err != nil {
		return err
	}
	if err := decoding.Unmarshal(content, v); err != nil {
		return motcua.Fail(motcua.StoreDamaged, "record in "+string(bucket), err)
	}
	return nil
}

// unsealBytes checks the header and gives the content, which shares b's memory.
func unsealBytes(bucket, key, b []byte) ([]byte, error) {
	switch {
	case len(b) < headerSize:
		return nil, motcua.Fail(motcua.StoreDamaged, "short record in "+string(bucket), nil)
	case b[0] > recordVersion:
		return nil, motcua.Fail(motcua.StoreNewer, "record in "+string(bucket), nil)
	case b[0] != recordVersion, binary.BigEndian.Uint32(b[1:]) != checksum(bucket, key, b[headerSize:]):
		return nil, motcua.Fail(motcua.StoreDamaged, "checksum in "+string(bucket), nil)
	}
	return b[headerSize:], nil
}

// checksum binds content to its place.
func checksum(bucket, key, content []byte) uint32 {
	sum := crc32.Checksum(bucket, castagnoli)
	sum = crc32.Update(sum, castagnoli, binary.BigEndian.AppendUint32(nil, uint32(len(key))))
	sum = crc32.Update(sum, castagnoli, key)
	return crc32.Update(sum, castagnoli, content)
}
