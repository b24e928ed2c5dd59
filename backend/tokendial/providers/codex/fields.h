/* The fields of a JSON object by their names; what is not plain is not read. */
#ifndef TOKENDIAL_FIELDS_H
#define TOKENDIAL_FIELDS_H

#include "values.h"

enum { FIELD_DEPTH = 16 };
enum kind { TEXT, ANY };

/* A field that is wanted: a text or null, or any value as it stands; `at` is NULL where there is none. */
struct field {
    const char *name;
    enum kind kind;
    struct text *found;
};

/* Whether the escapes of a string are those that have no other form: then two of them are the same where their bytes
 * are, and what each means is the second byte of its two. */
static int has_plain_escapes(struct text found) {
    while ((found.at = memchr(found.at, '\\', (size_t)length_of(found))) != NULL) {
        if (found.at[1] != '\\' && found.at[1] != '"') return 0;
        found.at += 2;
    }
    return 1;
}

/* A string, as it is written; of null nothing is found. */
static int text_or_null(struct text *text, struct text *found) {
    found->at = found->end = NULL;
    if (WORD(text, "null")) return 1;
    const uint8_t *first = text->at + 1;
    if (!string(text)) return 0;
    found->at = first;
    found->end = text->at - 1;
    return has_plain_escapes(*found);
}

static int field_value(struct text *text, const struct field *field) {
    if (field->found->at != NULL) return 0; /* said twice */
    if (field->kind == TEXT) return text_or_null(text, field->found);
    field->found->at = text->at;
    if (!value(text, FIELD_DEPTH)) return 0;
    field->found->end = text->at;
    if (length_of(*field->found) == 4 && memcmp(field->found->at, "null", 4) == 0)
        field->found->at = field->found->end = NULL;
    return 1;
}

/* An object, of whose fields these are wanted. */
static int object(struct text *text, const struct field *fields, size_t count) {
    struct text key;
    for (size_t place = 0; place < count; place++) fields[place].found->at = fields[place].found->end = NULL;
    if (!WORD(text, "{")) return 0;
    if (WORD(text, "}")) return 1;
    do {
        if (!simple_string(text, &key) || !WORD(text, ":")) return 0;
        size_t place = 0;
        while (place < count && !is_text(key, fields[place].name)) place++;
        if (place == count ? !value(text, FIELD_DEPTH) : !field_value(text, &fields[place])) return 0;
    } while (WORD(text, ","));
    return WORD(text, "}");
}

#define OBJECT(text, fields) object((text), (fields), sizeof(fields) / sizeof *(fields))

/* The fields of a value that is an object; of none, nothing is found. */
static int fields_within(struct text whole, const struct field *fields, size_t count) {
    if (whole.at != NULL) return object(&whole, fields, count);
    for (size_t place = 0; place < count; place++) fields[place].found->at = fields[place].found->end = NULL;
    return 1;
}

#define WITHIN(whole, fields) fields_within((whole), (fields), sizeof(fields) / sizeof *(fields))

#endif
