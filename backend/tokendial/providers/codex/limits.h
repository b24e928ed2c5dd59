/* Snapshots of limits in the usual form: of a series that Python has begun, only what changes is noted (limits.py). */
#ifndef TOKENDIAL_LIMITS_H
#define TOKENDIAL_LIMITS_H

#include "counter.h"
#include "values.h"

enum { UNKNOWN = 0, LITERAL = 1, STRUCTURED = 2 }; /* what is known of the snapshot before */
enum { WINDOWS = 2, READING_FIELDS = 5, JITTER_MS = 90000 };

/* A snapshot: what it says of its windows, and everything else that it says. */
struct snapshot {
    struct text before, after;
    int64_t minutes[WINDOWS], resets_ms[WINDOWS];
    double used[WINDOWS];
};

/* A percentage; few enough digits that the quotient is the number nearest to it. */
static int percent(struct text *text, double *value) {
    static const double powers[] = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12};
    int64_t digits = 0;
    const uint8_t *first = text->at;
    ptrdiff_t places = 0;
    while (text->at < text->end && *text->at >= '0' && *text->at <= '9' && text->at - first < 4)
        digits = digits * 10 + (*text->at++ - '0');
    if (text->at == first || text->at - first > 3 || (*first == '0' && text->at - first > 1)) return 0;
    if (WORD(text, ".")) {
        first = text->at;
        while (text->at < text->end && *text->at >= '0' && *text->at <= '9' && text->at - first < 12)
            digits = digits * 10 + (*text->at++ - '0');
        places = text->at - first;
        if (places == 0) return 0;
    }
    *value = (double)digits / powers[places];
    if (*value > 100) *value = 100;
    return 1;
}

static int window(struct text *text, struct snapshot *found, int place) {
    int64_t resets;
    if (!WORD(text, "{\"used_percent\":") || !percent(text, &found->used[place])) return 0;
    if (!WORD(text, ",\"window_minutes\":") || !number(text, &found->minutes[place])) return 0;
    if (!WORD(text, ",\"resets_at\":") || !number(text, &resets) || resets >= 100000000000LL) return 0;
    found->resets_ms[place] = resets ? resets * 1000 : NONE;
    return WORD(text, "}");
}

static int snapshot(struct text content, struct snapshot *found) {
    const uint8_t *mark = content.at, *limit = content.end;
    if (limit - mark > 200) limit = mark + 200;
    while (limit - mark >= 10 && memcmp(mark, "\"primary\":", 10) != 0) mark++;
    if (limit - mark < 10) return 0;
    found->before.at = content.at;
    found->before.end = content.at = mark + 10;
    if (!window(&content, found, 0)) return 0;
    found->minutes[1] = 0;
    if (WORD(&content, ",\"secondary\":{")) {
        content.at--;
        if (!window(&content, found, 1)) return 0;
    }
    found->after = content;
    return 1;
}

static int is_same_text(struct core *core, const struct snapshot *found) {
    return is_kept(&core->limits_before, found->before.at, found->before.end - found->before.at) &&
           is_kept(&core->limits_after, found->after.at, found->after.end - found->after.at) &&
           found->minutes[0] == core->windows[0].minutes && found->minutes[1] == core->windows[1].minutes;
}

static int is_same_reset(int64_t a, int64_t b) {
    if (a == NONE || b == NONE) return a == b;
    return a - b <= JITTER_MS && b - a <= JITTER_MS;
}

/* A reading is over: it was held until it was last seen. */
static void close_window(struct core *core, const struct window *window) {
    int64_t *row = grown(core, &core->readings, READING_FIELDS);
    if (row == NULL) return;
    row[0] = window->series;
    memcpy(&row[1], &window->used, sizeof window->used);
    row[2] = window->resets_ms;
    row[3] = window->time_ms;
    row[4] = window->last_ms;
}

static void observe_window(struct core *core, struct window *window, double used, int64_t resets_ms, int64_t time_ms) {
    if (used == window->used && is_same_reset(window->resets_ms, resets_ms)) {
        if (time_ms > window->last_ms) window->last_ms = time_ms;
        return;
    }
    close_window(core, window);
    window->used = used;
    window->resets_ms = resets_ms;
    window->time_ms = window->last_ms = time_ms;
    window->changed = 1;
}

/* Takes a snapshot of the series that Python has begun; 0 for any other. */
static int take_snapshot(struct core *core, struct text content, int64_t time_ms) {
    struct snapshot found;
    if (core->limits_known != STRUCTURED || !snapshot(content, &found) || !is_same_text(core, &found)) return 0;
    for (int place = 0; !core->copied && place < WINDOWS; place++)
        if (core->windows[place].minutes)
            observe_window(core, &core->windows[place], found.used[place], found.resets_ms[place], time_ms);
    return 1;
}

#endif
