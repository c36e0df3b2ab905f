package paper

import "fmt"

// qrSide and qrInset keep the symbol in the upper part of the sheet and 25 mm
// from its edge: a thumb that holds the paper covers neither.
const (
	qrSide  = 30
	qrInset = 10
)

// code draws the number to dictate, what is said of it, and the QR symbol.
func (f *form) code() {
	top, room := f.y, float64(column)
	if f.QR != "" {
		room -= qrSide + qrInset + 4
		f.qr(f.width-f.right-qrInset-qrSide, top, qrSide, 0, f.QR)
	}
	b := block{x: f.left, w: room, after: 1}
	f.font("", body)
	f.paragraph(b, span{"Mã hồ sơ:", ""})
	f.font("B", 22)
	for f.size > body && !f.fits(room, span{f.Number, "B"}) {
		f.font("B", f.size-1)
	}
	f.paragraph(b, span{f.Number, "B"})
	if f.Provisional {
		f.font("I", 12)
		f.paragraph(b, span{"Số tạm, sẽ được thay bằng mã hồ sơ chính thức khi đồng bộ; tra cứu được bằng cả hai số.", "I"})
	}
	f.lookup(b)
	if f.QR != "" {
		f.y = max(f.y, top+qrSide)
	}
	f.y += f.gap
}

func (f *form) lookup(b block) {
	if f.Lookup != "" {
		f.font("", 16)
		f.paragraph(b, span{"Mã tra cứu: ", ""}, span{f.Lookup, "B"})
	}
	if f.LookupAt != "" {
		f.font("", 12)
		f.paragraph(b, span{"Tra cứu tại: ", ""}, span{f.LookupAt, ""})
	}
}

// field draws one line of the form: its words, then what was filled in.
func (f *form) field(label, value, style string) {
	f.font("", body)
	f.paragraph(block{x: f.left, w: column, after: f.gap}, span{label + " ", ""}, span{f.orDots(value), style})
}

// pair draws two fields side by side where both fit, else one below the other.
func (f *form) pair(label1, value1, label2, value2 string) {
	const first = 85
	f.font("", body)
	one := []span{{label1 + " ", ""}, {f.orDots(value1), ""}}
	two := []span{{label2 + " ", ""}, {f.orDots(value2), ""}}
	if !f.fits(first-4, one...) || !f.fits(column-first, two...) {
		f.paragraph(block{x: f.left, w: column, after: f.gap}, one...)
		f.paragraph(block{x: f.left, w: column, after: f.gap}, two...)
		return
	}
	f.room(f.line())
	y := f.y
	f.paragraph(block{x: f.left, w: first - 4}, one...)
	f.y = y
	f.paragraph(block{x: f.left + first, w: column - first, after: f.gap}, two...)
}

// people draws the receiving unit, the applicant, and who authorised them.
func (f *form) people() {
	f.font("", body)
	f.paragraph(block{x: f.left, w: column, after: f.gap}, span{f.Unit, ""})
	f.field("Tiếp nhận hồ sơ của Ông (Bà)/Tổ chức:", f.Applicant.Name, "B")
	f.field("Số định danh cá nhân/tổ chức:", f.Applicant.ID, "")
	f.field("Địa chỉ:", f.Applicant.Address, "")
	f.pair("Số điện thoại:", f.Applicant.Phone, "Email:", f.Applicant.Email)
	if f.Principal == nil {
		return
	}
	f.field("Người ủy quyền:", f.Principal.Name, "B")
	f.field("Số định danh cá nhân:", f.Principal.ID, "")
	f.field("Địa chỉ:", f.Principal.Address, "")
	f.pair("Số điện thoại:", f.Principal.Phone, "Email:", f.Principal.Email)
	f.field("Giấy tờ ủy quyền:", f.Principal.Document, "")
}

// dossier draws what is asked for and what was handed in.
func (f *form) dossier() {
	f.field("Nội dung yêu cầu giải quyết:", f.Procedure, "")
	f.font("", body)
	b := block{x: f.left, w: column, after: min(f.gap, 1)}
	f.paragraph(b, span{"Thành phần hồ sơ nộp gồm:", ""})
	if len(f.Components) == 0 {
		f.paragraph(b, span{"1. " + dots, ""})
	}
	for i, c := range f.Components {
		number := fmt.Sprintf("%d. ", i+1)
		hang := f.GetStringWidth(number)
		f.paragraph(block{x: f.left, w: column, hang: hang, after: b.after}, span{number + c.text(), ""})
	}
	f.y += f.gap - b.after
	sets := dots
	if f.Sets > 0 {
		sets = fmt.Sprintf("%02d", f.Sets)
	}
	f.field("Số lượng hồ sơ:", sets+" (bộ)", "")
}

func (c Component) text() string {
	copies := fmt.Sprintf("%02d bản", c.Quantity)
	if c.Kind != "" {
		copies = c.Kind + ", " + copies
	}
	return c.Name + " (" + copies + ")"
}

// times draws the limit, the two moments and where the result is taken. The
// appointment is the line a citizen looks for.
func (f *form) times() {
	f.field("Thời gian giải quyết hồ sơ theo quy định là:", f.Limit, "")
	f.field("Thời gian nhận hồ sơ:", moment(f.Received), "")
	due := "… giờ … phút, ngày … tháng … năm …"
	if !f.Due.IsZero() {
		due = moment(f.Due)
	}
	f.field("Thời gian trả kết quả giải quyết hồ sơ:", due, "B")
	f.field("Đăng ký nhận kết quả tại:", f.ResultAt, "")
	if f.Book != "" || f.Ordinal != "" {
		f.font("", body)
		f.paragraph(block{x: f.left, w: column, after: f.gap},
			span{"Vào Sổ theo dõi hồ sơ, Quyển số: " + f.orDots(f.Book) + " Số thứ tự: " + f.orDots(f.Ordinal), ""})
	}
}

// money draws the fees in a column of amounts and their sum.
func (f *form) money() {
	if len(f.Fees) == 0 {
		return
	}
	f.font("", body)
	f.room(3 * f.line())
	f.paragraph(block{x: f.left, w: column}, span{"Phí, lệ phí:", ""})
	var total int64
	for _, fee := range f.Fees {
		f.amount("- "+fee.Name, fee.Amount, "")
		total += fee.Amount
	}
	f.amount("Tổng cộng", total, "B")
	f.y += f.gap
}

func (f *form) amount(name string, amount int64, style string) {
	const figures = 40
	f.font(style, body)
	f.room(f.line())
	text := dong(amount)
	f.at(f.left+column-f.GetStringWidth(text), f.y, text)
	f.paragraph(block{x: f.left, w: column - figures, hang: f.GetStringWidth("- ")}, span{name, style})
}

// signRoom is the height left for a hand's or a digital signature.
const signRoom = 24

// signatures draws the two blocks side by side, never apart from each other
// and never on a page of their own without a line above.
func (f *form) signatures() {
	const half = column / 2.0
	f.font("B", body)
	f.y += 1
	note := span{"(Chữ ký số của người tiếp nhận hồ sơ nếu là biểu mẫu điện tử)", "I"}
	names := block{w: half - 4, centre: true}
	f.room(f.line() + 3*12*lead/mm + signRoom +
		max(f.measure(names, span{f.Applicant.Name, "B"}), f.measure(names, span{f.Officer, "B"})))
	top := f.y
	f.signer(f.left, half, "NGƯỜI NỘP HỒ SƠ")
	f.y = top
	f.signer(f.left+half, half, "NGƯỜI TIẾP NHẬN HỒ SƠ")
	f.font("I", 12)
	f.paragraph(block{x: f.left + half + 2, w: half - 4, centre: true}, note)
	f.sign = Place{Page: f.PageNo(), X: (f.left + half + 5) * mm, Y: (f.height - f.y - signRoom + 1) * mm,
		W: (half - 10) * mm, H: (signRoom - 2) * mm}
	f.y += signRoom
	f.font("B", body)
	y := f.y
	names.x = f.left
	f.paragraph(names, span{f.Applicant.Name, "B"})
	f.y = y
	names.x = f.left + half + 2
	f.paragraph(names, span{f.Officer, "B"})
}

func (f *form) signer(x, w float64, who string) {
	f.font("B", body)
	f.centred(x+w/2, f.y, who)
	f.y += f.line()
	f.font("I", 12)
	f.centred(x+w/2, f.y, "(Ký và ghi rõ họ tên)")
	f.y += f.line()
}
