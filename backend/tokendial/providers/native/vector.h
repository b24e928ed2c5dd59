/* Sixteen bytes at once, in the vectors that gcc and clang have on every processor. */
#ifndef TOKENDIAL_VECTOR_H
#define TOKENDIAL_VECTOR_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define VECTOR 16

typedef uint8_t bytes16 __attribute__((vector_size(VECTOR)));

static bytes16 bytes_at(const uint8_t *at) {
    bytes16 bytes;
    memcpy(&bytes, at, VECTOR);
    return bytes;
}

/* Whether any byte is set. */
static int is_any(bytes16 found) {
    uint64_t halves[2];
    memcpy(halves, &found, VECTOR);
    return (halves[0] | halves[1]) != 0;
}

/* The place of the first byte that is set: comparisons set all bits of a byte. There must be one. */
static int first_of(bytes16 found) {
    uint64_t halves[2];
    memcpy(halves, &found, VECTOR);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    return halves[0] ? __builtin_clzll(halves[0]) / 8 : 8 + __builtin_clzll(halves[1]) / 8;
#else
    return halves[0] ? __builtin_ctzll(halves[0]) / 8 : 8 + __builtin_ctzll(halves[1]) / 8;
#endif
}

/* A text to look for. Its letters at `one` and `other` are compared at first: two that rarely stand like this. */
struct needle {
    const char *text;
    ptrdiff_t length, one, other;
};

#define NEEDLE(text, one, other) ((struct needle){text, sizeof(text) - 1, one, other})

/* Where a text stands first, or `end`. */
static inline const uint8_t *find(const uint8_t *at, const uint8_t *end, struct needle needle) {
    const uint8_t one = (uint8_t)needle.text[needle.one], other = (uint8_t)needle.text[needle.other];
    for (;; at += 2 * VECTOR) {
        while (end - at >= 3 * VECTOR + needle.length) {
            const uint8_t *ones = at + needle.one, *others = at + needle.other;
            bytes16 found = (bytes16)((bytes_at(ones) == one) & (bytes_at(others) == other));
            found |= (bytes16)((bytes_at(ones + VECTOR) == one) & (bytes_at(others + VECTOR) == other));
            if (is_any(found)) break;
            at += 2 * VECTOR;
        }
        for (const uint8_t *last = at + 2 * VECTOR; at < last; at++) {
            if (end - at < needle.length) return end;
            if (at[needle.one] == one && memcmp(at, needle.text, (size_t)needle.length) == 0) return at;
        }
        at -= 2 * VECTOR;
    }
}

#endif
