package emrtd

import (
	"bytes"
	"crypto/rand"
	"testing"

	"motcua"
)

func testSession(t testing.TB, s suite) *session {
	t.Helper()
	out, err := newSession(s, s.derive([]byte("secret"), 1), s.derive([]byte("secret"), 2), make([]byte, s.blockSize()))
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestLargest: 223 and 231 bytes are what fits into a short response.
func TestLargest(t *testing.T) {
	for s, want := range map[suite]int{suite3DES: 231, suiteAES128: 223, suiteAES192: 223, suiteAES256: 223} {
		if got := testSession(t, s).largest(shortNe); got != want {
			t.Errorf("suite %d: %d, want %d", s, got, want)
		}
	}
	for _, s := range []suite{suite3DES, suiteAES128} {
		x := testSession(t, s)
		for limit := 64; limit <= 65536; limit += 1 + limit/50 {
			n := x.largest(limit)
			if got := len(protectedResponse(x, make([]byte, n), swOK)); got > limit {
				t.Fatalf("%d plain bytes make %d, more than %d", n, got, limit)
			}
			if got := len(protectedResponse(x, make([]byte, n+1+x.suite.blockSize()), swOK)); got <= limit {
				t.Fatalf("limit %d would take more than %d", limit, n)
			}
		}
	}
}

// protectedResponse is the data field that a chip would answer with, made by
// encrypting as a command is, since both directions use the same objects. The
// chip of devices/virtual is the independent check.
func protectedResponse(s *session, data []byte, sw uint16) []byte {
	body := s.cryptogram(Command{INS: 0xB0, Data: data})
	body = appendTLV(body, doStatus, []byte{byte(sw >> 8), byte(sw)})
	sum := s.sum(nil, body)
	return appendTLV(body, doMAC, sum[:])
}

func TestUnwrap(t *testing.T) {
	for _, kind := range []suite{suite3DES, suiteAES128, suiteAES192, suiteAES256} {
		chip, own := testSession(t, kind), testSession(t, kind)
		for _, data := range [][]byte{nil, []byte("x"), bytes.Repeat([]byte{0}, 300)} {
			chip.count()
			good := protectedResponse(chip, data, swEndOfFile)
			r, err := own.unwrap(Response{Data: good, SW: swOK})
			if err != nil || !bytes.Equal(r.Data, data) || r.SW != swEndOfFile {
				t.Fatalf("suite %d, %d bytes: %v", kind, len(data), err)
			}
		}
	}
}

// TestUnwrapCorrupt changes each bit of a response: none may pass.
func TestUnwrapCorrupt(t *testing.T) {
	chip := testSession(t, suiteAES128)
	chip.count()
	good := protectedResponse(chip, []byte("sixteen and some"), swOK)
	for i := range len(good) * 8 {
		bad := bytes.Clone(good)
		bad[i/8] ^= 1 << (i % 8)
		if _, err := testSession(t, suiteAES128).unwrap(Response{Data: bad, SW: swOK}); motcua.CodeOf(err) != motcua.CardBroken {
			t.Fatalf("bit %d changed: %v", i, err)
		}
	}
	for n := range good {
		if _, err := testSession(t, suiteAES128).unwrap(Response{Data: good[:n], SW: swOK}); err == nil {
			t.Fatalf("cut to %d bytes and accepted", n)
		}
	}
}

func FuzzUnwrap(f *testing.F) {
	chip := testSession(f, suiteAES128)
	chip.count()
	f.Add(protectedResponse(chip, []byte("data"), swOK))
	f.Add([]byte{0x99, 2, 0x90, 0, 0x8E, 8, 0, 0, 0, 0, 0, 0, 0, 0})
	f.Add([]byte{0x87, 1, 1, 0x99, 2, 0x90, 0, 0x8E, 0})
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := testSession(t, suiteAES128).unwrap(Response{Data: b, SW: swOK})
		if err == nil && len(r.Data) > len(b) {
			t.Fatal("more plain than cipher")
		}
	})
}

func BenchmarkSecureMessaging(b *testing.B) {
	for name, kind := range map[string]suite{"3DES": suite3DES, "AES-128": suiteAES128} {
		b.Run(name, func(b *testing.B) {
			s := testSession(b, kind)
			data := make([]byte, 20000)
			rand.Read(data)
			response := protectedResponse(s, data, swOK)
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			for b.Loop() {
				s.wrap(Command{INS: 0xB0, Ne: 20000}, 65000)
				clear(s.ssc)
				body, sum, o, err := splitMAC(response)
				if err != nil || s.sum(nil, body) != [8]byte(sum) {
					b.Fatal("response does not open")
				}
				if _, err := s.open(o.cryptogram); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
