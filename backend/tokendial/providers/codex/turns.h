/* What a rollout says about its turns, and where copied history ends: the rules of facts.py and parser.py. */
#ifndef TOKENDIAL_TURNS_H
#define TOKENDIAL_TURNS_H

#include "kept.h"

/* The time in a UUIDv7, NONE for another id; 0 where that is not plain. */
static int time_of_id(struct text id, int64_t *time_ms) {
    static const char digits[] = "0123456789abcdef";
    *time_ms = NONE;
    for (const uint8_t *at = id.at; at < id.end; at++)
        if (*at >= 0x80 || *at == '\\') return 0;
    if (id.at == NULL || length_of(id) != 36 || id.at[14] != '7') return 1;
    int64_t time = 0;
    for (int place = 0; place < 13; place++) {
        if (place == 8) continue;
        const char *digit = memchr(digits, id.at[place], 16);
        if (digit == NULL) return 0;
        time = time << 4 | (digit - digits);
    }
    *time_ms = time;
    return 1;
}

/* R6: the thread's own first turn ends copied history; a context without the time of its turn does so after a pause. */
static int turn_begins(struct core *core, const struct session *session, struct text turn, int64_t context_ms) {
    int64_t turn_ms;
    if (!core->copied) return 1;
    if (!time_of_id(turn, &turn_ms)) return 0;
    if (session->born_ms != NONE && turn_ms != NONE)
        core->copied = turn_ms < session->born_ms;
    else if (context_ms != NONE && core->last_line_ms != NONE)
        core->copied = context_ms - core->last_line_ms < 1000;
    return 1;
}

static void set_model(struct core *core, struct session *session, struct text model) {
    if (!is_said(model)) return;
    set_text(session, &session->model, model);
    if (core->copied) return;
    session->own_model = session->model;
    if (session->models == 0) session->only_model = session->model;
    if (session->models == 0 || !is_same_kept(session, session->only_model, session->model)) session->models++;
}

/* The payload of a turn_context. */
static int take_turn(struct core *core, struct session *session, struct text payload, int64_t time_ms) {
    struct text turn, place, model, effort, mode, settings, effort_of_mode;
    const struct field fields[] = {{"turn_id", TEXT, &turn},
                                   {"cwd", TEXT, &place},
                                   {"model", TEXT, &model},
                                   {"effort", TEXT, &effort},
                                   {"collaboration_mode", ANY, &mode}};
    const struct field of_mode[] = {{"settings", ANY, &settings}};
    const struct field of_settings[] = {{"reasoning_effort", TEXT, &effort_of_mode}};
    if (!OBJECT(&payload, fields) || payload.at != payload.end || is_empty(place)) return 0;
    if (!WITHIN(mode, of_mode) || !WITHIN(settings, of_settings)) return 0;
    if (!turn_begins(core, session, turn, time_ms)) return 0;
    set_text(session, &session->effort, effort.at != NULL ? effort : effort_of_mode);
    set_model(core, session, model);
    set_if_said(session, &session->place, place);
    if (core->copied) return 1;
    session->own_effort = session->effort;
    if (session->own_place.length < 0) session->own_place = is_said(place) ? session->place : NO_TEXT;
    return 1;
}

/* R10: a model switch between turns, and the only record of the tier. */
static int take_settings(struct core *core, struct session *session, struct text settings) {
    struct text model, tier, effort;
    const struct field fields[] = {
        {"model", TEXT, &model}, {"service_tier", TEXT, &tier}, {"reasoning_effort", TEXT, &effort}};
    if (!WITHIN(settings, fields)) return 0;
    set_model(core, session, model);
    if (effort.at != NULL) set_text(session, &session->effort, effort);
    if (is_text(tier, "default") || is_text(tier, "auto") || is_text(tier, "standard") || is_empty(tier))
        tier.at = NULL;
    set_text(session, &session->tier, tier);
    return 1;
}

#endif
