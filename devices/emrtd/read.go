package emrtd

import (
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"time"

	"motcua"
)

// reader is one reading of one card.
type reader struct {
	link
	pw       Password
	o        Options
	report   *Report
	infos    []securityInfo
	sfi      sfiState
	suspect  bool // the last answer was an error in the clear
	fresh    bool // no answer yet under the keys of chip authentication
	reopened int
	sod      *securityObject
}

// Read opens the chip with the password and reads everything but biometrics
// other than the portrait: the SOD, DG14, DG1, DG13, DG15, then DG2. DG3 and
// DG4 are never asked for. Chip authentication comes after DG14, so that the
// rest travels over its channel, and active authentication before DG2, or
// after it where its answer is longer than reader or card can carry at once.
//
// The report comes beside an error too, with what had been read until then,
// except for BadInput; the caller wipes it in any case. The faults are CardRemoved, CardWrongSecret,
// CardTriesSpent, CardUnsupported, CardBroken, CardNotGenuine, Cancelled, and
// those of the Transmitter.
func Read(ctx context.Context, t Transmitter, pw Password, o Options) (*Report, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.random == nil {
		o.random = rand.Reader
	}
	r := &reader{link: link{t: t, limit: firstLimit(o)}, pw: pw, o: o, report: &Report{Groups: map[int][]byte{}}}
	defer r.end()
	if len(pw.secret) == 0 {
		return nil, motcua.Fail(motcua.BadInput, "no password", nil)
	}
	err := r.read(ctx)
	r.tally()
	return r.report, err
}

// tally copies the counts into the report.
func (r *reader) tally() {
	r.report.APDUs, r.report.BytesSent, r.report.BytesReceived = r.count, r.sent, r.gotten
	r.report.MaxLe = r.limit
}

func (r *reader) read(ctx context.Context) error {
	if err := r.open(ctx); err != nil {
		return err
	}
	if err := r.readSOD(ctx); err != nil {
		return err
	}
	if err := r.readGroup(ctx, 14); err != nil {
		return err
	}
	if err := r.chipAuth(ctx); err != nil {
		return err
	}
	for _, n := range []int{1, 13, 15} {
		if err := r.readGroup(ctx, n); err != nil {
			return err
		}
	}
	r.examine()
	return r.afterText(ctx)
}

// afterText is what can wait until the form is filled: active authentication,
// which keeps a chip busy for some tenths of a second, and the portrait. An
// answer that may not come through at all is asked for last, when there is
// nothing left to lose.
func (r *reader) afterText(ctx context.Context) error {
	key, active := r.activeKey()
	portrait := r.wanted(2)
	if r.o.OnText != nil {
		r.announce(portrait)
	}
	last := active && r.strained(key)
	if active && !last {
		if err := r.activeAuth(ctx, key); err != nil {
			return err
		}
	}
	if portrait {
		err := r.readGroup(ctx, 2)
		r.report.Checks.Hashes = r.hashes(true)
		if err != nil {
			return err
		}
	}
	if last {
		return r.activeAuth(ctx, key)
	}
	return nil
}

// announce gives the text away while the portrait is still on the card.
func (r *reader) announce(portrait bool) {
	h := &r.report.Checks.Hashes
	if portrait && h.State == Verified && h.Reason == "" {
		h.Reason = reasonPending
	}
	r.tally()
	r.o.OnText(r.report)
}

// readSOD reads the document security object and from it which groups there
// are. A card whose SOD cannot be read is asked for EF.COM instead.
func (r *reader) readSOD(ctx context.Context) error {
	raw, err := r.optional(ctx, fileSOD)
	if err != nil {
		return err
	}
	r.report.SOD = raw
	if raw != nil {
		r.sod, err = parseSOD(raw)
	}
	if r.sod != nil && err == nil {
		r.report.Listed = r.sod.numbers()
		return nil
	}
	r.sod = nil
	return r.readCOM(ctx)
}

// readCOM takes the list of groups from EF.COM (9303-10 4.6.1): tags under 5C.
func (r *reader) readCOM(ctx context.Context) error {
	raw, err := r.optional(ctx, fileCOM)
	if err != nil {
		return err
	}
	if r.report.Listed = parseCOM(raw); r.report.Listed == nil {
		r.report.warn(WarnNoList)
		r.report.Listed = []int{1, 2, 13, 14, 15}
	}
	return nil
}

func parseCOM(raw []byte) []int {
	com, err := ReadOnly(raw, 0x60)
	if err != nil {
		return nil
	}
	elements, err := Elements(com.Value, 8)
	if err != nil {
		return nil
	}
	var list []int
	for _, e := range elements {
		if e.Tag != 0x5C || len(e.Value) > 16 {
			continue
		}
		for _, tag := range e.Value {
			if n := slices.Index(groupTags[:], tag); n > 0 {
				list = append(list, n)
			}
		}
	}
	return list
}

// groupTags is the outer tag of each data group (9303-10 table 28).
var groupTags = [...]byte{0, 0x61, 0x75, 0x63, 0x76, 0x65, 0x66, 0x67, 0x68,
	0x69, 0x6A, 0x6B, 0x6C, 0x6D, 0x6E, 0x6F, 0x70}

// wanted says whether to ask for a group. The two with the person's data are
// asked for even if nothing lists them, so that an unlisted one is noticed.
func (r *reader) wanted(n int) bool {
	return n == 1 || n == 13 || slices.Contains(r.report.Listed, n)
}

func (r *reader) readGroup(ctx context.Context, n int) error {
	if !r.wanted(n) {
		return nil
	}
	raw, err := r.optional(ctx, groupFile(n))
	if raw != nil {
		r.report.Groups[n] = raw
	}
	return err
}

// optional reads a file that may be missing, refused or malformed, which
// leaves a warning instead of an error: whatever can be read is worth having,
// and the hashes tell what is not there.
func (r *reader) optional(ctx context.Context, f file) ([]byte, error) {
	raw, sw, err := r.file(ctx, f)
	switch {
	case err != nil:
		return nil, err
	case raw != nil:
		return raw, nil
	case isRefusal(sw):
		r.report.warn(f.name + "-refused")
	case sw != swFileNotFound:
		r.report.warn(f.name + "-unreadable")
	}
	return nil, nil
}

// file is an elementary file of the application (9303-10 table 40).
type file struct {
	name string
	id   uint16
	sfi  byte
}

var (
	fileCOM        = file{"com", 0x011E, 0x1E}
	fileSOD        = file{"sod", 0x011D, 0x1D}
	fileCardAccess = file{"card-access", 0x011C, 0x1C}
)

func groupFile(n int) file {
	return file{fmt.Sprintf("dg%d", n), 0x0100 | uint16(n), byte(n)}
}
