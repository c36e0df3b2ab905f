package reference

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

func opened(t *testing.T, c Config) *Server {
	t.Helper()
	if c.Dir == "" {
		c.Dir = t.TempDir()
	}
	if c.Now == nil {
		c.Now = func() time.Time { return time.Date(2026, 11, 23, 8, 0, 0, 0, zone) }
	}
	s, err := Open(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// object is the least dossier the portal takes, with the fields given after.
func dossierObject(number string, more ...string) string {
	fields := map[string]any{
		"MaHoSo": number, "SoBienNhan": number, "MaTTHC": "2.000815", "TenTTHC": "Chứng thực", "LoaiDoiTuong": "1",
		"TrichYeuHoSo": "Hai bản", "NgayTiepNhan": "20261123080000", "TrangThaiHoSo": "2", "HinhThuc": "0", "DonViXuLy": "Phường Thử",
	}
	for i := 0; i+1 < len(more); i += 2 {
		fields[more[i]] = more[i+1]
	}
	b, _ := json.Marshal(fields)
	return string(b)
}

func (s *Server) ask(t *testing.T, service, rest string) reply {
	t.Helper()
	in := s.login([]byte(`{"username":"u","password":"p"}`))
	return s.serve(fmt.Appendf(nil, `{"session":%q,"madonvi":"X99","service":%q,%s}`, in.Session, service, rest))
}

func (s *Server) send(t *testing.T, updating, object string) reply {
	t.Helper()
	return s.ask(t, "DongBoHoSoMC", fmt.Sprintf(`"isUpdating":%q,"data":[%s]`, updating, object))
}

const number = "TAM/Q1/261123/0001"

func TestInsertOnceThenReplace(t *testing.T) {
	dir := t.TempDir()
	s := opened(t, Config{Dir: dir})
	first := "{ " + dossierObject(number)[1:] // an odd space, to be kept
	if r := s.send(t, "False", first); r.Code != 0 || !strings.Contains(r.Message, "thành công") {
		t.Fatalf("%+v", r)
	}
	if r := s.send(t, "False", first); r.Code != 3 || r.Message != "Hồ sơ đã tồn tại" {
		t.Errorf("%+v", r)
	}
	held, ok := s.Find(" tam/q1/261123/0001")
	if !ok || held.Code != "X99.50.05.13-261123-0001" || string(held.Dossier) != first || held.Inserts != 1 {
		t.Fatalf("%+v", held)
	}
	second := dossierObject(held.Code, "SoBienNhan", number, "TrichYeuHoSo", "Ba bản", "TrangThaiHoSo", "4")
	if r := s.send(t, "True", second); r.Code != 0 {
		t.Errorf("%+v", r)
	}
	if r := s.send(t, "True", dossierObject("TAM/Q1/261123/0009")); r.Code == 0 {
		t.Errorf("replaced what is not there: %+v", r)
	}
	s.Close()
	held, ok = opened(t, Config{Dir: dir}).Find(held.Code)
	if !ok || string(held.Dossier) != second || held.Inserts != 1 || held.Updates != 1 || held.Status != 4 || len(held.History) != 2 {
		t.Errorf("after a restart %+v", held)
	}
}

func TestCodesGoOnAfterARestartAndBeginAnewEachDay(t *testing.T) {
	dir, day := t.TempDir(), 23
	open := func() *Server {
		return opened(t, Config{Dir: dir, Unit: "X99.1", Now: func() time.Time { return time.Date(2026, 11, day, 8, 0, 0, 0, zone) }})
	}
	code := func(s *Server, n string) string {
		if r := s.send(t, "False", dossierObject(n)); r.Code != 0 {
			t.Fatalf("%+v", r)
		}
		held, _ := s.Find(n)
		return held.Code
	}
	s := open()
	got := []string{code(s, "TAM/Q1/261123/0001"), code(s, "TAM/Q1/261123/0002")}
	s.Close()
	s = open()
	got = append(got, code(s, "TAM/Q1/261123/0003"))
	day = 24
	got = append(got, code(s, "TAM/Q1/261124/0001"))
	want := "[X99.1-261123-0001 X99.1-261123-0002 X99.1-261123-0003 X99.1-261124-0001]"
	if fmt.Sprint(got) != want {
		t.Errorf("%v, want %s", got, want)
	}
}

func TestTwoAtOnceMakeOne(t *testing.T) {
	s := opened(t, Config{})
	var all sync.WaitGroup
	for range 16 {
		all.Go(func() { s.send(t, "False", dossierObject(number)) })
	}
	all.Wait()
	if held, _ := s.Find(number); held.Inserts != 1 || len(s.All()) != 1 {
		t.Errorf("%d dossiers, %d inserts", len(s.All()), held.Inserts)
	}
}

func TestSteps(t *testing.T) {
	s := opened(t, Config{})
	s.send(t, "False", dossierObject(number))
	step := fmt.Sprintf(`{"MaHoSo":%q,"NguoiXuLy":"Lê Văn Cán Bộ","ThoiDiemXuLy":"20261123090000","NoiDungXuLy":"Xử lý","TrangThai":"4"}`, number)
	for range 2 { // the portal appends what comes, doubled or not
		if r := s.ask(t, "CapNhatTienDoHoSoMC", `"data":[`+step+`]`); r.Code != 0 {
			t.Fatalf("%+v", r)
		}
	}
	if held, _ := s.Find(number); len(held.Steps) != 2 || held.Status != 4 {
		t.Errorf("%+v", held)
	}
	eleven := strings.TrimSuffix(strings.Repeat(step+",", 11), ",")
	stranger := strings.Replace(step, "0001", "0009", 1)
	for _, data := range []string{eleven, "", stranger, step + "," + stranger, strings.Replace(step, "Xử lý", "", 1), "5", "null"} {
		if r := s.ask(t, "CapNhatTienDoHoSoMC", `"data":[`+data+`]`); r.Code == 0 {
			t.Errorf("%.60s was taken", data)
		}
	}
	if held, _ := s.Find(number); len(held.Steps) != 2 {
		t.Errorf("a refused call left %d steps", len(held.Steps))
	}
	r := s.ask(t, "TraCuuHoSo", fmt.Sprintf(`"mahoso":%q`, number))
	if out := string(compact(r)); !strings.Contains(out, `"MaHoSo":"X99.50.05.13-261123-0001"`) || strings.Count(out, "NoiDungXuLy") != 2 {
		t.Error(out)
	}
}

func TestRulesNameTheField(t *testing.T) {
	s := opened(t, Config{})
	for field, value := range map[string]string{
		"MaTTHC": "", "DonViXuLy": " ", "NgayTiepNhan": "2026-11-23", "NgayHenTra": "20261323080000", "TrangThaiHoSo": "11",
		"GhiChu": strings.Repeat("ế", 2001), "TrichYeuHoSo": strings.Repeat("ế", 1001),
	} {
		r := s.send(t, "False", dossierObject(number, field, value))
		if r.Code != -1 || !strings.Contains(r.Message, strings.TrimSuffix(field, "HoSo")) {
			t.Errorf("%s: %+v", field, r)
		}
	}
	if r := s.send(t, "False", strings.Replace(dossierObject(number), `"HinhThuc":"0"`, `"HinhThuc":0`, 1)); r.Code == 0 {
		t.Error("a number passed as a string")
	}
	if r := s.send(t, "False", dossierObject(number, "GhiChu", strings.Repeat("ế", 2000))); r.Code != 0 {
		t.Errorf("the longest that fits: %+v", r)
	}
	if len(s.All()) != 1 {
		t.Errorf("%d dossiers", len(s.All()))
	}
}

func TestOneOfSeveralWrongMeansNone(t *testing.T) {
	s := opened(t, Config{})
	r := s.send(t, "False", dossierObject("TAM/Q1/261123/0001")+","+dossierObject("TAM/Q1/261123/0002", "MaTTHC", ""))
	if r.Code == 0 || len(s.All()) != 0 {
		t.Errorf("%+v, %d held", r, len(s.All()))
	}
}

func TestTornTailIsCutAndDamageIsTold(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "portal.journal")
	s := opened(t, Config{Dir: dir})
	s.send(t, "False", dossierObject("TAM/Q1/261123/0001"))
	whole := len(s.All())
	s.send(t, "False", dossierObject("TAM/Q1/261123/0002"))
	s.Close()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	last := bytes.LastIndexByte(content[:len(content)-1], '\n') + 1
	for cut := last; cut < len(content); cut += 7 {
		os.WriteFile(file, content[:cut], 0o600)
		s := opened(t, Config{Dir: dir})
		if got := len(s.All()); got != whole {
			t.Fatalf("cut at %d: %d dossiers", cut, got)
		}
		if r := s.send(t, "False", dossierObject("TAM/Q1/261123/0003")); r.Code != 0 {
			t.Fatalf("%+v", r)
		}
		s.Close()
		if got := len(opened(t, Config{Dir: dir}).All()); got != whole+1 {
			t.Fatalf("cut at %d, then a new one: %d dossiers", cut, got)
		}
	}
	bad := bytes.Clone(content)
	bad[len(bad)/3] ^= 1
	os.WriteFile(file, bad, 0o600)
	if _, err := Open(Config{Dir: dir}); err == nil || !strings.Contains(err.Error(), "line") {
		t.Errorf("damage in the middle: %v", err)
	}
}

func TestLogin(t *testing.T) {
	now := time.Date(2026, 11, 23, 8, 0, 0, 0, zone)
	s := opened(t, Config{User: "u", Password: "p", Now: func() time.Time { return now }})
	if r := s.login([]byte(`{"username":"u","password":"q"}`)); r.Code == 0 || r.Session != "" {
		t.Errorf("%+v", r)
	}
	word := s.login([]byte(`{"username":"u","password":"p"}`)).Session
	look := fmt.Appendf(nil, `{"session":%q,"madonvi":"X99","service":"TraCuuHoSo","mahoso":"x"}`, word)
	if r := s.serve(look); r.Code != 0 {
		t.Errorf("%+v", r)
	}
	now = now.Add(11 * time.Minute)
	if r := s.serve(look); r.Message != "Phiên làm việc đã hết hạn" {
		t.Errorf("%+v", r)
	}
}

func TestFaultSpecs(t *testing.T) {
	s := opened(t, Config{})
	for _, spec := range []string{"down", "slow=2s", "busy=1m", "lossy=0.3", "expire-sessions", "expire-sessions=4", "html", "empty", "string-json", "reject=a=b"} {
		if err := s.Fault(spec); err != nil {
			t.Error(err)
		}
		if err := s.Clear(strings.SplitN(spec, "=", 2)[0]); err != nil {
			t.Error(err)
		}
	}
	if s.faults != (Faults{}) {
		t.Errorf("left %+v", s.faults)
	}
	for _, spec := range []string{"", "dwon", "slow", "slow=x", "lossy=2", "lossy=NaN", "reject", "expire-sessions=x"} {
		if s.Fault(spec) == nil {
			t.Errorf("%q passed", spec)
		}
	}
	if _, err := Open(Config{Dir: t.TempDir(), Faults: []string{"nonsense"}}); err == nil {
		t.Error("Open took a fault that is none")
	}
}

func TestPagesAndControl(t *testing.T) {
	s := opened(t, Config{Faults: []string{"down"}})
	web := httptest.NewServer(s.Handler())
	defer web.Close()
	evil := `<script>alert("x")</script>`
	s.send(t, "False", dossierObject(evil+number, "SoBienNhan", ""))
	s.send(t, "False", dossierObject(number))
	get := func(path string) string {
		resp, err := http.Get(web.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		body, _ := io.ReadAll(resp.Body)
		return string(body)
	}
	if page := get("/"); strings.Contains(page, "<script") || !strings.Contains(page, number) {
		t.Errorf("the page:\n%s", page)
	}
	if got := get("/held/" + number + "?raw"); got != dossierObject(number) {
		t.Errorf("raw %s", got)
	}
	if got := get("/held"); !strings.Contains(got, `"count":2`) || !strings.Contains(got, `"DongBoHoSoMC":2`) {
		t.Error(got)
	}
	if _, err := http.Post(web.URL+"/mapi/g", "application/json", strings.NewReader("{}")); err == nil {
		t.Error("down, and answers")
	}
	control := func(kind, body string) int {
		resp, err := http.Post(web.URL+"/control", kind, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		return resp.StatusCode
	}
	order := fmt.Sprintf(`{"clear":["down"],"set":["slow=1ms"],"move":[{"ref":%q,"status":9}]}`, number)
	if code := control("application/json", order); code != 200 {
		t.Errorf("control answers %d", code)
	}
	if held, _ := s.Find(number); held.Status != 9 || s.faults.Down || s.faults.Slow != time.Millisecond {
		t.Errorf("%+v, %+v", held, s.faults)
	}
	for body, want := range map[string]int{`{`: 400, `{"set":["x"]}`: 422, `{"move":[{"ref":"x","status":1}]}`: 422} {
		if got := control("application/json", body); got != want {
			t.Errorf("%s answers %d", body, got)
		}
	}
	if got := control("text/plain", order); got != 403 {
		t.Errorf("a web page elsewhere could send this: %d", got)
	}
}

func TestControlIsForThisMachine(t *testing.T) {
	s := opened(t, Config{})
	for _, c := range []struct{ remote, host string }{{"192.0.2.1:9", "127.0.0.1"}, {"127.0.0.1:9", "portal.example"}} {
		r := httptest.NewRequest(http.MethodPost, "/control", strings.NewReader(`{"set":["down"]}`))
		r.RemoteAddr, r.Host = c.remote, c.host
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		s.Handler().ServeHTTP(w, r)
		if w.Code != http.StatusForbidden || s.faults.Down {
			t.Errorf("%+v: %d", c, w.Code)
		}
	}
}

func FuzzServe(f *testing.F) {
	f.Add([]byte(`{"service":"DongBoHoSoMC","isUpdating":"False","data":[` + dossierObject(number) + `]}`))
	f.Add([]byte(`{"service":"CapNhatTienDoHoSoMC","data":[{"MaHoSo":"x"}]}`))
	f.Add([]byte(`{"service":"TraCuuHoSo","mahoso":"TAM/Q1/261123/0001"}`))
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, body []byte) {
		file := filepath.Join(dir, "portal.journal")
		os.Remove(file)
		s := opened(t, Config{Dir: dir})
		word := s.login([]byte(`{}`)).Session
		var in map[string]any
		if json.Unmarshal(body, &in) == nil && in != nil {
			in["session"], in["madonvi"] = word, "X99"
			body, _ = json.Marshal(in)
		}
		r := s.serve(body)
		before := len(s.All())
		if r.Code != 0 && before != 0 {
			t.Error("refused, and kept")
		}
		s.Close()
		if after := len(opened(t, Config{Dir: dir}).All()); after != before {
			t.Errorf("%d dossiers before the restart, %d after", before, after)
		}
	})
}
