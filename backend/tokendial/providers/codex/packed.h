/* Packs what was found in a rollout as records.ParsedFile. */
#ifndef TOKENDIAL_PACKED_H
#define TOKENDIAL_PACKED_H

#include "kept.h"
#include "limits.h"

/* The core comes first: it is read by the same functions. */
struct quick {
    struct core core;
    struct session session;
    struct kept limit, limit_name, plan, credits;
    int64_t null_infos;
    struct bytes out;
};

/* A text without its escapes. */
static void pack_kept(struct quick *quick, struct kept kept) {
    struct bytes *out = &quick->out;
    if (kept.length < 0) {
        pack_none(out);
        return;
    }
    struct text text = {bytes_of(&quick->session, kept), bytes_of(&quick->session, kept) + kept.length};
    int64_t escapes = 0;
    for (const uint8_t *at = text.at; at < text.end; at++)
        if (*at == '\\') escapes++, at++;
    pack_text_head(out, kept.length - escapes);
    while (text.at < text.end) {
        if (*text.at == '\\') text.at++;
        const uint8_t *next = memchr(text.at + 1, '\\', (size_t)(text.end - text.at - 1));
        if (next == NULL) next = text.end;
        put(out, text.at, next - text.at);
        text.at = next;
    }
}

static void pack_kept_or(struct quick *quick, struct kept text, const char *otherwise) {
    if (text.length < 0)
        pack_word(&quick->out, otherwise);
    else
        pack_kept(quick, text);
}

static void pack_said(struct bytes *out, int64_t number) {
    if (number == NONE)
        pack_none(out);
    else
        pack_number(out, number);
}

static void pack_rows(struct bytes *out, const struct rows *rows, int64_t width) {
    pack_bytes(out, rows->items, rows->count * width * (int64_t)sizeof *rows->items);
}

static void pack_session(struct quick *quick) {
    const struct core *core = &quick->core;
    const struct session *session = &quick->session;
    struct bytes *out = &quick->out;
    pack_array(out, 18);
    pack_text(out, core->thread.items, core->thread.count);
    pack_kept(quick, session->parent);
    pack_kept(quick, session->root);
    pack_array(out, session->relatives_count);
    for (int64_t place = 0; place < session->relatives_count; place++) pack_kept(quick, session->relatives[place]);
    pack_kept_or(quick, session->kind, "main");
    pack_none(out);
    pack_kept(quick, session->agent);
    pack_kept(quick, session->own_place);
    pack_kept(quick, session->branch);
    pack_kept(quick, session->originator);
    pack_kept(quick, session->version);
    pack_kept(quick, session->own_model);
    pack_kept(quick, session->own_effort);
    pack_said(out, core->started_ms);
    pack_said(out, core->last_seen_ms);
    pack_said(out, core->context_used);
    pack_said(out, core->facts_window);
    pack_number(out, session->compactions);
}

/* R9: events before the first model are of the only one that the file names; without one the parser flags them. */
static int pack_labels(struct quick *quick) {
    const struct core *core = &quick->core;
    pack_array(&quick->out, core->labels.count);
    for (int64_t place = 0; place < core->labels.count; place++) {
        const int64_t *label = core->labels.items + place * LABEL_FIELDS;
        struct kept names[NAME_PARTS];
        memcpy(names, quick->session.names.items + label[0] * 2 * NAME_PARTS, sizeof names);
        if (names[0].length < 0) {
            if (quick->session.models != 1) return 0;
            names[0] = quick->session.only_model;
        }
        pack_array(&quick->out, 7);
        pack_kept(quick, names[0]);
        for (int part = 1; part < NAME_PARTS; part++) pack_kept(quick, names[part]);
        pack_number(&quick->out, label[1]);
        pack_number(&quick->out, label[2]);
    }
    return 1;
}

static void pack_events(struct quick *quick) {
    pack_map(&quick->out, 2);
    pack_word(&quick->out, "packed");
    pack_rows(&quick->out, &quick->core.events, EVENT_FIELDS);
    pack_word(&quick->out, "packed_sums");
    pack_rows(&quick->out, &quick->core.sums, SUM_FIELDS);
}

static void pack_prompts(struct quick *quick) {
    const struct rows *prompts = &quick->core.prompts;
    pack_array(&quick->out, prompts->count);
    for (int64_t place = 0; place < prompts->count; place++) {
        pack_array(&quick->out, 3);
        for (int part = 0; part < 3; part++) pack_number(&quick->out, prompts->items[3 * place + part]);
    }
}

/* Those of one series together, as the ledger keeps them. */
static void put_readings(struct bytes *out, const struct rows *readings, int64_t series) {
    for (int64_t place = 0; place < readings->count; place++) {
        const int64_t *row = readings->items + place * READING_FIELDS;
        if (row[0] == series) put(out, row, READING_FIELDS * (int64_t)sizeof *row);
    }
}

static void pack_readings(struct quick *quick) {
    struct core *core = &quick->core;
    int64_t first = core->windows[1].minutes && core->windows[1].minutes < core->windows[0].minutes;
    int64_t series = (core->windows[0].minutes != 0) + (core->windows[1].minutes != 0);
    for (int64_t place = 0; place < series; place++) close_window(core, &core->windows[place ^ first]);
    pack_map(&quick->out, 2);
    pack_word(&quick->out, "series");
    pack_array(&quick->out, series);
    for (int64_t place = 0; place < series; place++) {
        pack_array(&quick->out, 5);
        pack_kept_or(quick, quick->limit, "codex");
        pack_kept(quick, quick->limit_name);
        pack_number(&quick->out, core->windows[place].minutes);
        pack_kept(quick, quick->plan);
        pack_kept(quick, quick->credits);
    }
    pack_word(&quick->out, "packed");
    pack_bytes_head(&quick->out, core->readings.count * READING_FIELDS * (int64_t)sizeof(int64_t));
    for (int64_t place = 0; place < series; place++) put_readings(&quick->out, &core->readings, place);
}

static void pack_audit(struct quick *quick) {
    static const char *const names[TALLIES] = {"counted", "duplicate", "copied", "estimate",
                                               "paired",  "gap",       "clamped"};
    const struct tally *tallies = quick->core.tallies;
    int64_t count = quick->null_infos != 0;
    for (int kind = 0; kind < TALLIES; kind++) count += tallies[kind].records != 0;
    pack_map(&quick->out, count);
    for (int kind = 0; kind <= TALLIES; kind++) {
        struct tally tally = {quick->null_infos, 0};
        if (kind < TALLIES) tally = tallies[kind];
        if (tally.records == 0) continue;
        pack_word(&quick->out, kind < TALLIES ? names[kind] : "null_info");
        pack_array(&quick->out, 3);
        pack_number(&quick->out, tally.records);
        pack_number(&quick->out, tally.tokens);
        pack_number(&quick->out, -1);
    }
}

/* A ParsedFile; 0 where the parser has to say it. */
static int pack_file(struct quick *quick) {
    pack_array(&quick->out, 9);
    pack_session(quick);
    if (!pack_labels(quick)) return 0;
    pack_events(quick);
    pack_prompts(quick);
    pack_readings(quick);
    pack_audit(quick);
    pack_map(&quick->out, 0);         /* nothing is refused, */
    pack_bytes(&quick->out, NULL, 0); /* no state is kept, */
    pack_array(&quick->out, 0);       /* and nothing revised */
    return !quick->core.failed && !quick->out.failed && !quick->session.texts.failed;
}

#endif
