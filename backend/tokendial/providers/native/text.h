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

static int64_t length_of(struct text text) { return text.end - text.at; }

static int is_text(struct text text, const char *word) {
    size_t length = strlen(word);
    return text.at != NULL && (size_t)length_of(text) == length && memcmp(text.at, word, length) == 0;
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

#endif
