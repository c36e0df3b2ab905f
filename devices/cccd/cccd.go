// Package cccd is the Vietnamese layer over devices/emrtd: the citizen card
// (căn cước công dân, thẻ căn cước), its number, its QR code, its machine
// readable zone and its national data group DG13.
//
// The card's number opens the chip: its last six digits are the card access
// number. Everything read is compared with everything else known, and each
// disagreement is a warning; only another person's number is a fault.
//
// Parsers accept each layout that has been documented for cards of 2021 and
// 2024 and nothing else. No error or warning holds personal data.
package cccd

// The warnings a Citizen can carry beside those of emrtd.Report.
const (
	WarnNoNational   = "dg13-absent"             // the card gave no DG13: the form comes from the MRZ, without diacritics
	WarnNational     = "dg13-malformed"          // DG13 is not the structure known: the same
	WarnNoMRZ        = "dg1-absent"              // the card gave no DG1
	WarnMRZ          = "dg1-malformed"           // DG1 is not a TD1 machine readable zone
	WarnNoNumber     = "number-absent"           // no file of the chip has a usable number
	WarnOptional     = "mrz-optional-differs"    // the optional data do not follow the Vietnamese convention
	WarnParents      = "parents-unclear"         // names of parents that are not two
	WarnNoPortrait   = "portrait-absent"         // no DG2, or none with an image
	WarnPortraitType = "portrait-unsupported"    // JPEG 2000: kept, not shown
	WarnPortrait     = "portrait-damaged"        // begins like a JPEG and is none
	WarnBirth        = "birth-differs"           // DG1 and DG13
	WarnSex          = "sex-differs"             // DG1 and DG13
	WarnName         = "name-differs"            // DG1 and DG13
	WarnExpiry       = "expiry-differs"          // DG1 and DG13
	WarnNumberBirth  = "number-birth-differs"    // the number's year digits and the birth date
	WarnNumberSex    = "number-sex-differs"      // the number's sex digit and the sex
	WarnCAN          = "can-not-of-number"       // the access number is not the number's last six digits
	WarnQRName       = "qr-name-differs"         // the QR code and the chip
	WarnQRBirth      = "qr-birth-differs"        // the QR code and the chip
	WarnQRSex        = "qr-sex-differs"          // the QR code and the chip
	WarnMRZBirth     = "typed-mrz-birth-differs" // the MRZ given and the chip
	WarnExpired      = "card-expired"            // the day of expiry is past
)
