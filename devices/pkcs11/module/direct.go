package module

/*
#cgo linux LDFLAGS: -ldl
#include <stddef.h>
#ifdef _WIN32
#include <windows.h>
#pragma pack(push, 1)
#else
#include <dlfcn.h>
#endif

typedef unsigned long ck_ulong;

// The function list of PKCS #11 2.40, section 5.1: a version of two bytes and
// 68 pointers in the order of the chapter. Windows modules pack it.
typedef struct {
	unsigned char version[2];
	void *entry[68];
} function_list;

#ifdef _WIN32
#pragma pack(pop)
#endif

enum { entry_login = 18, entry_sign = 43 };

// functions finds the list of a module which is already loaded: loading again
// only counts a reference.
static function_list *functions(const char *path) {
	ck_ulong (*list)(function_list **) = NULL;
	function_list *f = NULL;
#ifdef _WIN32
	HMODULE h = LoadLibraryA(path);
	if (h != NULL) list = (ck_ulong (*)(function_list **))GetProcAddress(h, "C_GetFunctionList");
#else
	void *h = dlopen(path, RTLD_LAZY);
	if (h != NULL) list = (ck_ulong (*)(function_list **))dlsym(h, "C_GetFunctionList");
#endif
	if (list == NULL || list(&f) != 0) return NULL;
	return f;
}

static ck_ulong login(function_list *f, ck_ulong session, ck_ulong user, void *pin, ck_ulong n) {
	return ((ck_ulong (*)(ck_ulong, ck_ulong, void *, ck_ulong))f->entry[entry_login])(session, user, pin, n);
}

static ck_ulong sign(function_list *f, ck_ulong session, void *in, ck_ulong n, void *out, ck_ulong *room) {
	return ((ck_ulong (*)(ck_ulong, void *, ck_ulong, void *, ck_ulong *))f->entry[entry_sign])(session, in, n, out, room);
}
*/
import "C"

import (
	"unsafe"

	p11 "github.com/miekg/pkcs11"
)

// direct calls two entries of the module without the wrapper. C_Login, because
// the wrapper copies the PIN into memory nobody wipes and cannot say NULL,
// which is how a PIN pad is asked for. C_Sign, because the wrapper asks for
// the length first, which some drivers answer with zero and some token types
// count as a use of the key.
type direct struct{ list *C.function_list }

func newDirect(path string) (direct, bool) {
	name := append([]byte(path), 0)
	list := C.functions((*C.char)(unsafe.Pointer(&name[0])))
	return direct{list}, list != nil
}

// login hands over the PIN where it lies. An empty pin means the pad.
func (d direct) login(s p11.SessionHandle, user uint, pin []byte) error {
	var at unsafe.Pointer
	if len(pin) > 0 {
		at = unsafe.Pointer(&pin[0])
	}
	return returned(C.login(d.list, C.ck_ulong(s), C.ck_ulong(user), at, C.ck_ulong(len(pin))))
}

// sign has room for the signature of an RSA key of 8192 bits.
func (d direct) sign(s p11.SessionHandle, input []byte) ([]byte, error) {
	out := make([]byte, 1024)
	room := C.ck_ulong(len(out))
	err := returned(C.sign(d.list, C.ck_ulong(s), unsafe.Pointer(&input[0]), C.ck_ulong(len(input)),
		unsafe.Pointer(&out[0]), &room))
	if err != nil || uint64(room) > uint64(len(out)) {
		return nil, err
	}
	return out[:room], nil
}

func returned(rv C.ck_ulong) error {
	if rv == 0 {
		return nil
	}
	return p11.Error(rv)
}
