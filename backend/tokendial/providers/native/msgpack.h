/* Writes MessagePack: what Python's decoder makes records of. */
#ifndef TOKENDIAL_MSGPACK_H
#define TOKENDIAL_MSGPACK_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Bytes, one after the other; once memory was refused, nothing is added any more. */
struct bytes {
    uint8_t *at;
    int64_t count, room;
    int failed;
};

static void put(struct bytes *out, const void *bytes, int64_t count) {
    if (out->count + count > out->room) {
        int64_t room = 2 * (out->count + count) + 1024;
        uint8_t *at = out->failed ? NULL : realloc(out->at, (size_t)room);
        if (at == NULL) {
            out->failed = 1;
            return;
        }
        out->at = at;
        out->room = room;
    }
    if (count) memcpy(out->at + out->count, bytes, (size_t)count);
    out->count += count;
}

/* A code, and a number of some bytes with the highest first. */
static void put_head(struct bytes *out, uint8_t code, uint64_t number, int width) {
    uint8_t head[9] = {code};
    for (int place = 0; place < width; place++) head[width - place] = (uint8_t)(number >> 8 * place);
    put(out, head, width + 1);
}

static void pack_none(struct bytes *out) { put_head(out, 0xc0, 0, 0); }

static void pack_number(struct bytes *out, int64_t number) {
    if (number >= 0 && number < 128)
        put_head(out, (uint8_t)number, 0, 0);
    else
        put_head(out, 0xd3, (uint64_t)number, 8);
}

static void pack_array(struct bytes *out, int64_t count) {
    if (count < 16)
        put_head(out, (uint8_t)(0x90 | count), 0, 0);
    else
        put_head(out, 0xdd, (uint64_t)count, 4);
}

/* At most 15 pairs. */
static void pack_map(struct bytes *out, int64_t count) { put_head(out, (uint8_t)(0x80 | count), 0, 0); }

/* The bytes of the text follow. */
static void pack_text_head(struct bytes *out, int64_t length) {
    if (length < 32)
        put_head(out, (uint8_t)(0xa0 | length), 0, 0);
    else
        put_head(out, 0xdb, (uint64_t)length, 4);
}

static void pack_text(struct bytes *out, const void *text, int64_t length) {
    pack_text_head(out, length);
    put(out, text, length);
}

static void pack_word(struct bytes *out, const char *word) { pack_text(out, word, (int64_t)strlen(word)); }

/* The bytes follow. */
static void pack_bytes_head(struct bytes *out, int64_t count) { put_head(out, 0xc6, (uint64_t)count, 4); }

static void pack_bytes(struct bytes *out, const void *bytes, int64_t count) {
    pack_bytes_head(out, count);
    put(out, bytes, count);
}

#endif
