package desk

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/x509"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"motcua"
	"motcua/devices"
	"motcua/store"
	"motcua/store/deadline"
	"motcua/store/dossier"
	"motcua/store/procedure"
	"motcua/ui/flow"
	"motcua/ui/flow/reception"
	"motcua/ui/screen"
	"motcua/ui/words"
)

// Reception is the hands of the counter.
type Reception struct{ *Desk }

var _ flow.Hands = Reception{}

// Do carries an effect out. Every failure becomes flow.Failed: the flow keeps
// what was typed.
func (h Reception) Do(ctx context.Context, s flow.State, e flow.Effect, tell func(flow.Event)) {
	answer, err := h.answer(ctx, s, e, tell)
	switch {
	case err != nil:
		tell(flow.Failed{Effect: e, Fault: err})
	case answer != nil:
		tell(answer)
	}
}

func (h Reception) answer(ctx context.Context, s flow.State, e flow.Effect, tell func(flow.Event)) (flow.Event, error) {
	c, _ := reception.CaseOf(s)
	switch e := e.(type) {
	case reception.Search:
		return h.search(ctx, s)
	case reception.Open:
		return h.begin(ctx, e.Procedure)
	case reception.Resume:
		return h.resume(ctx, e.ID)
	case reception.Save:
		return nil, h.save(ctx, c.Dossier)
	case reception.Discard:
		return nil, h.discard(ctx, c.Dossier)
	case flow.Read:
		if s, ok := reception.Here(s).(reception.Identifying); ok {
			h.read(ctx, s.Typed, e, tell)
		}
		return nil, nil
	case reception.Scan:
		if s, ok := reception.Here(s).(reception.Identifying); ok {
			return scanned(s.Typed)
		}
		return nil, nil
	case reception.Reckon:
		return h.reckon(c)
	case reception.Tokens:
		return h.signers(ctx)
	case reception.Sign:
		return h.sign(ctx, c.Dossier, e.Fingerprint, e.PIN.Take())
	case reception.Draw:
		return h.draw(ctx, c.Dossier)
	case reception.Keep:
		return h.keep(ctx, c.Dossier)
	case reception.Print:
		return h.print(ctx, c.Dossier)
	case reception.Refresh:
		d, err := h.Store.Get(ctx, c.Dossier.ID)
		return reception.Kept{Dossier: d}, err
	case reception.List:
		return h.list(ctx, s)
	case reception.Show:
		return h.show(ctx, e.ID)
	case reception.Resend:
		err := h.Store.Resend(ctx, e.Seq, h.now())
		h.Outbox.Kick()
		return nil, err
	}
	return nil, motcua.Fail(motcua.Internal, "no hands for the effect", nil)
}

func (h Reception) search(ctx context.Context, s flow.State) (flow.Event, error) {
	c, _ := reception.Here(s).(reception.Choosing)
	out := reception.Offered{Query: c.Query}
	for _, p := range h.Catalogue.Search(c.Query, h.now()) {
		way, ok := p.Way(dossier.Direct)
		if !ok {
			continue
		}
		key, args := way.Limit.Words()
		out.Offers = append(out.Offers, reception.Offer{Code: p.Code, Name: p.Name, Field: p.Field.Name, Limit: h.Words.T(key, args...)})
	}
	page, err := h.Store.List(ctx, store.Query{Stage: dossier.Draft, Limit: 5})
	for _, d := range page.Dossiers {
		if d.Officer.Counter == h.Counter && d.Applicant.Name != "" {
			out.Drafts = append(out.Drafts, reception.Draft{ID: d.ID, Name: d.Applicant.Name, Procedure: d.Procedure.Name})
		}
	}
	return out, err
}

// begin makes a draft: identity, provisional number and look-up code are its
// own from now on.
func (h Reception) begin(ctx context.Context, code string) (flow.Event, error) {
	now := h.now()
	p, err := h.Catalogue.At(code, now)
	if err != nil {
		return nil, err
	}
	seq, err := h.Store.Next(ctx, "number/"+h.Counter+"/"+officeDay(now))
	if err != nil {
		return nil, err
	}
	unit := h.unit()
	d := dossier.Dossier{
		ID: h.newID(now), Schema: dossier.Schema, Stage: dossier.Draft, Status: dossier.Registered,
		Number: dossier.FormatNumber(h.Counter, now, seq), Lookup: newLookup(),
		Procedure: p.Bind(), Summary: p.Name, Channel: dossier.Direct, Sets: 1,
		Units:       dossier.Units{Assisting: unit.Name, Receiving: unit, Resolving: dossier.Unit{Code: unit.Code, Name: unit.Name, Parent: unit.Parent}},
		Officer:     dossier.Officer{ID: h.Officer.ID, Name: h.Officer.Name, Title: h.Officer.Title, Counter: h.Counter},
		SubmittedAt: now, ResultBy: dossier.AtCounter, Payment: dossier.Payment{Method: "cash"},
		Answers: map[string]string{},
	}
	for _, a := range p.Asks {
		if a.Default != "" {
			d.Answers[a.Key] = a.Default
		}
	}
	for _, c := range p.Checklist(dossier.Direct) {
		line := c.Line()
		line.Note = c.Condition
		d.Components = append(d.Components, line)
	}
	return reception.Began{Dossier: d, Asks: h.asks(p)}, nil
}

func (h Reception) resume(ctx context.Context, id dossier.ID) (flow.Event, error) {
	d, err := h.Store.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	p, err := h.Catalogue.At(d.Procedure.Code, d.SubmittedAt)
	if err != nil {
		return nil, err
	}
	h.mu.Lock()
	h.Desk.revision[id] = d.Revision
	h.mu.Unlock()
	return reception.Began{Dossier: d, Asks: h.asks(p)}, nil
}

// asks is what a procedure asks, and of each fee its ground of exemption and,
// where nobody published an amount, the amount.
func (h Reception) asks(p *procedure.Procedure) []reception.Ask {
	var out []reception.Ask
	for _, a := range p.Asks {
		ask := reception.Ask{Key: a.Key, Label: a.Label, Hint: a.Help, Required: a.Required, Kind: screen.Text}
		if a.Kind == procedure.AskCount {
			ask.Kind = screen.Digits
		}
		for _, o := range a.Options {
			ask.Options = append(ask.Options, screen.Option{Key: o.Key, Title: o.Name})
		}
		out = append(out, ask)
	}
	for _, f := range p.Fees {
		if f.Rule.MayBeUnknown() {
			out = append(out, reception.Ask{Key: manualKey + f.Key, Label: f.Name, Hint: h.Words.T("fee.manual"), Kind: screen.Money})
		}
		if len(f.Exemptions) == 0 {
			continue
		}
		ask := reception.Ask{Key: exemptKey + f.Key, Label: f.Name, Options: []screen.Option{{Key: "", Title: h.Words.T("fee.not-exempt")}}}
		for _, e := range f.Exemptions {
			ask.Options = append(ask.Options, screen.Option{Key: e.Key, Title: e.Ground})
		}
		out = append(out, ask)
	}
	return out
}

// Keys of answers that are not the procedure's own questions.
const (
	exemptKey = "exempt/" // followed by the fee: the chosen ground
	manualKey = "manual/" // followed by the fee: the amount the officer entered
)

// save keeps the draft. One at a time, and always on the revision this desk
// wrote last: two quick steps must not conflict with each other.
func (h Reception) save(ctx context.Context, d dossier.Dossier) error {
	if d.ID == "" {
		return nil
	}
	_, err := h.write(ctx, d, "draft", store.Nothing)
	return err
}

func (h Reception) write(ctx context.Context, d dossier.Dossier, action string, send store.Kind) (dossier.Dossier, error) {
	h.saving.Lock()
	defer h.saving.Unlock()
	h.mu.Lock()
	d.Revision = h.Desk.revision[d.ID]
	h.mu.Unlock()
	kept, err := h.Store.Keep(ctx, store.Change{Dossier: d, By: h.Officer.ID, Action: action, At: h.now(), Send: send})
	if err != nil {
		return d, err
	}
	h.mu.Lock()
	h.Desk.revision[d.ID] = kept.Revision
	h.mu.Unlock()
	return kept, nil
}

// discard ends a draft that nobody was promised anything for.
func (h Reception) discard(ctx context.Context, d dossier.Dossier) error {
	h.mu.Lock()
	written := h.Desk.revision[d.ID] > 0
	h.mu.Unlock()
	if !written {
		return nil
	}
	now := h.now()
	d.Stage, d.Status, d.ReceivedAt = dossier.Declined, dossier.Refused, now
	d.Remarks = append(slices.Clone(d.Remarks), "discarded before reception")
	_, err := h.write(ctx, d, "discard", store.Nothing)
	return err
}

// reckon works out fee and appointment. The dossier is complete and valid
// now: the clock of the law starts (domain 3.1).
func (h Reception) reckon(c reception.Case) (flow.Event, error) {
	d := c.Dossier
	p, err := h.Catalogue.At(d.Procedure.Code, d.SubmittedAt)
	if err != nil {
		return nil, err
	}
	way, _ := p.Way(d.Channel)
	now := h.now()
	app := h.Calendar.Reckon(way.LimitFor(d.Answers["case"]), way.CutOff, h.Hours, now)
	key, args := app.Limit.Words()
	d.ReceivedAt = now
	d.Appointment = dossier.Appointment{Due: app.Due, Limit: h.Words.T(key, args...), Flags: app.Flags}
	for _, r := range app.Reasons {
		key, args := r.Words()
		d.Appointment.Reasons = append(d.Appointment.Reasons, h.Words.T(key, args...))
	}
	in, err := inputs(d, h.Calendar)
	if err != nil {
		return nil, err
	}
	lines, err := procedure.Reckon(p, in)
	if err != nil {
		return nil, err
	}
	d.Fees = nil
	for _, l := range lines {
		d.Fees = append(d.Fees, l.Dossier(h.Words.T(l.Formula.Key, l.Formula.Args...)))
		if l.Unknown {
			d.Appointment.Flags = append(d.Appointment.Flags, "fee-unknown")
		}
	}
	if dossier.Total(d.Fees) == 0 {
		d.Payment = dossier.Payment{Method: "none"}
	}
	return reception.Reckoned{Dossier: d}, nil
}

func inputs(d dossier.Dossier, calendar *deadline.Calendar) (procedure.Inputs, error) {
	in := procedure.Inputs{Channel: d.Channel, Calendar: calendar, Answers: d.Answers, Received: d.ReceivedAt, Exempt: map[string]string{}, Manual: map[string]int64{}}
	for k, v := range d.Answers {
		if fee, ok := strings.CutPrefix(k, exemptKey); ok && v != "" {
			in.Exempt[fee] = v
		}
		if fee, ok := strings.CutPrefix(k, manualKey); ok && v != "" {
			n, err := strconv.ParseInt(strings.NewReplacer(".", "", " ", "").Replace(v), 10, 64)
			if err != nil {
				return in, motcua.Fail(motcua.BadInput, k, nil)
			}
			in.Manual[fee] = n
		}
	}
	return in, nil
}

func (h Reception) signers(ctx context.Context) (flow.Event, error) {
	list, err := h.Tokens.List(ctx)
	if err != nil && len(list) == 0 && motcua.CodeOf(err) != motcua.TokenAbsent {
		return nil, err
	}
	var out reception.Saw
	for _, c := range list {
		out.Signers = append(out.Signers, signer(c))
	}
	return out, nil
}

func signer(c devices.Certificate) reception.Signer {
	s := reception.Signer{
		Fingerprint: c.Fingerprint, Name: c.Leaf.Subject.CommonName,
		Until: words.Date(c.Leaf.NotAfter), Kind: keyKind(c.Leaf), PINLow: c.PIN.Low, PINFinal: c.PIN.Final,
	}
	if len(c.Unusable) > 0 {
		s.Off = c.Unusable[0]
	}
	return s
}

// keyKind tells two certificates of the same person apart.
func keyKind(c *x509.Certificate) string {
	switch k := c.PublicKey.(type) {
	case *rsa.PublicKey:
		return fmt.Sprintf("RSA %d", k.N.BitLen())
	case *ecdsa.PublicKey:
		return "ECDSA " + k.Curve.Params().Name
	}
	return ""
}

// sign draws the receipt, signs it and puts it into the store. The PIN is
// wiped by the token.
func (h Reception) sign(ctx context.Context, d dossier.Dossier, fingerprint string, pin []byte) (flow.Event, error) {
	if len(pin) == 0 {
		return nil, motcua.Fail(motcua.TokenPINNeeded, "", nil)
	}
	key, err := h.Tokens.Open(ctx, fingerprint, pin)
	if err != nil {
		return nil, err
	}
	defer key.Close()
	plain, err := h.receipt(d)
	if err != nil {
		return nil, err
	}
	signed, err := h.signPDF(plain, key)
	if err != nil {
		return nil, err
	}
	return h.putPaper(ctx, d, signed, fingerprint)
}

func (h Reception) draw(ctx context.Context, d dossier.Dossier) (flow.Event, error) {
	plain, err := h.receipt(d)
	if err != nil {
		return nil, err
	}
	return h.putPaper(ctx, d, plain.PDF, "")
}

func (h Reception) putPaper(ctx context.Context, d dossier.Dossier, pdf []byte, fingerprint string) (flow.Event, error) {
	name := strings.ReplaceAll(d.Number, "/", "-") + ".pdf"
	file, err := h.Store.Put(ctx, bytes.NewReader(pdf), name, "application/pdf")
	if err != nil {
		return nil, err
	}
	paper := dossier.Paper{Form: "mau-01", File: file, Signer: fingerprint, At: h.now()}
	return reception.Drawn{Paper: paper}, nil
}

// keep accepts the dossier. From here on it is promised: one transaction
// writes it with its outbox entry.
func (h Reception) keep(ctx context.Context, d dossier.Dossier) (flow.Event, error) {
	d.Stage, d.Status = dossier.Accepted, dossier.Received
	if d.Payment.Method == "cash" || d.Payment.Method == "transfer" {
		at := d.ReceivedAt
		d.Payment.PaidAt = &at
		d.Fees = slices.Clone(d.Fees)
		for i := range d.Fees {
			d.Fees[i].Resolved = true
		}
	}
	d.Steps = []dossier.Step{{Seq: 1, At: d.ReceivedAt, By: h.Officer.Name, Title: h.Officer.Title,
		Unit: h.Unit.Name, What: "Tiếp nhận hồ sơ", Status: dossier.Received}}
	kept, err := h.write(ctx, d, "receive", store.Create)
	if err != nil {
		return nil, err
	}
	if h.Outbox != nil {
		h.Outbox.Kick()
	}
	return reception.Kept{Dossier: kept}, nil
}

func (h Reception) print(ctx context.Context, d dossier.Dossier) (flow.Event, error) {
	if len(d.Papers) == 0 {
		return nil, motcua.Fail(motcua.PaperFile, "no receipt", nil)
	}
	pdf, err := h.Paper(ctx, d)
	if err != nil {
		return nil, err
	}
	if err := h.Sheets.Print(ctx, devices.Job{Title: d.Number, PDF: pdf, Copies: 1}); err != nil {
		return nil, err
	}
	err = h.Store.Note(ctx, store.JournalEntry{At: h.now(), By: h.Officer.ID, Action: "print", Dossier: d.ID, Detail: "mau-01"})
	return reception.Printed{}, err
}

// Paper reads the newest paper of the dossier back.
func (d *Desk) Paper(ctx context.Context, dos dossier.Dossier) ([]byte, error) {
	r, err := d.Store.Open(ctx, dos.Papers[len(dos.Papers)-1].File.SHA256)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return io.ReadAll(r)
}

func (h Reception) list(ctx context.Context, s flow.State) (flow.Event, error) {
	b, _ := reception.Here(s).(reception.Browsing)
	page, err := h.Store.List(ctx, store.Query{Text: b.Query, Limit: 100})
	if err != nil {
		return nil, err
	}
	out := reception.Listed{Query: b.Query}
	for _, d := range page.Dossiers {
		row := reception.Row{ID: d.ID, Reference: d.Reference(), Name: d.Holder().Name, Procedure: d.Procedure.Name,
			Due: words.DateClock(d.Appointment.Due), Status: d.Status}
		if d.Portal.Status.Valid() {
			row.Status = d.Portal.Status
		}
		if row.Queue, err = h.queueOf(ctx, d); err != nil {
			return nil, err
		}
		out.Rows = append(out.Rows, row)
	}
	return out, nil
}

// queueOf is the state of the dossier's first unsent entry. The store clears
// SynchronisedAt with each new entry, so a dossier that has it needs no look at
// its entries: that is most of a list.
func (h Reception) queueOf(ctx context.Context, d dossier.Dossier) (string, error) {
	switch {
	case d.Stage == dossier.Draft:
		return "draft", nil
	case d.SynchronisedAt != nil:
		return string(store.Sent), nil
	}
	entries, err := h.Store.Entries(ctx, d.ID)
	for _, e := range entries {
		if e.State != store.Sent {
			return string(e.State), err
		}
	}
	return string(store.Sent), err
}

func (h Reception) show(ctx context.Context, id dossier.ID) (flow.Event, error) {
	d, err := h.Store.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	entries, err := h.Store.Entries(ctx, id)
	if err != nil {
		return nil, err
	}
	err = h.Store.Note(ctx, store.JournalEntry{At: h.now(), By: h.Officer.ID, Action: "look", Dossier: id})
	return reception.Shown{Opened: reception.Opened{Dossier: d, Entries: entries}}, err
}

// officeDay is the day whose numbers count together.
func officeDay(t time.Time) string { return t.In(deadline.Zone).Format("060102") }
