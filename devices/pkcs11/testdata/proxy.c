/* A PKCS #11 module that forwards to the one named by PROXY_MODULE and
 * misbehaves as PROXY_MODE says: what vendor modules do on a bad day. */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef unsigned long ulong_t;
struct list { unsigned char version[2]; void *entry[68]; };
enum { GET_SLOT_LIST = 4, GET_TOKEN_INFO = 6, LOGIN = 18, FIND_OBJECTS = 27, SIGN = 43 };

/* The start of CK_TOKEN_INFO: three texts of 32, one of 16 and one of 16. */
struct token_info { char text[32 + 32 + 16 + 16]; ulong_t flags; };

static struct list real, fake;

static int mode(const char *m) {
	const char *e = getenv("PROXY_MODE");
	return e != NULL && strcmp(e, m) == 0;
}

static ulong_t get_slot_list(unsigned char present, ulong_t *slots, ulong_t *n) {
	if (mode("hang-list")) for (;;) pause();
	if (mode("chatter")) { printf("driver ready\n{\"id\":2}\n"); fflush(stdout); }
	return ((ulong_t (*)(unsigned char, ulong_t *, ulong_t *))real.entry[GET_SLOT_LIST])(present, slots, n);
}

static ulong_t get_token_info(ulong_t slot, struct token_info *info) {
	ulong_t rv = ((ulong_t (*)(ulong_t, struct token_info *))real.entry[GET_TOKEN_INFO])(slot, info);
	if (rv == 0 && mode("locked")) info->flags |= 0x00040000;
	if (rv == 0 && mode("final")) info->flags |= 0x00020000;
	if (rv == 0 && mode("pad")) info->flags |= 0x00000100;
	return rv;
}

static ulong_t login(ulong_t session, ulong_t user, void *pin, ulong_t n) {
	ulong_t (*f)(ulong_t, ulong_t, void *, ulong_t) = real.entry[LOGIN];
	if (mode("count-login")) {
		FILE *log = fopen(getenv("PROXY_LOG"), "a");
		fputs("login\n", log);
		fclose(log);
	}
	if (mode("pad")) {
		char *typed = getenv("PROXY_PAD");
		return pin != NULL ? 0x07 : f(session, user, typed, strlen(typed));
	}
	if (mode("logged-in")) { f(session, user, pin, n); return 0x100; }
	return f(session, user, pin, n);
}

static ulong_t find_objects(ulong_t session, ulong_t *objects, ulong_t max, ulong_t *n) {
	if (mode("removed-list")) return 0x32;
	return ((ulong_t (*)(ulong_t, ulong_t *, ulong_t, ulong_t *))real.entry[FIND_OBJECTS])(session, objects, max, n);
}

static ulong_t sign(ulong_t session, void *in, ulong_t n, unsigned char *out, ulong_t *room) {
	if (mode("crash")) *(volatile int *)0 = 1;
	if (mode("hang")) for (;;) pause();
	if (mode("exit")) _exit(0);
	if (mode("removed")) return 0x32;
	if (mode("general")) return 0x05;
	if (mode("zero-length") && out == NULL) { *room = 0; return 0; }
	ulong_t rv = ((ulong_t (*)(ulong_t, void *, ulong_t, void *, ulong_t *))real.entry[SIGN])(session, in, n, out, room);
	if (mode("flip") && out != NULL) out[0] ^= 1;
	if (mode("short") && out != NULL) *room = 0;
	if (mode("long") && out != NULL) *room = 1 << 20;
	return rv;
}

ulong_t C_GetFunctionList(struct list **out) {
	struct list *l;
	void *h = dlopen(getenv("PROXY_MODULE"), RTLD_NOW);
	if (mode("crash-load")) abort();
	if (h == NULL || ((ulong_t (*)(struct list **))dlsym(h, "C_GetFunctionList"))(&l) != 0) return 5;
	real = fake = *l;
	fake.entry[GET_SLOT_LIST] = get_slot_list;
	fake.entry[GET_TOKEN_INFO] = get_token_info;
	fake.entry[LOGIN] = login;
	fake.entry[FIND_OBJECTS] = find_objects;
	fake.entry[SIGN] = sign;
	*out = &fake;
	return 0;
}
