package emrtd

import (
	"context"
	"crypto/rand"
	"testing"
	"time"

	"motcua"
	"motcua/devices/virtual"
)

// The link model: ISO 14443-4 type A at 424 kbit/s, nine elementary time units
// a byte in both directions, and what a USB reader and the chip add to each
// command.
const (
	perByte = 21200 * time.Nanosecond
	perAPDU = 7 * time.Millisecond
)

// meter is a link whose time is counted, not waited for.
type meter struct {
	chip    *virtual.Chip
	virtual time.Duration
	chipCPU time.Duration // real time spent in the stand-in
	access  time.Duration // virtual time until the application is selected
	cpu     map[string]time.Duration
	last    time.Time // when our side began to compute
	before  []byte    // the header of the command before
}

// split counts our own time up to a command, or to the end of the reading, by
// what it was spent on.
func (m *meter) split(command []byte) {
	if m.before != nil {
		m.cpu[phase(m.before, command)] += time.Since(m.last)
	}
	m.before = append(m.before[:0], command...)
}

// phase is what is computed between two commands: access control, chip
// authentication, active authentication, passive authentication (once a file
// is followed by the portrait's first block or the challenge), or secure
// messaging of the files.
func phase(before, after []byte) string {
	const general, internal, get, portrait = 0x86, 0x88, 0xC0, 0x82
	switch {
	case before[1] == internal, before[1] == get:
		return "aa"
	case len(after) == 0:
		return "files"
	case before[0] != 0x0C, after[0] != 0x0C:
		return "access"
	case before[1] == general, after[1] == general:
		return "ca"
	case after[1] == internal, after[1] == 0xB0 && after[2] == portrait:
		return "pa"
	}
	return "files"
}

func (m *meter) Transmit(ctx context.Context, command []byte) ([]byte, error) {
	m.split(command)
	start := time.Now()
	reply, err := m.chip.Transmit(ctx, command)
	m.last = time.Now()
	m.chipCPU += m.last.Sub(start)
	m.virtual += cost(len(command) + len(reply))
	if command[1] == 0xA4 && command[2] == 0x04 {
		m.access = m.virtual
	}
	return reply, err
}

func newMeter(chip *virtual.Chip) *meter {
	return &meter{chip: chip, cpu: map[string]time.Duration{}}
}

func cost(bytes int) time.Duration { return perAPDU + time.Duration(bytes)*perByte }

// floor is the least time for both authentications of the chip and files of
// these sizes after access control: each byte crosses once under secure
// messaging of AES, in as few commands as the response length allows, without
// any command that brings no data.
func floor(access time.Duration, sizes []int, limit int) time.Duration {
	total := access + floorProof(limit)
	for _, size := range sizes {
		for size > 0 {
			n := min(size, floorRoom(limit))
			size -= n
			total += cost(floorCommand(limit) + floorResponse(n))
		}
	}
	return total
}

// floorProof is the least time for chip authentication with AES and a point of
// 256 bits, which takes two commands (9303-11 6.2.4.2), and for active
// authentication with RSA of 2048 bits (6.1).
func floorProof(limit int) time.Duration {
	const protocol, point, challenge, signature = 2 + 10, 2 + 2 + 65, 8, 256
	choose := cost(floorAsk(protocol, false) + 4 + 10 + 2)
	agree := cost(floorAsk(point, true) + floorResponse(2))
	ask, answer := floorAsk(challenge, true), floorResponse(signature)
	if limit > 256 {
		return choose + agree + cost(ask+3+answer) // Lc and Le of three and two bytes
	}
	first := 256 + 2
	return choose + agree + cost(ask+first) + cost(5+answer-first+2) // GET RESPONSE
}

// floorAsk is a protected command with n bytes of data in the short form.
func floorAsk(n int, answered bool) int {
	size := 4 + 1 + 3 + (n/16+1)*16 + 10 + 1
	if answered {
		size += 3
	}
	return size
}

// floorRoom, floorCommand and floorResponse count the octets of 9303-11 9.8 anew,
// apart from the code that is measured.
func floorRoom(limit int) int {
	n := 0
	for m := 15; floorResponse(m) <= limit+2; m += 16 {
		n = m
	}
	return n
}

func floorCommand(limit int) int {
	if limit > 256 {
		return 4 + 3 + 4 + 10 + 2 // header, Lc, 97, 8E, Le
	}
	return 4 + 1 + 3 + 10 + 1
}

func floorResponse(n int) int {
	text := (n/16 + 1) * 16
	head := 3
	if text+1 > 0x7F {
		head++
	}
	if text+1 > 0xFF {
		head++
	}
	return head + text + 4 + 10 + 2
}

// benchCard has a portrait that makes DG2 as large as the facts assume.
func benchCard(b *testing.B, name string) *virtual.Chip {
	p, err := virtual.ProfileNamed(name)
	if err != nil {
		b.Fatal(err)
	}
	p.Citizen = virtual.Citizens()[0]
	p.Citizen.Portrait = append([]byte{0xFF, 0xD8, 0xFF, 0xE0}, make([]byte, 19_996)...)
	chip, err := virtual.NewChip(p)
	if motcua.CodeOf(err) == motcua.ToolMissing {
		b.Skip("openssl is not installed")
	}
	if err != nil {
		b.Fatal(err)
	}
	return chip
}

// BenchmarkFullRead reads a card with a portrait of 20 KB. time/floor is the
// virtual time over the floor, conventional/floor the same for SELECT, a header of four
// bytes and short blocks on the same card, text/full when the form can be
// filled, and cpu-ms what our own side computes: its parts are access control,
// chip and active authentication, passive authentication, and the files'
// secure messaging.
func BenchmarkFullRead(b *testing.B) {
	for _, c := range []struct {
		name, profile string
		o             Options
		limit         int
	}{
		{"extended", "2021", Options{Extended: true}, 65000},
		{"short-first-met", "short-only", Options{Extended: true}, 256},
		{"short-known", "short-only", Options{MaxLe: 256}, 256},
	} {
		b.Run(c.name, func(b *testing.B) {
			chip := benchCard(b, c.profile)
			pw, _ := CAN(virtual.Citizens()[0].CAN())
			var m *meter
			var text, own time.Duration
			parts := map[string]time.Duration{}
			var report *Report
			c.o.OnText = func(*Report) { text = m.virtual }
			b.ReportAllocs()
			for b.Loop() {
				chip.Reset()
				m = newMeter(chip)
				start := time.Now()
				r, err := Read(b.Context(), m, pw, c.o)
				if err != nil {
					b.Fatal(err)
				}
				own += time.Since(start) - m.chipCPU
				m.split(nil)
				for name, d := range m.cpu {
					parts[name] += d
				}
				report = r
			}
			least := floor(floorAccess(b, chip, pw), sizes(report), c.limit)
			b.ReportMetric(float64(m.virtual)/float64(least), "time/floor")
			b.ReportMetric(float64(conventional(b, chip, pw))/float64(least), "conventional/floor")
			b.ReportMetric(float64(text)/float64(m.virtual), "text/full")
			b.ReportMetric(float64(own.Microseconds())/1000/float64(b.N), "cpu-ms")
			b.ReportMetric(float64(report.APDUs), "apdus")
			for name, d := range parts {
				b.ReportMetric(float64(d.Microseconds())/1000/float64(b.N), "cpu-"+name+"-ms")
			}
		})
	}
}

func sizes(r *Report) []int {
	out := []int{len(r.SOD)}
	for _, g := range r.Groups {
		out = append(out, len(g))
	}
	return out
}

// floorAccess is the time of EF.CardAccess, PACE and SELECT without any failed
// command.
func floorAccess(b *testing.B, chip *virtual.Chip, pw Password) time.Duration {
	chip.Reset()
	m := newMeter(chip)
	if _, err := Read(b.Context(), m, pw, Options{MaxLe: 256}); err != nil {
		b.Fatal(err)
	}
	return m.access
}

// conventional reads the way most programs do: SELECT by file identifier, a
// first read of four bytes, then blocks that fit a short response; EF.COM too.
// It is given the authentications at their least time.
func conventional(b *testing.B, chip *virtual.Chip, pw Password) time.Duration {
	chip.Reset()
	m := newMeter(chip)
	r := &reader{link: link{t: m, limit: shortNe}, pw: pw, o: Options{random: rand.Reader}, report: &Report{}}
	defer r.end()
	if err := r.open(b.Context()); err != nil {
		b.Fatal(err)
	}
	for _, f := range []file{fileCOM, fileSOD, groupFile(14), groupFile(1), groupFile(13), groupFile(15), groupFile(2)} {
		resp, err := r.command(b.Context(), selectFile(f))
		if err != nil || resp.SW != swOK {
			b.Fatal(f.name, resp.SW, err)
		}
		head, _, err := r.block(b.Context(), 0, 4)
		if err != nil {
			b.Fatal(err)
		}
		_, n, length, err := readHeader(head)
		if err != nil {
			b.Fatal(err)
		}
		for at := 4; at < n+length; {
			block, sw, err := r.block(b.Context(), at, n+length-at)
			if err != nil || !delivered(sw) || len(block) == 0 {
				b.Fatal(f.name, sw, err)
			}
			at += len(block)
		}
	}
	return m.virtual + floorProof(shortNe)
}
