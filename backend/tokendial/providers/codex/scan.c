/* The usual lines of a Codex rollout, read and counted at memory speed. compiled.py is the caller.
 *
 * Only lines byte for byte in the form that Codex writes are read or passed over here. Every other line is handed
 * back whole, so this file decides about speed and never about a figure.
 */
#include "lines.h"
#include "quick.h"

/* How many bytes a core has: Python checks that it means the same. */
EXPORT int64_t tokendial_codex_size(void) { return (int64_t)sizeof(struct core); }

static void begin(struct core *core, const int64_t *bands, int64_t count) {
    core->context_base = -1;
    keep(core, &core->bands, bands, count * (int64_t)sizeof *bands);
    core->bands.count = count;
}

EXPORT struct core *tokendial_codex_open(const int64_t *bands, int64_t count) {
    struct core *core = calloc(1, sizeof *core);
    if (core != NULL) begin(core, bands, count);
    return core;
}

static void give_back(struct core *core) {
    struct rows *all[] = {&core->events,         &core->sums,  &core->labels, &core->pending, &core->seen.rows,
                          &core->responses.rows, &core->bands, &core->thread, &core->limits,  &core->context,
                          &core->limits_before,  &core->limits_after, &core->readings, &core->prompts};
    for (size_t place = 0; place < sizeof all / sizeof *all; place++) free(all[place]->items);
    free(core->seen.slots);
    free(core->responses.slots);
}

EXPORT void tokendial_codex_close(struct core *core) {
    give_back(core);
    free(core);
}

/* The id of the thread that the file belongs to. */
EXPORT void tokendial_codex_thread(struct core *core, const uint8_t *name, int64_t length) {
    keep(core, &core->thread, name, length);
}

/* Goes on from what an earlier pass has seen. */
EXPORT void tokendial_codex_load(struct core *core, const int64_t *seen, int64_t seen_count, const int64_t *responses,
                                 int64_t response_count) {
    for (int64_t place = 0; place < seen_count; place++) add(core, &core->seen, seen[place]);
    for (int64_t place = 0; place < response_count; place++) add(core, &core->responses, responses[place]);
}

EXPORT void tokendial_codex_pending(struct core *core, const int64_t *usage) {
    int64_t *pending = grown(core, &core->pending, PARTS);
    if (pending != NULL) memcpy(pending, usage, PARTS * sizeof *usage);
}

/* Python has taken this snapshot, and told in `windows` what it says: answers whether those that follow it are taken
 * here, or only known when they repeat it. */
EXPORT int64_t tokendial_codex_limits(struct core *core, const uint8_t *block, int64_t start, int64_t stop) {
    struct text content = {block + start, block + stop};
    struct snapshot found;
    int usual = snapshot(content, &found) && found.minutes[0] == core->windows[0].minutes &&
                found.minutes[1] == core->windows[1].minutes && found.minutes[0] != found.minutes[1];
    if (usual && keep(core, &core->limits_before, found.before.at, found.before.end - found.before.at) &&
        keep(core, &core->limits_after, found.after.at, found.after.end - found.after.at))
        core->limits_known = STRUCTURED;
    else
        core->limits_known = keep(core, &core->limits, content.at, stop - start) ? LITERAL : UNKNOWN;
    return core->limits_known == STRUCTURED;
}

/* Python has read this turn_context: what it says is known. */
EXPORT void tokendial_codex_context(struct core *core, const uint8_t *block, int64_t start, int64_t stop) {
    struct text text = {block + start, block + stop};
    const uint8_t *rest = NULL;
    if (stop - start > 40 && after_time(&text, block, start)) rest = context_after_id(text, block);
    core->context_base = rest != NULL && keep(core, &core->context, rest, text.end - rest) ? core->base : -1;
}

EXPORT void tokendial_codex_count(struct core *core, const int64_t *total, const int64_t *last, int64_t repeated,
                                  int64_t time_ms, int64_t offset) {
    count(core, total, last, repeated, time_ms, offset);
}

EXPORT void tokendial_codex_response(struct core *core, int64_t key, const int64_t *used, int64_t time_ms,
                                     int64_t offset) {
    count_response(core, key, used, time_ms, offset);
}

/* As read_lines. */
EXPORT int64_t tokendial_codex_read(struct core *core, const uint8_t *block, int64_t start, int64_t end, int64_t base,
                                    struct record *record) {
    return read_lines(core, block, start, end, base, record);
}

/* A reader of a whole file of this thread (its id is in small letters), which was born then (NONE: not known). */
EXPORT struct quick *tokendial_codex_quick_open(const int64_t *bands, int64_t count, const uint8_t *thread,
                                                int64_t length, int64_t born_ms, int64_t earliest_ms,
                                                int64_t latest_ms) {
    struct quick *quick = calloc(1, sizeof *quick);
    if (quick == NULL) return NULL;
    struct core *core = &quick->core;
    begin(core, bands, count);
    keep(core, &core->thread, thread, length);
    core->earliest_ms = earliest_ms;
    core->latest_ms = latest_ms;
    core->last_line_ms = core->last_seen_ms = core->context_used = core->facts_window = core->repeated_ms = NONE;
    quick->limit = quick->limit_name = quick->plan = quick->credits = NO_TEXT;
    if (!begin_session(core, &quick->session, born_ms)) core->failed = 1;
    return quick;
}

EXPORT void tokendial_codex_quick_close(struct quick *quick) {
    give_back(&quick->core);
    free(quick->session.texts.at);
    free(quick->session.names.items);
    free(quick->out.at);
    free(quick);
}

/* Takes the lines of block[start:end), which begins at byte `base` of the file; 0 when one of them is not usual. */
EXPORT int64_t tokendial_codex_quick_read(struct quick *quick, const uint8_t *block, int64_t start, int64_t end,
                                          int64_t base) {
    return quick_lines(quick, block, start, end, base);
}

/* How many bytes the records have that were found, and in `packed` where they are; 0 when the file is not usual. */
EXPORT int64_t tokendial_codex_quick_finish(struct quick *quick, const uint8_t **packed) {
    if (!pack_file(quick)) return 0;
    *packed = quick->out.at;
    return quick->out.count;
}
