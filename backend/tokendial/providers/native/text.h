/* Reading JSON text that is in exactly the expected form; what is not is left to Python. */
#ifndef TOKENDIAL_TEXT_H
#define TOKENDIAL_TEXT_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#ifdef _WIN32
#define EXPORT __declspec(dllexport)
#else
#define EXPORT __attribute__((visibility("default")))
#endif

struct text {
    const uint8_t *at, *end;
};

/* Positions in the block. */
struct span {
    int64_t start, stop;
};

#define WORD(text, literal) word((text), (literal), sizeof(literal) - 1)

static int word(struct text *text, const char *literal, size_t length) {
    if ((size_t)(text->end - text->at) < length || memcmp(text->at, literal, length) != 0) return 0;
    text->at += length;
    return 1;
}

/* A count as JSON writes it, up to 2^53. */
static int number(struct text *text, int64_t *value) {
    const uint8_t *first = text->at;
    int64_t sum = 0;
    while (text->at < text->end && *text->at >= '0' && *text->at <= '9' && text->at - first < 17)
        sum = sum * 10 + (*text->at++ - '0');
    ptrdiff_t digits = text->at - first;
    if (digits == 0 || digits > 16 || (*first == '0' && digits > 1) || sum > 9007199254740992LL) return 0;
    *value = sum;
    return 1;
}

/* A string of letters, digits and "-_.:" between quotes. */
static int plain_string(struct text *text, const uint8_t *block, struct span *found) {
    if (!WORD(text, "\"")) return 0;
    found->start = text->at - block;
    while (text->at < text->end) {
        uint8_t byte = *text->at;
        int plain = (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
                    byte == '-' || byte == '_' || byte == '.' || byte == ':';
        if (!plain) break;
        text->at++;
    }
    found->stop = text->at - block;
    return WORD(text, "\"");
}

static int digits(struct text *text, int count, int64_t *value) {
    *value = 0;
    if (text->end - text->at < count) return 0;
    for (int place = 0; place < count; place++) {
        uint8_t byte = *text->at++;
        if (byte < '0' || byte > '9') return 0;
        *value = *value * 10 + (byte - '0');
    }
    return 1;
}

static int64_t days_from_civil(int64_t year, int64_t month, int64_t day) {
    year -= month <= 2;
    int64_t era = year / 400, year_of_era = year - era * 400;
    int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719468;
}

/* 2026-07-23T06:44:48.243Z in UTC milliseconds; any other form of time is left to Python. */
static int time_of(struct text *text, int64_t *time_ms) {
    static const int64_t lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int64_t year, month, day, hour, minute, second, milli;
    if (!digits(text, 4, &year) || !WORD(text, "-") || !digits(text, 2, &month) || !WORD(text, "-") ||
        !digits(text, 2, &day) || !WORD(text, "T") || !digits(text, 2, &hour) || !WORD(text, ":") ||
        !digits(text, 2, &minute) || !WORD(text, ":") || !digits(text, 2, &second) || !WORD(text, ".") ||
        !digits(text, 3, &milli) || !WORD(text, "Z"))
        return 0;
    int leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    if (year < 1970 || month < 1 || month > 12 || day < 1 || hour > 23 || minute > 59 || second > 59) return 0;
    if (day > lengths[month - 1] + (month == 2 && leap)) return 0;
    *time_ms = (((days_from_civil(year, month, day) * 24 + hour) * 60 + minute) * 60 + second) * 1000 + milli;
    return 1;
}

static int contains(const uint8_t *at, const uint8_t *end, const char *literal, size_t length) {
    while ((size_t)(end - at) >= length && (at = memchr(at, literal[0], (size_t)(end - at))) != NULL) {
        if ((size_t)(end - at) >= length && memcmp(at, literal, length) == 0) return 1;
        at++;
    }
    return 0;
}

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

/* Any JSON string. */
static int string(struct text *text) {
    if (!WORD(text, "\"")) return 0;
    while (text->at < text->end && *text->at != '"') {
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
