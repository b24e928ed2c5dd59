/* JSON values without spaces, of which only the place is read: what is not plain is left to Python. */
#ifndef TOKENDIAL_VALUES_H
#define TOKENDIAL_VALUES_H

#include "../native/text.h"
#include "../native/vector.h"

/* A JSON string without escapes and of ASCII only. */
static int simple_string(struct text *text, struct text *content) {
    if (!WORD(text, "\"")) return 0;
    content->at = text->at;
    while (text->at < text->end && *text->at >= 0x20 && *text->at < 0x7f && *text->at != '"' && *text->at != '\\')
        text->at++;
    content->end = text->at;
    return WORD(text, "\"");
}

/* The rest of a character of UTF-8; surrogates and longer forms than needed are none. */
static int multibyte(struct text *text) {
    uint8_t lead = *text->at++;
    int following = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : 1;
    if (lead < 0xc2 || lead > 0xf4 || text->end - text->at < following) return 0;
    uint8_t second = *text->at;
    if ((lead == 0xe0 && second < 0xa0) || (lead == 0xed && second > 0x9f) || (lead == 0xf0 && second < 0x90) ||
        (lead == 0xf4 && second > 0x8f))
        return 0;
    while (following--)
        if ((*text->at++ & 0xc0) != 0x80) return 0;
    return 1;
}

/* What follows a backslash; a surrogate is left to Python. */
static int escape(struct text *text) {
    static const char hexadecimal[] = "0123456789abcdefABCDEF";
    if (text->at == text->end) return 0;
    uint8_t kind = *text->at++;
    if (kind != 'u') return memchr("\"\\/bfnrt", kind, 8) != NULL;
    if (text->end - text->at < 4 || text->at[0] == 'd' || text->at[0] == 'D') return 0;
    for (int place = 0; place < 4; place++)
        if (memchr(hexadecimal, *text->at++, 22) == NULL) return 0;
    return 1;
}

/* Passes over visible ASCII without quotes and backslashes, sixteen bytes at once. */
static void skip_plain(struct text *text) {
    while (text->end - text->at >= VECTOR) {
        bytes16 bytes = bytes_at(text->at);
        bytes16 special = (bytes16)((bytes == '"') | (bytes == '\\') | (bytes < 0x20) | (bytes >= 0x80));
        if (is_any(special)) {
            text->at += first_of(special);
            return;
        }
        text->at += VECTOR;
    }
}

/* Any JSON string. */
static int string(struct text *text) {
    if (!WORD(text, "\"")) return 0;
    for (skip_plain(text); text->at < text->end && *text->at != '"'; skip_plain(text)) {
        if (*text->at < 0x20)
            return 0;
        else if (*text->at >= 0x80) {
            if (!multibyte(text)) return 0;
        } else if (*text->at++ == '\\' && !escape(text))
            return 0;
    }
    return WORD(text, "\"");
}

static int any_number(struct text *text) {
    const uint8_t *first;
    (void)WORD(text, "-");
    first = text->at;
    while (text->at < text->end && *text->at >= '0' && *text->at <= '9') text->at++;
    if (text->at == first || text->at - first > 16 || (*first == '0' && text->at - first > 1)) return 0;
    if (WORD(text, ".")) {
        first = text->at;
        while (text->at < text->end && *text->at >= '0' && *text->at <= '9') text->at++;
        if (text->at == first || text->at - first > 20) return 0;
    }
    return 1; /* an exponent ends the value, and what follows does not fit */
}

/* A JSON value without spaces between its parts and without exponents, a few levels deep. */
static int value(struct text *text, int depth) {
    struct text content;
    if (depth == 0 || text->at == text->end) return 0;
    switch (*text->at) {
    case '"': return string(text);
    case 'n': return WORD(text, "null");
    case 't': return WORD(text, "true");
    case 'f': return WORD(text, "false");
    case '[':
        text->at++;
        if (WORD(text, "]")) return 1;
        do {
            if (!value(text, depth - 1)) return 0;
        } while (WORD(text, ","));
        return WORD(text, "]");
    case '{':
        text->at++;
        if (WORD(text, "}")) return 1;
        do {
            if (!simple_string(text, &content) || !WORD(text, ":") || !value(text, depth - 1)) return 0;
        } while (WORD(text, ","));
        return WORD(text, "}");
    default: return any_number(text);
    }
}

#endif
