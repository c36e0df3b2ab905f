package wire

import (
	"io"
	"net/http"
	"strings"
	"testing"
)

// personal is an invented citizen who belongs to nobody, and what must not be
// found in any record.
var personal = []string{
	"Trần Thị Thử Nghiệm", "TRẦN THỊ THỬ NGHIỆM", "001190000001", "0900000001", "Số 0 phố Không Có",
	"thu.nghiem@vidu.invalid", "s3cret-p4ss", "the-session-word",
}

const personalRequest = `{"username":"motcua","password":"s3cret-p4ss","session":"the-session-word","service":"DongBoHoSoMC",
 "data":[{"MaHoSo":"TAM/Q1/261123/0001","ChuHoSo":"Trần Thị Thử Nghiệm","SoGiayToChuHoSo":"001190000001","SoDienThoai":"0900000001",
 "Email":"thu.nghiem@vidu.invalid","DiaChi":"Số 0 phố Không Có","Tuoi":36,"NgayTiepNhan":"20261123080000",
 "DinhDanhCHS":[{"SoDinhDanh":"001190000001"}]}]}`

var shown = Show{"service": Code, "MaHoSo": Code, "NgayTiepNhan": Code, "error_code": Code, "message": Text}

// The portal gives everything back in every shape we know of.
var leaks = []string{
	`{"error_code":-1,"message":"Hồ sơ của TRẦN THỊ THỬ NGHIỆM (001190000001, thu.nghiem@vidu.invalid) sai"}`,
	`{"error_code":-1,"message":"Hồ sơ của Trần Thị Thử Nghiệm, ` + "Tha\u0302\u0300n 0900 000 001" + `"}`,
	`{"message":"{\"error_code\":0,\"session\":\"the-session-word\",\"result\":[{\"HoTen\":\"Trần Thị Thử Nghiệm\"}]}"}`,
	`{"error_code":0,"result":[{"ChuHoSo":"Trần Thị Thử Nghiệm","Khac":{"a":["001190000001"]}}]}`,
	`{"error_code":0,"Trần Thị Thử Nghiệm":"Số 0 phố Không Có"}`,
	`"Trần Thị Thử Nghiệm đã có hồ sơ"`,
	`["001190000001"]`,
	`Lỗi tại hồ sơ của Trần Thị Thử Nghiệm, Số 0 phố Không Có, 001190000001`,
	`<html><body>Trần Thị Thử Nghiệm 001190000001 s3cret-p4ss</body></html>`,
	`{"error_code":0,"message":"Trần Thị Thử`,
	"\xff\xfe001190000001",
}

func TestNoPersonalDataInTheRecord(t *testing.T) {
	for _, leak := range leaks {
		w := served(t, func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, leak) })
		reply, err := w.Post(t.Context(), Request{Service: "DongBoHoSoMC", Path: "/", Body: []byte(personalRequest), Show: shown})
		record := reply.Exchange.Request + "\n" + reply.Exchange.Reply + "\n" + reply.Scrub(leak)
		if err != nil {
			record += "\n" + err.Error()
		}
		for _, secret := range personal {
			if strings.Contains(record, secret) {
				t.Errorf("%q is in the record of %q:\n%s", secret, leak, record)
			}
		}
	}
}

func TestTheRecordIsStillOfUse(t *testing.T) {
	m := newMask(shown, []byte(personalRequest))
	request := m.record([]byte(personalRequest))
	for _, want := range []string{"DongBoHoSoMC", "TAM/Q1/261123/0001", "20261123080000", `"ChuHoSo":"•••"`, `"Tuoi":"•••"`} {
		if !strings.Contains(request, want) {
			t.Errorf("%s is not in %s", want, request)
		}
	}
	reply := m.record([]byte(`{"error_code":"-1","message":"Trường NgayTiepNhan không hợp lệ"}`))
	if !strings.Contains(reply, "Trường NgayTiepNhan không hợp lệ") || !strings.Contains(reply, `"-1"`) {
		t.Errorf("reply %s", reply)
	}
}

func FuzzMask(f *testing.F) {
	f.Add([]byte(personalRequest), []byte(leaks[0]))
	for _, leak := range leaks {
		f.Add([]byte(`{"a":"b"}`), []byte(leak))
	}
	f.Fuzz(func(t *testing.T, request, reply []byte) {
		m := newMask(shown, request)
		for _, r := range []string{m.record(request), m.record(reply)} {
			if len(r) > maxRecord+len("…") {
				t.Errorf("a record of %d bytes", len(r))
			}
		}
		// What is hidden in a request is not in the record of a reply that
		// repeats it.
		whole := `{"password":"s3cret-p4ss"}`
		got := newMask(shown, []byte(whole)).record([]byte(`{"message":` + encode(string(reply)+"s3cret-p4ss") + `}`))
		if strings.Contains(got, "s3cret-p4ss") {
			t.Errorf("the password is in %q", got)
		}
	})
}
