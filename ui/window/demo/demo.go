// Package demo is invented screens: for the tests of the window, and for
// looking at it without a desk behind it. Nobody in them exists; the numbers
// pass the check of their form and were never issued.
package demo

import (
	"motcua/ui/screen"
)

// Of is the screens of a face, in the order of a story.
func Of(f screen.Face) []screen.Screen {
	switch f {
	case screen.Kiosk:
		return []screen.Screen{Welcome(), Digits(), Reference(), Hello(), Found(), Ticket()}
	case screen.Setup:
		return []screen.Screen{Board()}
	}
	return []screen.Screen{Procedure(), Identify(), Person(), Papers(), Promise(), Sign(), Finished(), Dossiers()}
}

var rail = []screen.Place{
	{Action: "rail/reception", Title: "Tiếp nhận", Icon: "reception", Here: true},
	{Action: "rail/dossiers", Title: "Hồ sơ", Icon: "dossiers", Count: 3},
	{Action: "rail/deliver", Title: "Trả kết quả", Icon: "deliver", Count: 12},
	{Action: "rail/digitise", Title: "Số hóa", Icon: "digitise"},
	{Action: "rail/register", Title: "Sổ", Icon: "register"},
	{Action: "rail/reports", Title: "Báo cáo", Icon: "reports"},
}

var lights = []screen.Light{
	{Key: "portal", Text: "Cổng dịch vụ công: chưa kết nối", Tone: screen.Warn, Action: "light/portal"},
	{Key: "queue", Text: "3 hồ sơ chờ gửi", Tone: screen.Plain, Action: "light/queue"},
	{Key: "reader", Text: "Đầu đọc: có thẻ", Tone: screen.Good, Action: "light/reader"},
	{Key: "token", Text: "Chữ ký số: sẵn sàng", Tone: screen.Good, Action: "light/token"},
	{Key: "printer", Text: "Máy in: sẵn sàng", Tone: screen.Good, Action: "light/printer"},
	{Key: "clock", Text: "Thứ Hai, 23/11/2026  09:41", Tone: screen.Plain},
}

var next = screen.Action{Key: "next", Title: "Tiếp tục", Icon: "next", Keys: "F9", Main: true}
var back = screen.Action{Key: "back", Title: "Quay lại", Icon: "back", Keys: "Esc", Back: true}

const (
	procedure = "2.000815 · Chứng thực bản sao từ bản chính giấy tờ, văn bản"
	person    = "Nguyễn Thị Ượng · 001190000017 · 0912 345 678"
	papers    = "3 trong 3 giấy tờ đã nhận"
	promise   = "48.000 đ · hẹn trả 16:30 23/11/2026"
)

// page is the reception with its sections, the one at open filled.
func page(name string, open int, blocks ...screen.Block) screen.Screen {
	titles := []string{"Thủ tục", "Người nộp", "Giấy tờ", "Phí và hẹn trả", "Ký và in"}
	keys := []string{"procedure", "person", "papers", "promise", "sign"}
	sums := []string{procedure, person, papers, promise, ""}
	s := screen.Screen{
		Name: "reception/" + name, Face: screen.Counter, Title: "Tiếp nhận hồ sơ",
		Rail: rail, Status: lights, Actions: []screen.Action{next, back},
	}
	for i := range titles {
		sec := screen.Section{Key: keys[i], Title: titles[i], State: screen.Waiting}
		switch {
		case i < open:
			sec.State, sec.Summary, sec.Reopen = screen.Done, sums[i], "reopen/"+keys[i]
		case i == open:
			sec.State, sec.Blocks = screen.Open, blocks
		}
		s.Sections = append(s.Sections, sec)
	}
	return s
}

func citizen() *screen.Aside {
	return &screen.Aside{
		Portrait: portrait(), Title: "Nguyễn Thị Ượng",
		Lines: []screen.Line{
			{Label: "Số định danh", Value: "001190000017"},
			{Label: "Ngày sinh", Value: "02/09/1990"},
			{Label: "Giới tính", Value: "Nữ"},
			{Label: "Nơi thường trú", Value: "Số 7 ngõ 12 phố Ẩn Sỹ, phường Cửa Nam, thành phố Hà Nội"},
			{Label: "Giá trị đến", Value: "02/09/2030"},
		},
		Checks: []screen.Check{
			{Text: "Dữ liệu trên chip nguyên vẹn", Tone: screen.Good},
			{Text: "Chip là chip gốc, không phải bản chép", Tone: screen.Good},
			{Text: "Chưa kiểm tra được nơi cấp (chưa có chứng thư gốc)", Tone: screen.Muted},
		},
	}
}

// Procedure chooses what the person came for.
func Procedure() screen.Screen {
	s := page("choosing", 0, screen.Choice{
		Key:    "procedures",
		Filter: &screen.Field{Key: "query", Label: "Tìm thủ tục", Value: "chứng thực", Hint: "Tên hoặc mã thủ tục", Wide: true},
		Options: []screen.Option{
			{Key: "2.000815", Title: "Chứng thực bản sao từ bản chính giấy tờ, văn bản do cơ quan, tổ chức có thẩm quyền cấp", Detail: "2.000815 · Chứng thực", Tag: "Trong ngày"},
			{Key: "2.000884", Title: "Chứng thực chữ ký trong các giấy tờ, văn bản", Detail: "2.000884 · Chứng thực", Tag: "Trong ngày"},
			{Key: "2.001035", Title: "Chứng thực hợp đồng, giao dịch liên quan đến tài sản", Detail: "2.001035 · Chứng thực", Tag: "2 ngày làm việc"},
			{Key: "2.001406", Title: "Chứng thực văn bản thỏa thuận phân chia di sản", Detail: "2.001406 · Chứng thực", Tag: "2 ngày làm việc"},
		},
		Empty: "Không tìm thấy thủ tục nào. Thử một từ khác hoặc mã thủ tục.",
	}, screen.Choice{Key: "drafts", Label: "Đang nhập dở", Options: []screen.Option{
		{Key: "d1", Title: "Trần Văn Đắk", Detail: "Đăng ký khai sinh · 09:12", Icon: "draft"},
	}})
	s.Lead = "Người dân cần làm gì?"
	s.Actions = []screen.Action{{Key: "find", Title: "Tìm mọi thứ", Icon: "search", Keys: "Ctrl+K"}}
	s.Focus = "query"
	return s
}

// Identify waits for the card.
func Identify() screen.Screen {
	s := page("identifying", 1,
		screen.Picture{Name: "card-on-reader", Caption: "Đặt thẻ căn cước lên đầu đọc, rồi quét mã QR trên thẻ hoặc nhập số định danh."},
		screen.Form{Fields: []screen.Field{{Key: "number", Label: "Số định danh hoặc mã QR", Hint: "12 chữ số in trên mặt trước của thẻ", Kind: screen.Scan, Wide: true}}})
	s.Lead = "Ai đến nộp hồ sơ?"
	s.Sections[1].Notice = &screen.Notice{Tone: screen.Bad, Code: "C02", Text: "Thẻ đã bị nhấc ra khi đang đọc.",
		Try:     "Đặt lại thẻ lên đầu đọc và giữ yên đến khi đọc xong.",
		Actions: []screen.Action{{Key: "read", Title: "Thử lại", Icon: "retry"}, {Key: "by-hand", Title: "Nhập tay", Icon: "keyboard"}}}
	s.Actions = []screen.Action{
		{Key: "read", Title: "Đọc thẻ", Icon: "card", Keys: "Enter", Main: true, Off: "Chưa có thẻ trên đầu đọc"},
		{Key: "by-hand", Title: "Nhập tay", Icon: "keyboard", Keys: "F4"}, back}
	s.Focus = "number"
	return s
}

// Person is who was read from the card.
func Person() screen.Screen {
	from := "từ chip"
	s := page("person", 1, screen.Form{Fields: []screen.Field{
		{Key: "name", Label: "Họ và tên", Value: "Nguyễn Thị Ượng", From: from, ReadOnly: true, Wide: true},
		{Key: "number", Label: "Số định danh", Value: "001190000017", From: from, ReadOnly: true},
		{Key: "birth", Label: "Ngày sinh", Value: "02/09/1990", From: from, ReadOnly: true},
		{Key: "address", Label: "Nơi thường trú", Value: "Số 7 ngõ 12 phố Ẩn Sỹ, phường Cửa Nam, thành phố Hà Nội", From: from, ReadOnly: true, Wide: true},
		{Key: "phone", Label: "Điện thoại", Value: "0912 34", Kind: screen.Text, Required: true, Error: "Số điện thoại còn thiếu chữ số"},
		{Key: "email", Label: "Thư điện tử", Value: "nguyen.thi.uong.phuong.cua.nam.thanh.pho.ha.noi@example.vn", Hint: "Để nhận thông báo khi có kết quả"},
	}})
	s.Lead = "Kiểm tra và bổ sung cách liên lạc."
	s.Aside = citizen()
	s.Focus = "phone"
	return s
}

// Papers ticks what was brought.
func Papers() screen.Screen {
	s := page("papers", 2, screen.Checklist{Key: "papers", Items: []screen.Item{
		{Key: "P1", Text: "Bản chính giấy tờ, văn bản làm cơ sở để chứng thực bản sao", Detail: "Bản chính, xuất trình", On: true, Required: true},
		{Key: "P2", Text: "Bản sao cần chứng thực", Detail: "4 bản", On: true, Required: true},
		{Key: "P3", Text: "Giấy tờ đã được hợp pháp hóa lãnh sự, nếu do cơ quan nước ngoài cấp và không thuộc trường hợp được miễn theo điều ước quốc tế", Detail: "Bản chính, xuất trình"},
	}}, screen.Form{Fields: []screen.Field{
		{Key: "pages", Label: "Số trang của bản chính", Value: "6", Kind: screen.Digits, Required: true},
		{Key: "copies", Label: "Số bản sao", Value: "4", Kind: screen.Digits, Required: true},
	}}, screen.Choice{Key: "exempt", Label: "Miễn, giảm phí", Selected: "none", Options: []screen.Option{
		{Key: "none", Title: "Không"}, {Key: "veteran", Title: "Người có công"}, {Key: "poor", Title: "Hộ nghèo"}, {Key: "disabled", Title: "Người khuyết tật"},
	}})
	s.Lead = "Đánh dấu những giấy tờ đã nhận."
	s.Aside = citizen()
	s.Actions = append(s.Actions, screen.Action{Key: "all", Title: "Đủ tất cả", Icon: "check", Keys: "F6"})
	s.Focus = "papers"
	return s
}

// Promise is what is paid and when to come back.
func Promise() screen.Screen {
	s := page("promise", 3, screen.Facts{Rows: []screen.Fact{
		{Label: "Hẹn trả kết quả", Value: "16:30 23/11/2026", Note: "Trong ngày làm việc", Large: true},
		{Label: "Phí phải nộp", Value: "48.000 đ", Large: true},
		{Label: "Nhận hồ sơ lúc", Value: "09:41 23/11/2026"},
		{Label: "Phí chứng thực", Value: "48.000 đ", Note: "Bản chính 6 trang: 12.000 đồng mỗi bản x 4 bản"},
		{Label: "Cần xem lại", Value: "Chưa cài đặt giờ làm việc của quầy, đang dùng giờ thông thường. Hãy kiểm tra giờ hẹn.", Tone: screen.Warn},
	}},
		screen.Choice{Key: "payment", Label: "Nộp phí", Selected: "cash", Options: []screen.Option{{Key: "cash", Title: "Tiền mặt"}, {Key: "transfer", Title: "Chuyển khoản"}, {Key: "later", Title: "Nộp sau"}}},
		screen.Choice{Key: "delivery", Label: "Nhận kết quả", Selected: "counter", Options: []screen.Option{{Key: "counter", Title: "Tại quầy"}, {Key: "post", Title: "Qua bưu chính"}, {Key: "electronic", Title: "Bản điện tử"}}})
	s.Lead = "Đọc cho người dân nghe giờ hẹn và số tiền."
	s.Aside = citizen()
	s.Focus = "next"
	return s
}

// Sign asks for the token's PIN.
func Sign() screen.Screen {
	s := page("signing", 4, screen.Facts{Rows: []screen.Fact{
		{Label: "Hẹn trả kết quả", Value: "16:30 23/11/2026", Large: true}, {Label: "Phí phải nộp", Value: "48.000 đ", Large: true},
	}}, screen.Choice{Key: "signers", Label: "Ký bằng", Selected: "a1", Options: []screen.Option{
		{Key: "a1", Title: "Lê Hoàng Ẩn", Detail: "Chứng thư đến 31/12/2027", Icon: "token"},
		{Key: "a2", Title: "Văn thư phường Cửa Nam", Detail: "Chứng thư đến 01/03/2026", Icon: "token", Off: "Chứng thư số đã hết hạn"},
	}}, screen.Form{Fields: []screen.Field{{Key: "pin", Label: "Mã PIN", Kind: screen.Secret, Hint: "Mã PIN chỉ đi thẳng đến thiết bị ký số"}}})
	s.Lead = "Ký giấy tiếp nhận và in cho người dân."
	s.Aside = citizen()
	s.Actions = []screen.Action{{Key: "submit/pin", Title: "Ký và in", Icon: "sign", Keys: "Enter", Main: true}, {Key: "unsigned", Title: "In để ký tay", Icon: "print", Keys: "F8"}, back}
	s.Focus = "pin"
	return s
}

// Finished is what the person takes home.
func Finished() screen.Screen {
	return screen.Screen{
		Name: "reception/finished", Face: screen.Counter, Title: "Đã tiếp nhận", Lead: "Đưa giấy hẹn cho người dân và trả lại thẻ.",
		Rail: rail, Status: lights, Aside: citizen(),
		Notice: &screen.Notice{Tone: screen.Good, Text: "Giấy tiếp nhận đã ký và đã in.", Try: "Hồ sơ sẽ tự gửi lên Cổng khi có kết nối. Không cần làm gì thêm."},
		Sections: []screen.Section{{Key: "kept", Title: "Giấy tiếp nhận và hẹn trả kết quả", State: screen.Open, Blocks: []screen.Block{screen.Facts{Rows: []screen.Fact{
			{Label: "Số tạm của quầy", Value: "T-2026-000123", Note: "Mã chính thức có khi Cổng nhận hồ sơ", Large: true},
			{Label: "Mã tra cứu", Value: "K7M 4QX", Large: true},
			{Label: "Hẹn trả kết quả", Value: "16:30 23/11/2026", Large: true},
			{Label: "Phí đã nộp", Value: "48.000 đ, tiền mặt"},
			{Label: "Cổng dịch vụ công", Value: "Chờ gửi, sẽ tự gửi khi có kết nối", Tone: screen.Warn},
		}}}}},
		Actions: []screen.Action{{Key: "next", Title: "Người tiếp theo", Icon: "next", Keys: "Enter", Main: true}, {Key: "print", Title: "In lại", Icon: "print", Keys: "F8"}},
		Focus:   "next",
	}
}

// Dossiers is the list with its search.
func Dossiers() screen.Screen {
	places := append([]screen.Place{}, rail...)
	places[0].Here, places[1].Here = false, true
	t := screen.Table{Key: "dossiers", Empty: "Chưa có hồ sơ nào.", Columns: []screen.Column{
		{Title: "Mã hồ sơ", Share: 24}, {Title: "Người nộp", Share: 20}, {Title: "Thủ tục", Share: 30}, {Title: "Phí", Share: 10, Right: true}, {Title: "Hẹn trả", Share: 14}, {Title: "Tình trạng", Share: 18}}}
	for _, r := range dossiers {
		t.Rows = append(t.Rows, screen.Row{Key: r.code, Cells: []screen.Cell{
			{Text: r.code}, {Text: r.name}, {Text: r.what, Tone: screen.Muted}, {Text: r.fee}, {Text: r.due}, {Text: r.state, Tone: r.tone}}})
	}
	return screen.Screen{
		Name: "reception/dossiers", Face: screen.Counter, Title: "Hồ sơ", Lead: "24 hồ sơ hôm nay, 3 chờ gửi, 1 cần người xem.",
		Rail: places, Status: lights,
		Sections: []screen.Section{{Key: "list", State: screen.Open, Blocks: []screen.Block{
			screen.Form{Fields: []screen.Field{{Key: "find", Label: "Tìm hồ sơ", Hint: "Mã hồ sơ, họ tên hoặc số định danh", Wide: true}}}, t}}},
		Actions: []screen.Action{back},
		Focus:   "dossiers",
	}
}

var dossiers = []struct {
	code, name, what, fee, due, state string
	tone                              screen.Tone
}{
	{"T-2026-000123", "Nguyễn Thị Ượng", "Chứng thực bản sao từ bản chính", "48.000 đ", "16:30 23/11", "Chờ gửi", screen.Warn},
	{"T-2026-000122", "Trần Văn Đắk", "Đăng ký khai sinh", "0 đ", "17:00 23/11", "Chờ gửi", screen.Warn},
	{"000.12.34.H26-261123-0121", "Lê Hoàng Ẩn", "Đăng ký kết hôn", "0 đ", "17:00 23/11", "Đang xử lý", screen.Good},
	{"T-2026-000120", "Phạm Thị Ngọc Ánh", "Xác nhận tình trạng hôn nhân", "15.000 đ", "26/11", "Bị giữ lại", screen.Bad},
	{"000.12.34.H26-261123-0119", "Hoàng Văn Ổn", "Chứng thực chữ ký", "10.000 đ", "11:30 23/11", "Đã có kết quả", screen.Good},
	{"000.12.34.H26-261123-0118", "Đỗ Thị Ỷ Lan", "Đăng ký thường trú", "20.000 đ", "30/11", "Đang xử lý", screen.Good},
	{"000.12.34.H26-261123-0117", "Vũ Đức Thắng", "Cấp bản sao trích lục hộ tịch", "8.000 đ", "17:00 23/11", "Chờ bổ sung", screen.Warn},
	{"000.12.34.H26-261123-0116", "Bùi Thị Hương Giang", "Chứng thực bản sao từ bản chính", "24.000 đ", "11:30 23/11", "Đã trả", screen.Muted},
	{"000.12.34.H26-261123-0115", "Ngô Quang Huy", "Đăng ký khai tử", "0 đ", "23/11", "Đã trả", screen.Muted},
	{"000.12.34.H26-261123-0114", "Đặng Thị Thu Hà", "Chứng thực hợp đồng ủy quyền", "50.000 đ", "25/11", "Đang xử lý", screen.Good},
	{"000.12.34.H26-261123-0113", "Lý Văn Sĩ", "Đăng ký thành lập hộ kinh doanh", "100.000 đ", "26/11", "Đang xử lý", screen.Good},
	{"000.12.34.H26-261123-0112", "Phan Thị Mỹ Duyên", "Cấp bản sao trích lục hộ tịch", "16.000 đ", "17:00 23/11", "Đã trả", screen.Muted},
	{"000.12.34.H26-261123-0111", "Tô Hữu Nghĩa", "Chứng thực chữ ký", "10.000 đ", "11:30 23/11", "Đã trả", screen.Muted},
	{"000.12.34.H26-261123-0110", "Dương Thị Lệ Quyên", "Đăng ký khai sinh", "0 đ", "17:00 23/11", "Đã trả", screen.Muted},
	{"000.12.34.H26-261120-0109", "Hồ Sỹ Đạt", "Xác nhận tình trạng hôn nhân", "15.000 đ", "25/11", "Đang xử lý", screen.Good},
	{"000.12.34.H26-261120-0108", "Trịnh Thị Kim Oanh", "Đăng ký thường trú", "20.000 đ", "27/11", "Đang xử lý", screen.Good},
	{"000.12.34.H26-261120-0107", "Cao Bá Quý", "Chứng thực bản sao từ bản chính", "12.000 đ", "20/11", "Đã trả", screen.Muted},
	{"000.12.34.H26-261120-0106", "Mai Thị Thùy Linh", "Đăng ký kết hôn", "0 đ", "20/11", "Đã trả", screen.Muted},
	{"000.12.34.H26-261120-0105", "Võ Minh Khôi", "Đăng ký thành lập hộ kinh doanh", "100.000 đ", "25/11", "Quá hạn", screen.Bad},
	{"000.12.34.H26-261120-0104", "Huỳnh Ngọc Bửu", "Chứng thực chữ ký", "10.000 đ", "20/11", "Đã trả", screen.Muted},
	{"000.12.34.H26-261120-0103", "Đinh Thị Hoài", "Cấp bản sao trích lục hộ tịch", "8.000 đ", "20/11", "Đã trả", screen.Muted},
	{"000.12.34.H26-261120-0102", "Lưu Văn Tuyển", "Đăng ký khai sinh", "0 đ", "20/11", "Đã trả", screen.Muted},
	{"000.12.34.H26-261120-0101", "Nghiêm Xuân Bắc", "Chứng thực hợp đồng ủy quyền", "50.000 đ", "24/11", "Đang xử lý", screen.Good},
	{"000.12.34.H26-261120-0100", "Quách Thị Sương", "Chứng thực bản sao từ bản chính", "6.000 đ", "20/11", "Đã trả", screen.Muted},
}
