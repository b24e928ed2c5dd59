/* Reads a whole rollout of the usual kind without Python. What is not usual ends it: then the parser reads the file. */
#ifndef TOKENDIAL_QUICK_H
#define TOKENDIAL_QUICK_H

#include "lines.h"
#include "packed.h"
#include "session.h"
#include "turns.h"

static int is_true(struct text value) { return value.at != NULL && *value.at == 't'; }

static int is_flag(struct text value) { return value.at == NULL || *value.at == 't' || *value.at == 'f'; }

/* limits.credit_words; a balance that is a number is left to Python. */
static int credit_words(struct text whole, struct text *words) {
    static const char forever[] = "unlimited";
    struct text any, unlimited, balance;
    const struct field fields[] = {
        {"has_credits", ANY, &any}, {"unlimited", ANY, &unlimited}, {"balance", TEXT, &balance}};
    words->at = words->end = NULL;
    if (!WITHIN(whole, fields) || !is_flag(any) || !is_flag(unlimited)) return 0;
    if (is_true(unlimited)) {
        words->at = (const uint8_t *)forever;
        words->end = words->at + sizeof forever - 1;
    } else if (is_true(any))
        *words = balance;
    return 1;
}

/* The first snapshot of limits that says something; those that follow may only differ in their windows' figures. */
static int first_limits(struct quick *quick, struct text content, int64_t time_ms) {
    struct core *core = &quick->core;
    struct session *session = &quick->session;
    struct text limit, name, plan, credits, primary, secondary, words, whole = content;
    const struct field fields[] = {{"limit_id", TEXT, &limit}, {"limit_name", TEXT, &name},
                                   {"plan_type", TEXT, &plan}, {"credits", ANY, &credits},
                                   {"primary", ANY, &primary}, {"secondary", ANY, &secondary}};
    struct snapshot found;
    if (!OBJECT(&whole, fields) || whole.at != whole.end || !credit_words(credits, &words)) return 0;
    if (primary.at == NULL && secondary.at == NULL) return 1;
    if (core->limits_known != UNKNOWN || !snapshot(content, &found)) return 0;
    if (found.before.end != primary.at || (secondary.at == NULL) != (found.minutes[1] == 0)) return 0;
    if (found.minutes[0] == 0 || found.minutes[0] == found.minutes[1]) return 0;
    set_if_said(session, &quick->limit, limit);
    set_text(session, &quick->limit_name, name);
    set_text(session, &quick->plan, plan);
    set_text(session, &quick->credits, words);
    for (int place = 0; place < WINDOWS; place++) {
        struct window *window = &core->windows[place];
        window->minutes = found.minutes[place];
        window->series = place;
        window->used = found.used[place];
        window->resets_ms = found.resets_ms[place];
        window->time_ms = window->last_ms = time_ms;
    }
    if (!keep(core, &core->limits_before, found.before.at, length_of(found.before)) ||
        !keep(core, &core->limits_after, found.after.at, length_of(found.after)))
        return 0;
    core->limits_known = STRUCTURED;
    return 1;
}

/* A counter without counts (R2), which may have limits. */
static int null_info(struct quick *quick, struct text content, int64_t time_ms) {
    struct line line = {content.at, 0, 0, time_ms, 0};
    struct record record;
    if (length_of(content) < 3 || content.end[-1] != '}' || content.end[-2] != '}') return 0;
    content.end -= 2;
    int kind = limits(&quick->core, content, &line, &record);
    if (kind == LINE || (kind == LIMITS && !first_limits(quick, content, time_ms))) return 0;
    quick->core.last_line_ms = time_ms;
    quick->null_infos++;
    return 1;
}

static int quick_context(struct quick *quick, struct text text, const struct line *line) {
    struct core *core = &quick->core;
    struct text payload = text;
    const uint8_t *rest = context_after_id(text, line->block);
    if (!WORD(&payload, "\"type\":\"turn_context\",\"payload\":") || payload.end[-1] != '}') return 0;
    payload.end--;
    if (!take_turn(core, &quick->session, payload, line->time_ms) || !name_base(core, &quick->session)) return 0;
    int known = !core->copied && rest != NULL && keep(core, &core->context, rest, text.end - rest);
    core->context_base = known ? core->base : -1;
    core->last_line_ms = line->time_ms;
    alive(core, line->time_ms);
    return 1;
}

/* An event about the thread or its turns, or one of copied history, of which only the time matters. */
static int take_event(struct quick *quick, struct text type, struct text turn, struct text settings, int is_own) {
    struct core *core = &quick->core;
    struct session *session = &quick->session;
    if (is_text(type, "task_started") || is_text(type, "turn_started"))
        return turn_begins(core, session, turn, NONE);
    if (is_text(type, "thread_settings_applied")) {
        if (settings.at == NULL) return 1;
        if (!core->copied && !is_own) return 0;
        return take_settings(core, session, settings) && name_base(core, session);
    }
    if (is_text(type, "entered_review_mode") || is_text(type, "exited_review_mode")) {
        core->review = *type.at == 'e' && type.at[1] == 'n';
        return 1;
    }
    return core->copied && (is_text(type, "user_message") || is_text(type, "item_completed"));
}

static int quick_event(struct quick *quick, struct text text, const struct line *line) {
    struct core *core = &quick->core;
    struct text type, turn, thread, how, settings, item, item_type;
    const struct field fields[] = {{"type", TEXT, &type},        {"turn_id", TEXT, &turn},
                                   {"thread_id", TEXT, &thread}, {"kind", TEXT, &how},
                                   {"item", ANY, &item},         {"thread_settings", ANY, &settings}};
    const struct field of_item[] = {{"type", TEXT, &item_type}};
    if (!WORD(&text, "\"type\":\"event_msg\",\"payload\":")) return 0;
    if (!OBJECT(&text, fields) || !WORD(&text, "}") || text.at != text.end) return 0;
    if (!WITHIN(item, of_item) || (settings.at != NULL && !is_text(type, "thread_settings_applied"))) return 0;
    int is_own = thread.at == NULL || is_kept(&core->thread, thread.at, length_of(thread));
    if (!take_event(quick, type, turn, settings, is_own)) return 0;
    core->last_line_ms = line->time_ms;
    alive(core, line->time_ms);
    return 1;
}

/* A line that says nothing, that the session was compacted, or (R6) that a sub-agent's own lines begin. */
static int quick_other(struct quick *quick, struct text text) {
    struct text type;
    if (!WORD(&text, "\"type\":") || !simple_string(&text, &type)) return 0;
    if (is_text(type, "event_msg") || is_text(type, "token_usage_record") || is_text(type, "session_meta") ||
        is_text(type, "turn_context"))
        return 0;
    if (!WORD(&text, ",\"payload\":") || !value(&text, FIELD_DEPTH)) return 0;
    if (!WORD(&text, "}") || text.at != text.end) return 0;
    if (is_text(type, "inter_agent_communication_metadata")) quick->core.copied = 0;
    quick->session.compactions += !quick->core.copied && is_text(type, "compacted");
    return 1;
}

/* A line that is none of those that only count. */
static int quick_line(struct quick *quick, struct line *line) {
    struct core *core = &quick->core;
    struct text text = {line->block + line->start, line->block + line->stop}, rest;
    if (!WORD(&text, "{\"timestamp\":\"") || length_of(text) < 40) return 0;
    struct text time = text;
    if (!time_of(&time, &line->time_ms) || !after_time(&text, line->block, line->start)) return 0;
    rest = text;
    if (WORD(&rest, "\"type\":\"session_meta\",\"payload\":")) {
        if (rest.end[-1] != '}') return 0;
        rest.end--;
        return take_meta(core, &quick->session, rest) && name_base(core, &quick->session);
    }
    if (line->time_ms < core->earliest_ms || line->time_ms > core->latest_ms) return 0;
    rest = text;
    if (WORD(&rest, "\"type\":\"event_msg\",\"payload\":{\"type\":\"token_count\",\"info\":null,\"rate_limits\":"))
        return null_info(quick, rest, line->time_ms);
    rest = text;
    if (WORD(&rest, "\"type\":\"turn_context\",")) return quick_context(quick, text, line);
    return quick_event(quick, text, line) || quick_other(quick, text);
}

/* Reads whole lines; 0 when one of them is not usual. */
static int quick_lines(struct quick *quick, const uint8_t *block, int64_t start, int64_t end, int64_t base) {
    struct record record;
    while (start < end) {
        int kind = read_lines(&quick->core, block, start, end, base, &record);
        struct line line = {block, record.start, record.stop, 0, base + record.start};
        if (kind == FAILED || (kind == LINE && !quick_line(quick, &line))) return 0;
        if (kind == LIMITS) {
            struct text content = {block + record.start, block + record.stop};
            if (!first_limits(quick, content, record.time_ms)) return 0;
        }
        start = record.next;
    }
    return !quick->core.failed;
}

#endif
