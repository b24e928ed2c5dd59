/* What a rollout says about its session: the rules of facts.py, with the same results. */
#ifndef TOKENDIAL_SESSION_H
#define TOKENDIAL_SESSION_H

#include "kept.h"

static int relate(struct core *core, struct session *session, struct text relative) {
    if (!is_said(relative) || is_kept(&core->thread, relative.at, length_of(relative))) return 1;
    if (!is_small(relative) || session->relatives_count == RELATIVES) return 0;
    struct kept *fresh = &session->relatives[session->relatives_count];
    *fresh = NO_TEXT;
    set_text(session, fresh, relative);
    for (struct kept *known = session->relatives; known < fresh; known++)
        if (is_same_kept(session, *known, *fresh)) return 1;
    session->relatives_count++;
    return 1;
}

/* Where the session comes from: of a sub-agent its kind, and the id of the one that started it. */
static int take_source(struct session *session, struct text source, struct text *spawner) {
    static const char by_default[] = "subagent";
    struct text subagent, spawn, other, nickname, role;
    const struct field own[] = {{"subagent", ANY, &subagent}};
    const struct field started[] = {{"thread_spawn", ANY, &spawn}, {"other", TEXT, &other}};
    const struct field by[] = {{"parent_thread_id", TEXT, spawner}, {"agent_nickname", TEXT, &nickname},
                               {"agent_role", TEXT, &role}};
    spawner->at = spawner->end = NULL;
    if (source.at == NULL || *source.at == '"') return 1;
    if (!WITHIN(source, own)) return 0;
    if (subagent.at == NULL) return 1;
    if (*subagent.at == '"') {
        if (!text_or_null(&subagent, &other)) return 0;
        set_text(session, &session->kind, other);
        return !is_text(other, "main");
    }
    if (!WITHIN(subagent, started)) return 0;
    if (!is_said(other)) {
        other.at = (const uint8_t *)by_default;
        other.end = other.at + sizeof by_default - 1;
    }
    set_text(session, &session->kind, other);
    if (is_text(other, "main")) return 0;
    if (spawn.at == NULL) return 1;
    if (!WITHIN(spawn, by)) return 0;
    set_if_said(session, &session->agent, first_said(nickname, role));
    return 1;
}

/* What the thread's own session_meta says of where it comes from. */
struct origin {
    struct text root, parent, spawner, forked, base;
};

static int take_origin(struct core *core, struct session *session, const struct origin *from) {
    static const char fork[] = "fork";
    const struct text by_fork = {(const uint8_t *)fork, (const uint8_t *)fork + sizeof fork - 1};
    struct text above =
        first_said(from->parent, first_said(from->spawner, first_said(from->forked, from->base)));
    if (!is_small(above) || !is_small(from->root)) return 0;
    if (from->base.at != NULL) core->by_reference = 1;
    if (is_said(above)) {
        set_text(session, &session->parent, above);
        if (session->kind.length < 0) set_text(session, &session->kind, by_fork);
    }
    set_if_said(session, &session->root, from->root);
    return relate(core, session, from->root) && relate(core, session, from->parent) &&
           relate(core, session, from->spawner) && relate(core, session, from->forked) &&
           relate(core, session, from->base);
}

/* R6: the session_meta of another thread begins copied history. */
static int take_other_meta(struct core *core, struct session *session, struct text id) {
    if (!core->by_reference) core->copied = 1;
    return is_small(id) && relate(core, session, id);
}

/* The payload of a session_meta. */
static int take_meta(struct core *core, struct session *session, struct text payload) {
    struct text id, time, place, originator, version, source, nickname, role, base, git, branch;
    struct origin from;
    const struct field fields[] = {
        {"id", TEXT, &id},
        {"session_id", TEXT, &from.root},
        {"forked_from_id", TEXT, &from.forked},
        {"parent_thread_id", TEXT, &from.parent},
        {"timestamp", TEXT, &time},
        {"cwd", TEXT, &place},
        {"originator", TEXT, &originator},
        {"cli_version", TEXT, &version},
        {"source", ANY, &source},
        {"agent_nickname", TEXT, &nickname},
        {"agent_role", TEXT, &role},
        {"history_base", ANY, &base},
        {"git", ANY, &git},
    };
    const struct field of_base[] = {{"thread_id", TEXT, &from.base}};
    const struct field of_git[] = {{"branch", TEXT, &branch}};
    if (!OBJECT(&payload, fields) || payload.at != payload.end || !is_said(id) || is_empty(place)) return 0;
    if (!WITHIN(base, of_base) || !WITHIN(git, of_git)) return 0;
    if (!is_kept(&core->thread, id.at, length_of(id))) return take_other_meta(core, session, id);
    if (!take_source(session, source, &from.spawner)) return 0;
    set_if_said(session, &session->own_place, place);
    if (session->place.length < 0) set_if_said(session, &session->place, place);
    set_if_said(session, &session->originator, originator);
    set_if_said(session, &session->version, version);
    set_if_said(session, &session->branch, branch);
    set_if_said(session, &session->agent, first_said(nickname, role));
    if (core->started_ms == NONE && is_said(time))
        if (!time_of(&time, &core->started_ms) || time.at != time.end) return 0;
    return take_origin(core, session, &from);
}

#endif
