package dvcqg

import (
	"motcua/store/dossier"
	"motcua/sync/wire"
)

// Services of the integration endpoint.
const (
	serviceLogin = "login"
	serviceSend  = "DongBoHoSoMC"
	serviceSteps = "CapNhatTienDoHoSoMC"
	serviceLook  = "TraCuuHoSo"
)

// Limits of the portal's columns, in characters. A longer text made the whole
// message fail without a word, so it is cut here; the dossier keeps it whole.
const (
	maxRemark   = 2000 // GhiChu
	maxOfficer  = 50   // NguoiXuLy
	maxSummary  = 1000 // TrichYeuHoSo
	maxFileName = 4000 // TenTepDinhKem
	maxPaper    = 2000 // TenGiayTo
	// stepsPerCall is what working clients send at most in one call.
	stepsPerCall = 10
)

// personKinds is LoaiDoiTuong: 1 citizen, 2 business, 3 state agency,
// 4 organisation and others. A household business has no number of its own in
// this list; it is registered as a business.
var personKinds = map[dossier.PersonKind]string{
	dossier.Citizen:      "1",
	dossier.Business:     "2",
	dossier.Household:    "2",
	dossier.StateAgency:  "3",
	dossier.Organisation: "4",
}

// paperKinds is LoaiGiayTo of a paper handed in: original or copy, numbered as
// in the one published list of the kind (LoaiBan). A paper only shown is not
// handed in, an electronic one is not paper: neither is in the list.
var paperKinds = map[dossier.ComponentKind]int{
	dossier.Original: 0,
	dossier.Copy:     1,
}

// feeKinds is LoaiPhiLePhi: 1 phí, 2 lệ phí.
var feeKinds = map[string]string{"fee": "1", "charge": "2"}

const (
	submittedHere = "2" // NoiNopHoSo: a system of the ministry or province
	atReception   = "1" // HinhThucThu
)

// show is what a record of a call may hold of it: codes, dates, amounts and
// names of procedures and units, nothing of a person.
var show = wire.Show{
	"service": wire.Code, "madonvi": wire.Code, "isUpdating": wire.Code, "mahoso": wire.Code,
	"error_code": wire.Code, "message": wire.Text,
	"MaHoSo": wire.Code, "SoBienNhan": wire.Code, "MaTTHC": wire.Code, "TenTTHC": wire.Code,
	"MaLinhVuc": wire.Code, "TenLinhVuc": wire.Code, "KenhThucHien": wire.Code, "LoaiDoiTuong": wire.Code,
	"NgayNopHoSo": wire.Code, "NgayTiepNhan": wire.Code, "NgayHenTra": wire.Code, "NgayTra": wire.Code,
	"NgayKetThucXuLy": wire.Code, "NgayTuChoi": wire.Code, "TrangThaiHoSo": wire.Code, "TrangThai": wire.Code,
	"HinhThuc": wire.Code, "DonViXuLy": wire.Code, "NoiNopHoSo": wire.Code, "HoSoCoThanhPhanSoHoa": wire.Code,
	"DuocThanhToanTrucTuyen": wire.Code, "LoaiDinhDanh": wire.Code, "TenPhiLePhi": wire.Code,
	"MaPhiLePhi": wire.Code, "HinhThucThu": wire.Code, "Gia": wire.Code, "LoaiPhiLePhi": wire.Code,
	"TenGiayTo": wire.Code, "SoLuong": wire.Code, "LoaiGiayTo": wire.Code, "MaThanhPhanHoSo": wire.Code,
	"DuocSoHoa": wire.Code, "ThoiDiemXuLy": wire.Code, "PhongBanXuLy": wire.Code,
	"NgayBoSung": wire.Code, "NgayTiepNhanBoSung": wire.Code, "NgayHenTraTruoc": wire.Code, "NgayHenTraMoi": wire.Code,
}
