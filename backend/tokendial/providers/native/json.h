/* A strict walk through JSON. What it takes is JSON to every reader; whatever is unusual ends the walk, and the line is
 * left to Python: escapes that name half a character, keys with escapes, numbers without end, nesting without end. */
#ifndef TOKENDIAL_JSON_H
#define TOKENDIAL_JSON_H

#include "text.h"
#include "vector.h"

#define MAX_DEPTH 64
#define MAX_NUMBER 40

static void space(struct text *text) {
    while (text->at < text->end && (*text->at == ' ' || *text->at == '\t' || *text->at == '\r')) text->at++;
}

/* A byte with spaces around it. */
static int mark(struct text *text, uint8_t byte) {
    space(text);
    if (text->at >= text->end || *text->at != byte) return 0;
    text->at++;
    space(text);
    return 1;
}

static int is_digit(uint8_t byte) { return byte >= '0' && byte <= '9'; }

static int is_letter(uint8_t byte) { return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z'); }

static int is_hex(uint8_t byte) {
    return is_digit(byte) || (byte >= 'a' && byte <= 'f') || (byte >= 'A' && byte <= 'F');
}

/* What follows a backslash. */
static int escape(struct text *text) {
    if (text->at >= text->end) return 0;
    uint8_t byte = *text->at++;
    if (byte != 'u') return byte != 0 && strchr("\"\\/bfnrt", byte) != NULL;
    const uint8_t *hex = text->at;
    if (text->end - hex < 4 || !is_hex(hex[0]) || !is_hex(hex[1]) || !is_hex(hex[2]) || !is_hex(hex[3])) return 0;
    text->at += 4;
    return !((hex[0] == 'd' || hex[0] == 'D') && hex[1] >= '8');
}

/* The rest of a string, whose first quote was passed. Its bytes need not be UTF-8 where nobody reads them. */
static int string_rest(struct text *text) {
    for (;;) {
        while (text->end - text->at >= VECTOR) {
            bytes16 bytes = bytes_at(text->at);
            bytes16 special = (bytes16)((bytes == '"') | (bytes == '\\') | (bytes < 0x20));
            if (is_any(special)) {
                text->at += first_of(special);
                break;
            }
            text->at += VECTOR;
        }
        if (text->at >= text->end) return 0;
        uint8_t byte = *text->at++;
        if (byte == '"') return 1;
        if (byte < 0x20 || (byte == '\\' && !escape(text))) return 0;
    }
}

/* A string of visible ASCII without escapes: its bytes are its characters. */
static int plain_text(struct text *text, struct text *found) {
    if (!WORD(text, "\"")) return 0;
    found->at = text->at;
    for (int is_over = 0; !is_over && text->end - text->at >= VECTOR;) {
        bytes16 bytes = bytes_at(text->at);
        bytes16 special = (bytes16)((bytes == '"') | (bytes == '\\') | (bytes < 0x20) | (bytes > 0x7e));
        is_over = is_any(special);
        text->at += is_over ? first_of(special) : VECTOR;
    }
    while (text->at < text->end && *text->at >= 0x20 && *text->at < 0x7f && *text->at != '"' && *text->at != '\\')
        text->at++;
    found->end = text->at;
    return WORD(text, "\"");
}

static int skip_digits(struct text *text) {
    const uint8_t *first = text->at;
    while (text->at < text->end && is_digit(*text->at)) text->at++;
    return text->at > first;
}

static int skip_number(struct text *text) {
    const uint8_t *first = text->at;
    WORD(text, "-");
    if (!WORD(text, "0") && !skip_digits(text)) return 0;
    if (WORD(text, ".") && !skip_digits(text)) return 0;
    if (WORD(text, "e") || WORD(text, "E")) {
        if (!WORD(text, "-")) WORD(text, "+");
        if (!skip_digits(text)) return 0;
    }
    return text->at - first <= MAX_NUMBER;
}

/* A value that is no object and no array. */
static int skip_scalar(struct text *text) {
    if (WORD(text, "\"")) return string_rest(text);
    return WORD(text, "null") || WORD(text, "true") || WORD(text, "false") || skip_number(text);
}

static int skip_key(struct text *text) { return WORD(text, "\"") && string_rest(text) && mark(text, ':'); }

/* Any value. */
static int skip_value(struct text *text) {
    uint64_t objects = 0; /* a bit for each level: whether it is an object */
    int depth = 0;
    for (;;) {
        if (WORD(text, "{")) {
            if (++depth > MAX_DEPTH) return 0;
            objects = objects << 1 | 1;
            space(text);
            if (!WORD(text, "}")) {
                if (!skip_key(text)) return 0;
                continue;
            }
            objects >>= 1, depth--;
        } else if (WORD(text, "[")) {
            if (++depth > MAX_DEPTH) return 0;
            objects <<= 1;
            space(text);
            if (!WORD(text, "]")) continue;
            objects >>= 1, depth--;
        } else if (!skip_scalar(text)) {
            return 0;
        }
        for (;;) { /* behind a value */
            if (depth == 0) return 1;
            space(text);
            if (WORD(text, ",")) {
                space(text);
                if ((objects & 1) && !skip_key(text)) return 0;
                break;
            }
            if (objects & 1 ? !WORD(text, "}") : !WORD(text, "]")) return 0;
            objects >>= 1, depth--;
        }
    }
}

/* The next key of an object whose brace was passed: 1 with its name and its value ahead, 0 at the object's end, -1 where
 * the walk ends. */
static int next_key(struct text *text, int first, struct text *key) {
    space(text);
    if (WORD(text, "}")) return 0;
    if (!first && !mark(text, ',')) return -1;
    return plain_text(text, key) && mark(text, ':') ? 1 : -1;
}

static int is_named(const struct text *key, const char *name, size_t length) {
    return (size_t)(key->end - key->at) == length && memcmp(key->at, name, length) == 0;
}

#define NAMED(key, name) is_named((key), (name), sizeof(name) - 1)

#endif
