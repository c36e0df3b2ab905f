// Package dvcqg speaks the classic integration interface of the national
// public-service portal (Cổng Dịch vụ công quốc gia), the one that provinces
// reach through their own gateway: a login that gives a session, and one
// endpoint whose services are named in the body.
//
//	DongBoHoSoMC        a whole dossier; isUpdating "False" inserts, "True" replaces
//	CapNhatTienDoHoSoMC steps of processing; the portal appends them
//	TraCuuHoSo          what the portal holds under a number or code
//
// # Exactly once
//
// A dossier that the portal has not confirmed goes as an insert. When the
// portal answers that it exists already, an earlier try had arrived and only
// its reply was lost: the same bytes go again as a replacement. A dossier that
// the portal has confirmed goes as a replacement at once, never as an insert,
// so that a portal which renumbered it cannot make a second one.
//
// Steps have no such key: the portal appends whatever comes. Only steps beyond
// Message.Confirmed are sent, and when an earlier try may have arrived the
// portal is asked first which steps it has. It can answer only where its
// TraCuuHoSo lists them, under the profile's steps_field. Where it does not,
// a step whose reply was lost is sent a second time, with the same time and
// text: a line seen twice is better than a decision never seen. That is the
// limit of this interface.
//
// # Files
//
// The interface takes files as links that the portal can fetch. A counter has
// no such address, so TaiLieuNop names each digitised file and its digest and
// leaves DuongDanTaiTepTin empty until a gateway gives it one.
package dvcqg
