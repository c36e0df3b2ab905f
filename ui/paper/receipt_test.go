package paper

import (
	"bytes"
	"fmt"
	"math"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/text/unicode/norm"

	"motcua"
)

func drawn(t testing.TB, r Receipt) Document {
	t.Helper()
	d, err := DrawReceipt(r)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// flat is text with single spaces, so that wrapping does not hide a phrase.
func flat(s string) string { return strings.Join(strings.Fields(s), " ") }

// TestReceiptSaysWhatTheFormSays holds the wording of Mẫu 01 and every value.
func TestReceiptSaysWhatTheFormSays(t *testing.T) {
	d := drawn(t, sampleReceipt())
	if d.Pages != 1 {
		t.Errorf("an everyday receipt takes %d pages", d.Pages)
	}
	got := flat(text(t, d))
	for _, want := range []string{
		"CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "Số: 0127/TNHS-TTPVHCC",
		"Thử Nghiệm, ngày 07 tháng 01 năm 2026", "GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ", "Mã hồ sơ:",
		"H26.01.02-260107-0012", "Mã tra cứu: 7K3M-92QF", "Tiếp nhận hồ sơ của Ông (Bà)/Tổ chức: NGUYỄN THỊ ƯỢNG",
		"Số định danh cá nhân/tổ chức: 001190000017", "Địa chỉ: Số 12, ngõ 34, đường Đắk Lắk, phường Thử Nghiệm",
		"Số điện thoại: 0900 000 001", "Email: uong@example.vn",
		"Nội dung yêu cầu giải quyết: Đăng ký khai sinh có yếu tố nước ngoài (1.004772)",
		"Thành phần hồ sơ nộp gồm:", "1. Tờ khai đăng ký khai sinh theo mẫu (bản chính, 01 bản)",
		"3. Giấy tờ chứng minh quan hệ hôn nhân của cha, mẹ (bản sao, 02 bản)", "Số lượng hồ sơ: 01 (bộ)",
		"Thời gian giải quyết hồ sơ theo quy định là: 05 ngày làm việc",
		"Thời gian nhận hồ sơ: 09 giờ 05 phút, ngày 07 tháng 01 năm 2026",
		"Thời gian trả kết quả giải quyết hồ sơ: 16 giờ 30 phút, ngày 14 tháng 01 năm 2026",
		"Đăng ký nhận kết quả tại: Quầy số 3", "Vào Sổ theo dõi hồ sơ, Quyển số: 01/2026 Số thứ tự: 127",
		"75.000 đồng", "Tổng cộng 91.000 đồng", "NGƯỜI NỘP HỒ SƠ", "NGƯỜI TIẾP NHẬN HỒ SƠ", "(Ký và ghi rõ họ tên)",
		"Nguyễn Vĩnh Nghĩa",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("the receipt does not say %q", want)
		}
	}
	for _, absent := range []string{"Số tạm", "Người ủy quyền"} {
		if strings.Contains(got, absent) {
			t.Errorf("the receipt says %q", absent)
		}
	}
}

func TestProvisionalNumberIsNamedSo(t *testing.T) {
	r := sampleReceipt()
	r.Provisional, r.Number = true, "TAM-Q3-260107-0012"
	r.Principal = &Principal{Person{Name: "Trần Văn Đặng", ID: "001090000025"}, "Giấy ủy quyền số 12/2026"}
	got := flat(text(t, drawn(t, r)))
	for _, want := range []string{
		"Số tạm, sẽ được thay bằng mã hồ sơ chính thức khi đồng bộ", "bằng cả hai số",
		"Người ủy quyền: Trần Văn Đặng", "Giấy tờ ủy quyền: Giấy ủy quyền số 12/2026",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("the receipt does not say %q", want)
		}
	}
}

// crowded is a receipt no clerk hopes for.
func crowded() Receipt {
	r := sampleReceipt()
	r.Applicant.Name = strings.TrimSpace(strings.Repeat("CÔNG TY TRÁCH NHIỆM HỮU HẠN ", 8))
	r.Applicant.Address = strings.TrimSpace(strings.Repeat("thôn Thượng, xã Xa Xôi, ", 12))
	r.Applicant.Email = strings.Repeat("khong.co.dau.cach.", 14) + "@example.vn"
	r.Number = "H26.01.02-20260107-" + strings.Repeat("0", 40)
	r.Officer = strings.TrimSpace(strings.Repeat("Nguyễn Vĩnh ", 6))
	for i := range 40 {
		r.Components = append(r.Components, Component{
			fmt.Sprintf("Văn bản thỏa thuận thứ %d về việc chọn quốc tịch cho con, có xác nhận của cơ quan có thẩm quyền", i),
			"bản sao có chứng thực", i + 1})
	}
	return r
}

// TestNothingIsClipped looks at where each word stands: within the margins, on
// as many pages as it takes, every component there.
func TestNothingIsClipped(t *testing.T) {
	r := crowded()
	d := drawn(t, r)
	if d.Pages < 3 {
		t.Errorf("%d pages", d.Pages)
	}
	for _, b := range boxes(t, d) {
		top := float64(marginTop) - 0.5
		if b.page > 1 {
			top = 8 // the page number
		}
		if b.xMin < marginLeft-0.5 || b.xMax > a4Width-marginRight+0.5 || b.yMin < top || b.yMax > a4Height-marginBottom+1 {
			t.Errorf("page %d: %q stands at %.1f-%.1f, %.1f-%.1f", b.page, b.text, b.xMin, b.xMax, b.yMin, b.yMax)
		}
	}
	got := flat(text(t, d))
	for i := range 40 {
		if !strings.Contains(got, fmt.Sprintf("Văn bản thỏa thuận thứ %d ", i)) {
			t.Errorf("component %d is lost", i)
		}
	}
	if !strings.Contains(strings.ReplaceAll(got, " ", ""), r.Number) {
		t.Error("the number is not whole")
	}
	if d.Sign.Page != d.Pages || d.Sign.Y < 0 {
		t.Errorf("the signature belongs at %+v", d.Sign)
	}
}

// TestMottoRuleIsAsLongAsTheMotto measures the rule on the rendered page
// (NĐ 30/2020: a solid line of the length of the text).
func TestMottoRuleIsAsLongAsTheMotto(t *testing.T) {
	d := drawn(t, sampleReceipt())
	var left, right, below float64
	for _, b := range boxes(t, d) {
		if b.page == 1 && b.text == "Độc" {
			left = b.xMin
		}
		if b.page == 1 && b.text == "phúc" {
			right, below = b.xMax, b.yMax
		}
	}
	const dpi = 300
	img := picture(t, d, 1, dpi)
	px := func(v float64) int { return int(math.Round(v / 25.4 * dpi)) }
	best, from := 0, 0
	for y := px(below - 2); y < px(below+3); y++ {
		for x := px(100); x < px(200); {
			start := x
			for x < px(200) && dark(img, x, y) {
				x++
			}
			if x-start > best {
				best, from = x-start, start
			}
			x++
		}
	}
	if math.Abs(float64(from-px(left))) > 6 || math.Abs(float64(from+best-px(right))) > 6 {
		t.Errorf("the rule runs from %d to %d, the motto from %d to %d", from, from+best, px(left), px(right))
	}
}

// TestQRCanBeRead photographs the sheet, as it were, and reads the symbol.
func TestQRCanBeRead(t *testing.T) {
	d := drawn(t, sampleReceipt())
	path := file(t, d)
	tool(t, "pdftoppm", "-r", "150", "-gray", "-png", "-singlefile", path, path)
	if got := strings.TrimSpace(string(tool(t, "zbarimg", "-q", "--raw", path+".png"))); got != sampleReceipt().QR {
		t.Errorf("read %q", got)
	}
}

func TestSamePaperEveryTime(t *testing.T) {
	first := drawn(t, sampleReceipt()).PDF
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if d, err := DrawReceipt(sampleReceipt()); err != nil || !bytes.Equal(d.PDF, first) {
				t.Error("the same receipt drew other bytes")
			}
		})
	}
	wg.Wait()
}

func TestQpdfFindsNoFault(t *testing.T) {
	for _, d := range []Document{drawn(t, sampleReceipt()), drawn(t, crowded())} {
		path := file(t, d)
		tool(t, "qpdf", "--version")
		if out, err := exec.Command("qpdf", "--check", path).CombinedOutput(); err != nil || bytes.Contains(out, []byte("WARNING")) {
			t.Errorf("%v\n%s", err, out)
		}
	}
}

// TestLettersThePaperLacks: no blank where a letter should be.
func TestLettersThePaperLacks(t *testing.T) {
	for _, name := range []string{"Nguyễn 漢", "Nguyễn 😀", "Nguyễn\x07", "Nguyễn \u202e", "\ufffd\u0378", "Nguyễn \x80\xff"} {
		r := sampleReceipt()
		r.Applicant.Name = name
		_, err := DrawReceipt(r)
		if motcua.CodeOf(err) != motcua.PaperText {
			t.Errorf("%q: %v", name, err)
		}
		if err != nil && strings.Contains(err.Error(), "Nguyễn") {
			t.Error("the fault holds the name")
		}
	}
}

func TestDecomposedLettersAreComposed(t *testing.T) {
	r := sampleReceipt()
	whole := drawn(t, r).PDF
	r.Applicant.Name, r.Procedure = norm.NFD.String(r.Applicant.Name), norm.NFD.String(r.Procedure)
	if !bytes.Equal(drawn(t, r).PDF, whole) {
		t.Error("a decomposed text is drawn otherwise")
	}
}

func TestReceiptRefusesWhatIsNone(t *testing.T) {
	for name, spoil := range map[string]func(*Receipt){
		"no number": func(r *Receipt) { r.Number = "" }, "no unit": func(r *Receipt) { r.Unit = "" },
		"no time": func(r *Receipt) { r.Received = time.Time{} }, "long": func(r *Receipt) { r.Limit = strings.Repeat("x", 3000) },
		"crowd": func(r *Receipt) { r.Components = make([]Component, 201) }, "QR": func(r *Receipt) { r.QR = strings.Repeat("x", 301) },
	} {
		r := sampleReceipt()
		spoil(&r)
		if _, err := DrawReceipt(r); motcua.CodeOf(err) != motcua.BadInput {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestWords(t *testing.T) {
	for amount, want := range map[int64]string{
		0: "0 đồng", 999: "999 đồng", 12000: "12.000 đồng", 1234567: "1.234.567 đồng", 100000: "100.000 đồng", -5000: "-5.000 đồng",
	} {
		if got := dong(amount); got != want {
			t.Errorf("%d is %q", amount, got)
		}
	}
	for when, want := range map[time.Time]string{
		at(0, 0, 1, time.February, 2026):                          "00 giờ 00 phút, ngày 01 tháng 02 năm 2026",
		at(7, 5, 10, time.March, 2026):                            "07 giờ 05 phút, ngày 10 tháng 3 năm 2026",
		at(16, 30, 31, time.October, 2026):                        "16 giờ 30 phút, ngày 31 tháng 10 năm 2026",
		time.Date(2026, time.December, 31, 18, 0, 0, 0, time.UTC): "01 giờ 00 phút, ngày 01 tháng 01 năm 2027",
	} {
		if got := moment(when); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	if got := upper("Ủy ban nhân dân phường Đắk Lắk"); got != "ỦY BAN NHÂN DÂN PHƯỜNG ĐẮK LẮK" {
		t.Error(got)
	}
}

// FuzzWrap: whatever text comes, no line is wider than its room, and every
// letter is on some line.
func FuzzWrap(f *testing.F) {
	f.Add("Nguyễn Thị Ượng", "khong.co.dau.cach@example.vn", 40.0)
	f.Add("\xff\x00", strings.Repeat("x", 999), 1.0)
	s := newSheet(a4Width, a4Height, at(1, 1, 1, 1, 2026), "", ",B")
	f.Fuzz(func(t *testing.T, label, value string, room float64) {
		if !(room >= 10 && room <= column) || bounded([]string{label, value}) != nil {
			return
		}
		s.fault = nil
		s.font("", body)
		var got strings.Builder
		for _, centre := range []bool{false, true} {
			got.Reset()
			for _, line := range s.wrap(block{w: room, centre: centre}, []span{{label + " ", ""}, {value, "B"}}) {
				if w := s.lineWidth(line); w > room+0.1 {
					t.Errorf("a line of %.2f mm in a room of %.2f", w, room)
				}
				for _, w := range line {
					got.WriteString(w.text)
				}
			}
			if want := s.clean(label) + s.clean(value); got.String() != strings.ReplaceAll(want, " ", "") {
				t.Errorf("%q became %q", want, got.String())
			}
		}
	})
}

func BenchmarkReceipt(b *testing.B) {
	r := sampleReceipt()
	start := time.Now()
	for b.Loop() {
		if _, err := DrawReceipt(r); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(time.Since(start).Seconds()*1000/float64(b.N), "ms/receipt")
}
