package dvcqg

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"motcua"
	"motcua/store/dossier"
)

var update = flag.Bool("update", false, "write the golden files anew")

// at is a time of day in Vietnam; the golden files show that it stays one.
func at(day, hour, minute int) time.Time {
	return time.Date(2026, 11, day, hour, minute, 5, 0, zone)
}

func ptr(t time.Time) *time.Time { return &t }

// full is an invented dossier in which every translated field is filled.
func full() dossier.Dossier {
	owner := dossier.Person{Kind: dossier.Business, Name: "Công ty Không Có Thật <& con>", Number: "0100000000"}
	return dossier.Dossier{
		ID: "01JDTHU00000000000000000001", Schema: dossier.Schema, Revision: 3,
		Number: "TAM/Q1/261123/0001", Lookup: "4821",
		Procedure: dossier.Procedure{Code: "2.000815", Name: "Chứng thực bản sao từ bản chính", Field: "Chứng thực", FieldID: "G15-TP05"},
		Units:     dossier.Units{Receiving: dossier.Unit{Code: "X99.1", Name: "Trung tâm thử"}, Resolving: dossier.Unit{Code: "X99.2", Name: "UBND phường Thử"}},
		Officer:   dossier.Officer{ID: "cb1", Name: "Lê Văn Cán Bộ", Counter: "Q1"},
		Channel:   dossier.Postal, Owner: &owner,
		Applicant: dossier.Person{Kind: dossier.Citizen, Name: "Trần Thị Thử Nghiệm", Number: "001190000001", Phone: "0900000001"},
		Summary:   "Chứng thực 2 bản", Remarks: []string{"Gấp", "Có bản dịch"},
		SubmittedAt: at(23, 0, 30), ReceivedAt: at(23, 8, 0), Appointment: dossier.Appointment{Due: at(24, 17, 0)},
		ResultBy: dossier.ByPost, Status: dossier.ResultDelivered, Stage: dossier.Delivered,
		ResolvedAt: ptr(at(24, 15, 0)), DeliveredAt: ptr(at(24, 23, 59)),
		Components: []dossier.Component{
			{Name: "Bản chính", Kind: dossier.Original, Quantity: 1, Shown: true, Code: "000.00.00.X99-KQ000001",
				Files: []dossier.File{{SHA256: strings.Repeat("ab", 32), Name: "ban-chinh.pdf", MIME: "application/pdf", Size: 9}}},
			{Name: "Bản sao", Kind: dossier.Copy, Quantity: 2, Shown: true},
			{Name: "Căn cước", Kind: dossier.Presented, Quantity: 1, Shown: true},
			{Name: "Chưa nộp", Kind: dossier.Copy, Quantity: 1},
		},
		Fees:    []dossier.Fee{{Code: "LP1", Name: "Lệ phí chứng thực", Kind: "charge", Amount: 4000}, {Name: "Phí khác", Kind: "fee", Amount: 0}},
		Payment: dossier.Payment{Method: "cash"},
		Supplements: []dossier.Supplement{{AskedAt: at(23, 9, 0), By: "Lê Văn Cán Bộ", Content: "Bổ sung bản chính",
			AnsweredAt: ptr(at(23, 10, 0)), DueBefore: at(24, 11, 0), DueAfter: ptr(at(24, 17, 0))}},
		Steps: []dossier.Step{
			{Seq: 1, At: at(23, 8, 0), By: "Lê Văn Cán Bộ", Title: "Công chức", Unit: "Trung tâm thử", What: "Tiếp nhận", Status: dossier.Received},
			{Seq: 2, At: at(24, 23, 59), By: "Lê Văn Cán Bộ", Unit: "Trung tâm thử", What: "Đã trả kết quả", Status: dossier.ResultDelivered},
		},
	}
}

// least is a dossier with nothing that may be missing.
func least() dossier.Dossier {
	return dossier.Dossier{
		Number: "TAM/Q1/261123/0002", Procedure: dossier.Procedure{Code: "1.004222", Name: "Đăng ký thường trú"},
		Units:     dossier.Units{Receiving: dossier.Unit{Name: "Trung tâm thử"}},
		Applicant: dossier.Person{Name: "Phạm Văn Thử", Number: "012345678"}, ReceivedAt: at(23, 8, 0), Status: dossier.Received,
	}
}

// golden compares with a file of testdata, or writes it with -update.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs; got\n%s", name, got)
	}
}

// indented is for reading; the bytes on the wire are compact.
func indented(t *testing.T, raw []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := json.Indent(&b, raw, "", "  "); err != nil {
		t.Fatal(err)
	}
	return append(b.Bytes(), '\n')
}

func TestEncodeGolden(t *testing.T) {
	refused := least()
	refused.Status, refused.Stage = dossier.Refused, dossier.Declined
	refused.Steps = []dossier.Step{{Seq: 1, At: at(23, 9, 0), What: "Từ chối", Status: dossier.Refused}}
	bound := full()
	bound.Code = "X99.50.05.13-261123-0001"
	for name, d := range map[string]dossier.Dossier{"full": full(), "least": least(), "refused": refused, "bound": bound} {
		raw, err := Encode(d)
		if err != nil {
			t.Fatal(err)
		}
		golden(t, name+".json", indented(t, raw))
		again, _ := Encode(d)
		if !bytes.Equal(raw, again) {
			t.Errorf("%s is encoded differently the second time", name)
		}
		if bytes.Contains(raw, []byte(`\u003c`)) || bytes.HasSuffix(raw, []byte("\n")) {
			t.Errorf("%s is escaped or ends in a line", name)
		}
	}
}

func TestEncodeRefuses(t *testing.T) {
	for name, spoil := range map[string]func(*dossier.Dossier){
		"number": func(d *dossier.Dossier) { d.Number = "" },
		"status": func(d *dossier.Dossier) { d.Status = 0 },
	} {
		d := least()
		spoil(&d)
		if _, err := Encode(d); motcua.CodeOf(err) != motcua.BadInput {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestStampIsVietnameseAndTwentyFourHours(t *testing.T) {
	for utc, want := range map[string]string{
		"2026-11-22T17:00:00Z": "20261123000000", // the day begins at 17 h UTC
		"2026-11-22T16:59:59Z": "20261122235959",
		"2026-11-23T06:05:04Z": "20261123130504",
	} {
		when, err := time.Parse(time.RFC3339, utc)
		if err != nil {
			t.Fatal(err)
		}
		if got := stamp(&when); got != want {
			t.Errorf("%s is %s, want %s", utc, got, want)
		}
	}
	if stamp(nil) != "" || stamp(&time.Time{}) != "" {
		t.Error("a time that has not come is not empty")
	}
}

func TestLongTextIsCutBetweenRunes(t *testing.T) {
	long := strings.Repeat("ế", 5000)
	d := least()
	d.Summary, d.Remarks = long, []string{long}
	d.Components = []dossier.Component{{Name: long, Kind: dossier.Copy, Shown: true, Files: []dossier.File{{Name: long}}}}
	d.Steps = []dossier.Step{{Seq: 1, At: at(23, 8, 0), By: long, What: "x"}}
	h, s := translate(d), steps(d, 0)[0]
	for field, c := range map[string]struct {
		got  string
		most int
	}{
		"TrichYeuHoSo": {h.TrichYeuHoSo, 1000}, "GhiChu": {h.GhiChu, 2000},
		"TenGiayTo": {h.DanhSachTepDinhKemKhac[0].TenGiayTo, 2000}, "TenTepDinhKem": {h.TaiLieuNop[0].TenTepDinhKem, 4000},
		"NguoiXuLy": {s.NguoiXuLy, 50},
	} {
		if n := utf8.RuneCountInString(c.got); n != c.most || !utf8.ValidString(c.got) {
			t.Errorf("%s has %d characters, want %d", field, n, c.most)
		}
	}
	if d.Summary != long {
		t.Error("the dossier itself was cut")
	}
	if got := text("ab\u0323\u0307", 3); got != "a" && utf8.RuneCountInString(got) > 3 {
		t.Errorf("%q", got)
	}
	if got := text("ax\u0327\u0301", 2); got != "a" { // no letter without its marks
		t.Errorf("cut to %q", got)
	}
	if got := text("a\xffb", 0); got != "ab" {
		t.Errorf("%q is not UTF-8", got)
	}
}

func TestTables(t *testing.T) {
	for kind, want := range map[dossier.PersonKind]string{
		"": "1", dossier.Citizen: "1", dossier.Business: "2", dossier.Household: "2",
		dossier.StateAgency: "3", dossier.Organisation: "4", "co-operative": "4",
	} {
		if got := personKind(kind); got != want {
			t.Errorf("%q is %s, want %s", kind, got, want)
		}
	}
	for number, want := range map[string]string{"001190000001": "1", "012345678": "2", "B1234567": "", "": ""} {
		got := identities(dossier.Person{Kind: dossier.Citizen, Number: number})
		if len(got) == 0 != (want == "") || want != "" && got[0].LoaiDinhDanh != want {
			t.Errorf("%q is %+v", number, got)
		}
	}
}
