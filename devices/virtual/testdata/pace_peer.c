/* A terminal made of libeac (OpenPACE), for the test of the stand-in card.
 *
 * Commands go out on stdout as one line of hexadecimal digits, responses come
 * in on stdin the same way. The first two lines of stdin are EF.CardAccess and
 * the CAN. After PACE the terminal selects the application and reads the first
 * bytes of DG1 under secure messaging, then prints "DG1 " and those bytes. */
#include <eac/eac.h>
#include <eac/pace.h>
#include <openssl/buffer.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static EAC_CTX *ctx;

static void fail(const char *what)
{
    printf("FAIL %s\n", what);
    exit(1);
}

static BUF_MEM *buffer(const unsigned char *data, size_t n)
{
    BUF_MEM *b = BUF_MEM_new();
    if (!b || !BUF_MEM_grow(b, n))
        fail("memory");
    if (n)
        memcpy(b->data, data, n);
    return b;
}

static size_t read_line(unsigned char *out, size_t size)
{
    static char line[200000];
    size_t n = 0;
    unsigned v;
    if (!fgets(line, sizeof line, stdin))
        fail("end of input");
    for (char *p = line; n < size && sscanf(p, "%2x", &v) == 1; p += 2)
        out[n++] = (unsigned char)v;
    return n;
}

static size_t exchange(const unsigned char *cmd, size_t n, unsigned char *out, size_t size)
{
    for (size_t i = 0; i < n; i++)
        printf("%02x", cmd[i]);
    printf("\n");
    fflush(stdout);
    return read_line(out, size);
}

/* GENERAL AUTHENTICATE with one object; returns the object of the answer. */
static BUF_MEM *general(unsigned char cla, unsigned char tag, const BUF_MEM *in)
{
    unsigned char cmd[600], out[600];
    size_t n = in ? in->length : 0, at = 5;
    cmd[0] = cla; cmd[1] = 0x86; cmd[2] = cmd[3] = 0;
    cmd[at++] = 0x7C;
    cmd[at++] = (unsigned char)(in ? n + 2 : 0);
    if (in) {
        cmd[at++] = tag;
        cmd[at++] = (unsigned char)n;
        memcpy(cmd + at, in->data, n);
        at += n;
    }
    cmd[4] = (unsigned char)(at - 5);
    cmd[at++] = 0;
    size_t got = exchange(cmd, at, out, sizeof out);
    if (got < 6 || out[got - 2] != 0x90 || out[0] != 0x7C || out[3] != got - 6)
        fail("general authenticate");
    return buffer(out + 4, got - 6);
}

static BUF_MEM *mac(const unsigned char *data, size_t n)
{
    BUF_MEM *plain = buffer(data, n), *padded = EAC_add_iso_pad(ctx, plain), *m = EAC_authenticate(ctx, padded);
    if (!m)
        fail("mac");
    return m;
}

/* A protected command with a command data field or an expected length. */
static BUF_MEM *protected(const unsigned char head[4], const unsigned char *data, size_t n, int le)
{
    unsigned char cmd[600], out[600], authentic[1000];
    size_t at = 5, got, objects = 0;
    BUF_MEM *header = buffer(head, 4), *pad, *m;
    if (!EAC_increment_ssc(ctx))
        fail("ssc");
    memcpy(cmd, head, 4);
    if (n) {
        BUF_MEM *plain = buffer(data, n), *padded = EAC_add_iso_pad(ctx, plain), *hidden = EAC_encrypt(ctx, padded);
        if (!hidden)
            fail("encrypt");
        cmd[at++] = 0x87;
        cmd[at++] = (unsigned char)(hidden->length + 1);
        cmd[at++] = 0x01;
        memcpy(cmd + at, hidden->data, hidden->length);
        at += hidden->length;
    }
    if (le >= 0) {
        cmd[at++] = 0x97;
        cmd[at++] = 1;
        cmd[at++] = (unsigned char)le;
    }
    objects = at - 5;
    pad = EAC_add_iso_pad(ctx, header);
    memcpy(authentic, pad->data, pad->length);
    memcpy(authentic + pad->length, cmd + 5, objects);
    m = mac(authentic, pad->length + objects);
    cmd[at++] = 0x8E;
    cmd[at++] = (unsigned char)m->length;
    memcpy(cmd + at, m->data, m->length);
    at += m->length;
    cmd[4] = (unsigned char)(at - 5);
    cmd[at++] = 0;
    got = exchange(cmd, at, out, sizeof out);
    if (got < 16 || out[got - 2] != 0x90)
        fail("protected response");
    objects = got - 2 - 10;
    if (!EAC_increment_ssc(ctx))
        fail("ssc");
    m = mac(out, objects);
    if (out[objects] != 0x8E || memcmp(m->data, out + objects + 2, 8))
        fail("mac of response");
    if (out[0] != 0x87)
        return NULL;
    m = EAC_decrypt(ctx, buffer(out + 3, out[1] - 1));
    if (!m || !(m = EAC_remove_iso_pad(m)))
        fail("decrypt");
    return m;
}

int main(void)
{
    unsigned char access[1000], can[16], out[64];
    static const unsigned char oid[] = {0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x04, 0x02, 0x02};
    static const unsigned char aid[] = {0xA0, 0x00, 0x00, 0x02, 0x47, 0x10, 0x01};
    unsigned char mse[] = {0x00, 0x22, 0xC1, 0xA4, 0x0F, 0x80, 0x0A, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x83, 0x01, 0x02};
    size_t n = read_line(access, sizeof access), m = read_line(can, sizeof can);
    EAC_init();
    ctx = EAC_CTX_new();
    PACE_SEC *secret = PACE_SEC_new((char *)can, m, PACE_CAN);
    if (!ctx || !secret || !EAC_CTX_init_ef_cardaccess(access, n, ctx))
        fail("EF.CardAccess");
    memcpy(mse + 7, oid, sizeof oid);
    n = exchange(mse, sizeof mse, out, sizeof out);
    if (n != 2 || out[0] != 0x90)
        fail("MSE:Set AT");
    BUF_MEM *peer = general(0x10, 0, NULL);
    if (!PACE_STEP2_dec_nonce(ctx, secret, peer))
        fail("nonce");
    if (!PACE_STEP3A_map_generator(ctx, general(0x10, 0x81, PACE_STEP3A_generate_mapping_data(ctx))))
        fail("mapping");
    BUF_MEM *own = PACE_STEP3B_generate_ephemeral_key(ctx);
    peer = general(0x10, 0x83, own);
    if (!PACE_STEP3B_compute_shared_secret(ctx, peer) || !PACE_STEP3C_derive_keys(ctx))
        fail("agreement");
    BUF_MEM *token = general(0x00, 0x85, PACE_STEP3D_compute_authentication_token(ctx, peer));
    if (PACE_STEP3D_verify_authentication_token(ctx, token) != 1)
        fail("token of the chip");
    if (!EAC_CTX_set_encryption_ctx(ctx, EAC_ID_PACE))
        fail("secure messaging");
    static const unsigned char select[4] = {0x0C, 0xA4, 0x04, 0x0C}, read[4] = {0x0C, 0xB0, 0x81, 0x00};
    protected(select, aid, sizeof aid, -1);
    BUF_MEM *dg1 = protected(read, NULL, 0, 95);
    if (!dg1)
        fail("DG1");
    printf("DG1 ");
    for (size_t i = 0; i < dg1->length; i++)
        printf("%02x", (unsigned char)dg1->data[i]);
    printf("\n");
    return 0;
}
