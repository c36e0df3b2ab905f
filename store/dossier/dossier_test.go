package dossier_test

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"motcua/store/dossier"
)

var update = flag.Bool("update", false, "write the golden file anew")

var zone = time.FixedZone("Asia/Ho_Chi_Minh", 7*3600)

// at is an hour of the day on which the invented dossier was received.
func at(hour int) time.Time { return time.Date(2026, 3, 2, hour, 0, 0, 0, zone) }

func ptr[T any](v T) *T { return &v }

// invented is a dossier with something in every field, of people who do not
// exist.
func invented() dossier.Dossier {
	scan := dossier.File{
		SHA256: "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae",
		Name:   "giấy khai sinh.pdf", MIME: "application/pdf", Size: 3,
	}
	return dossier.Dossier{
		ID: "01KJN0000000000000000000A1", Schema: dossier.Schema, Revision: 3,
		Number: "TAM/Q1/260302/0001", Code: "H29.19-260302-0007", Lookup: "K7M2QX",
		Procedure: dossier.Procedure{
			Code: "2.000815", Version: "2026-01", Name: "Chứng thực bản sao từ bản chính", Field: "Chứng thực",
			FieldID: "CT", Result: "KQ.1",
		},
		Units: dossier.Units{
			Assisting: "Bưu điện Thử",
			Receiving: dossier.Unit{Code: "H29.19", Name: "Trung tâm Thử", Parent: "H29"},
			Resolving: dossier.Unit{Code: "H29.19.1", Name: "Phòng Thử"},
		},
		Officer: dossier.Officer{ID: "cb01", Name: "Lê Thị Thử", Title: "Công chức", Counter: "Q1"},
		Channel: dossier.Direct,
		Applicant: dossier.Person{
			Kind: dossier.Citizen, Name: "Trần Văn Mẫu", Number: "001090000001", Birth: "01/01/1990", Sex: "Nam",
			Address: "1 Phố Thử, Hà Nội", Phone: "0900000001", Email: "mau@example.invalid",
		},
		Owner:    &dossier.Person{Kind: dossier.Business, Name: "Công ty Mẫu", Number: "0100000001", Address: "2 Phố Thử"},
		Delegate: &dossier.Delegate{Paper: "Giấy ủy quyền số 1", Relation: "nhân viên"},
		Summary:  "Chứng thực hai bản sao",
		Identity: dossier.Identity{
			Method: "chip", Access: "pace", Checks: map[string]string{"passive": "verified", "active": "unsupported"},
			Notes: []string{"expires-soon"},
		},
		Answers: map[string]string{"copies": "2", "pages": "3"},
		Components: []dossier.Component{{
			Key: "original", Code: "TP.1", Name: "Bản chính", Kind: dossier.Presented, Quantity: 1, Shown: true,
			Files: []dossier.File{scan}, Note: "trả lại",
		}},
		Sets:        1,
		Fees:        []dossier.Fee{{Code: "CT1", Name: "Chứng thực", Kind: "fee", Amount: 10_000, Formula: "2 bản x 5000", Resolved: true}},
		Payment:     dossier.Payment{Method: "cash", PaidAt: ptr(at(9))},
		SubmittedAt: at(8), ReceivedAt: at(9),
		Appointment: dossier.Appointment{
			Due: at(16), Limit: "trong ngày", Reasons: []string{"same-day"}, Flags: []string{"by-hand"}, By: "cb01",
		},
		ResultBy: dossier.AtCounter,
		Supplements: []dossier.Supplement{{
			AskedAt: at(10), By: "cb01", Content: "bản chính rõ hơn", AnsweredAt: ptr(at(11)), DueBefore: at(15), DueAfter: ptr(at(16)),
		}},
		Stage: dossier.Delivered, Status: dossier.ResultDelivered,
		ResolvedAt: ptr(at(13)), ReleasedAt: ptr(at(14)), DeliveredAt: ptr(at(15)), SynchronisedAt: ptr(at(16)),
		Portal: dossier.Portal{Code: "H29.19-260302-0007", Status: dossier.Processing, At: ptr(at(16))},
		Steps: []dossier.Step{{
			Seq: 1, At: at(9), By: "cb01", Title: "Công chức", Unit: "H29.19", What: "Tiếp nhận hồ sơ", Status: dossier.Received,
		}},
		Papers:  []dossier.Paper{{Form: "mau-01", File: scan, Signer: "ab12", At: at(9)}},
		Remarks: []string{"khách hẹn gọi điện"},
	}
}

// TestGolden holds the spelling of a kept dossier still: the outbox hashes it
// and other programs read it.
func TestGolden(t *testing.T) {
	d := invented()
	if err := d.Check(); err != nil {
		t.Fatal(err)
	}
	got, err := json.MarshalIndent(d, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join("testdata", "invented.json")
	if *update {
		if err := os.WriteFile(path, append(got, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(got)+"\n" != string(want) {
		t.Errorf("the spelling changed (go test -update if that is meant, and raise Schema): %s", got)
	}
}

// TestGoldenReads demands that a dossier kept by an earlier build is read
// whole: what is read and spelled again is the file.
func TestGoldenReads(t *testing.T) {
	want, err := os.ReadFile(filepath.Join("testdata", "invented.json"))
	if err != nil {
		t.Fatal(err)
	}
	var d dossier.Dossier
	if err := json.Unmarshal(want, &d); err != nil {
		t.Fatal(err)
	}
	got, err := json.MarshalIndent(d, "", "  ")
	if err != nil || string(got)+"\n" != string(want) {
		t.Errorf("read and written again it is %s (%v)", got, err)
	}
}

func TestTotal(t *testing.T) {
	fees := []dossier.Fee{{Amount: 50_000}, {Amount: 0, Exempt: "người có công"}, {Amount: 8_000}}
	if got := dossier.Total(fees); got != 58_000 {
		t.Error(got)
	}
	if got := dossier.Total(nil); got != 0 {
		t.Error(got)
	}
}

func TestHolderAndReference(t *testing.T) {
	d := invented()
	if d.Holder().Name != "Công ty Mẫu" || d.Reference() != d.Code || d.Provisional() {
		t.Error(d.Holder().Name, d.Reference(), d.Provisional())
	}
	d.Owner, d.Code = nil, ""
	if d.Holder().Name != "Trần Văn Mẫu" || d.Reference() != d.Number || !d.Provisional() {
		t.Error(d.Holder().Name, d.Reference(), d.Provisional())
	}
}

// TestInventedIsWhole keeps the golden file honest: a new field of Dossier
// must appear in it.
func TestInventedIsWhole(t *testing.T) {
	v := reflect.ValueOf(invented())
	for i := range v.NumField() {
		if v.Field(i).IsZero() {
			t.Errorf("%s is empty", v.Type().Field(i).Name)
		}
	}
}
