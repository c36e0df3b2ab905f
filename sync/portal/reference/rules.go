package reference

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// object is a dossier or step object, its values still as they came.
type object map[string]json.RawMessage

func (o object) text(field string) string {
	var s string
	if json.Unmarshal(o[field], &s) != nil {
		return ""
	}
	return s
}

func (o object) status() int {
	for _, field := range []string{"TrangThaiHoSo", "TrangThai"} {
		if n, err := strconv.Atoi(o.text(field)); err == nil {
			return n
		}
	}
	return 0
}

// refs is what the dossier is found by.
func (o object) refs() (out []string) {
	for _, field := range []string{"MaHoSo", "SoBienNhan"} {
		if s := strings.TrimSpace(o.text(field)); s != "" {
			out = append(out, s)
		}
	}
	return out
}

// rule is what a field must obey.
type rule struct {
	field    string
	required bool
	date     bool
	most     int // characters
}

var dossierRules = []rule{
	{field: "MaHoSo", required: true, most: 100}, {field: "SoBienNhan", most: 100},
	{field: "MaTTHC", required: true, most: 100}, {field: "TenTTHC", required: true, most: 2000},
	{field: "LoaiDoiTuong", required: true, most: 1}, {field: "TrichYeuHoSo", required: true, most: 1000},
	{field: "NgayTiepNhan", required: true, date: true}, {field: "NgayHenTra", date: true},
	{field: "NgayNopHoSo", date: true}, {field: "NgayTra", date: true},
	{field: "NgayKetThucXuLy", date: true}, {field: "NgayTuChoi", date: true},
	{field: "TrangThaiHoSo", required: true, most: 2}, {field: "HinhThuc", required: true, most: 1},
	{field: "DonViXuLy", required: true, most: 500}, {field: "GhiChu", most: 2000},
}

var stepRules = []rule{
	{field: "MaHoSo", required: true, most: 100}, {field: "NguoiXuLy", required: true, most: 50},
	{field: "ThoiDiemXuLy", required: true, date: true}, {field: "NoiDungXuLy", required: true, most: 4000},
	{field: "TrangThai", required: true, most: 2},
}

func readDossier(raw []byte) (object, string) { return read(raw, dossierRules) }
func readStep(raw []byte) (object, string)    { return read(raw, stepRules) }

// read is the object and the name of the first field that breaks a rule.
func read(raw []byte, rules []rule) (o object, wrong string) {
	if json.Unmarshal(raw, &o) != nil || o == nil {
		return nil, "data"
	}
	for _, r := range rules {
		if !r.holds(o) {
			return nil, r.field
		}
	}
	if s := o.status(); s < 1 || s > 10 {
		return nil, "TrangThai"
	}
	return o, ""
}

func (r rule) holds(o object) bool {
	raw, there := o[r.field]
	value := o.text(r.field)
	switch {
	case !there:
		return !r.required
	case len(raw) == 0 || raw[0] != '"': // all values are strings
		return false
	case strings.TrimSpace(value) == "":
		return !r.required
	case r.date:
		_, err := time.Parse("20060102150405", value)
		return err == nil
	}
	return utf8.RuneCountInString(value) <= r.most
}
