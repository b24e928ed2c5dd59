/* Which usage a transcript adds: the rules of counter.py (A1, A7), with the same results. */
#ifndef TOKENDIAL_CLAUDE_BOOK_H
#define TOKENDIAL_CLAUDE_BOOK_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { SIDE_CHAIN = 32, FOREIGN_FILE = 64, LOWER_BOUND = 128 };
enum { BANDS = 16, PLACEHOLDER = 8, LONGEST_UUID = 64, BUCKET_MS = 900000, EVENT_FIELDS = 11, SUM_FIELDS = 9 };
enum { UNTOUCHED, FRESH, REVISED };

/* The fullest row of a response so far; `touched` says whether this pass changed it. */
struct row {
    int64_t key, time_ms, label, input, read, write, hour, output, thinking, flags, offset, searches, stopped, touched;
};

/* Things in the order in which they came; `width` numbers each. */
struct numbers {
    int64_t *items;
    int64_t count, room;
};

/* A sum that needs more than 63 bits where counts are absurd. */
struct wide {
    uint64_t low, high;
};

struct tally {
    int64_t records;
    struct wide tokens;
};

/* What Python and C share of a file that is read; scan.py has the same fields in the same order. */
struct book {
    int64_t earliest_ms, latest_ms, copied_before_ms; /* times that are taken, and those of copies */
    int64_t waits, wants_birth, has_context, is_unreadable;
    int64_t flags[2], bands[BANDS], band_count, labels[BANDS + 1], prompt; /* of the context; the label that is asked for */
    int64_t lines, is_copied, low_ms, high_ms, last_prompt, uuid_length; /* of the lines that were not told yet */
    char uuid[LONGEST_UUID];
    struct tally repeated, counted, lower_bound;
    int64_t searches, failed;
    struct numbers rows, touched, events, sums, revised, state;
    uint32_t *slots;
    int64_t mask;
};

static void add_wide(struct wide *sum, int64_t value) {
    uint64_t before = sum->low;
    sum->low += (uint64_t)value;
    sum->high += sum->low < before;
}

static void note(struct tally *tally, int64_t tokens) {
    tally->records++;
    add_wide(&tally->tokens, tokens);
}

/* Room for one more of `width` numbers; NULL where there is no memory. */
static int64_t *grown(struct book *book, struct numbers *numbers, int64_t width) {
    if ((numbers->count + 1) * width > numbers->room) {
        int64_t room = numbers->room ? numbers->room * 2 : 32 * width;
        int64_t *items = realloc(numbers->items, (size_t)room * sizeof *items);
        if (items == NULL) {
            book->failed = 1;
            return NULL;
        }
        numbers->items = items;
        numbers->room = room;
    }
    return numbers->items + numbers->count++ * width;
}

#define ROW_FIELDS ((int64_t)(sizeof(struct row) / sizeof(int64_t)))

static struct row *row_at(const struct book *book, int64_t place) { return (struct row *)book->rows.items + place; }

/* Where the place of a key stands, counted from 1, or where it belongs. */
static uint32_t *slot_of(const struct book *book, int64_t key) {
    uint64_t at = (uint64_t)key * 0x9e3779b97f4a7c15ULL >> 20;
    for (;; at++) {
        uint32_t *slot = &book->slots[at & (uint64_t)book->mask];
        if (*slot == 0 || row_at(book, *slot - 1)->key == key) return slot;
    }
}

static struct row *known_row(const struct book *book, int64_t key) {
    uint32_t place = book->slots == NULL ? 0 : *slot_of(book, key);
    return place == 0 ? NULL : row_at(book, place - 1);
}

static struct row *new_row(struct book *book, const struct row *row) {
    if (book->slots == NULL || book->rows.count * 2 > book->mask) {
        int64_t size = book->slots == NULL ? 64 : (book->mask + 1) * 2;
        uint32_t *slots = calloc((size_t)size, sizeof *slots);
        if (slots == NULL) {
            book->failed = 1;
            return NULL;
        }
        free(book->slots);
        book->slots = slots;
        book->mask = size - 1;
        for (int64_t place = 0; place < book->rows.count; place++)
            *slot_of(book, row_at(book, place)->key) = (uint32_t)place + 1;
    }
    uint32_t *slot = slot_of(book, row->key);
    struct row *fresh = (struct row *)grown(book, &book->rows, ROW_FIELDS);
    if (fresh == NULL) return NULL;
    *fresh = *row;
    *slot = (uint32_t)book->rows.count;
    return fresh;
}

static void touch(struct book *book, struct row *row, int64_t touched) {
    if (row->touched != UNTOUCHED) return;
    int64_t *place = grown(book, &book->touched, 1);
    if (place == NULL) return;
    row->touched = touched;
    *place = row - row_at(book, 0);
}

static int64_t tokens_of(const struct row *row) { return row->input + row->read + row->write + row->hour + row->output; }

/* What decides between rows of one response: their output, side chains, foreign files, all their tokens. */
static int is_above(const struct row *row, const struct row *other) {
    int sides[] = {!(row->flags & SIDE_CHAIN), !(other->flags & SIDE_CHAIN)};
    int homes[] = {!(row->flags & FOREIGN_FILE), !(other->flags & FOREIGN_FILE)};
    if (row->output != other->output) return row->output > other->output;
    if (sides[0] != sides[1]) return sides[0];
    if (homes[0] != homes[1]) return homes[0];
    return tokens_of(row) > tokens_of(other);
}

/* A1: of the rows of a response the one with the largest output, with the time of the first. Answers the row where it
 * is this one, else NULL. */
static struct row *hold(struct book *book, const struct row *given) {
    struct row *known = known_row(book, given->key), row = *given;
    row.touched = UNTOUCHED;
    if (known == NULL) {
        if ((known = new_row(book, &row)) != NULL) touch(book, known, FRESH);
        return known;
    }
    if (!is_above(&row, known)) {
        note(&book->repeated, tokens_of(&row));
        if (row.stopped && !known->stopped) {
            known->stopped = 1;
            if (known->output <= PLACEHOLDER) touch(book, known, REVISED);
        }
        return NULL;
    }
    note(&book->repeated, tokens_of(known));
    touch(book, known, REVISED);
    row.time_ms = known->time_ms;
    row.stopped |= known->stopped;
    row.touched = known->touched;
    *known = row;
    return known;
}

static int is_lower_bound(const struct row *row) { return row->output <= PLACEHOLDER && !row->stopped; }

/* The sums of an event's bucket and label: most events go where the one before went. */
static void sum_up(struct book *book, const int64_t *event) {
    struct numbers *sums = &book->sums;
    int64_t bucket = event[1] / BUCKET_MS, *found = NULL;
    for (int64_t place = sums->count - 1; place >= 0 && found == NULL; place--) {
        int64_t *sum = sums->items + place * SUM_FIELDS;
        if (sum[0] == bucket && sum[1] == event[2] && sum[8] < 256) found = sum; /* 2^53 each: no sum overflows */
    }
    if (found == NULL) {
        if ((found = grown(book, sums, SUM_FIELDS)) == NULL) return;
        memset(found, 0, SUM_FIELDS * sizeof *found);
        found[0] = bucket;
        found[1] = event[2];
    }
    for (int part = 0; part < 6; part++) found[2 + part] += event[3 + part];
    found[8]++;
}

/* The rows of this pass as events, their sums, and the keys of those that an earlier pass has handed out. */
static void tell_events(struct book *book) {
    book->events.count = book->sums.count = book->revised.count = 0;
    for (int64_t place = 0; place < book->touched.count; place++) {
        const struct row *row = row_at(book, book->touched.items[place]);
        int64_t *event = grown(book, &book->events, EVENT_FIELDS), *key;
        if (event == NULL) return;
        memcpy(event, row, EVENT_FIELDS * sizeof *event);
        event[9] |= is_lower_bound(row) ? LOWER_BOUND : 0;
        sum_up(book, event);
        if (row->touched == REVISED && (key = grown(book, &book->revised, 1)) != NULL) *key = row->key;
    }
}

/* MessagePack as Python writes it: a number in as few bytes as it needs. */
static uint8_t *packed(uint8_t *at, int64_t number) {
    uint64_t value = (uint64_t)number;
    int bytes = value < 0x80 ? 0 : value <= 0xff ? 1 : value <= 0xffff ? 2 : value <= 0xffffffffULL ? 4 : 8;
    if (number < 0) { /* only a label that was never set, -1 */
        *at++ = 0xff;
        return at;
    }
    if (bytes) *at++ = (uint8_t)(bytes == 1 ? 0xcc : bytes == 2 ? 0xcd : bytes == 4 ? 0xce : 0xcf);
    if (!bytes) *at++ = (uint8_t)value;
    while (bytes--) *at++ = (uint8_t)(value >> bytes * 8);
    return at;
}

/* All rows as state.py keeps them: a map of arrays. `state.count` is the number of bytes. */
static void tell_state(struct book *book) {
    struct numbers *state = &book->state;
    int64_t count = book->rows.count, words = 1 + count * (ROW_FIELDS + 3);
    int64_t *items = realloc(state->items, (size_t)(words * 9));
    if (items == NULL) {
        book->failed = 1;
        return;
    }
    uint8_t *at = (uint8_t *)(state->items = items);
    if (count < 16) {
        *at++ = (uint8_t)(0x80 | count);
    } else {
        int bytes = count <= 0xffff ? 2 : 4;
        *at++ = bytes == 2 ? 0xde : 0xdf;
        while (bytes--) *at++ = (uint8_t)(count >> bytes * 8);
    }
    for (int64_t place = 0; place < count; place++) {
        const struct row *row = row_at(book, place);
        at = packed(at, row->key);
        *at++ = 0x90 | 12;
        for (int field = 1; field < 12; field++) at = packed(at, ((const int64_t *)row)[field]);
        *at++ = row->stopped ? 0xc3 : 0xc2;
    }
    state->count = at - (uint8_t *)items;
}

/* The tallies that follow from the rows. */
static void tell_tallies(struct book *book) {
    memset(&book->counted, 0, sizeof book->counted);
    memset(&book->lower_bound, 0, sizeof book->lower_bound);
    book->searches = 0;
    for (int64_t place = 0; place < book->rows.count; place++) {
        const struct row *row = row_at(book, place);
        note(&book->counted, tokens_of(row));
        if (is_lower_bound(row)) note(&book->lower_bound, tokens_of(row));
        book->searches += row->searches;
    }
}

#endif
