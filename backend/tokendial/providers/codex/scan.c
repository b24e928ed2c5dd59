/* The usual lines of a Codex rollout, read at memory speed. scan.py is the caller and says what is returned.
 *
 * Only lines byte for byte in the form that Codex writes are read or passed over here. Every other line is handed
 * back whole, so this file decides about speed and never about a figure.
 */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#ifdef _WIN32
#define EXPORT __declspec(dllexport)
#else
#define EXPORT __attribute__((visibility("default")))
#endif

enum { OTHER_LINE = 0, TOKEN_COUNT = 1, USAGE_RECORD = 2 };

/* Positions are indices into the block. A record of a response keeps the spans of its ids in `last`. */
struct record {
    int64_t kind, start, stop, time_ms, total[6], last[6], window, rest_start, rest_stop;
};

struct text {
    const uint8_t *at, *end;
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
static int plain_string(struct text *text, const uint8_t *block, int64_t *start, int64_t *stop) {
    if (!WORD(text, "\"")) return 0;
    *start = text->at - block;
    while (text->at < text->end) {
        uint8_t byte = *text->at;
        int plain = (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
                    byte == '-' || byte == '_' || byte == '.' || byte == ':';
        if (!plain) break;
        text->at++;
    }
    *stop = text->at - block;
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

/* A usage object in the order of lines.Vector; builds before 0.145 have no cache writes. */
static int usage(struct text *text, int64_t parts[6]) {
    if (!WORD(text, "{\"input_tokens\":") || !number(text, &parts[0])) return 0;
    if (!WORD(text, ",\"cached_input_tokens\":") || !number(text, &parts[1])) return 0;
    parts[2] = 0;
    if (WORD(text, ",\"cache_write_input_tokens\":") && !number(text, &parts[2])) return 0;
    return WORD(text, ",\"output_tokens\":") && number(text, &parts[3]) && WORD(text, ",\"reasoning_output_tokens\":") &&
           number(text, &parts[4]) && WORD(text, ",\"total_tokens\":") && number(text, &parts[5]) && WORD(text, "}");
}

/* What follows the type of a token_count. Of its limits only the place is told: Python checks that they are JSON. */
static int token_count(struct text *text, const uint8_t *block, struct record *record) {
    if (!WORD(text, "\",\"info\":{\"total_token_usage\":") || !usage(text, record->total)) return 0;
    if (!WORD(text, ",\"last_token_usage\":") || !usage(text, record->last)) return 0;
    if (!WORD(text, ",\"model_context_window\":") || !number(text, &record->window)) return 0;
    if (!WORD(text, "},\"rate_limits\":") || text->end - text->at < 3) return 0;
    record->rest_start = text->at - block;
    record->rest_stop = text->end - block - 2;
    return text->end[-1] == '}' && text->end[-2] == '}';
}

static int usage_record(struct text *text, const uint8_t *block, struct record *record) {
    int64_t start, stop, parts[6];
    if (!WORD(text, "{\"thread_id\":") || !plain_string(text, block, &record->last[0], &record->last[1])) return 0;
    if (!WORD(text, ",\"turn_id\":") || !plain_string(text, block, &start, &stop)) return 0;
    if (!WORD(text, ",\"session_id\":") || !plain_string(text, block, &start, &stop)) return 0;
    if (!WORD(text, ",\"root_turn_id\":") || !plain_string(text, block, &start, &stop)) return 0;
    if (!WORD(text, ",\"response_id\":") || !plain_string(text, block, &record->last[2], &record->last[3])) return 0;
    if (!WORD(text, ",\"usage\":") || !usage(text, record->total)) return 0;
    if (!WORD(text, ",\"turn_token_usage\":") || !usage(text, parts)) return 0;
    if (!WORD(text, ",\"thread_token_usage\":") || !usage(text, parts)) return 0;
    return WORD(text, "}}") && text->at == text->end;
}

static int contains(const uint8_t *at, const uint8_t *end, const char *literal, size_t length) {
    while ((size_t)(end - at) >= length && (at = memchr(at, literal[0], (size_t)(end - at))) != NULL) {
        if ((size_t)(end - at) >= length && memcmp(at, literal, length) == 0) return 1;
        at++;
    }
    return 0;
}

/* Whether an event of this name says nothing that is read: the rest of the line is conversation. */
static int is_idle_event(const struct text *name) {
    static const char *const read[] = {"token_coun", "user_messa", "item_compl", "task_start",
                                       "turn_start", "thread_set", "entered_re", "exited_rev"};
    if (name->end - name->at < 10) return 0;
    for (size_t place = 0; place < sizeof read / sizeof *read; place++)
        if (memcmp(name->at, read[place], 10) == 0)
            return place == 2 && !contains(name->at, name->end, "UserMessage", 11);
    return 1;
}

/* Fills `record` and says whether the line has to be looked at. */
static int read_line(const uint8_t *block, int64_t start, int64_t stop, struct record *record) {
    struct text text = {block + start, block + stop}, type;
    int64_t ordinal, timed;
    record->kind = OTHER_LINE;
    record->start = start;
    record->stop = stop;
    if (!WORD(&text, "{\"timestamp\":\"") || text.end - text.at < 26) return 1;
    timed = time_of(&text, &record->time_ms);
    text.at = block + start + 38;
    if (!WORD(&text, "\",")) return 1;
    if (WORD(&text, "\"ordinal\":") && (!number(&text, &ordinal) || !WORD(&text, ","))) return 1;
    type = text;
    if (WORD(&type, "\"type\":\"resp")) return 0;
    type = text;
    if (WORD(&type, "\"type\":\"event_msg\",\"payload\":{\"type\":\"")) {
        if (is_idle_event(&type)) return 0;
        if (timed && WORD(&type, "token_count") && token_count(&type, block, record)) record->kind = TOKEN_COUNT;
        return 1;
    }
    type = text;
    if (timed && WORD(&type, "\"type\":\"token_usage_record\",\"payload\":") && usage_record(&type, block, record))
        record->kind = USAGE_RECORD;
    return 1;
}

/* Reads the lines of block[start:end) and fills at most `room` records, one for each line that matters.
 * Answers their number; *next is where to go on, `end` when all lines were read. */
EXPORT int64_t tokendial_codex_scan(const uint8_t *block, int64_t start, int64_t end, struct record *records,
                                    int64_t room, int64_t *next) {
    int64_t found = 0;
    while (start < end && found < room) {
        const uint8_t *newline = memchr(block + start, '\n', (size_t)(end - start));
        int64_t stop = newline == NULL ? end : newline - block;
        found += read_line(block, start, stop, &records[found]);
        start = stop + 1;
    }
    *next = start < end ? start : end;
    return found;
}
