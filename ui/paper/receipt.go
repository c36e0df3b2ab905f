package paper

import (
	"fmt"
	"time"

	"motcua"
)

// Receipt is what a "Giấy tiếp nhận hồ sơ và hẹn trả kết quả" says: Mẫu số 01,
// Phụ lục I of TT 03/2025/TT-VPCP. Texts are Vietnamese as they shall be read;
// an empty one leaves dots to be filled by hand unless its comment says that
// the line is left out.
type Receipt struct {
	Parent string // "Ủy ban nhân dân phường Thử Nghiệm"
	Unit   string // "Trung tâm Phục vụ hành chính công phường Thử Nghiệm"; needed
	Serial string // before the stroke of "Số:"
	Suffix string // after it: "TNHS-TTPVHCC"
	Place  string // before the date: "Thử Nghiệm"

	Number      string // the dossier's code, official or provisional; needed
	Provisional bool   // the portal has not given its code yet
	Lookup      string // the citizen's look-up code; left out when empty
	LookupAt    string // where it is asked for: an address; left out when empty
	QR          string // text of the QR symbol, at most 300 bytes; left out when empty

	Applicant Person     // who handed the dossier in; the name is needed
	Principal *Principal // who authorised the applicant; left out when nil
	Procedure string     // needed

	Components []Component
	Sets       int    // number of dossiers, "bộ"
	Limit      string // "05 ngày làm việc"
	Received   time.Time
	Due        time.Time // zero when no appointment can be made yet
	ResultAt   string    // where or how the result is taken
	Book       string    // the register's volume; with Ordinal left out when both are empty
	Ordinal    string
	Fees       []Fee // left out when there is none
	Officer    string
}

// Person is who a receipt names. The law puts the whole number on the form.
type Person struct{ Name, ID, Address, Phone, Email string }

// Principal is who authorised the applicant, and by which paper.
type Principal struct {
	Person
	Document string
}

// Component is one paper of the dossier.
type Component struct {
	Name     string
	Kind     string // "bản chính", "bản sao"
	Quantity int
}

// Fee is one amount to pay, in đồng.
type Fee struct {
	Name   string
	Amount int64
}

// The form's measures: A4 with the margins of NĐ 30/2020, Phụ lục I.
const (
	a4Width, a4Height = 210, 297
	marginLeft        = 30
	marginRight       = 15
	marginTop         = 20
	marginBottom      = 20
	column            = a4Width - marginLeft - marginRight
	body              = 13 // points
)

// DrawReceipt draws the form on as many A4 pages as it needs, with the 6 pt
// between paragraphs the decree asks for, or less where that saves a page.
// BadInput is the fault when a needed field is empty or a text is beyond
// reason, PaperText when a text holds letters the faces lack.
func DrawReceipt(r Receipt) (Document, error) {
	if err := r.check(); err != nil {
		return Document{}, err
	}
	best, err := r.draw(6 / mm)
	for _, points := range []float64{2, 1} {
		if err != nil || best.Pages == 1 {
			return best, err
		}
		tight, err := r.draw(points / mm)
		if err == nil && tight.Pages < best.Pages {
			best = tight
		}
	}
	return best, nil
}

// check refuses what cannot be a receipt, before any of it is measured.
func (r *Receipt) check() error {
	texts := []string{r.Parent, r.Unit, r.Serial, r.Suffix, r.Place, r.Number, r.Lookup, r.LookupAt, r.Procedure,
		r.Limit, r.ResultAt, r.Book, r.Ordinal, r.Officer}
	people := []Person{r.Applicant}
	if r.Principal != nil {
		people, texts = append(people, r.Principal.Person), append(texts, r.Principal.Document)
	}
	for _, p := range people {
		texts = append(texts, p.Name, p.ID, p.Address, p.Phone, p.Email)
	}
	for _, c := range r.Components {
		texts = append(texts, c.Name, c.Kind)
	}
	for _, f := range r.Fees {
		texts = append(texts, f.Name)
	}
	switch {
	case r.Unit == "" || r.Number == "" || r.Applicant.Name == "" || r.Procedure == "" || r.Received.IsZero():
		return motcua.Fail(motcua.BadInput, "a receipt needs unit, number, name, procedure and time", nil)
	case len(r.Components) > 200 || len(r.Fees) > 50:
		return motcua.Fail(motcua.BadInput, "too many lines for a receipt", nil)
	}
	return bounded(texts)
}

// bounded refuses texts no form was made for.
func bounded(texts []string) error {
	for _, t := range texts {
		if len(t) > 2000 {
			return motcua.Fail(motcua.BadInput, "a text is too long for paper", nil)
		}
	}
	return nil
}

// form is a receipt being drawn.
type form struct {
	*sheet
	*Receipt
	gap float64 // between paragraphs
}

func (r *Receipt) draw(gap float64) (Document, error) {
	s := newSheet(a4Width, a4Height, r.Received, "Giấy tiếp nhận hồ sơ và hẹn trả kết quả "+r.Number, ",B,I")
	s.left, s.right, s.top, s.bottom = marginLeft, marginRight, marginTop, marginBottom
	s.y = s.top
	s.turned = s.pageNumber
	f := &form{sheet: s, Receipt: r, gap: gap}
	f.head()
	f.code()
	f.people()
	f.dossier()
	f.times()
	f.money()
	f.signatures()
	return s.finish()
}

// pageNumber stands centred in the top margin, on all pages but the first.
func (s *sheet) pageNumber() {
	s.font("", body)
	s.centred(s.width/2, s.top-s.line()-3, fmt.Sprint(s.PageNo()))
}
