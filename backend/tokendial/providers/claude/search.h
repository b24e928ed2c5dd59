/* Which lines of a transcript are passed over: walk.py in C, comparison by comparison. */
#ifndef TOKENDIAL_CLAUDE_SEARCH_H
#define TOKENDIAL_CLAUDE_SEARCH_H

#include "../native/text.h"

#define ANSWER "\"type\":\"assistant\""
#define ANSWER_LENGTH ((ptrdiff_t)sizeof(ANSWER) - 1)
#define HEAD 2000
#define HAS(at, end, literal) contains((at), (end), literal, sizeof(literal) - 1)
#define IS(text, literal) is_word((text), (literal), sizeof(literal) - 1)

/* Looks for the mark of a response through all of a block, every byte once: most bytes stand on lines without it. */
struct search {
    const uint8_t *end, *found;
    uint8_t steps[256];
};

static struct search begin_search(const uint8_t *end) {
    struct search search = {end, NULL, {0}};
    memset(search.steps, ANSWER_LENGTH, sizeof search.steps);
    for (ptrdiff_t place = 0; place < ANSWER_LENGTH - 1; place++)
        search.steps[(uint8_t)ANSWER[place]] = (uint8_t)(ANSWER_LENGTH - 1 - place);
    return search;
}

/* Whether the mark stands whole between two places of the block (the search of Horspool). */
static int has_answer(struct search *search, const uint8_t *at, const uint8_t *end) {
    if (search->found == NULL || search->found < at) {
        while (search->end - at >= ANSWER_LENGTH && memcmp(at, ANSWER, ANSWER_LENGTH) != 0)
            at += search->steps[at[ANSWER_LENGTH - 1]];
        search->found = search->end - at >= ANSWER_LENGTH ? at : search->end;
    }
    return end - search->found >= ANSWER_LENGTH;
}

static int is_word(struct text text, const char *literal, size_t length) { return word(&text, literal, length); }

/* A kind of line that says nothing here, with its closing quote. */
static int is_idle(struct text name) {
    static const char *const idle[] = {
        "file-history-snapshot\"", "file-history-delta\"", "mode\"", "permission-mode\"", "last-prompt\"",
        "agent-name\"", "pr-link\"", "frame-link\"", "bridge-session\"", "attachment\"", "started\"", "result\"",
        "fork-context-ref\""};
    for (size_t place = 0; place < sizeof idle / sizeof *idle; place++)
        if (is_word(name, idle[place], strlen(idle[place]))) return 1;
    return 0;
}

/* Where the line's message begins, if it does so near its start; NULL where it does not. */
static const uint8_t *message_of(const uint8_t *start, const uint8_t *stop) {
    static const char message[] = "\"message\":{\"";
    const ptrdiff_t length = sizeof message - 1;
    const uint8_t *end = stop - start > HEAD ? start + HEAD : stop, *at = start;
    while (end - at >= length && (at = memchr(at, '"', (size_t)(end - at - length + 1))) != NULL) {
        if (memcmp(at, message, (size_t)length) == 0) return at;
        at++;
    }
    return NULL;
}

static int is_passed_over(struct search *search, const uint8_t *start, const uint8_t *stop) {
    struct text line = {start, stop};
    if (stop[-1] != '}' || !IS(line, "{\"")) return 0;
    if (WORD(&line, "{\"type\":\"")) return is_idle(line) && !has_answer(search, start, stop);
    const uint8_t *message = message_of(start, stop);
    /* Only the line's own brace before it: the message is the line's, not one inside another object. */
    if (message != NULL && memchr(start + 1, '{', (size_t)(message - start - 1)) == NULL) {
        struct text user = {message - 15, stop}, result = {message + 12, stop}, kind = {message + 39, stop};
        if (message - start < 15 || stop - message < 51 || !IS(user, ",\"type\":\"user\",")) return 0;
        if (!IS(result, "role\":\"user\",\"content\":[{\"t")) return 0;
        if (!IS(kind, "ool_use_id\":") && !IS(kind, "ype\":\"tool_r")) return 0;
        return !has_answer(search, message, stop);
    }
    return !(HAS(start, stop, "\"usage\"") || HAS(start, stop, "\"user\"") || HAS(start, stop, "\"compact_boundary\"") ||
             HAS(start, stop, "Title\"") || HAS(start, stop, "\"summary\""));
}

#endif
