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
}

func (m *meter) Transmit(ctx context.Context, command []byte) ([]byte, error) {
	start := time.Now()
	reply, err := m.chip.Transmit(ctx, command)
	m.chipCPU += time.Since(start)
	m.virtual += cost(len(command) + len(reply))
	if command[1] == 0xA4 && command[2] == 0x04 {
		m.access = m.virtual
	}
	return reply, err
}

func cost(bytes int) time.Duration { return perAPDU + time.Duration(bytes)*perByte }

// floor is the least time for files of these sizes after access control: each
// byte crosses once under secure messaging of AES, in as few commands as the
// response length allows, without any command that brings no data.
func floor(access time.Duration, sizes []int, limit int) time.Duration {
	total := access
	for _, size := range sizes {
		for size > 0 {
			n := min(size, floorRoom(limit))
			size -= n
			total += cost(floorCommand(limit) + floorResponse(n))
		}
	}
	return total
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
// filled, and cpu-ms what our own side computes.
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
			var report *Report
			c.o.OnText = func(*Report) { text = m.virtual }
			b.ReportAllocs()
			for b.Loop() {
				chip.Reset()
				m = &meter{chip: chip}
				start := time.Now()
				r, err := Read(b.Context(), m, pw, c.o)
				if err != nil {
					b.Fatal(err)
				}
				own += time.Since(start) - m.chipCPU
				report = r
			}
			least := floor(floorAccess(b, chip, pw), sizes(report), c.limit)
			b.ReportMetric(float64(m.virtual)/float64(least), "time/floor")
			b.ReportMetric(float64(conventional(b, chip, pw))/float64(least), "conventional/floor")
			b.ReportMetric(float64(text)/float64(m.virtual), "text/full")
			b.ReportMetric(float64(own.Microseconds())/1000/float64(b.N), "cpu-ms")
			b.ReportMetric(float64(report.APDUs), "apdus")
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
	m := &meter{chip: chip}
	if _, err := Read(b.Context(), m, pw, Options{MaxLe: 256}); err != nil {
		b.Fatal(err)
	}
	return m.access
}

// conventional reads the way most programs do: SELECT by file identifier, a
// first read of four bytes, then blocks that fit a short response; EF.COM too.
func conventional(b *testing.B, chip *virtual.Chip, pw Password) time.Duration {
	chip.Reset()
	m := &meter{chip: chip}
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
	return m.virtual
}
