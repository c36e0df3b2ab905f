package dvcqg

import (
	"strconv"

	"motcua/store/dossier"
)

// hoSo is the dossier object. The order of fields is the order on the wire;
// all values are strings unless the portal's clients send a number.
type hoSo struct {
	MaHoSo                      string
	SoBienNhan                  string
	MaTTHC                      string
	TenTTHC                     string
	MaLinhVuc                   string
	TenLinhVuc                  string
	KenhThucHien                string
	ChuHoSo                     string
	SoGiayToChuHoSo             string
	LoaiDoiTuong                string
	MaDoiTuong                  string // portal account: only dossiers made online have one
	ThongTinKhac                string
	Email                       string
	Fax                         string
	SoDienThoai                 string
	TrichYeuHoSo                string
	NgayNopHoSo                 string
	NgayTiepNhan                string
	NgayHenTra                  string
	TrangThaiHoSo               string
	NgayTra                     string
	ThongTinTra                 string
	HinhThuc                    string
	NgayKetThucXuLy             string
	NgayTuChoi                  string
	DonViXuLy                   string
	GhiChu                      string
	TaiLieuNop                  []taiLieu
	DanhSachLePhi               []lePhi
	DanhSachTepDinhKemKhac      []giayTo
	DanhSachHoSoBoSung          []boSung
	DanhSachGiayToKetQua        []any
	NoiNopHoSo                  string
	HoSoCoThanhPhanSoHoa        string
	TaiKhoanDuocXacThucVoiVNeID string
	DuocThanhToanTrucTuyen      string
	DinhDanhCHS                 []dinhDanh
	DSKetNoiCSDL                []any // its code list is not published
}

type taiLieu struct {
	TepDinhKemId      string
	TenTepDinhKem     string
	IsDeleted         string
	MaThanhPhanHoSo   string
	DuongDanTaiTepTin string
	DuocSoHoa         string
	DuocTaiSuDung     string
	DuocLayTuKhoDMQG  string
	MaKetQuaThayThe   string
}

type lePhi struct {
	TenPhiLePhi  string
	MaPhiLePhi   string
	HinhThucThu  string
	Gia          string
	LoaiPhiLePhi string
}

type giayTo struct {
	TenGiayTo  string
	SoLuong    int
	LoaiGiayTo int
}

type boSung struct {
	HoSoBoSungId         int
	NguoiYeuCauBoSung    string
	NoiDungBoSung        string
	NgayBoSung           string
	NguoiTiepNhanBoSung  string
	ThongTinTiepNhan     string
	NgayTiepNhanBoSung   string
	TrangThaiBoSung      bool
	DanhSachGiayToBoSung []any
	DanhSachLePhiBoSung  []any
	NgayHenTraTruoc      string
	NgayHenTraMoi        string
}

type dinhDanh struct {
	LoaiDinhDanh string
	SoDinhDanh   string
}

// buoc is a step object of CapNhatTienDoHoSoMC.
type buoc struct {
	MaHoSo                 string
	NguoiXuLy              string
	ChucDanh               string
	ThoiDiemXuLy           string
	PhongBanXuLy           string
	NoiDungXuLy            string
	TrangThai              string
	NgayBatDau             string // of the step: not kept, and not made up
	NgayKetThucTheoQuyDinh string // likewise
}

// files is TaiLieuNop: each digitised file once, by its digest.
func files(cs []dossier.Component) []taiLieu {
	out := []taiLieu{}
	for _, c := range cs {
		for _, f := range c.Files {
			out = append(out, taiLieu{
				TepDinhKemId: f.SHA256, TenTepDinhKem: text(f.Name, maxFileName), IsDeleted: "False",
				MaThanhPhanHoSo: c.Code, DuocSoHoa: "1", DuocTaiSuDung: "0", DuocLayTuKhoDMQG: "0",
			})
		}
	}
	return out
}

func digitised(cs []dossier.Component) bool {
	for _, c := range cs {
		if len(c.Files) > 0 {
			return true
		}
	}
	return false
}

func fees(fs []dossier.Fee) []lePhi {
	out := []lePhi{}
	for _, f := range fs {
		out = append(out, lePhi{
			TenPhiLePhi: text(f.Name, 0), MaPhiLePhi: f.Code, HinhThucThu: atReception,
			Gia: strconv.FormatInt(f.Amount, 10), LoaiPhiLePhi: feeKinds[f.Kind],
		})
	}
	return out
}

// papers is DanhSachTepDinhKemKhac: what was handed in on paper.
func papers(cs []dossier.Component) []giayTo {
	out := []giayTo{}
	for _, c := range cs {
		kind, paper := paperKinds[c.Kind]
		if paper && c.Shown {
			out = append(out, giayTo{TenGiayTo: text(c.Name, maxPaper), SoLuong: max(c.Quantity, 1), LoaiGiayTo: kind})
		}
	}
	return out
}

func supplements(ss []dossier.Supplement) []boSung {
	out := []boSung{}
	for i, s := range ss {
		out = append(out, boSung{
			HoSoBoSungId: i + 1, NguoiYeuCauBoSung: text(s.By, 0), NoiDungBoSung: text(s.Content, 0),
			NgayBoSung: stamp(&s.AskedAt), NgayTiepNhanBoSung: stamp(s.AnsweredAt), TrangThaiBoSung: s.AnsweredAt != nil,
			DanhSachGiayToBoSung: []any{}, DanhSachLePhiBoSung: []any{},
			NgayHenTraTruoc: stamp(&s.DueBefore), NgayHenTraMoi: stamp(s.DueAfter),
		})
	}
	return out
}

// steps translates the dossier's steps from the given one on.
func steps(d dossier.Dossier, from int) []buoc {
	var out []buoc
	for _, s := range d.Steps[min(max(from, 0), len(d.Steps)):] {
		out = append(out, step(d, s))
	}
	return out
}

func step(d dossier.Dossier, s dossier.Step) buoc {
	by, status := s.By, s.Status
	if by == "" {
		by = d.Officer.Name // the portal refuses a step that nobody did
	}
	if !status.Valid() {
		status = dossier.Processing
	}
	return buoc{
		MaHoSo: d.Reference(), NguoiXuLy: text(by, maxOfficer), ChucDanh: text(s.Title, 0),
		ThoiDiemXuLy: stamp(&s.At), PhongBanXuLy: text(s.Unit, 0), NoiDungXuLy: text(s.What, 0),
		TrangThai: strconv.Itoa(int(status)),
	}
}
