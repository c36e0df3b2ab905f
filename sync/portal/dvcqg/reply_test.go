package dvcqg

import (
	"encoding/json"
	"testing"
	"unicode/utf8"

	"motcua"
)

func TestMeaning(t *testing.T) {
	for _, c := range []struct {
		body string
		want kind
	}{
		{`{"error_code":0,"message":"Đồng bộ thành công"}`, accepted},
		{`{"error_code":"0","message":"THÀNH CÔNG"}`, accepted},
		{`{"error_code":"00","message":"thành công"}`, accepted},
		{`{"error_code":" 0 ","message":"` + "tha\u0300nh co\u0302ng" + `"}`, accepted},
		{`{"message":"{\"error_code\":0,\"message\":\"thành công\"}"}`, accepted},
		{`"{\"error_code\":0,\"message\":\"thành công\"}"`, accepted},
		{`Cập nhật thành công`, accepted},
		{`"Cập nhật thành công"`, accepted},
		{`{"error_code":0,"message":"Không thành công"}`, strange},
		{`{"error_code":0,"message":"Chưa thành công"}`, strange},
		{`{"error_code":0,"message":""}`, strange},
		{`{"error_code":0}`, strange},
		{`{"message":"thành công"}`, strange},
		{`{"error_code":null,"message":"thành công"}`, strange},
		{`{"error_code":true,"message":"thành công"}`, strange},
		{`{"error_code":0.5,"message":"thành công"}`, strange},
		{`{"error_code":1,"message":"thành công"}`, refused},
		{`{"error_code":0,"message":"Hồ sơ đã tồn tại"}`, duplicate},
		{`{"error_code":3,"message":"Hồ sơ ĐÃ TỒN TẠI"}`, duplicate},
		{`{"error_code":"-3","message":"đã tồn tại"}`, duplicate},
		{`{"error_code":5,"message":"đã tồn tại"}`, refused},
		{`{"error_code":-1,"message":"Hồ sơ không tồn tại"}`, absent},
		{`{"error_code":-1,"message":"MaTTHC sai"}`, refused},
		{`{"error_code":-1,"message":""}`, failing},
		{`{"error_code":-1,"message":"Lỗi hệ thống, vui lòng thử lại"}`, failing},
		{`{"error_code":7}`, strange},
		{`{"error_code":-1,"message":"Phiên làm việc đã hết hạn"}`, signedOut},
		{`{"error_code":0,"message":"Session expired"}`, signedOut},
		{`{"error_code":-1,"message":"Vui lòng đăng nhập lại"}`, signedOut},
		{`{"error_code":-1,"message":"Phiên bản dữ liệu không hợp lệ"}`, refused},
		{`{"error_code":-1,"message":"Người nộp chưa xác thực"}`, refused},
	} {
		a, err := decode([]byte(c.body))
		if err != nil || a.meaning() != c.want {
			t.Errorf("%s is %d (%v), want %d", c.body, a.meaning(), err, c.want)
		}
	}
}

func TestDecodeRefuses(t *testing.T) {
	nest := func(inner string) string {
		b, _ := json.Marshal(inner)
		return string(b)
	}
	for body, want := range map[string]motcua.Code{
		"": motcua.PortalEmpty, " \n": motcua.PortalEmpty, `""`: motcua.PortalEmpty,
		"<html>thành công</html>": motcua.PortalNotJSON, "lỗi": motcua.PortalNotJSON,
		"Không thành công": motcua.PortalNotJSON, `{"error_code":0,`: motcua.PortalNotJSON,
		`{"message":"{broken"}`: motcua.PortalNotJSON, `"<html>"`: motcua.PortalNotJSON,
		"[]": motcua.PortalUnknown, "0": motcua.PortalUnknown, "null": motcua.PortalUnknown,
		nest(nest(nest(`{"error_code":0,"message":"thành công"}`))): motcua.PortalUnknown,
	} {
		if a, err := decode([]byte(body)); motcua.CodeOf(err) != want {
			t.Errorf("%q: %v (%+v), want %s", body, err, a, want)
		}
	}
}

func TestResultShapes(t *testing.T) {
	for body, n := range map[string]int{
		`{"result":[{"a":1},{"a":2}]}`: 2, `{"result":{"a":1}}`: 1, `{"result":{"data":[{"a":1}]}}`: 1,
		`{"result":[]}`: 0, `{"result":{}}`: 0, `{"result":null}`: 0, `{}`: 0, `{"result":"x"}`: 0, `{"result":[null,{}]}`: 0,
	} {
		a, err := decode([]byte(body))
		if err != nil || len(a.found()) != n {
			t.Errorf("%s has %d rows (%v), want %d", body, len(a.found()), err, n)
		}
	}
	row := map[string]json.RawMessage{
		"code": json.RawMessage(`" X99-261123-0001 "`), "own": json.RawMessage(`"tam/q1/261123/0001"`),
		"status": json.RawMessage(`4`), "text": json.RawMessage(`"4"`), "eleven": json.RawMessage(`11`),
	}
	if got := officialCode(row, "code"); got != "X99-261123-0001" {
		t.Errorf("code %q", got)
	}
	if officialCode(row, "own") != "" || officialCode(row, "none") != "" || officialCode(row, "") != "" {
		t.Error("what is no official code passed as one")
	}
	if statusOf(row, "status") != 4 || statusOf(row, "text") != 4 || statusOf(row, "eleven") != 0 || statusOf(row, "code") != 0 {
		t.Error("status")
	}
}

func FuzzDecode(f *testing.F) {
	for _, seed := range []string{
		`{"error_code":0,"message":"thành công","result":[{"MaHoSo":"X99-261123-0001","TrangThaiHoSo":"4"}]}`,
		`{"message":"{\"error_code\":\"00\",\"message\":\"đã tồn tại\"}"}`, `"x"`, "<html>", "thành công", `{"result":{"data":[{}]}}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		a, err := decode(body)
		if err != nil {
			if c := motcua.CodeOf(err); c != motcua.PortalEmpty && c != motcua.PortalNotJSON && c != motcua.PortalUnknown {
				t.Errorf("code %s", c)
			}
			return
		}
		if a.meaning() == accepted && (!a.coded || a.code != 0 || !tellsSuccess(a.message)) {
			t.Error("accepted without the words")
		}
		for _, row := range a.found() {
			if s := statusOf(row, "TrangThaiHoSo"); s != 0 && !s.Valid() {
				t.Error("status")
			}
			if len(officialCode(row, "MaHoSo")) > maxCode || !utf8.ValidString(officialCode(row, "MaHoSo")) {
				t.Error("code")
			}
			missing([]buoc{{}}, row["DanhSachTienDo"])
		}
	})
}
