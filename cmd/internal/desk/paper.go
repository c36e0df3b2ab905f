package desk

import (
	"crypto/x509"
	"os"
	"strings"
	"time"

	"motcua"
	"motcua/devices"
	"motcua/store/dossier"
	"motcua/ui/flow/kiosk"
	"motcua/ui/paper"
	"motcua/ui/paper/pades"
)

// receipt draws Mẫu 01 of the dossier.
func (d *Desk) receipt(dos dossier.Dossier) (paper.Document, error) {
	r := paper.Receipt{
		Parent: d.Unit.Parent, Unit: d.Unit.Name, Place: d.Unit.Place,
		Suffix: d.Unit.Suffix, Serial: serial(dos.Number),
		Number: dos.Reference(), Provisional: dos.Provisional(), Lookup: dos.Lookup,
		QR:        kiosk.ReceiptQR(dos.Number, dos.Lookup),
		Applicant: person(dos.Applicant), Procedure: dos.Summary,
		Sets: dos.Sets, Limit: dos.Appointment.Limit, Received: dos.ReceivedAt, Due: dos.Appointment.Due,
		ResultAt: d.Words.T("delivery.place."+string(dos.ResultBy), "unit", d.Unit.Name),
		Officer:  dos.Officer.Name,
	}
	if dos.Delegate != nil && dos.Owner != nil {
		r.Principal = &paper.Principal{Person: person(*dos.Owner), Document: dos.Delegate.Paper}
	}
	for _, c := range dos.Components {
		if c.Shown {
			r.Components = append(r.Components, paper.Component{Name: c.Name, Kind: d.Words.T("component.paper." + string(c.Kind)), Quantity: c.Quantity})
		}
	}
	for _, f := range dos.Fees {
		r.Fees = append(r.Fees, paper.Fee{Name: f.Name, Amount: f.Amount})
	}
	return paper.DrawReceipt(r)
}

// serial is the running number of the provisional number: what stands before
// the stroke of "Số:".
func serial(number string) string { return number[strings.LastIndexByte(number, '/')+1:] }

func person(p dossier.Person) paper.Person {
	return paper.Person{Name: p.Name, ID: p.Number, Address: p.Address, Phone: p.Phone, Email: p.Email}
}

// ticket draws a place in the queue.
func (d *Desk) ticket(t kiosk.Ticket) ([]byte, error) {
	doc, err := paper.DrawTicket(paper.Ticket{
		Unit: d.Unit.Name, Number: t.Number, Service: t.Service, At: t.At, Notes: []string{d.Words.T("kiosk.ticket.lead")},
	})
	return doc.PDF, err
}

// signPDF puts the officer's visible signature where the form has its place.
func (d *Desk) signPDF(doc paper.Document, key devices.Signer) ([]byte, error) {
	now := d.now()
	stamp, err := paper.DrawStamp(paper.Stamp{
		Signer: key.Certificate().Subject.CommonName, Agency: d.Unit.Name, At: now, W: doc.Sign.W, H: doc.Sign.H,
	})
	if err != nil {
		return nil, err
	}
	return pades.Sign(doc.PDF, key, key.Certificate(), nil, pades.Options{
		Now: func() time.Time { return now }, Reason: "Tiếp nhận hồ sơ và hẹn trả kết quả", Location: d.Unit.Name,
		Stamp: &pades.Stamp{PDF: stamp.PDF, Page: doc.Sign.Page, X: doc.Sign.X, Y: doc.Sign.Y, W: doc.Sign.W, H: doc.Sign.H},
	})
}

// Roots is the pool that signatures must reach: the file's roots, or none.
func (c Config) Roots() (*x509.CertPool, error) {
	pool := x509.NewCertPool()
	if c.Token.Roots == "" {
		return pool, nil
	}
	pem, err := os.ReadFile(c.Token.Roots)
	if err != nil {
		return nil, motcua.Fail(motcua.ConfigBad, "token.roots", err)
	}
	if !pool.AppendCertsFromPEM(pem) {
		return nil, motcua.Fail(motcua.ConfigBad, "token.roots holds no certificate", nil)
	}
	return pool, nil
}

// VerifyPDF judges every signature of the PDF by our roots.
func (c Config) VerifyPDF(pdf []byte) ([]pades.Result, error) {
	roots, err := c.Roots()
	if err != nil {
		return nil, err
	}
	now := time.Now()
	if c.Now != nil {
		now = c.now()
	}
	return pades.Verify(pdf, roots, now)
}
