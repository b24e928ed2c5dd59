/* The usual lines of a rollout: which they are, and what they say. Every other line is for whoever calls. */
#ifndef TOKENDIAL_LINES_H
#define TOKENDIAL_LINES_H

#include "counter.h"
#include "limits.h"
#include "values.h"

enum { FAILED = -1, READ = 0, LINE = 1, LIMITS = 2 };
enum { DEPTH = 8 };

/* What Python has to look at: a whole line, or the JSON of limits that say something new. */
struct record {
    int64_t start, stop, time_ms, next;
};

/* A line of which the time is read and that is about to be read further. */
struct line {
    const uint8_t *block;
    int64_t start, stop, time_ms, offset;
};

/* A usage object in the order of lines.Vector; builds before 0.145 have no cache writes. */
static int usage(struct text *text, int64_t parts[PARTS]) {
    if (!WORD(text, "{\"input_tokens\":") || !number(text, &parts[INPUT])) return 0;
    if (!WORD(text, ",\"cached_input_tokens\":") || !number(text, &parts[CACHED])) return 0;
    parts[WRITTEN] = 0;
    if (WORD(text, ",\"cache_write_input_tokens\":") && !number(text, &parts[WRITTEN])) return 0;
    return WORD(text, ",\"output_tokens\":") && number(text, &parts[OUTPUT]) &&
           WORD(text, ",\"reasoning_output_tokens\":") && number(text, &parts[REASONING]) &&
           WORD(text, ",\"total_tokens\":") && number(text, &parts[TOTAL]) && WORD(text, "}");
}

/* A snapshot of the limits that says nothing new, or one for Python; one that is not plain JSON is not read. */
static int limits(struct core *core, struct text content, const struct line *line, struct record *record) {
    int64_t length = content.end - content.at;
    struct text whole = content;
    if (length == 4 && memcmp(content.at, "null", 4) == 0) return READ;
    if (take_snapshot(core, content, line->time_ms)) return READ;
    if (core->limits_known == LITERAL && is_kept(&core->limits, content.at, length)) {
        if (!core->copied && line->time_ms > core->repeated_ms) core->repeated_ms = line->time_ms;
        return READ;
    }
    if (!value(&whole, DEPTH) || whole.at != whole.end) return LINE;
    if (contains(content.at, content.end, "resets_in_seconds", 17)) return LINE;
    if (core->copied) return READ;
    record->start = content.at - line->block;
    record->stop = content.end - line->block;
    record->time_ms = line->time_ms;
    return LIMITS;
}

/* What follows the type of a token_count. */
static int token_count(struct core *core, struct text *text, const struct line *line, struct record *record) {
    int64_t total[PARTS], last[PARTS], window;
    if (!WORD(text, "\",\"info\":{\"total_token_usage\":") || !usage(text, total)) return LINE;
    if (!WORD(text, ",\"last_token_usage\":") || !usage(text, last)) return LINE;
    if (!WORD(text, ",\"model_context_window\":") || !number(text, &window)) return LINE;
    int kind = READ; /* old builds write no limits */
    if (!WORD(text, "}}}") || text->at != text->end) {
        if (!WORD(text, "},\"rate_limits\":") || text->end - text->at < 3) return LINE;
        if (text->end[-1] != '}' || text->end[-2] != '}') return LINE;
        text->end -= 2;
        if ((kind = limits(core, *text, line, record)) == LINE) return LINE;
    }
    core->last_line_ms = line->time_ms;
    if (!core->copied) {
        core->context_used = last[TOTAL];
        if (window) core->context_window = core->facts_window = window;
        alive(core, line->time_ms);
    }
    count(core, total, last, last[TOTAL], line->time_ms, line->offset);
    return kind;
}

/* What follows the type of a token_usage_record. */
static int usage_record(struct core *core, struct text *text, const struct line *line) {
    struct span thread, response, other;
    int64_t used[PARTS], parts[PARTS];
    const uint8_t *block = line->block;
    if (!WORD(text, "{\"thread_id\":") || !plain_string(text, block, &thread)) return LINE;
    if (!WORD(text, ",\"turn_id\":") || !plain_string(text, block, &other)) return LINE;
    if (!WORD(text, ",\"session_id\":") || !plain_string(text, block, &other)) return LINE;
    if (!WORD(text, ",\"root_turn_id\":") || !plain_string(text, block, &other)) return LINE;
    if (!WORD(text, ",\"response_id\":") || !plain_string(text, block, &response)) return LINE;
    if (!WORD(text, ",\"usage\":") || !usage(text, used)) return LINE;
    if (!WORD(text, ",\"turn_token_usage\":") || !usage(text, parts)) return LINE;
    if (!WORD(text, ",\"thread_token_usage\":") || !usage(text, parts)) return LINE;
    if (!WORD(text, "}}") || text->at != text->end) return LINE;
    core->last_line_ms = line->time_ms;
    if (!is_kept(&core->thread, block + thread.start, thread.stop - thread.start))
        note(core, COPIED, used[TOTAL]);
    else {
        uint64_t digest = blake2b_8(block + response.start, (size_t)(response.stop - response.start), "response");
        count_response(core, (int64_t)(digest >> 1), used, line->time_ms, line->offset);
    }
    alive(core, line->time_ms);
    return READ;
}

/* The item of a completed one: its type, which is said once. */
static int item(struct text *text, struct text *type) {
    struct text key;
    type->at = NULL;
    if (!WORD(text, "{")) return 0;
    do {
        if (!simple_string(text, &key) || !WORD(text, ":")) return 0;
        if (!is_text(key, "type")) {
            if (!value(text, DEPTH)) return 0;
        } else if (type->at != NULL || !simple_string(text, type))
            return 0;
    } while (WORD(text, ","));
    return type->at != NULL && WORD(text, "}");
}

/* The fields of an event after its type, and whether they are those of a prompt: 0 where one of them is not usual. */
static int event_fields(struct text *text, int completed, int *is_prompt) {
    struct text key, type = {NULL, NULL};
    while (WORD(text, ",")) {
        if (!simple_string(text, &key) || !WORD(text, ":")) return 0;
        if (is_text(key, "type") || is_text(key, "thread_settings")) return 0;
        if (is_text(key, "item")) {
            if (!completed || type.at != NULL || !item(text, &type)) return 0;
        } else if (is_text(key, "kind")) {
            if (!WORD(text, "null") && !WORD(text, "\"plain\"")) return 0;
        } else if (is_text(key, "turn_id") || is_text(key, "thread_id")) {
            if (!WORD(text, "null") && !string(text)) return 0;
        } else if (!value(text, DEPTH))
            return 0;
    }
    *is_prompt = !completed || (type.at != NULL && is_text(type, "UserMessage"));
    return WORD(text, "}}") && text->at == text->end;
}

/* A prompt, or a turn that begins: outside of copied history only their time and place matter. */
static int event(struct core *core, struct text *text, const struct line *line) {
    int is_prompt, prompts = WORD(text, "user_message\""), completed = !prompts && WORD(text, "item_completed\"");
    if (core->copied || (!prompts && !completed && !WORD(text, "task_started\""))) return LINE;
    if (!event_fields(text, completed, &is_prompt)) return LINE;
    if ((prompts || completed) && is_prompt) {
        int64_t *prompt = grown(core, &core->prompts, 3);
        if (prompt == NULL) return LINE;
        prompt[0] = line->time_ms;
        prompt[1] = line->offset;
        prompt[2] = line->stop - line->start;
    }
    core->last_line_ms = line->time_ms;
    alive(core, line->time_ms);
    return READ;
}

/* What a turn_context says after the id of its turn; NULL for one of another form. */
static const uint8_t *context_after_id(struct text text, const uint8_t *block) {
    struct span turn;
    if (!WORD(&text, "\"type\":\"turn_context\",\"payload\":{\"turn_id\":") || !plain_string(&text, block, &turn))
        return NULL;
    return text.at;
}

/* A turn that runs with what the one before ran with. */
static int turn_context(struct core *core, const struct text *text, const struct line *line) {
    const uint8_t *rest = context_after_id(*text, line->block);
    if (core->copied || core->context_base != core->base || rest == NULL) return LINE;
    if (!is_kept(&core->context, rest, text->end - rest)) return LINE;
    core->last_line_ms = line->time_ms;
    alive(core, line->time_ms);
    return READ;
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

/* What follows the time of a line: 0 where it is not of the usual form. */
static int after_time(struct text *text, const uint8_t *block, int64_t start) {
    int64_t ordinal;
    text->at = block + start + 38;
    if (!WORD(text, "\",")) return 0;
    return !WORD(text, "\"ordinal\":") || (number(text, &ordinal) && WORD(text, ","));
}

static int is_plausible(const struct core *core, struct line *line, struct text *time) {
    return time_of(time, &line->time_ms) && line->time_ms >= core->earliest_ms && line->time_ms <= core->latest_ms;
}

/* Reads a line or passes over it, and says whether Python has to look at something. */
static int read_line(struct core *core, struct line *line, struct record *record) {
    struct text text = {line->block + line->start, line->block + line->stop}, type;
    record->start = line->start;
    record->stop = line->stop;
    if (!WORD(&text, "{\"timestamp\":\"") || text.end - text.at < 26) return LINE;
    struct text time = text;
    if (!after_time(&text, line->block, line->start)) return LINE;
    type = text;
    if (WORD(&type, "\"type\":\"resp")) return READ;
    int timed = is_plausible(core, line, &time);
    type = text;
    if (WORD(&type, "\"type\":\"event_msg\",\"payload\":{\"type\":\"")) {
        if (is_idle_event(&type)) return READ;
        if (!timed) return LINE;
        if (WORD(&type, "token_count")) return token_count(core, &type, line, record);
        return event(core, &type, line);
    }
    if (!timed) return LINE;
    type = text;
    if (WORD(&type, "\"type\":\"token_usage_record\",\"payload\":")) return usage_record(core, &type, line);
    return turn_context(core, &text, line);
}

/* Reads the lines of block[start:end), which begins at byte `base` of the file, until Python has to look at something.
 * Answers at what; record->next is where to go on, `end` when all lines were read. */
static int read_lines(struct core *core, const uint8_t *block, int64_t start, int64_t end, int64_t base,
                      struct record *record) {
    int kind = READ;
    while (start < end && kind == READ) {
        const uint8_t *newline = memchr(block + start, '\n', (size_t)(end - start));
        struct line line = {block, start, newline == NULL ? end : newline - block, 0, base + start};
        kind = read_line(core, &line, record);
        start = line.stop + 1;
    }
    record->next = start < end ? start : end;
    return core->failed ? FAILED : kind;
}

#endif
