package dvcqg

import (
	"encoding/json"
	"strconv"
	"strings"

	"motcua/store/dossier"
)

// maxFound bounds the rows of a query's result that are looked at.
const maxFound = 100

// found is the rows of a query's result: an array, one object, or an object
// whose "data" is the array.
func (a answer) found() []map[string]json.RawMessage {
	rows := list(a.result)
	if rows != nil {
		return rows
	}
	var one map[string]json.RawMessage
	if json.Unmarshal(a.result, &one) != nil || len(one) == 0 {
		return nil
	}
	if inner, ok := one["data"]; ok {
		return list(inner)
	}
	return []map[string]json.RawMessage{one}
}

// list is the objects of a JSON array, without empty ones; nil for anything
// else.
func list(raw json.RawMessage) []map[string]json.RawMessage {
	var rows []map[string]json.RawMessage
	if json.Unmarshal(raw, &rows) != nil {
		return nil
	}
	out := rows[:0]
	for _, r := range rows[:min(len(rows), maxFound)] {
		if len(r) > 0 {
			out = append(out, r)
		}
	}
	return out
}

// scalar is a string or a number as text.
func scalar(raw json.RawMessage) string {
	if s := str(raw); s != "" {
		return strings.TrimSpace(s)
	}
	var n json.Number
	if json.Unmarshal(raw, &n) != nil {
		return ""
	}
	return n.String()
}

// maxCode bounds an official code: QĐ 20/2020/QĐ-TTg allows 35 characters for
// the agency, the rest is date and sequence.
const maxCode = 100

// officialCode is the code a row holds under field. Our own provisional number
// coming back is not one.
func officialCode(row map[string]json.RawMessage, field string) string {
	code := scalar(row[field])
	if len(code) > maxCode || dossier.IsNumber(dossier.FoldCode(code)) {
		return ""
	}
	return code
}

// statusOf is the portal's status in a row, 0 when it says none of the ten.
func statusOf(row map[string]json.RawMessage, field string) dossier.Status {
	n, err := strconv.Atoi(scalar(row[field]))
	if s := dossier.Status(n); err == nil && s.Valid() {
		return s
	}
	return 0
}

// missing is the steps the portal's list does not hold. Two steps are the same
// when their time, status and text are; each of the portal's answers for one
// of ours.
func missing(ours []buoc, listed json.RawMessage) []buoc {
	held := map[[3]string]int{}
	for _, row := range allRows(listed) {
		held[[3]string{scalar(row["ThoiDiemXuLy"]), scalar(row["TrangThai"]), str(row["NoiDungXuLy"])}]++
	}
	var out []buoc
	for _, s := range ours {
		key := [3]string{s.ThoiDiemXuLy, s.TrangThai, s.NoiDungXuLy}
		if held[key] > 0 {
			held[key]--
			continue
		}
		out = append(out, s)
	}
	return out
}

// allRows is list without its bound: a long-lived dossier has many steps, and
// the reply as a whole is bounded already.
func allRows(raw json.RawMessage) (rows []map[string]json.RawMessage) {
	if json.Unmarshal(raw, &rows) != nil {
		return nil
	}
	return rows
}
