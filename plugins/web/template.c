/* SPDX-License-Identifier: MIT
 *
 * template.c - see template.h. One walk over the text; a section walks its inside with one more level of values.
 */
#include "template.h"

#include "faqd_plugin.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DEPTH 8 /* sections within each other */
#define NAME_MAX_LEN 32

enum tag_kind { TAG_TEXT, TAG_RAW, TAG_SECTION, TAG_INVERTED, TAG_END };

struct tag {
    enum tag_kind kind;
    const char *begin, *end; /* of the whole tag */
    char name[NAME_MAX_LEN];
};

struct walk {
    const json_t *values[DEPTH]; /* outermost first */
    size_t depth;
    FILE *out;
    size_t len; /* of all that was written: the stream does not tell of everything that it could not keep */
};

/* The next tag in [at, end); 0: none; -1: one that is not well made, with tag->begin set. */
static int next_tag(const char *at, const char *end, struct tag *tag)
{
    const char *open = memmem(at, (size_t)(end - at), "{{", 2);
    if (!open)
        return 0;
    tag->begin = open;
    const char *name = open + 2;
    int raw = name < end && *name == '{';
    if (raw)
        name++;
    const char *close = memmem(name, (size_t)(end - name), raw ? "}}}" : "}}", raw ? 3 : 2);
    if (!close)
        return -1;
    tag->end = close + (raw ? 3 : 2);
    tag->kind = raw ? TAG_RAW : TAG_TEXT;
    if (!raw && name < close && strchr("#^/", *name)) {
        tag->kind = *name == '#' ? TAG_SECTION : *name == '^' ? TAG_INVERTED : TAG_END;
        name++;
    }
    size_t len = (size_t)(close - name);
    if (len == 0 || len >= sizeof(tag->name))
        return -1;
    memcpy(tag->name, name, len);
    tag->name[len] = '\0';
    return strspn(tag->name, "abcdefghijklmnopqrstuvwxyz_") == len ? 1 : -1;
}

/* The end tag that belongs to a section whose inside begins at `at`; NULL: none. */
static int find_end(const char *at, const char *end, const char *name, struct tag *found)
{
    size_t open = 1;
    while (next_tag(at, end, found) == 1) {
        if (found->kind == TAG_SECTION || found->kind == TAG_INVERTED)
            open++;
        else if (found->kind == TAG_END && --open == 0)
            return strcmp(found->name, name) == 0;
        at = found->end;
    }
    return 0;
}

static size_t check(const char *begin, const char *at, const char *end, size_t depth)
{
    struct tag tag, last;
    int got = 0;
    while ((got = next_tag(at, end, &tag)) == 1) {
        size_t wrong = 0;
        at = tag.end;
        if (tag.kind == TAG_END)
            return (size_t)(tag.begin - begin) + 1;
        if (tag.kind == TAG_TEXT || tag.kind == TAG_RAW)
            continue;
        if (depth + 1 >= DEPTH || !find_end(tag.end, end, tag.name, &last))
            return (size_t)(tag.begin - begin) + 1;
        wrong = check(begin, tag.end, last.begin, depth + 1);
        if (wrong)
            return wrong;
        at = last.end;
    }
    return got < 0 ? (size_t)(tag.begin - begin) + 1 : 0;
}

size_t template_check(const char *text, size_t len)
{
    return check(text, text, text + len, 0);
}

static void emit(struct walk *w, const char *text, size_t len)
{
    fwrite(text, 1, len, w->out);
    w->len += len;
}

static void escape(struct walk *w, const char *text)
{
    static const char *const names[] = {"&amp;", "&lt;", "&gt;", "&quot;", "&#39;"};
    static const char signs[] = "&<>\"'";
    while (*text) {
        size_t plain = strcspn(text, signs);
        emit(w, text, plain);
        text += plain;
        if (*text) {
            const char *name = names[strchr(signs, *text++) - signs];
            emit(w, name, strlen(name));
        }
    }
}

static const json_t *look_up(const struct walk *w, const char *name)
{
    for (size_t i = w->depth; i-- > 0;) {
        const json_t *value = json_object_get(w->values[i], name);
        if (value)
            return value;
    }
    return NULL;
}

static int is_there(const json_t *value)
{
    if (json_is_string(value))
        return json_string_length(value) > 0;
    return json_is_true(value) || (json_is_array(value) && json_array_size(value) > 0);
}

static void walk(struct walk *w, const char *at, const char *end);

static void section(struct walk *w, const json_t *value, const char *at, const char *end)
{
    size_t n = json_is_array(value) ? json_array_size(value) : 1;
    for (size_t i = 0; i < n; i++) {
        w->values[w->depth++] = json_is_array(value) ? json_array_get(value, i) : NULL;
        walk(w, at, end);
        w->depth--;
    }
}

static void walk(struct walk *w, const char *at, const char *end)
{
    struct tag tag, last;
    while (next_tag(at, end, &tag) == 1) {
        const json_t *value = look_up(w, tag.name);
        emit(w, at, (size_t)(tag.begin - at));
        at = tag.end;
        if (tag.kind == TAG_RAW && json_is_string(value))
            emit(w, json_string_value(value), json_string_length(value));
        else if (tag.kind == TAG_TEXT && json_is_string(value))
            escape(w, json_string_value(value));
        if (tag.kind != TAG_SECTION && tag.kind != TAG_INVERTED)
            continue;
        if (!find_end(tag.end, end, tag.name, &last))
            return;
        if (is_there(value) == (tag.kind == TAG_SECTION))
            section(w, tag.kind == TAG_SECTION ? value : NULL, tag.end, last.begin);
        at = last.end;
    }
    emit(w, at, (size_t)(end - at));
}

int template_render(const char *text, size_t len, const json_t *values, char **out, size_t *out_len)
{
    struct walk w = {.values = {values}, .depth = 1};
    *out = NULL;
    w.out = open_memstream(out, out_len);
    if (!w.out)
        return FAQD_ENOMEM;
    walk(&w, text, text + len);
    int bad = ferror(w.out);
    bad |= fclose(w.out);
    if (!bad && *out && *out_len == w.len)
        return FAQD_OK;
    free(*out);
    *out = NULL;
    return FAQD_ENOMEM;
}
