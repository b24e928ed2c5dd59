/* Which lines of a transcript are passed over: walk.py in C, comparison by comparison. */
#ifndef TOKENDIAL_CLAUDE_SEARCH_H
#define TOKENDIAL_CLAUDE_SEARCH_H

#include "../native/text.h"
#include "../native/vector.h"

#define ANSWER "\"type\":\"assistant\""
#define ANSWER_LENGTH ((ptrdiff_t)sizeof(ANSWER) - 1)
#define HEAD 2000
#define IS(text, literal) is_word((text), (literal), sizeof(literal) - 1)

/* Looks for the mark of a response through all of a block, every byte once: most bytes stand on lines without it. */
struct search {
    const uint8_t *end, *found;
};

/* Whether the mark stands whole between two places of the block; the first never goes back. */
static int has_answer(struct search *search, const uint8_t *at, const uint8_t *end) {
    if (search->found == NULL || search->found < at) search->found = find(at, search->end, NEEDLE(ANSWER, 5, 7));
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

static int is_passed_over(struct search *search, const uint8_t *start, const uint8_t *stop) {
    struct text line = {start, stop};
    if (stop[-1] != '}' || !IS(line, "{\"")) return 0;
    if (WORD(&line, "{\"type\":\"")) return is_idle(line) && !has_answer(search, start, stop);
    const uint8_t *near = stop - start > HEAD ? start + HEAD : stop;
    const uint8_t *message = find(start, near, NEEDLE("\"message\":{\"", 9, 10));
    /* Only the line's own brace before it: the message is the line's, not one inside another object. */
    if (message < near && memchr(start + 1, '{', (size_t)(message - start - 1)) == NULL) {
        struct text user = {message - 15, stop}, result = {message + 12, stop}, kind = {message + 39, stop};
        if (message - start < 15 || stop - message < 51 || !IS(user, ",\"type\":\"user\",")) return 0;
        if (!IS(result, "role\":\"user\",\"content\":[{\"t")) return 0;
        if (!IS(kind, "ool_use_id\":") && !IS(kind, "ype\":\"tool_r")) return 0;
        return !has_answer(search, message, stop);
    }
    return find(start, stop, NEEDLE("\"usage\"", 0, 6)) == stop && find(start, stop, NEEDLE("\"user\"", 0, 5)) == stop &&
           find(start, stop, NEEDLE("\"compact_boundary\"", 0, 17)) == stop &&
           find(start, stop, NEEDLE("Title\"", 0, 5)) == stop && find(start, stop, NEEDLE("\"summary\"", 0, 8)) == stop;
}

#endif
