package paper

import "time"

func at(h, m, d int, month time.Month, year int) time.Time {
	return time.Date(year, month, d, h, m, 0, 0, zone)
}

// sampleReceipt is a dossier of nobody.
func sampleReceipt() Receipt {
	return Receipt{
		Parent: "Ủy ban nhân dân phường Thử Nghiệm",
		Unit:   "Trung tâm Phục vụ hành chính công phường Thử Nghiệm",
		Suffix: "TNHS-TTPVHCC", Serial: "0127", Place: "Thử Nghiệm",
		Number: "H26.01.02-260107-0012", Lookup: "7K3M-92QF", LookupAt: "tracuu.example.vn",
		QR: "https://tracuu.example.vn/hs/H26.01.02-260107-0012?ma=7K3M-92QF",
		Applicant: Person{
			Name: "NGUYỄN THỊ ƯỢNG", ID: "001190000017", Address: "Số 12, ngõ 34, đường Đắk Lắk, phường Thử Nghiệm",
			Phone: "0900 000 001", Email: "uong@example.vn",
		},
		Procedure: "Đăng ký khai sinh có yếu tố nước ngoài (1.004772)",
		Components: []Component{
			{"Tờ khai đăng ký khai sinh theo mẫu", "bản chính", 1},
			{"Giấy chứng sinh", "bản chính", 1},
			{"Giấy tờ chứng minh quan hệ hôn nhân của cha, mẹ", "bản sao", 2},
		},
		Sets: 1, Limit: "05 ngày làm việc",
		Received: at(9, 5, 7, time.January, 2026), Due: at(16, 30, 14, time.January, 2026),
		ResultAt: "Quầy số 3, Trung tâm Phục vụ hành chính công phường Thử Nghiệm",
		Book:     "01/2026", Ordinal: "127",
		Fees:    []Fee{{"Lệ phí đăng ký khai sinh", 75000}, {"Phí cấp bản sao trích lục (02 bản)", 16000}},
		Officer: "Nguyễn Vĩnh Nghĩa",
	}
}

func sampleTicket() Ticket {
	return Ticket{
		Unit: "Trung tâm Phục vụ hành chính công phường Thử Nghiệm", Number: "A 012", Counter: "Quầy số 3",
		Service: "Hộ tịch - Chứng thực", Waiting: "Có 4 người đang chờ trước", At: at(8, 30, 23, time.November, 2026),
		QR: "MC1:A012:20261123", Notes: []string{"Xin giữ phiếu và chú ý bảng gọi số."},
	}
}
