/* What is kept of a rollout while it is read: its session, and the texts that its lines say. */
#ifndef TOKENDIAL_KEPT_H
#define TOKENDIAL_KEPT_H

#include "../native/msgpack.h"
#include "counter.h"
#include "fields.h"

enum { RELATIVES = 16, NAME_PARTS = 5, MOST_NAMES = 200 };

/* A place in the bytes that are kept; a negative length: there is no text. */
struct kept {
    int64_t start, length;
};

struct session {
    struct bytes texts;
    struct rows names; /* what labels have in common: model, effort, tier, place and originator */
    struct kept model, effort, tier, place; /* of the turn that runs, be it copied; what follows are the thread's own */
    struct kept own_model, own_effort, own_place, only_model;
    struct kept parent, root, kind, agent, branch, originator, version;
    struct kept relatives[RELATIVES];
    int64_t born_ms, relatives_count, compactions, models;
};

static const struct kept NO_TEXT = {0, -1};

static const uint8_t *bytes_of(const struct session *session, struct kept text) {
    return session->texts.at + text.start;
}

static int is_same_kept(const struct session *session, struct kept one, struct kept other) {
    if (one.length != other.length) return 0;
    return one.length <= 0 || memcmp(bytes_of(session, one), bytes_of(session, other), (size_t)one.length) == 0;
}

/* Keeps a text instead of another; one that is the same stays where it is. */
static void set_text(struct session *session, struct kept *kept, struct text text) {
    int64_t length = length_of(text);
    if (text.at == NULL) {
        *kept = NO_TEXT;
    } else if (kept->length != length || memcmp(bytes_of(session, *kept), text.at, (size_t)length) != 0) {
        kept->start = session->texts.count;
        kept->length = length;
        put(&session->texts, text.at, length);
        if (session->texts.failed) *kept = NO_TEXT;
    }
}

static int is_empty(struct text text) { return text.at != NULL && text.at == text.end; }

static int is_said(struct text text) { return text.at != NULL && text.at < text.end; }

static void set_if_said(struct session *session, struct kept *kept, struct text text) {
    if (is_said(text)) set_text(session, kept, text);
}

static struct text first_said(struct text one, struct text other) { return is_said(one) ? one : other; }

/* Ids are compared in small letters. */
static int is_small(struct text text) {
    for (; text.at < text.end; text.at++)
        if ((*text.at >= 'A' && *text.at <= 'Z') || *text.at >= 0x80) return 0;
    return 1;
}

/* What the labels of the events that follow have in common; 0 where there are too many of them to look at each. */
static int name_base(struct core *core, struct session *session) {
    const struct kept now[NAME_PARTS] = {session->model, session->effort, session->tier, session->place,
                                         session->originator};
    const int64_t count = session->names.count;
    for (core->base = 0; core->base < count; core->base++) {
        struct kept known[NAME_PARTS];
        memcpy(known, session->names.items + core->base * 2 * NAME_PARTS, sizeof known);
        int part = 0;
        while (part < NAME_PARTS && is_same_kept(session, now[part], known[part])) part++;
        if (part == NAME_PARTS) return 1;
    }
    int64_t *row = count < MOST_NAMES ? grown(core, &session->names, 2 * NAME_PARTS) : NULL;
    if (row != NULL) memcpy(row, now, sizeof now);
    return row != NULL;
}

static int begin_session(struct core *core, struct session *session, int64_t born_ms) {
    struct kept *none[] = {
        &session->model,      &session->effort,    &session->tier,       &session->place,      &session->own_model,
        &session->own_effort, &session->own_place, &session->only_model, &session->parent,     &session->root,
        &session->kind,       &session->agent,     &session->branch,     &session->originator, &session->version,
    };
    for (size_t place = 0; place < sizeof none / sizeof *none; place++) *none[place] = NO_TEXT;
    session->born_ms = core->started_ms = born_ms;
    return name_base(core, session);
}

#endif
