package dvcqg

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"motcua"
	"motcua/store/dossier"
	"motcua/sync/portal"
)

// script is a portal that gives its replies in turn and remembers what it was
// asked. It speaks HTTP, so the whole way is walked.
type script struct {
	t       *testing.T
	mu      sync.Mutex
	replies []string
	asked   []string
	logins  int
}

const signedInReply = `{"error_code":0,"message":"Đăng nhập thành công","session":"s-1"}`

func (s *script) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	s.mu.Lock()
	defer s.mu.Unlock()
	if r.URL.Path == defaultLogin {
		s.logins++
	}
	s.asked = append(s.asked, string(body))
	if len(s.replies) == 0 {
		s.t.Errorf("asked once more than the script has replies: %s", body)
		return
	}
	reply := s.replies[0]
	s.replies = s.replies[1:]
	if reply == "401" {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	io.WriteString(w, reply)
}

// adapter is an adapter whose portal gives these replies.
func adapter(t *testing.T, change func(*portal.Profile), replies ...string) (*Portal, *script) {
	t.Helper()
	s := &script{t: t, replies: replies}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	secret := filepath.Join(t.TempDir(), "password")
	if err := os.WriteFile(secret, []byte("mật khẩu \n"), 0o600); err != nil {
		t.Fatal(err)
	}
	p := portal.Profile{Kind: "dvcqg", URL: server.URL, Unit: "X99", User: "motcua", PasswordFile: secret,
		CodeField: "MaHoSo", StatusField: "TrangThaiHoSo", StepsField: "DanhSachTienDo"}
	if change != nil {
		change(&p)
	}
	a, err := Open(p, Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.Close() })
	return a, s
}

const okay = `{"error_code":0,"message":"thành công"}`

// manySteps is full with n steps.
func manySteps(n int) dossier.Dossier {
	d := full()
	d.Steps = nil
	for i := range n {
		d.Steps = append(d.Steps, dossier.Step{Seq: i + 1, At: at(23, 8, i), By: "Lê Văn Cán Bộ", What: "Bước", Status: dossier.Processing})
	}
	return d
}

func TestMessagesGolden(t *testing.T) {
	a, s := adapter(t, nil,
		signedInReply, `{"error_code":3,"message":"Hồ sơ đã tồn tại"}`, okay, `{"error_code":0,"message":"","result":[{}]}`,
		`{"error_code":0,"message":"","result":[{"MaHoSo":"X99-261123-0001","TrangThaiHoSo":"4"}]}`)
	d := full()
	d.Steps = d.Steps[:1]
	r, err := a.Send(t.Context(), portal.Message{First: true, Dossier: d})
	if motcua.CodeOf(err) != motcua.PortalNotFound || !r.Duplicate {
		t.Fatalf("%v: an empty row is no dossier", err)
	}
	if r, err = a.Look(t.Context(), "TAM/Q1/261123/0001"); err != nil || r.Code != "X99-261123-0001" || r.Status != 4 {
		t.Errorf("%+v, %v", r, err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, name := range []string{"login", "insert", "replace", "look"} {
		golden(t, "message-"+name+".json", indented(t, []byte(s.asked[i])))
	}
	if ins, rep := s.asked[1], s.asked[2]; strings.Replace(ins, `"False"`, `"True"`, 1) != rep {
		t.Error("the replacement is not the same body")
	}
	raw, _ := Encode(d)
	if !strings.Contains(s.asked[1], string(raw)) {
		t.Error("what is sent is not what Encode gives")
	}
}

func TestStepsGoTenAtATime(t *testing.T) {
	a, s := adapter(t, nil, signedInReply, okay, okay, okay)
	if _, err := a.Send(t.Context(), portal.Message{Progress: true, Confirmed: 1, Dossier: manySteps(24)}); err != nil {
		t.Fatal(err)
	}
	for i, want := range []int{10, 10, 3} {
		var m struct{ Data []buoc }
		if err := json.Unmarshal([]byte(s.asked[i+1]), &m); err != nil || len(m.Data) != want {
			t.Errorf("call %d has %d steps (%v), want %d", i, len(m.Data), err, want)
		}
	}
	golden(t, "message-steps.json", indented(t, []byte(s.asked[3])))
}

// TestAgainAsksWhichStepsArrived: ours are 1, 2, 3; the portal has 2 already.
func TestAgainAsksWhichStepsArrived(t *testing.T) {
	d := manySteps(3)
	listed, _ := json.Marshal(steps(d, 1)[:1])
	found := `{"error_code":"0","message":"","result":[{"MaHoSo":"X99-261123-0001","DanhSachTienDo":` + string(listed) + `}]}`
	a, s := adapter(t, nil, signedInReply, found, okay)
	if _, err := a.Send(t.Context(), portal.Message{Progress: true, Confirmed: 1, Again: true, Dossier: d}); err != nil {
		t.Fatal(err)
	}
	var m struct{ Data []buoc }
	if err := json.Unmarshal([]byte(s.asked[2]), &m); err != nil || len(m.Data) != 1 || m.Data[0].ThoiDiemXuLy != "20261123080205" {
		t.Errorf("sent %+v", m.Data)
	}
}

// TestWithoutAListStepsMayDouble states the limit of the interface.
func TestWithoutAListStepsMayDouble(t *testing.T) {
	a, s := adapter(t, func(p *portal.Profile) { p.StepsField = "" }, signedInReply, okay)
	m := portal.Message{Progress: true, Confirmed: 1, Again: true, Dossier: manySteps(2)}
	if _, err := a.Send(t.Context(), m); err != nil || len(s.asked) != 2 {
		t.Errorf("%v after %d calls", err, len(s.asked))
	}
}

func TestConfirmedDossierIsNeverInserted(t *testing.T) {
	a, s := adapter(t, nil, signedInReply, `{"error_code":-1,"message":"Hồ sơ không tồn tại"}`)
	_, err := a.Send(t.Context(), portal.Message{Dossier: least()})
	if motcua.CodeOf(err) != motcua.PortalRejected || strings.Contains(s.asked[1], `"False"`) {
		t.Errorf("%v; %s", err, s.asked[1])
	}
}

func TestSessions(t *testing.T) {
	ended := `{"error_code":-1,"message":"Phiên làm việc đã hết hạn"}`
	second := `{"error_code":0,"message":"Đăng nhập thành công","session":"s-2"}`
	for _, c := range []struct {
		name    string
		replies []string
		want    motcua.Code
		logins  int
	}{
		{"ended once", []string{signedInReply, ended, second, okay}, "", 2},
		{"refused by status", []string{signedInReply, "401", second, okay}, "", 2},
		{"ended twice", []string{signedInReply, ended, second, ended}, motcua.PortalServer, 2},
		{"password refused", []string{`{"error_code":-1,"message":"Sai mật khẩu"}`}, motcua.PortalAuth, 1},
		{"login forbidden", []string{"401"}, motcua.PortalAuth, 1},
		{"refused later", []string{signedInReply, ended, `{"error_code":1,"message":"Khóa"}`}, motcua.PortalAuth, 2},
		{"no session", []string{`{"error_code":0,"message":"thành công"}`}, motcua.PortalServer, 1},
		{"login is a page", []string{"<html>"}, motcua.PortalNotJSON, 1},
		{"login is in trouble", []string{`{"error_code":-1,"message":"Lỗi hệ thống"}`}, motcua.PortalServer, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			a, s := adapter(t, nil, c.replies...)
			_, err := a.Send(t.Context(), portal.Message{First: true, Dossier: least()})
			if motcua.CodeOf(err) != c.want || s.logins != c.logins || len(s.replies) != 0 {
				t.Errorf("%v after %d logins, %d replies left", err, s.logins, len(s.replies))
			}
		})
	}
}

func TestSessionIsKeptForItsLife(t *testing.T) {
	a, s := adapter(t, nil, signedInReply, okay, okay, signedInReply, okay)
	now := time.Now()
	a.now = func() time.Time { return now }
	for _, pause := range []time.Duration{0, 9 * time.Minute, 2 * time.Minute} {
		now = now.Add(pause)
		if _, err := a.Send(t.Context(), portal.Message{First: true, Dossier: least()}); err != nil {
			t.Fatal(err)
		}
	}
	if s.logins != 2 {
		t.Errorf("%d logins in eleven minutes", s.logins)
	}
}

func TestManyWorkersSignInOnce(t *testing.T) {
	replies := []string{signedInReply}
	for range 8 {
		replies = append(replies, okay)
	}
	a, s := adapter(t, nil, replies...)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if _, err := a.Send(t.Context(), portal.Message{First: true, Dossier: least()}); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if s.logins != 1 {
		t.Errorf("%d logins", s.logins)
	}
}

func TestLook(t *testing.T) {
	for _, c := range []struct {
		reply string
		want  motcua.Code
	}{
		{`{"error_code":0,"result":[{"MaHoSo":"X99-261123-0001"}]}`, ""},
		{`{"error_code":0,"message":"Không tìm thấy","result":[]}`, motcua.PortalNotFound},
		{`{"error_code":-1,"message":"Hồ sơ không tồn tại"}`, motcua.PortalNotFound},
		{`{"error_code":-1,"message":"Lỗi hệ thống"}`, motcua.PortalServer},
		{`{"error_code":9}`, motcua.PortalUnknown},
		{`thành công`, motcua.PortalUnknown},
	} {
		a, _ := adapter(t, nil, signedInReply, c.reply)
		if _, err := a.Look(t.Context(), "TAM/Q1/261123/0002"); motcua.CodeOf(err) != c.want {
			t.Errorf("%s: %v, want %s", c.reply, err, c.want)
		}
	}
}

func TestCheck(t *testing.T) {
	a, _ := adapter(t, nil, signedInReply, `{"error_code":1,"message":"Sai"}`)
	if h, err := a.Check(t.Context()); err != nil || !h.Reachable || !h.SignedIn || h.Skew > time.Minute || h.Skew < -time.Minute {
		t.Errorf("%+v, %v", h, err)
	}
	if h, err := a.Check(t.Context()); motcua.CodeOf(err) != motcua.PortalAuth || !h.Reachable || h.SignedIn {
		t.Errorf("%+v, %v", h, err)
	}
	gone, err := Open(portal.Profile{URL: "http://127.0.0.1:1/", User: "u"}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if h, err := gone.Check(t.Context()); motcua.CodeOf(err) != motcua.PortalUnreachable || h.Reachable {
		t.Errorf("%+v, %v", h, err)
	}
}

func TestPasswordFileMissing(t *testing.T) {
	a, s := adapter(t, func(p *portal.Profile) { p.PasswordFile += ".gone" })
	if _, err := a.Check(t.Context()); motcua.CodeOf(err) != motcua.PortalConfig || len(s.asked) != 0 {
		t.Errorf("%v", err)
	}
}

// TestExchangesAreMasked greps everything that a send leaves behind.
func TestExchangesAreMasked(t *testing.T) {
	echo := `{"error_code":-1,"message":"Hồ sơ của TRẦN THỊ THỬ NGHIỆM, 001190000001 sai"}`
	a, _ := adapter(t, nil, signedInReply, okay, echo, echo)
	d := full()
	d.Owner = nil
	d.Applicant.Email, d.Applicant.Address = "thu.nghiem@vidu.invalid", "Số 0 phố Không Có"
	d.Steps[0].What = "Bà Trần Thị Thử Nghiệm nộp"
	r, err := a.Send(t.Context(), portal.Message{First: true, Dossier: d})
	if motcua.CodeOf(err) != motcua.PortalRejected || len(r.Exchanges) != 3 {
		t.Fatalf("%v, %d exchanges", err, len(r.Exchanges))
	}
	left := r.Said + err.Error()
	asked, err := a.Look(t.Context(), d.Number) // knows no name to look for
	left += asked.Said + err.Error()
	for _, e := range append(r.Exchanges, asked.Exchanges...) {
		left += e.Service + e.Request + e.Reply
	}
	for _, secret := range []string{
		d.Applicant.Name, d.Applicant.Number, d.Applicant.Phone, d.Applicant.Email, d.Applicant.Address,
		strings.ToUpper(d.Applicant.Name), "mật khẩu", "s-1", "motcua",
	} {
		if strings.Contains(left, secret) {
			t.Errorf("%q is left behind in\n%s", secret, left)
		}
	}
}
