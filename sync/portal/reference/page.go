package reference

import (
	"html/template"
	"net/http"
)

// page shows what the portal holds. html/template escapes every value: a
// dossier is a stranger's text.
var pageTemplate = template.Must(template.New("page").Parse(`<!DOCTYPE html>
<html lang="vi"><meta charset="utf-8"><title>Cổng thử nghiệm</title>
<style>body{font:16px sans-serif;margin:2em}td,th{padding:.3em .8em;text-align:left;border-bottom:1px solid #ccc}</style>
<h1>Cổng thử nghiệm</h1>
<p>{{len .Held}} hồ sơ. Lỗi đang bật: <code>{{.Faults}}</code></p>
<table><tr><th>Mã hồ sơ<th>Số biên nhận<th>Trạng thái<th>Bước<th>Tạo<th>Thay<th>SHA-256
{{range .Held}}<tr><td><a href="/held/{{.Code}}">{{.Code}}</a><td>{{.Number}}<td>{{.Status}}<td>{{len .Steps}}<td>{{.Inserts}}<td>{{.Updates}}<td><code>{{.SHA256}}</code>
{{end}}</table>
<h2>Số lần gọi</h2><table>{{range $k, $v := .Requests}}<tr><td>{{$k}}<td>{{$v}}{{end}}</table>
</html>
`))

func (s *Server) page(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
	s.mu.Lock()
	faults := string(compact(s.faults))
	s.mu.Unlock()
	_ = pageTemplate.Execute(w, map[string]any{"Held": s.All(), "Requests": s.Requests(), "Faults": faults})
}

// listHeld is everything held: {"count":…,"requests":{…},"held":[…]}.
func (s *Server) listHeld(w http.ResponseWriter, _ *http.Request) {
	held := s.All()
	w.Header().Set("Content-Type", "application/json")
	w.Write(compact(map[string]any{"count": len(held), "requests": s.Requests(), "held": held}))
}

// showHeld is one dossier by number or code. With ?raw it is the dossier
// object alone, the bytes as they were received.
func (s *Server) showHeld(w http.ResponseWriter, r *http.Request) {
	h, ok := s.Find(r.PathValue("ref"))
	if !ok {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	if r.URL.Query().Has("raw") {
		w.Write(h.Dossier)
		return
	}
	w.Write(compact(h))
}
