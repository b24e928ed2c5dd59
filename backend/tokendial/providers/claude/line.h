/* A line of a transcript, walked through in any order of keys; what is unusual is left to Python. */
#ifndef TOKENDIAL_CLAUDE_LINE_H
#define TOKENDIAL_CLAUDE_LINE_H

#include "../native/json.h"

/* The texts of a line. Those of a context come first: what they say is mostly the same on many lines. */
enum {
    SESSION, CWD, BRANCH, VERSION, ENTRYPOINT, EFFORT, AGENT, ATTRIBUTION, MODEL, TIER, SPEED, GEO, CONTEXT_TEXTS,
    TYPE = CONTEXT_TEXTS, TIME, UUID, REQUEST, MESSAGE, STOP, UNUSED, TEXTS
};

/* Other keys, for the check that none comes twice. */
enum { SIDE_KEY = TEXTS, META_KEY, SUMMARY_KEY, MESSAGE_KEY, RESULT_KEY, USAGE_KEY };

/* Counts of a usage; -1 is none. */
enum { INPUT, WRITTEN, READ, OUTPUT, SHORT, HOUR, THINKING, SEARCHES, COUNTS };

/* Above this sums of counts might not fit; Python has no such limit. */
#define MOST_TOKENS (1LL << 40)

struct line {
    struct text texts[TEXTS]; /* at is NULL where there is none */
    int64_t counts[COUNTS], start, stop, time_ms, tokens;
    uint64_t seen;
    int is_side, has_result, has_usage;
};

/* How a key of an object is read. `loose` texts may hold anything, Python decodes them. */
struct name {
    const char *name;
    size_t length;
    int place, loose;
};

#define NAME(text, place) {text, sizeof(text) - 1, place, 0}
#define LOOSE(text, place) {text, sizeof(text) - 1, place, 1}

static const struct name line_names[] = {
    NAME("sessionId", SESSION), LOOSE("cwd", CWD), LOOSE("gitBranch", BRANCH), NAME("version", VERSION),
    NAME("entrypoint", ENTRYPOINT), NAME("effort", EFFORT), NAME("agentId", AGENT), NAME("type", TYPE),
    NAME("attributionAgent", ATTRIBUTION), NAME("timestamp", TIME), NAME("uuid", UUID), NAME("requestId", REQUEST),
    NAME("advisorModel", UNUSED), {NULL, 0, 0, 0}};
static const struct name message_names[] = {NAME("id", MESSAGE), NAME("model", MODEL), NAME("stop_reason", STOP), {NULL, 0, 0, 0}};
static const struct name usage_names[] = {NAME("service_tier", TIER), NAME("speed", SPEED), NAME("inference_geo", GEO), {NULL, 0, 0, 0}};
static const struct name count_names[] = {
    NAME("input_tokens", INPUT), NAME("cache_creation_input_tokens", WRITTEN), NAME("cache_read_input_tokens", READ),
    NAME("output_tokens", OUTPUT), {NULL, 0, 0, 0}};
static const struct name write_names[] = {NAME("ephemeral_5m_input_tokens", SHORT), NAME("ephemeral_1h_input_tokens", HOUR), {NULL, 0, 0, 0}};
static const struct name detail_names[] = {NAME("thinking_tokens", THINKING), {NULL, 0, 0, 0}};
static const struct name tool_names[] = {NAME("web_search_requests", SEARCHES), {NULL, 0, 0, 0}};
/* Keys that say something which is not read here. */
static const struct name unread_names[] = {
    NAME("forkedFrom", 0), NAME("origin", 0), NAME("data", 0), NAME("subtype", 0), NAME("customTitle", 0),
    NAME("aiTitle", 0), NAME("summary", 0), NAME("leafUuid", 0), {NULL, 0, 0, 0}};

static const struct name *named(const struct name *names, const struct text *key) {
    size_t length = (size_t)(key->end - key->at);
    for (; names->name != NULL; names++)
        if (names->length == length && memcmp(names->name, key->at, length) == 0) return names;
    return NULL;
}

static int is_new(uint64_t *seen, int place) {
    uint64_t bit = 1ULL << place;
    if (*seen & bit) return 0;
    *seen |= bit;
    return 1;
}

/* A text or null. */
static int read_text(struct text *text, int loose, struct text *found) {
    if (WORD(text, "null")) return 1;
    if (!loose) return plain_text(text, found);
    if (!WORD(text, "\"")) return 0;
    found->at = text->at;
    if (!string_rest(text)) return 0;
    found->end = text->at - 1;
    return 1;
}

/* A count, or null. */
static int read_count(struct text *text, int64_t *count) {
    if (WORD(text, "null")) return 1;
    return number(text, count) && *count <= MOST_TOKENS;
}

/* true, false or null. */
static int read_switch(struct text *text, int *found) {
    if (WORD(text, "true")) return *found = 1;
    return WORD(text, "false") || WORD(text, "null");
}

/* An object of counts, or null. */
static int read_counts(struct text *text, const struct name *names, int64_t *counts, uint64_t *seen) {
    struct text key;
    int more;
    if (WORD(text, "null")) return 1;
    if (!WORD(text, "{")) return 0;
    for (int first = 1; (more = next_key(text, first, &key)) > 0; first = 0) {
        const struct name *name = named(names, &key);
        if (name == NULL ? !skip_value(text) : !is_new(seen, name->place) || !read_count(text, &counts[name->place])) return 0;
    }
    return more == 0;
}

static int read_amount(struct text *text, const struct text *key, int64_t *counts, uint64_t *seen) {
    const struct name *name = named(count_names, key);
    if (name != NULL) return is_new(seen, name->place) && read_count(text, &counts[name->place]) ? 1 : -1;
    if (NAMED(key, "cache_creation"))
        return is_new(seen, COUNTS) && read_counts(text, write_names, counts, seen) ? 1 : -1;
    if (NAMED(key, "output_tokens_details"))
        return is_new(seen, COUNTS + 1) && read_counts(text, detail_names, counts, seen) ? 1 : -1;
    return 0;
}

/* No iterations, or one that is the response itself: of those nothing is counted. */
static int read_iterations(struct text *text) {
    int64_t counts[COUNTS];
    uint64_t seen = 0;
    struct text key, kind = {NULL, NULL}, model = {NULL, NULL};
    int more;
    if (WORD(text, "null")) return 1;
    if (!mark(text, '[')) return 0;
    if (WORD(text, "]")) return 1;
    if (!WORD(text, "{")) return 0;
    for (int first = 1; (more = next_key(text, first, &key)) > 0; first = 0) {
        int is_type = NAMED(&key, "type");
        if (is_type || NAMED(&key, "model")) {
            if (!is_new(&seen, COUNTS + 2 + is_type) || !read_text(text, 0, is_type ? &kind : &model)) return 0;
        } else {
            int amount = read_amount(text, &key, counts, &seen);
            if (amount < 0 || (amount == 0 && !skip_value(text))) return 0;
        }
    }
    return more == 0 && mark(text, ']') && (kind.at == NULL || NAMED(&kind, "message"));
}

static int read_usage(struct text *text, struct line *line) {
    struct text key;
    uint64_t seen = 0;
    int more;
    if (WORD(text, "null")) return 1;
    if (!WORD(text, "{")) return 0;
    line->has_usage = 1;
    for (int first = 1; (more = next_key(text, first, &key)) > 0; first = 0) {
        int amount = read_amount(text, &key, line->counts, &seen);
        const struct name *name = amount == 0 ? named(usage_names, &key) : NULL;
        if (amount < 0) return 0;
        if (amount > 0) continue;
        if (name != NULL) {
            if (!is_new(&line->seen, name->place) || !read_text(text, 0, &line->texts[name->place])) return 0;
        } else if (NAMED(&key, "server_tool_use")) {
            if (!is_new(&seen, COUNTS + 2) || !read_counts(text, tool_names, line->counts, &seen)) return 0;
        } else if (NAMED(&key, "iterations")) {
            if (!is_new(&seen, COUNTS + 3) || !read_iterations(text)) return 0;
        } else if (!skip_value(text)) {
            return 0;
        }
    }
    return more == 0;
}

static int read_message(struct text *text, struct line *line) {
    struct text key;
    int more;
    if (WORD(text, "null")) return 1;
    if (!WORD(text, "{")) return 0;
    for (int first = 1; (more = next_key(text, first, &key)) > 0; first = 0) {
        const struct name *name = named(message_names, &key);
        if (name != NULL) {
            if (!is_new(&line->seen, name->place) || !read_text(text, 0, &line->texts[name->place])) return 0;
        } else if (NAMED(&key, "usage")) {
            if (!is_new(&line->seen, USAGE_KEY) || !read_usage(text, line)) return 0;
        } else if (!skip_value(text)) {
            return 0;
        }
    }
    return more == 0;
}

/* A value of the line. */
static int read_member(struct text *text, const struct text *key, struct line *line) {
    int is_meta = 0;
    const struct name *name = named(line_names, key);
    if (name != NULL)
        return is_new(&line->seen, name->place) && read_text(text, name->loose, &line->texts[name->place]);
    if (NAMED(key, "message")) return is_new(&line->seen, MESSAGE_KEY) && read_message(text, line);
    if (NAMED(key, "isSidechain")) return is_new(&line->seen, SIDE_KEY) && read_switch(text, &line->is_side);
    if (NAMED(key, "isMeta")) return is_new(&line->seen, META_KEY) && read_switch(text, &is_meta);
    if (NAMED(key, "isCompactSummary")) return is_new(&line->seen, SUMMARY_KEY) && read_switch(text, &is_meta);
    if (NAMED(key, "toolUseResult")) {
        if (!is_new(&line->seen, RESULT_KEY)) return 0;
        line->has_result = text->at < text->end && *text->at != 'n';
    } else if (named(unread_names, key) != NULL) {
        return 0;
    }
    return skip_value(text);
}

/* All of a line; false where it holds anything unusual. */
static int read_line(const uint8_t *block, int64_t start, int64_t stop, struct line *line) {
    struct text text = {block + start, block + stop}, key;
    int more;
    memset(line, 0, sizeof *line);
    for (int place = 0; place < COUNTS; place++) line->counts[place] = -1;
    line->start = start;
    line->stop = stop;
    space(&text);
    if (!WORD(&text, "{")) return 0;
    for (int first = 1; (more = next_key(&text, first, &key)) > 0; first = 0)
        if (!read_member(&text, &key, line)) return 0;
    space(&text);
    return more == 0 && text.at == text.end;
}

/* The parts of a usage as usage.py makes them of the counts; false where there are none. */
static int settle_counts(struct line *line) {
    int64_t *counts = line->counts;
    if (counts[INPUT] < 0 && counts[OUTPUT] < 0 && counts[READ] < 0 && counts[WRITTEN] < 0) return 0;
    for (int place = 0; place < COUNTS; place++)
        if (counts[place] < 0) counts[place] = 0;
    if (counts[WRITTEN] == 0) counts[WRITTEN] = counts[SHORT] + counts[HOUR];
    if (counts[HOUR] > counts[WRITTEN]) counts[HOUR] = counts[WRITTEN];
    if (counts[THINKING] > counts[OUTPUT]) counts[THINKING] = counts[OUTPUT];
    line->tokens = counts[INPUT] + counts[READ] + counts[WRITTEN] + counts[OUTPUT];
    return 1;
}

/* Leaves out what a response is not charged by (usage.py, tier_of), so that only real differences make a new context. */
static void settle_tier(struct text *texts) {
    static const struct text none = {NULL, NULL};
    const struct text *tier = &texts[TIER];
    if (tier->at == tier->end || NAMED(tier, "standard") || NAMED(tier, "default") || NAMED(tier, "auto")) texts[TIER] = none;
    if (!NAMED(&texts[SPEED], "fast")) texts[SPEED] = none;
    if (!NAMED(&texts[GEO], "us")) texts[GEO] = none;
}

static int is_same(const struct line *one, const struct line *other, int place) {
    const struct text *a = &one->texts[place], *b = &other->texts[place];
    ptrdiff_t length = a->end - a->at;
    if ((a->at == NULL) != (b->at == NULL) || length != b->end - b->at) return 0;
    return length == 0 || memcmp(a->at, b->at, (size_t)length) == 0;
}

static int is_same_context(const struct line *one, const struct line *other) {
    for (int place = 0; place < CONTEXT_TEXTS; place++)
        if (!is_same(one, other, place)) return 0;
    return one->is_side == other->is_side;
}

#endif
