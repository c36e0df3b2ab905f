package reference

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// visit is a session and how often it was used.
type visit struct {
	until time.Time
	calls int
}

// reply is the envelope.
type reply struct {
	Code    int    `json:"error_code"`
	Message string `json:"message"`
	Session string `json:"session,omitempty"`
	Result  any    `json:"result,omitempty"`
}

func no(code int, format string, args ...any) reply {
	return reply{Code: code, Message: fmt.Sprintf(format, args...)}
}

// ask is the body of a request to the integration endpoint.
type ask struct {
	Session    string            `json:"session"`
	Unit       string            `json:"madonvi"`
	Service    string            `json:"service"`
	IsUpdating string            `json:"isUpdating"`
	Reference  string            `json:"mahoso"`
	Data       []json.RawMessage `json:"data"`
}

// login gives a session for the right name and password.
func (s *Server) login(body []byte) reply {
	var in struct{ Username, Password string }
	if json.Unmarshal(body, &in) != nil {
		return no(-1, "Nội dung không phải JSON")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.count("login")
	if s.cfg.User != "" && !(same(in.Username, s.cfg.User) && same(in.Password, s.cfg.Password)) {
		return no(-1, "Sai tên đăng nhập hoặc mật khẩu")
	}
	word := rand.Text()
	s.sessions[word] = &visit{until: s.cfg.Now().Add(s.cfg.SessionLife)}
	return reply{Message: "Đăng nhập thành công", Session: word}
}

func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

// admit spends one call of a session.
func (s *Server) admit(word string) bool {
	v, ok := s.sessions[word]
	if !ok || s.cfg.Now().After(v.until) || s.faults.Expire > 0 && v.calls >= s.faults.Expire {
		delete(s.sessions, word)
		return false
	}
	v.calls++
	return true
}

// count notes a request. A count lost in a crash is no dossier lost, so it
// does not wait for the disk.
func (s *Server) count(service string) {
	r := record{At: s.cfg.Now(), Kind: kindRequest, Service: service}
	if s.journal.append(false, r) == nil {
		s.requests[service]++
	}
}

// serve answers one request to the integration endpoint. Everything happens
// under one lock: two inserts of the same dossier cannot both find it missing.
func (s *Server) serve(body []byte) reply {
	var in ask
	if json.Unmarshal(body, &in) != nil {
		return no(-1, "Nội dung không phải JSON")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	switch in.Service {
	case "DongBoHoSoMC", "CapNhatTienDoHoSoMC", "TraCuuHoSo":
		s.count(in.Service)
	default:
		s.count("unknown")
		return no(-1, "Không có dịch vụ này")
	}
	switch {
	case !s.admit(in.Session):
		return no(-1, "Phiên làm việc đã hết hạn")
	case in.Unit == "":
		return no(-1, "Thiếu madonvi")
	case in.Service == "TraCuuHoSo":
		return s.look(in.Reference)
	case s.faults.Reject != "":
		return no(-1, "%s", s.faults.Reject)
	case in.Service == "CapNhatTienDoHoSoMC":
		return s.takeSteps(in.Data)
	}
	return s.takeDossiers(in)
}

// commit makes the records durable and then visible.
func (s *Server) commit(rs []record, said string) reply {
	if err := s.journal.append(true, rs...); err != nil {
		return no(-1, "Lỗi hệ thống")
	}
	for _, r := range rs {
		if err := s.apply(r); err != nil {
			return no(-1, "Lỗi hệ thống")
		}
	}
	return reply{Message: said}
}

func (s *Server) takeDossiers(in ask) reply {
	if in.IsUpdating != "True" && in.IsUpdating != "False" || len(in.Data) == 0 {
		return no(-1, "isUpdating hoặc data không hợp lệ")
	}
	var rs []record
	given := map[string]int{} // codes given within this request
	for _, raw := range in.Data {
		d, wrong := readDossier(raw)
		if wrong != "" {
			return no(-1, "Trường %s không hợp lệ", wrong)
		}
		r, bad := s.place(d, raw, in.IsUpdating == "True", given)
		if bad != nil {
			return *bad
		}
		rs = append(rs, r)
	}
	return s.commit(rs, "Đồng bộ hồ sơ thành công")
}

// place decides what a dossier object does: a new dossier with a new code, or
// a new content for one that is held.
func (s *Server) place(d object, raw []byte, update bool, given map[string]int) (record, *reply) {
	refs := d.refs()
	code := ""
	for _, ref := range refs {
		c, ok := s.alias[fold(ref)]
		if ok && code != "" && c != code {
			r := no(-1, "MaHoSo và SoBienNhan thuộc hai hồ sơ khác nhau")
			return record{}, &r
		}
		if ok {
			code = c
		}
	}
	r := record{At: s.cfg.Now(), Service: "DongBoHoSoMC", Kind: kindUpdate, Code: code, Refs: refs, Raw: raw, Status: d.status()}
	switch {
	case update && code == "":
		bad := no(-1, "Hồ sơ không tồn tại")
		return r, &bad
	case !update && code != "":
		bad := no(3, "Hồ sơ đã tồn tại")
		return r, &bad
	case !update:
		r.Kind, r.Number = kindInsert, d.text("SoBienNhan")
		s.name(&r, d, given)
	}
	return r, nil
}

// name gives a new dossier its official code: agency, day, four digits. A
// MaHoSo that is not the receipt's own number is an official code already.
func (s *Server) name(r *record, d object, given map[string]int) {
	if own := d.text("MaHoSo"); r.Number != "" && own != r.Number {
		r.Code = own
		return
	}
	r.Day = s.cfg.Now().In(zone).Format("060102")
	given[r.Day]++
	r.Serial = s.serial[r.Day] + given[r.Day]
	r.Code = fmt.Sprintf("%s-%s-%04d", s.cfg.Unit, r.Day, r.Serial)
}

var zone = time.FixedZone("ICT", 7*3600)

func (s *Server) takeSteps(data []json.RawMessage) reply {
	if len(data) == 0 || len(data) > 10 {
		return no(-1, "Mỗi lần gửi từ 1 đến 10 bước")
	}
	var rs []record
	for _, raw := range data {
		step, wrong := readStep(raw)
		if wrong != "" {
			return no(-1, "Trường %s không hợp lệ", wrong)
		}
		code, ok := s.alias[fold(step.text("MaHoSo"))]
		if !ok {
			return no(-1, "Hồ sơ không tồn tại")
		}
		rs = append(rs, record{At: s.cfg.Now(), Kind: kindStep, Service: "CapNhatTienDoHoSoMC", Code: code, Raw: raw, Status: step.status()})
	}
	return s.commit(rs, "Cập nhật tiến độ thành công")
}

// look is TraCuuHoSo. Besides the status it lists the steps, so that a client
// whose reply was lost can see which ones arrived.
func (s *Server) look(reference string) reply {
	h, ok := s.held[s.alias[fold(reference)]]
	if !ok || strings.TrimSpace(reference) == "" {
		return reply{Message: "Không tìm thấy hồ sơ", Result: []any{}}
	}
	return reply{Message: "Tra cứu thành công", Result: []any{map[string]any{
		"MaHoSo": h.Code, "SoBienNhan": h.Number, "TrangThaiHoSo": fmt.Sprint(h.Status), "DanhSachTienDo": h.Steps,
	}}}
}

// Move sets a dossier's status, as the resolving agency would.
func (s *Server) Move(reference string, status int) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	code, ok := s.alias[fold(reference)]
	if !ok || status < 1 || status > 10 {
		return fmt.Errorf("no such dossier, or a status outside 1 to 10")
	}
	r := record{At: s.cfg.Now(), Kind: kindStatus, Service: "control", Code: code, Status: status}
	if err := s.journal.append(true, r); err != nil {
		return err
	}
	return s.apply(r)
}
