package dvcqg

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"

	"motcua"
)

// answer is a reply in whichever of its shapes it came.
type answer struct {
	code    int
	coded   bool // an error_code that is a whole number was there
	message string
	session string
	result  json.RawMessage
	bare    bool // plain text, no envelope
}

// wrapped bounds how often an envelope may lie inside another one's message.
const wrapped = 3

// decode reads a reply: the envelope; the envelope as JSON text, or as JSON
// text inside another envelope's message, as gateways send it; or bare text
// that tells of success. Faults: PortalEmpty, PortalNotJSON, PortalUnknown.
func decode(body []byte) (answer, error) { return unwrap(body, wrapped) }

func unwrap(body []byte, depth int) (answer, error) {
	body = bytes.TrimSpace(body)
	switch {
	case len(body) == 0:
		return answer{}, motcua.Fail(motcua.PortalEmpty, "empty reply", nil)
	case depth == 0:
		return answer{}, motcua.Fail(motcua.PortalUnknown, "envelope within envelope", nil)
	case body[0] == '{':
		return envelope(body, depth)
	case body[0] == '"':
		var inner string
		if json.Unmarshal(body, &inner) != nil {
			return answer{}, motcua.Fail(motcua.PortalNotJSON, "broken JSON text", nil)
		}
		return unwrap([]byte(inner), depth-1)
	case body[0] == '<':
		return answer{}, motcua.Fail(motcua.PortalNotJSON, "HTML", nil)
	case json.Valid(body):
		return answer{}, motcua.Fail(motcua.PortalUnknown, "JSON without an envelope", nil)
	case tellsSuccess(string(body)):
		return answer{coded: true, message: string(body), bare: true}, nil
	}
	return answer{}, motcua.Fail(motcua.PortalNotJSON, "bare text", nil)
}

func envelope(body []byte, depth int) (answer, error) {
	var e struct {
		Code    json.RawMessage `json:"error_code"`
		Message json.RawMessage `json:"message"`
		Session json.RawMessage `json:"session"`
		Result  json.RawMessage `json:"result"`
	}
	if json.Unmarshal(body, &e) != nil {
		return answer{}, motcua.Fail(motcua.PortalNotJSON, "broken envelope", nil)
	}
	a := answer{message: str(e.Message), session: str(e.Session), result: e.Result}
	if strings.HasPrefix(strings.TrimSpace(a.message), "{") {
		return unwrap([]byte(a.message), depth-1)
	}
	a.code, a.coded = number(e.Code)
	return a, nil
}

// str is a JSON string's text; anything else is empty.
func str(raw json.RawMessage) (s string) {
	if json.Unmarshal(raw, &s) != nil {
		return ""
	}
	return s
}

// number reads error_code: 0, "0", "00", " 0 ".
func number(raw json.RawMessage) (int, bool) {
	text := strings.TrimSpace(string(raw))
	if strings.HasPrefix(text, `"`) {
		text = strings.TrimSpace(str(raw))
	}
	n, err := strconv.Atoi(text)
	return n, err == nil
}

// fold is the form in which the portal's sentences are compared.
func fold(s string) string { return strings.ToLower(norm.NFC.String(s)) }

func has(message string, phrases ...string) bool {
	for _, p := range phrases {
		if strings.Contains(message, p) {
			return true
		}
	}
	return false
}

// tellsSuccess reports whether a sentence says "thành công" and does not deny
// it: "không thành công" holds the same two words.
func tellsSuccess(message string) bool {
	m := fold(message)
	return has(m, "thành công") && !has(m, "không thành công", "chưa thành công", "thất bại")
}

// kind is what an answer means to us.
type kind int

const (
	accepted  kind = iota
	duplicate      // it exists already: an insert did nothing
	absent         // the portal does not know the dossier
	signedOut      // the session ended
	refused        // the dossier is wrong
	failing        // the portal's own trouble
	strange        // outside every table
)

// meaning reads an answer to a service that changes something. Code 0 alone is
// not success: the sentence must say so.
func (a answer) meaning() kind {
	m := fold(a.message)
	switch {
	case a.coded && (a.code == 0 || a.code == 3 || a.code == -3) && has(m, "đã tồn tại"):
		return duplicate
	case a.coded && a.code == 0 && tellsSuccess(m):
		return accepted
	case sessionEnded(m):
		return signedOut
	case !a.coded || a.code == 0:
		return strange
	case has(m, "không tồn tại", "không tìm thấy"):
		return absent
	case m == "" && a.code == -1, has(m, "lỗi hệ thống", "hệ thống bận", "hệ thống đang", "bảo trì", "timeout", "quá tải"):
		return failing
	case m == "":
		return strange
	}
	return refused
}

// sessionEnded looks for a sentence about the session. It is narrow: a remark
// about a dossier that happens to say "xác thực" must not sign us out.
func sessionEnded(m string) bool {
	m = strings.ReplaceAll(m, "phiên bản", "") // a version is no session
	switch {
	case has(m, "chưa đăng nhập", "đăng nhập lại"):
		return true
	case has(m, "phiên"):
		return has(m, "hết hạn", "không hợp lệ", "không tồn tại", "đã kết thúc")
	case has(m, "session"):
		return has(m, "expired", "invalid", "not found", "hết hạn", "không hợp lệ", "không tồn tại")
	}
	return false
}
