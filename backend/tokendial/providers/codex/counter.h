/* Which usage a rollout adds: the rules of counter.py (R2 to R8), with the same results. */
#ifndef TOKENDIAL_COUNTER_H
#define TOKENDIAL_COUNTER_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../native/blake2b.h"

#define NONE INT64_MIN

enum { FLAG_FRESH_COUNTER = 1, FLAG_IN_REVIEW = 2, FLAG_GAP = 8 };
enum { COUNTED, DUPLICATE, COPIED, ESTIMATE, PAIRED, GAP, CLAMPED, TALLIES };
enum { INPUT, CACHED, WRITTEN, OUTPUT, REASONING, TOTAL, PARTS };

/* Things in the order in which they came. */
struct rows {
    int64_t *items;
    int64_t count, room;
};

/* Numbers, each once; `slots` hold places in `rows`, counted from 1. */
struct set {
    struct rows rows;
    uint32_t *slots;
    int64_t mask;
};

struct tally {
    int64_t records, tokens;
};

/* A window of the limits that is being watched; no minutes: there is none. */
struct window {
    int64_t minutes, series, resets_ms, time_ms, last_ms, changed;
    double used;
};

/* What Python and C share of a file that is read; compiled.py has the same fields in the same order. */
struct core {
    int64_t earliest_ms, latest_ms;
    int64_t copied, review, by_reference, base, context_window, facts_window;
    int64_t last_line_ms, started_ms, last_seen_ms, context_used, repeated_ms;
    int64_t has_previous, previous[PARTS];
    struct tally tallies[TALLIES];
    struct rows events, sums, labels, pending;
    struct set seen, responses;
    struct rows bands, thread, limits, context, limits_before, limits_after, readings, prompts;
    struct window windows[2];
    int64_t limits_known, context_base, label, failed;
};

enum { EVENT_FIELDS = 11, SUM_FIELDS = 9, LABEL_FIELDS = 3, BUCKET_MS = 900000 };

static int64_t *grown(struct core *core, struct rows *rows, int64_t width) {
    if ((rows->count + 1) * width > rows->room) {
        int64_t room = rows->room ? rows->room * 2 : 64 * width;
        int64_t *items = realloc(rows->items, (size_t)room * sizeof *items);
        if (items == NULL) {
            core->failed = 1;
            return NULL;
        }
        rows->items = items;
        rows->room = room;
    }
    return rows->items + rows->count++ * width;
}

/* Keep a copy of bytes; `count` is their number. */
static int keep(struct core *core, struct rows *rows, const void *bytes, int64_t length) {
    int64_t words = (length + 7) / 8;
    if (words > rows->room) {
        int64_t *items = realloc(rows->items, (size_t)words * sizeof *items);
        if (items == NULL) {
            core->failed = 1;
            return 0;
        }
        rows->items = items;
        rows->room = words;
    }
    if (length) memcpy(rows->items, bytes, (size_t)length);
    rows->count = length;
    return 1;
}

static int is_kept(const struct rows *rows, const void *bytes, int64_t length) {
    return rows->count == length && memcmp(rows->items, bytes, (size_t)length) == 0;
}

static uint32_t *slot_of(const struct set *set, int64_t item) {
    uint64_t at = (uint64_t)item * 0x9e3779b97f4a7c15ULL >> 20;
    for (;; at++) {
        uint32_t *slot = &set->slots[at & (uint64_t)set->mask];
        if (*slot == 0 || set->rows.items[*slot - 1] == item) return slot;
    }
}

static int has(const struct set *set, int64_t item) { return set->slots != NULL && *slot_of(set, item) != 0; }

static void add(struct core *core, struct set *set, int64_t item) {
    if (has(set, item)) return;
    if (set->slots == NULL || set->rows.count * 2 > set->mask) {
        int64_t size = set->slots == NULL ? 128 : (set->mask + 1) * 2;
        uint32_t *slots = calloc((size_t)size, sizeof *slots);
        if (slots == NULL) {
            core->failed = 1;
            return;
        }
        free(set->slots);
        set->slots = slots;
        set->mask = size - 1;
        for (int64_t place = 0; place < set->rows.count; place++)
            *slot_of(set, set->rows.items[place]) = (uint32_t)place + 1;
    }
    uint32_t *slot = slot_of(set, item);
    int64_t *row = grown(core, &set->rows, 1);
    if (row == NULL) return;
    *row = item;
    *slot = (uint32_t)set->rows.count;
}

static void note(struct core *core, int kind, int64_t tokens) {
    core->tallies[kind].records++;
    core->tallies[kind].tokens += tokens;
}

/* identity.fingerprint: a polynomial modulo 2^61 - 1. */
static int64_t fingerprint(const int64_t vector[PARTS]) {
    const uint64_t prime = (1ULL << 61) - 1, factor = 0x16A09E667F3BCC90ULL;
    uint64_t found = 0;
    for (int part = 0; part < PARTS; part++) {
        __extension__ unsigned __int128 product = (unsigned __int128)found * factor;
        found = (uint64_t)(product & prime) + (uint64_t)(product >> 61);
        found += (uint64_t)(vector[part] < 0 ? vector[part] + (int64_t)prime : vector[part]);
        while (found >= prime) found -= prime;
    }
    return (int64_t)found;
}

/* R6b: 63 bits of both vectors. */
static int64_t pair_key(const int64_t total[PARTS], const int64_t last[PARTS]) {
    int64_t both[2 * PARTS];
    memcpy(both, total, PARTS * sizeof *total);
    memcpy(both + PARTS, last, PARTS * sizeof *last);
    return (int64_t)(blake2b_8((const uint8_t *)both, sizeof both, "") >> 1);
}

static int64_t label_of(struct core *core, int64_t band) {
    struct rows *labels = &core->labels;
    int64_t label = core->label;
    for (int64_t tried = 0; tried <= labels->count; tried++, label = tried - 1) {
        const int64_t *known = labels->items + label * LABEL_FIELDS;
        if (label < labels->count && known[0] == core->base && known[1] == band && known[2] == core->context_window)
            return core->label = label;
    }
    int64_t *fresh = grown(core, labels, LABEL_FIELDS);
    if (fresh == NULL) return 0;
    fresh[0] = core->base;
    fresh[1] = band;
    fresh[2] = core->context_window;
    return core->label = labels->count - 1;
}

/* The sums of an event's bucket and label: most events go where the one before went. */
static void sum_up(struct core *core, const int64_t *event) {
    struct rows *sums = &core->sums;
    int64_t bucket = event[1] / BUCKET_MS, *found = NULL;
    for (int64_t place = sums->count - 1; place >= 0 && found == NULL; place--) {
        int64_t *sum = sums->items + place * SUM_FIELDS;
        if (sum[0] == bucket && sum[1] == event[2] && sum[8] < 256) found = sum; /* 2^53 each: no sum overflows */
    }
    if (found == NULL) {
        if ((found = grown(core, sums, SUM_FIELDS)) == NULL) return;
        memset(found, 0, SUM_FIELDS * sizeof *found);
        found[0] = bucket;
        found[1] = event[2];
    }
    for (int part = 0; part < 6; part++) found[2 + part] += event[3 + part];
    found[8]++;
}

static void emit(struct core *core, int64_t key, const int64_t usage[PARTS], int64_t time_ms, int64_t offset,
                 int64_t flags) {
    int64_t given = usage[INPUT], cached = usage[CACHED], written = usage[WRITTEN], output = usage[OUTPUT];
    int64_t fresh = given - cached - written, band = 0, *event;
    if (fresh < 0) {
        cached = cached < given ? cached : given;
        written = written < given - cached ? written : given - cached;
        fresh = given - cached - written;
        note(core, CLAMPED, usage[TOTAL]);
    }
    for (int64_t place = 0; place < core->bands.count && core->bands.items[place] < given; place++)
        band = core->bands.items[place];
    int64_t label = label_of(core, band);
    if ((event = grown(core, &core->events, EVENT_FIELDS)) == NULL) return;
    event[0] = key;
    event[1] = time_ms;
    event[2] = label;
    event[3] = fresh;
    event[4] = cached;
    event[5] = written;
    event[6] = 0;
    event[7] = output;
    event[8] = usage[REASONING] < output ? usage[REASONING] : output;
    event[9] = flags | (core->review ? FLAG_IN_REVIEW : 0);
    event[10] = offset;
    sum_up(core, event);
    note(core, COUNTED, given + output);
}

/* R5: a counter goes on from a total that was seen, or begins; else lines are missing. */
static int64_t lineage(struct core *core, const int64_t total[PARTS], const int64_t last[PARTS]) {
    int64_t before[PARTS];
    if (memcmp(total, last, sizeof before) == 0) return FLAG_FRESH_COUNTER;
    for (int part = 0; part < PARTS; part++) before[part] = total[part] - last[part];
    if (core->has_previous && memcmp(before, core->previous, sizeof before) == 0) return 0;
    if (has(&core->seen, fingerprint(before))) return 0;
    if (!core->has_previous && (core->by_reference || core->responses.rows.count)) return 0;
    note(core, GAP, last[TOTAL]);
    return FLAG_GAP;
}

/* R8: the record of a response was counted before its counter. */
static int take_pending(struct rows *pending, const int64_t usage[PARTS]) {
    for (int64_t place = 0; place < pending->count; place++) {
        int64_t *one = pending->items + place * PARTS;
        if (memcmp(one, usage, PARTS * sizeof *one) != 0) continue;
        memmove(one, one + PARTS, (size_t)(--pending->count - place) * PARTS * sizeof *one);
        return 1;
    }
    return 0;
}

/* A counter with both its vectors; `repeated` are the tokens of one that was seen before. */
static void count(struct core *core, const int64_t total[PARTS], const int64_t last[PARTS], int64_t repeated,
                  int64_t time_ms, int64_t offset) {
    int64_t seen = fingerprint(total);
    if (!core->copied && has(&core->seen, seen)) {
        note(core, DUPLICATE, repeated); /* R3 */
        return;
    }
    if (core->copied)
        note(core, COPIED, last[TOTAL]); /* R6 */
    else if (last[INPUT] == 0 && last[OUTPUT] == 0)
        note(core, ESTIMATE, 0); /* R4 */
    else if (take_pending(&core->pending, last))
        note(core, PAIRED, last[TOTAL]);
    else
        emit(core, pair_key(total, last), last, time_ms, offset, lineage(core, total, last));
    add(core, &core->seen, seen);
    memcpy(core->previous, total, sizeof core->previous);
    core->has_previous = 1;
}

/* R8: a response with an id of its own. */
static void count_response(struct core *core, int64_t key, const int64_t usage[PARTS], int64_t time_ms,
                           int64_t offset) {
    if (has(&core->responses, key)) {
        note(core, DUPLICATE, usage[TOTAL]);
        return;
    }
    add(core, &core->responses, key);
    int64_t *pending = grown(core, &core->pending, PARTS);
    if (pending == NULL) return;
    memcpy(pending, usage, PARTS * sizeof *usage);
    emit(core, key, usage, time_ms, offset, 0);
}

static void alive(struct core *core, int64_t time_ms) {
    if (core->copied) return;
    if (core->started_ms == NONE) core->started_ms = time_ms;
    if (time_ms > core->last_seen_ms) core->last_seen_ms = time_ms;
}

#endif
