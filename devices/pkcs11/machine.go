package pkcs11

import (
	"encoding/binary"
	"errors"
	"io"
	"os"

	"motcua"
)

// machine is what an executable file says of itself in its header.
type machine struct {
	format  string // "ELF" or "PE"
	bits    int    // 32 or 64
	code    uint16 // e_machine, or the PE machine type
	library bool   // a shared object or DLL
}

// checkModule compares the module file with the helper that would load it: a
// 32-bit vendor module asks for the 32-bit helper. Loading is the first moment
// foreign code runs, so the file is looked at before.
func checkModule(program, module string) error {
	mine, err := readMachine(program)
	if err != nil {
		return motcua.Fail(motcua.ToolMissing, "token helper", err)
	}
	its, err := readMachine(module)
	switch {
	case err != nil:
		return motcua.Fail(motcua.TokenModule, "module file", err)
	case !its.library:
		return motcua.Fail(motcua.TokenModule, "the module file is not a library", nil)
	case its.format != mine.format || its.bits != mine.bits || its.code != mine.code:
		return motcua.Fail(motcua.TokenModule, "the module file is for another kind of machine", nil)
	}
	return nil
}

func readMachine(path string) (machine, error) {
	f, err := os.Open(path)
	if err != nil {
		var pe *os.PathError
		if errors.As(err, &pe) { // without the path: it may hold a user's name
			err = pe.Err
		}
		return machine{}, err
	}
	defer f.Close()
	if st, err := f.Stat(); err != nil || !st.Mode().IsRegular() {
		return machine{}, errors.New("not a file")
	}
	return parseMachine(f)
}

var errNoProgram = errors.New("neither ELF nor PE")

// parseMachine reads the ELF identification and header (System V ABI, chapter
// 4) or the COFF header a DOS header points to.
func parseMachine(r io.ReaderAt) (machine, error) {
	head := make([]byte, 64)
	if n, _ := r.ReadAt(head, 0); n < len(head) {
		return machine{}, errNoProgram
	}
	switch {
	case string(head[:4]) == "\x7fELF":
		return parseELF(head)
	case string(head[:2]) == "MZ":
		return parsePE(r, int64(binary.LittleEndian.Uint32(head[0x3c:])))
	}
	return machine{}, errNoProgram
}

func parseELF(head []byte) (machine, error) {
	m := machine{format: "ELF", bits: 32 * int(head[4])}
	var order binary.ByteOrder = binary.LittleEndian
	if head[5] == 2 {
		order = binary.BigEndian
	}
	const shared = 3 // ET_DYN, which position-independent programs are too
	m.library, m.code = order.Uint16(head[16:]) == shared, order.Uint16(head[18:])
	return m, nil
}

func parsePE(r io.ReaderAt, at int64) (machine, error) {
	head := make([]byte, 26)
	if n, _ := r.ReadAt(head, at); n < len(head) || string(head[:4]) != "PE\x00\x00" {
		return machine{}, errNoProgram
	}
	m := machine{format: "PE", bits: 32, code: binary.LittleEndian.Uint16(head[4:])}
	if binary.LittleEndian.Uint16(head[24:]) == 0x20b { // PE32+
		m.bits = 64
	}
	m.library = binary.LittleEndian.Uint16(head[22:])&0x2000 != 0
	return m, nil
}
