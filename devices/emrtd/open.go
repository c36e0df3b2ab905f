package emrtd

import (
	"context"

	"motcua"
)

// aid is the application identifier of the eMRTD (9303-10 3.9.1).
var aid = []byte{0xA0, 0x00, 0x00, 0x02, 0x47, 0x10, 0x01}

// open reads EF.CardAccess, runs access control and selects the application.
// PACE is used whenever the card offers it; BAC only if it is allowed, and a
// refused password never leads to it.
func (r *reader) open(ctx context.Context) error {
	if err := r.cardAccess(ctx); err != nil {
		return err
	}
	return r.enter(ctx)
}

// enter is access control and the application, with EF.CardAccess known.
func (r *reader) enter(ctx context.Context) error {
	info, found, offered := choosePACE(r.infos)
	if !found {
		return r.basic(ctx, offered, refusedPACE(offered))
	}
	session, err := pace{&r.link, info, r.pw, r.o.random}.run(ctx)
	if err != nil {
		return r.basic(ctx, true, err)
	}
	r.sm = session
	r.report.Access, r.report.Suite = r.pw.access(), info.String()
	return r.application(ctx)
}

func refusedPACE(offered bool) error {
	if offered {
		return motcua.Fail(motcua.CardUnsupported, "no pace protocol of the card is known", nil)
	}
	return motcua.Fail(motcua.CardUnsupported, "the card offers no pace and bac is not allowed", nil)
}

// basic runs BAC in place of PACE, which ended with cause, if all of this
// holds: it is allowed, there is an MRZ, and the cause is a protocol that does
// not work rather than a card that left or refused the password.
func (r *reader) basic(ctx context.Context, offered bool, cause error) error {
	code := motcua.CodeOf(cause)
	if !r.o.AllowBAC || !r.pw.mrz || (code != motcua.CardUnsupported && code != motcua.CardBroken) {
		return cause
	}
	if err := r.application(ctx); err != nil {
		return err
	}
	session, err := bac{&r.link, r.pw, r.o.random}.run(ctx)
	if err != nil {
		return err
	}
	if offered {
		r.report.warn(WarnPACEFailed)
	}
	r.sm = session
	r.report.Access, r.report.Suite = AccessBAC, "BAC-3DES"
	return nil
}

// application selects the eMRTD application, under the session if there is
// one.
func (r *reader) application(ctx context.Context) error {
	resp, err := r.command(ctx, Command{INS: 0xA4, P1: 0x04, P2: 0x0C, Data: aid})
	if err != nil {
		return err
	}
	if resp.SW != swOK {
		return refused("select application", resp.SW)
	}
	return nil
}

// cardAccess reads EF.CardAccess, which is free, and learns on the way whether
// extended length passes: before there are keys to lose. A card without the
// file has no PACE.
func (r *reader) cardAccess(ctx context.Context) error {
	raw, _, err := r.file(ctx, fileCardAccess)
	if err == nil && raw == nil {
		if err = r.master(ctx); err == nil {
			raw, _, err = r.file(ctx, fileCardAccess)
		}
	}
	r.sfi = sfiUntried // of the application nothing is known yet
	if err != nil || raw == nil {
		return err
	}
	if r.infos, err = parseSecurityInfos(raw); err != nil {
		return motcua.Fail(motcua.CardBroken, "EF.CardAccess", err)
	}
	return nil
}

// master selects the master file. Cards in the field answer 6D00, or another
// error, and are at the master file anyway: the status is not looked at.
func (r *reader) master(ctx context.Context) error {
	_, err := r.plain(ctx, Command{INS: 0xA4, P1: 0x00, P2: 0x0C, Data: []byte{0x3F, 0x00}})
	return err
}

// reopen runs access control again after the card dropped the session, which
// it may after any error in the clear (9303-11 9.8.3).
func (r *reader) reopen(ctx context.Context) error {
	r.reopened++
	r.end()
	if err := r.master(ctx); err != nil {
		return err
	}
	r.suspect = false
	return r.enter(ctx)
}
