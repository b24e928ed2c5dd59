/* The usual lines of a Claude Code transcript, read and counted at memory speed. scan.py is the caller.
 *
 * Lines are passed over by the rules of walk.py. Of the others those of responses are read here where they hold nothing
 * unusual, in any order of keys; every other line is handed back whole, so this file decides about speed and never
 * about a figure.
 */
#include "../native/blake2b.h"
#include "book.h"
#include "line.h"
#include "search.h"

/* What Python has to do before the next line: read it, take its time, tell what was gathered, know a context. */
enum { DONE = 0, LINE = 1, BIRTH = 2, SETTLE = 3, CONTEXT = 4, LABEL = 5, RESPONSE, NOTHING };

enum { LONGEST_ID = 256, MESSAGE_BITS = 44, REQUEST_BITS = 19 };

/* What is handed to Python; positions are indices into the block. `next` is where to go on. */
struct report {
    int64_t start, stop, next, time_ms, is_side, texts[CONTEXT_TEXTS][2];
};

/* The response before, while its block is there. */
struct reading {
    struct book book;
    struct line before;
    int64_t key;
    int has_key;
};

/* A2: an id that is drawn at random, so that no other response has it; the same ids as in identity.py. */
static int is_unique(struct text id) {
    static const char groups[] = "        -    -    -    -            ";
    struct text rest = id;
    if (WORD(&rest, "msg_vrtx_") || WORD(&rest, "msg_bdrk_") || WORD(&rest, "chatcmpl-"))
        return rest.at < rest.end && memchr(rest.at, ' ', (size_t)(rest.end - rest.at)) == NULL;
    if (WORD(&rest, "msg_01")) {
        if (rest.end - rest.at < 8) return 0;
        for (; rest.at < rest.end; rest.at++)
            if (!is_letter(*rest.at) && !is_digit(*rest.at)) return 0;
        return 1;
    }
    if (id.end - id.at != sizeof groups - 1) return 0;
    for (int place = 0; id.at < id.end; place++, id.at++)
        if (groups[place] == '-' ? *id.at != '-' : !is_hex(*id.at)) return 0;
    return 1;
}

/* The key of identity.py; false for ids that are left to it. */
static int key_of(const struct line *line, int64_t *key) {
    const struct text *message = &line->texts[MESSAGE], *request = &line->texts[REQUEST], *session = &line->texts[SESSION];
    size_t length = (size_t)(message->end - message->at), requested = (size_t)(request->end - request->at);
    size_t before = requested || is_unique(*message) ? 0 : (size_t)(session->end - session->at) + 1;
    uint8_t name[LONGEST_ID] = {0};
    if (length == 0 || before + length > LONGEST_ID) return 0;
    if (before > 1) memcpy(name, session->at, before - 1); /* then a byte of zero */
    memcpy(name + before, message->at, length);
    uint64_t found = blake2b_8(name, before + length, "") >> (64 - MESSAGE_BITS) << REQUEST_BITS;
    if (requested) {
        uint64_t low = blake2b_8(request->at, requested, "") & ((1 << REQUEST_BITS) - 1);
        found |= low ? low : 1;
    }
    *key = (int64_t)found;
    return 1;
}

/* What a line is that was not passed over. */
static int kind_of(const struct book *book, const uint8_t *block, int64_t start, int64_t stop, struct line *line) {
    const struct text *texts = line->texts;
    if (!read_line(block, start, stop, line)) return LINE;
    if (NAMED(&texts[TYPE], "user") && line->has_result) return NOTHING; /* the result of a tool is no prompt */
    struct text time = texts[TIME];
    int is_timed = time_of(&time, &line->time_ms) && time.at == time.end;
    if (NAMED(&texts[TYPE], "queue-operation") && is_timed)
        return book->wants_birth && book->lines == 0 ? BIRTH : NOTHING;
    if (!NAMED(&texts[TYPE], "assistant")) return LINE;
    if (!line->has_usage) return NOTHING;
    if (!is_timed || line->time_ms < book->earliest_ms || line->time_ms > book->latest_ms || book->waits) return LINE;
    if (texts[MODEL].at == texts[MODEL].end || NAMED(&texts[MODEL], "<synthetic>") || !settle_counts(line)) return LINE;
    if (texts[UUID].at == NULL || texts[UUID].end - texts[UUID].at > LONGEST_UUID) return LINE;
    settle_tier(line->texts);
    return RESPONSE;
}

/* What the line says of its session, until it is told. */
static void gather(struct book *book, const struct line *line, int64_t prompt, int is_copied) {
    const struct text *uuid = &line->texts[UUID];
    if (book->lines++ == 0) {
        book->is_copied = is_copied;
        book->low_ms = book->high_ms = line->time_ms;
        book->last_prompt = 0;
    }
    if (line->time_ms < book->low_ms) book->low_ms = line->time_ms;
    if (line->time_ms > book->high_ms) book->high_ms = line->time_ms;
    if (prompt) book->last_prompt = prompt;
    book->uuid_length = uuid->end - uuid->at;
    memcpy(book->uuid, uuid->at, (size_t)book->uuid_length);
}

/* Counts a response, or says what has to be done before. */
static int take(struct reading *reading, const struct line *line, int64_t offset) {
    struct book *book = &reading->book;
    const int64_t *counts = line->counts;
    struct line *before = &reading->before;
    int is_copied = line->time_ms < book->copied_before_ms, band = 0;
    int64_t prompt = line->tokens - counts[OUTPUT];
    if (!book->has_context || !is_same_context(line, before)) {
        *before = *line;
        book->has_context = 1;
        reading->has_key = 0;
        return CONTEXT;
    }
    if (book->is_unreadable) return LINE;
    if (book->lines && is_copied != book->is_copied) return SETTLE;
    if (!(reading->has_key && is_same(line, before, MESSAGE) && is_same(line, before, REQUEST)))
        if (!key_of(line, &reading->key)) return LINE;
    while (band < book->band_count && book->bands[band] < prompt) band++;
    struct row row = {
        reading->key, line->time_ms, book->labels[band], counts[INPUT], counts[READ], counts[WRITTEN] - counts[HOUR],
        counts[HOUR], counts[OUTPUT], counts[THINKING], book->flags[is_copied], offset, counts[SEARCHES],
        line->texts[STOP].at != NULL, UNTOUCHED};
    const struct row *known = row.label < 0 ? known_row(book, row.key) : NULL;
    if (row.label < 0 && (known == NULL || is_above(&row, known))) {
        book->prompt = prompt;
        book->band = band;
        return LABEL;
    }
    hold(book, &row);
    gather(book, line, prompt, is_copied);
    *before = *line;
    reading->has_key = 1;
    return RESPONSE;
}

static void tell(const uint8_t *block, const struct line *line, struct report *report) {
    report->time_ms = line->time_ms;
    report->is_side = line->is_side;
    for (int place = 0; place < CONTEXT_TEXTS; place++) {
        const struct text *text = &line->texts[place];
        report->texts[place][0] = text->at == NULL ? -1 : text->at - block;
        report->texts[place][1] = text->at == NULL ? -1 : text->end - block;
    }
}

/* Reads the lines of block[start:end), which begins at byte `base` of the file, up to one at which Python has to do
 * something: answers what, with `report`; DONE where all were read. A block's first call is with `has_context` 0. */
EXPORT int64_t tokendial_claude_read(struct reading *reading, const uint8_t *block, int64_t start, int64_t end,
                                     int64_t base, struct report *report) {
    struct search search = {block + end, NULL};
    struct line line;
    while (start < end) {
        const uint8_t *newline = memchr(block + start, '\n', (size_t)(end - start));
        int64_t stop = newline == NULL ? end : newline - block, begin = start;
        start = stop + 1;
        if (stop == begin || is_passed_over(&search, block + begin, block + stop)) continue;
        int kind = kind_of(&reading->book, block, begin, stop, &line);
        if (kind == RESPONSE) kind = take(reading, &line, base + begin);
        if (kind == RESPONSE || kind == NOTHING) continue;
        report->start = begin;
        report->stop = stop;
        report->next = kind == LINE || kind == BIRTH ? start : begin;
        if (kind != LINE) tell(block, &line, report);
        return kind;
    }
    return DONE;
}

EXPORT int64_t tokendial_claude_size(void) { return sizeof(struct book); }

EXPORT struct reading *tokendial_claude_open(void) { return calloc(1, sizeof(struct reading)); }

EXPORT void tokendial_claude_close(struct reading *reading) {
    struct book *book = &reading->book;
    struct numbers *all[] = {&book->rows, &book->touched, &book->events, &book->sums, &book->revised, &book->state};
    for (size_t place = 0; place < sizeof all / sizeof *all; place++) free(all[place]->items);
    free(book->slots);
    free(reading);
}

/* Keeps a row of an earlier pass. */
EXPORT void tokendial_claude_load(struct book *book, const struct row *row) { new_row(book, row); }

/* Counts a row that Python has read; the place of the row where it holds, else -1. */
EXPORT int64_t tokendial_claude_hold(struct book *book, const struct row *row) {
    const struct row *held = hold(book, row);
    return held == NULL ? -1 : held - row_at(book, 0);
}

EXPORT void tokendial_claude_label(struct book *book, int64_t place, int64_t label) { row_at(book, place)->label = label; }

/* Fills what Python takes at the end of a pass. */
EXPORT void tokendial_claude_settle(struct book *book) {
    tell_tallies(book);
    tell_events(book);
}

/* Fills the rows of the state, for those who keep it. */
EXPORT void tokendial_claude_dump(struct book *book) { tell_state(book); }
