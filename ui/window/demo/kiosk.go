package demo

import "motcua/ui/screen"

var help = screen.Action{Key: "help", Title: "Trợ giúp", Icon: "help", Help: true}
var again = screen.Action{Key: "back", Title: "Quay lại", Icon: "back", Back: true}

func ask(name, title, lead string, left float64, blocks ...screen.Block) screen.Screen {
	s := screen.Screen{
		Name: "kiosk/" + name, Face: screen.Kiosk, Title: title, Lead: lead,
		Sections: []screen.Section{{Key: name, State: screen.Open, Blocks: blocks}},
		Actions:  []screen.Action{again, help},
	}
	if left > 0 {
		s.Left = &screen.Left{Part: left, Text: "Thời gian còn lại"}
	}
	return s
}

// Welcome invites.
func Welcome() screen.Screen {
	s := ask("welcome", "Xin chào", "Bà con cần làm gì hôm nay?", 0,
		screen.Picture{Name: "card-on-reader", Caption: "Đặt thẻ căn cước lên đầu đọc, hoặc chọn một việc"},
		tiles())
	s.Actions = []screen.Action{help}
	return s
}

func tiles() screen.Choice {
	return screen.Choice{Key: "menu", Big: true, Options: []screen.Option{
		{Key: "lookup", Title: "Xem hồ sơ của tôi", Detail: "Cần giấy hẹn có mã QR", Icon: "search"},
		{Key: "ticket", Title: "Lấy số thứ tự", Detail: "Để nộp hồ sơ tại quầy", Icon: "ticket"},
	}}
}

// Digits asks for the card's last six digits.
func Digits() screen.Screen {
	s := ask("digits", "Nhập 6 số cuối trên thẻ", "Đó là 6 số cuối của số định danh.", 0.8,
		screen.Form{Fields: []screen.Field{{Key: "digits", Label: "6 số cuối", Value: "0000", Kind: screen.Digits, Wide: true}}},
		screen.Keypad{Field: "digits"})
	s.Focus = "digits"
	return s
}

// Reference asks for the number on the receipt.
func Reference() screen.Screen {
	s := ask("reference", "Quét mã QR trên giấy hẹn", "Hoặc nhập số ghi trên giấy hẹn.", 0.6,
		screen.Form{Fields: []screen.Field{{Key: "reference", Label: "Số trên giấy hẹn", Kind: screen.Scan, Wide: true}}},
		screen.Keypad{Field: "reference", Letters: true})
	s.Focus = "reference"
	return s
}

// Hello greets somebody by a partly hidden name.
func Hello() screen.Screen {
	s := ask("hello", "Chào bà N. T. Ượng", "Số định danh kết thúc bằng 017", 1, tiles())
	s.Notice = &screen.Notice{Tone: screen.Warn, Text: "Chưa kết nối được với Cổng dịch vụ công.", Try: "Vẫn lấy được số thứ tự. Kết quả tra cứu có thể chưa mới nhất.", Code: "P01"}
	return s
}

// Found is where a dossier is.
func Found() screen.Screen {
	s := ask("found", "Hồ sơ của bà", "", 0.4, screen.Facts{Rows: []screen.Fact{
		{Label: "Tình trạng", Value: "Đã có kết quả", Note: "Mời bà đến quầy 3 để nhận", Tone: screen.Good, Large: true},
		{Label: "Hẹn trả", Value: "16:30 23/11/2026", Large: true},
		{Label: "Mã hồ sơ", Value: "000.12.34.H26-261123-0123"},
		{Label: "Thủ tục", Value: "Chứng thực bản sao từ bản chính"},
	}})
	s.Actions = []screen.Action{{Key: "home", Title: "Xong", Icon: "check", Main: true}, help}
	return s
}

// Ticket says what to keep and where to go.
func Ticket() screen.Screen {
	s := ask("ticketed", "Số của bà", "Giữ lấy phiếu và chờ gọi số ở quầy 3.", 0.9,
		screen.Facts{Rows: []screen.Fact{
			{Label: "Số thứ tự", Value: "A 027", Large: true},
			{Label: "Việc", Value: "Chứng thực"},
			{Label: "Trước bà", Value: "4 người"},
		}},
		screen.Picture{Name: "ticket", Caption: "Lấy phiếu ở khe bên dưới"})
	s.Actions = []screen.Action{{Key: "home", Title: "Xong", Icon: "check", Main: true}, help}
	return s
}

// Board is the technician's page.
func Board() screen.Screen {
	test := func(key string) []screen.Action {
		return []screen.Action{{Key: "test/" + key, Title: "Kiểm tra", Icon: "test"}}
	}
	facts := func(rows ...screen.Fact) []screen.Block { return []screen.Block{screen.Facts{Rows: rows}} }
	return screen.Screen{
		Name: "setup/board", Face: screen.Setup, Title: "Thiết bị của quầy", Lead: "Quầy 3, Trung tâm phục vụ hành chính công phường Cửa Nam", Status: lights,
		Sections: []screen.Section{
			{Key: "reader", Title: "Đầu đọc thẻ", State: screen.Open, Summary: "Đã cắm, có thẻ", Tone: screen.Good, Actions: test("reader"), Blocks: facts(
				screen.Fact{Label: "Tên", Value: "Virtual PCD 00 00"}, screen.Fact{Label: "Dịch vụ", Value: "pcscd đang chạy"}, screen.Fact{Label: "Thấy lúc", Value: "09:41:07"})},
			{Key: "card", Title: "Đọc thử một thẻ", State: screen.Open, Summary: "Đã đọc xong trong 1,2 giây", Tone: screen.Good, Actions: []screen.Action{{Key: "test/card", Title: "Đọc thẻ", Icon: "card"}},
				Blocks: append([]screen.Block{screen.Form{Fields: []screen.Field{{Key: "number", Label: "Số định danh", Value: "001190000017", Kind: screen.Scan}}}}, facts(
					screen.Fact{Label: "Mở bằng", Value: "PACE-CAN"}, screen.Fact{Label: "Trao đổi", Value: "48 lệnh, gửi 2.114 byte, nhận 21.870 byte"},
					screen.Fact{Label: "Dữ liệu", Value: "Nguyên vẹn", Tone: screen.Good}, screen.Fact{Label: "Nơi cấp", Value: "Chưa kiểm tra được (chưa có chứng thư gốc)", Tone: screen.Muted})...)},
			{Key: "token", Title: "Thiết bị ký số", State: screen.Open, Summary: "Phần mềm đã dừng đột ngột", Tone: screen.Bad, Actions: test("token"),
				Notice: &screen.Notice{Tone: screen.Bad, Code: "K03", Text: "Phần mềm của thiết bị ký số đã dừng đột ngột.", Try: "Rút thiết bị, cắm lại và ký lại. Hồ sơ vẫn được giữ nguyên."}},
			{Key: "portal", Title: "Cổng dịch vụ công", State: screen.Open, Summary: "Không kết nối được", Tone: screen.Warn, Actions: test("portal"), Blocks: facts(
				screen.Fact{Label: "Địa chỉ", Value: "https://cong.example.gov.vn"}, screen.Fact{Label: "Lệch giờ", Value: "chưa đo được"}, screen.Fact{Label: "Chờ gửi", Value: "3 hồ sơ"})},
			{Key: "printer", Title: "Máy in", State: screen.Open, Summary: "Sẵn sàng", Tone: screen.Good, Actions: test("printer"), Blocks: facts(
				screen.Fact{Label: "Tên", Value: "Quay3-A4"}, screen.Fact{Label: "Khổ giấy", Value: "A4"})},
			{Key: "store", Title: "Kho hồ sơ", State: screen.Open, Summary: "Đang kiểm tra", Tone: screen.Muted, Actions: test("store")},
		},
	}
}
