package dvcqg

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"motcua"
	"motcua/store/dossier"
)

// zone is Asia/Ho_Chi_Minh: seven hours ahead of UTC, without summer time since
// before any dossier. Written out, because a Windows machine may have no zone
// database.
var zone = time.FixedZone("Asia/Ho_Chi_Minh", 7*60*60)

// stamp is a date as the portal reads it: yyyyMMddHHmmss on a 24-hour clock in
// Vietnam, empty for a time that has not come.
func stamp(t *time.Time) string {
	if t == nil || t.IsZero() {
		return ""
	}
	return t.In(zone).Format("20060102150405")
}

// Encode is the dossier object of DongBoHoSoMC: the exact bytes that are sent,
// the same for the same dossier every time. The portal holds the dossier as
// kept when it holds these bytes.
//
// MaHoSo is the official code once the dossier has one, until then our
// provisional number; SoBienNhan is always the provisional number, under which
// the portal finds it too. BadInput means that the dossier has neither.
func Encode(d dossier.Dossier) ([]byte, error) {
	if d.Number == "" || d.Reference() == "" {
		return nil, motcua.Fail(motcua.BadInput, "dossier without a number", nil)
	}
	if !d.Status.Valid() {
		return nil, motcua.Fail(motcua.BadInput, "status outside the ten", nil)
	}
	return compact(translate(d))
}

// compact marshals without escaping < > &, which is legal JSON and what other
// clients send.
func compact(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, motcua.Fail(motcua.Internal, "encode message", err)
	}
	return bytes.TrimRight(b.Bytes(), "\n"), nil
}

func translate(d dossier.Dossier) hoSo {
	holder := d.Holder()
	return hoSo{
		MaHoSo: d.Reference(), SoBienNhan: d.Number,
		MaTTHC: d.Procedure.Code, TenTTHC: text(d.Procedure.Name, 0),
		MaLinhVuc: d.Procedure.FieldID, TenLinhVuc: text(d.Procedure.Field, 0),
		KenhThucHien: channel(d.Channel),
		ChuHoSo:      text(holder.Name, 0), SoGiayToChuHoSo: holder.Number,
		LoaiDoiTuong: personKind(holder.Kind),
		Email:        holder.Email, SoDienThoai: holder.Phone,
		TrichYeuHoSo: summary(d),
		NgayNopHoSo:  stamp(&d.SubmittedAt), NgayTiepNhan: stamp(&d.ReceivedAt),
		NgayHenTra: stamp(&d.Appointment.Due), NgayTra: stamp(d.DeliveredAt),
		NgayKetThucXuLy: stamp(d.ResolvedAt), NgayTuChoi: refusedAt(d),
		TrangThaiHoSo: strconv.Itoa(int(d.Status)),
		HinhThuc:      delivery(d.ResultBy), DonViXuLy: text(unit(d), 0),
		GhiChu:     text(strings.Join(d.Remarks, "; "), maxRemark),
		TaiLieuNop: files(d.Components), DanhSachLePhi: fees(d.Fees),
		DanhSachTepDinhKemKhac: papers(d.Components), DanhSachHoSoBoSung: supplements(d.Supplements),
		DanhSachGiayToKetQua: []any{}, // a result paper is issued by the resolving agency
		NoiNopHoSo:           submittedHere, HoSoCoThanhPhanSoHoa: oneOrZero(digitised(d.Components)),
		TaiKhoanDuocXacThucVoiVNeID: "0", // a card read at the counter is not a VNeID account
		DuocThanhToanTrucTuyen:      paidOnline(d),
		DinhDanhCHS:                 identities(holder), DSKetNoiCSDL: []any{},
	}
}

// text is NFC, and cut to at most n characters when n is positive. The cut
// falls between runes and leaves no combining mark without its letter.
func text(s string, n int) string {
	s = norm.NFC.String(strings.ToValidUTF8(s, ""))
	if n <= 0 || utf8.RuneCountInString(s) <= n {
		return s
	}
	runes := []rune(s)
	for n > 0 && !norm.NFC.PropertiesString(string(runes[n])).BoundaryBefore() {
		n--
	}
	return string(runes[:n])
}

// summary is never empty on the wire: a dossier without a request of its own
// asks for what its procedure is called.
func summary(d dossier.Dossier) string {
	if strings.TrimSpace(d.Summary) == "" {
		return text(d.Procedure.Name, maxSummary)
	}
	return text(d.Summary, maxSummary)
}

// unit is the resolving organisation's name, or the receiving one's when the
// centre resolves by itself.
func unit(d dossier.Dossier) string {
	if d.Units.Resolving.Name != "" {
		return d.Units.Resolving.Name
	}
	return d.Units.Receiving.Name
}

func channel(c dossier.Channel) string {
	if c < dossier.Direct || c > dossier.Postal {
		c = dossier.Direct // a missing channel counts as direct
	}
	return strconv.Itoa(int(c))
}

func personKind(k dossier.PersonKind) string {
	if code, ok := personKinds[k]; ok {
		return code
	}
	if k == "" {
		k = dossier.Citizen
	} else {
		k = dossier.Organisation // "and others"
	}
	return personKinds[k]
}

// delivery is HinhThuc: 1 by public post, 0 otherwise. The portal has no
// number for an electronic result.
func delivery(by dossier.Delivery) string { return oneOrZero(by == dossier.ByPost) }

func oneOrZero(yes bool) string {
	if yes {
		return "1"
	}
	return "0"
}

// refusedAt is when the dossier was refused, as its own steps tell.
func refusedAt(d dossier.Dossier) string {
	if d.Status != dossier.Refused {
		return ""
	}
	for i := len(d.Steps) - 1; i >= 0; i-- {
		if d.Steps[i].Status == dossier.Refused {
			return stamp(&d.Steps[i].At)
		}
	}
	return ""
}

// paidOnline is DuocThanhToanTrucTuyen: 0 nothing to pay, 1 through the
// national portal, 3 due but paid otherwise.
func paidOnline(d dossier.Dossier) string {
	switch {
	case dossier.Total(d.Fees) == 0:
		return "0"
	case d.Payment.Method == "portal":
		return "1"
	}
	return "3"
}

var personalNumber = regexp.MustCompile(`^(\d{12}|\d{9})$`)

// identities is DinhDanhCHS: 1 the twelve-digit personal number, 2 the old
// nine-digit one. Other papers have no published number, so they are left out.
func identities(p dossier.Person) []dinhDanh {
	if p.Kind != dossier.Citizen && p.Kind != "" || !personalNumber.MatchString(p.Number) {
		return []dinhDanh{}
	}
	kind := "1"
	if len(p.Number) == 9 {
		kind = "2"
	}
	return []dinhDanh{{LoaiDinhDanh: kind, SoDinhDanh: p.Number}}
}
