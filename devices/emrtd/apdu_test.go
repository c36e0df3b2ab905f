package emrtd

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"testing"

	"motcua"
)

// TestCommandBytes is the seven forms of ISO 7816-4 5.1.
func TestCommandBytes(t *testing.T) {
	long := strings.Repeat("AA", 256)
	for _, c := range []struct {
		name string
		c    Command
		want string
	}{
		{"1", Command{INS: 0x70}, "00700000"},
		{"2 short", Command{INS: 0xB0, Ne: 4}, "00B0000004"},
		{"2 short, all", Command{INS: 0xB0, Ne: 256}, "00B0000000"},
		{"2 extended", Command{INS: 0xB0, Ne: 257}, "00B00000000101"},
		{"2 extended, all", Command{INS: 0xB0, Ne: 65536}, "00B00000000000"},
		{"3 short", Command{INS: 0xA4, Data: []byte{1}}, "00A400000101"},
		{"3 extended", Command{INS: 0xA4, Data: unhex(t, long)}, "00A40000000100" + long},
		{"4 short", Command{INS: 0xA4, Data: []byte{1}, Ne: 256}, "00A40000010100"},
		{"4 extended", Command{INS: 0xA4, Data: []byte{1}, Ne: 1000}, "00A4000000000101" + "03E8"},
	} {
		if got := c.c.Bytes(); !bytes.Equal(got, unhex(t, c.want)) {
			t.Errorf("%s: %X", c.name, got)
		}
	}
}

// TestGather follows 61xx and 6Cxx.
func TestGather(t *testing.T) {
	l := &link{t: &script{t, [][2]string{
		{"00B0000000", "AA6102"}, {"00C0000002", "BBCC6100"}, {"00C0000000", "DD9000"},
	}}}
	r, err := l.plain(t.Context(), Command{INS: 0xB0, Ne: 256})
	if err != nil || !bytes.Equal(r.Data, unhex(t, "AABBCCDD")) || r.SW != swOK || l.count != 3 {
		t.Errorf("61xx: %X %v", r, err)
	}
	l = &link{t: &script{t, [][2]string{{"00B0000000", "6C02"}, {"00B0000002", "AABB9000"}}}}
	if r, err = l.plain(t.Context(), Command{INS: 0xB0, Ne: 256}); err != nil || len(r.Data) != 2 {
		t.Errorf("6Cxx: %X %v", r, err)
	}
}

// always is a card with one answer to everything.
type always struct {
	reply []byte
	err   error
}

func (a always) Transmit(context.Context, []byte) ([]byte, error) { return a.reply, a.err }

// TestEndless: a card that always has more, and one that never says why.
func TestEndless(t *testing.T) {
	for reply, want := range map[string]motcua.Code{
		"6105": motcua.CardBroken, "006105": motcua.CardBroken, "": motcua.CardBroken, "90": motcua.CardBroken,
		"1234": motcua.CardBroken, "9000": motcua.CardUnsupported, "6C00": motcua.CardUnsupported,
		"6700": motcua.CardUnsupported, "6982": motcua.CardUnsupported, "3100 9000": motcua.CardUnsupported,
		"8483100000" + "9000": motcua.CardUnsupported, "3181FF" + "9000": motcua.CardBroken,
	} {
		for _, o := range []Options{{}, {Extended: true}, {Extended: true, AllowBAC: true}} {
			pw, _ := CAN("123456")
			_, err := Read(t.Context(), always{reply: unhex(t, reply)}, pw, o)
			if motcua.CodeOf(err) != want {
				t.Errorf("always %q: %v, want %s", reply, err, want)
			}
		}
	}
}

// TestTransportErrors: what the transport says is kept, and what it does not
// say is a card that left.
func TestTransportErrors(t *testing.T) {
	for _, c := range []struct {
		err  error
		want motcua.Code
	}{
		{motcua.Fail(motcua.ReaderGone, "", nil), motcua.ReaderGone},
		{io.EOF, motcua.CardRemoved}, {errors.New("?"), motcua.CardRemoved},
		{context.Canceled, motcua.Cancelled}, {context.DeadlineExceeded, motcua.Cancelled},
	} {
		pw, _ := CAN("123456")
		if _, err := Read(t.Context(), always{err: c.err}, pw, Options{}); motcua.CodeOf(err) != c.want {
			t.Errorf("%v: %v, want %s", c.err, err, c.want)
		}
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	pw, _ := CAN("123456")
	if _, err := Read(ctx, always{reply: []byte{0x90, 0}}, pw, Options{}); motcua.CodeOf(err) != motcua.Cancelled {
		t.Errorf("cancelled before: %v", err)
	}
}

func TestPasswords(t *testing.T) {
	for _, s := range []string{"", "12345", "1234567", "12345a", "１２３４５６"} {
		if _, err := CAN(s); motcua.CodeOf(err) != motcua.BadInput {
			t.Errorf("CAN of %d bytes: %v", len(s), err)
		}
	}
	for _, s := range []string{"", "L898902C<36908061940623", strings.ToLower(bacMRZ), strings.Repeat("A", 41)} {
		if _, err := MRZ(s); motcua.CodeOf(err) != motcua.BadInput {
			t.Errorf("MRZ of %d bytes: %v", len(s), err)
		}
	}
	if _, err := Read(t.Context(), always{}, Password{}, Options{}); motcua.CodeOf(err) != motcua.BadInput {
		t.Errorf("no password: %v", err)
	}
}

// replies answers with the pieces of a fuzzer's input.
type replies struct{ rest []byte }

func (r *replies) Transmit(context.Context, []byte) ([]byte, error) {
	if len(r.rest) == 0 {
		return nil, io.EOF
	}
	n := min(int(r.rest[0])+1, len(r.rest))
	reply := r.rest[1:n]
	r.rest = r.rest[n:]
	return reply, nil
}

// FuzzReplies feeds a whole reading with arbitrary answers.
func FuzzReplies(f *testing.F) {
	access := append(unhex(f, paceAccess), 0x90, 0)
	f.Add(append([]byte{byte(len(access))}, access...), true)
	f.Add([]byte{2, 0x67, 0, 2, 0x61, 5, 2, 0x6C, 9, 2, 0x90, 0}, false)
	f.Add([]byte{2, 0x6A, 0x82, 2, 0x6D, 0, 2, 0x6A, 0x82, 2, 0x90, 0, 10, 1, 2, 3, 4, 5, 6, 7, 8, 0x90, 0}, true)
	f.Fuzz(func(t *testing.T, b []byte, extended bool) {
		pw, _ := MRZ(bacMRZ)
		report, err := Read(t.Context(), &replies{b}, pw, Options{Extended: extended, AllowBAC: true})
		if err == nil || motcua.CodeOf(err) == motcua.Internal {
			t.Fatalf("read noise: %v", err)
		}
		report.Wipe()
	})
}
