/* SPDX-License-Identifier: MIT
 *
 * form.c - see form.h. The walk follows the form and branches at each choice, writing one text into one buffer: it
 * needs no syntax tree, and goes over what phrases have in common only once.
 */
#include "form.h"

#include <string.h>

struct walk {
    const struct form_visitor *visitor;
    const char *why;
    int count;
    char text[FORM_BYTES_MAX * 2]; /* the phrase being chosen: words with single spaces */
};

/* How far the walk has come on its way to one phrase; passed by value, so that a branch costs nothing to go back to. */
struct at {
    struct form_trail trail;
    size_t len;  /* of the text */
    size_t word; /* where its last word begins */
};

static int word_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

/* The ')' that closes the '(' at s, or NULL. */
static const char *closing(const char *s, const char *end)
{
    int depth = 0;
    for (; s < end; s++) {
        depth += *s == '(';
        depth -= *s == ')';
        if (!depth)
            return s;
    }
    return NULL;
}

/* What is left to read behind a group: chained, so that a group's alternatives run on into it. */
struct rest {
    const char *from;
    const char *end;
    const struct rest *next;
};

static int refuse(struct walk *w, int code, const char *why)
{
    w->why = why;
    return code;
}

/* The word that was being written is complete, if there is one. */
static int end_word(struct walk *w, struct at *at)
{
    size_t len = at->len - at->word;
    int rc = FAQD_OK;
    if (!len)
        return FAQD_OK;
    if (w->visitor->word)
        rc = w->visitor->word(w->visitor->user, &at->trail, w->text + at->word, len);
    at->trail.words++;
    w->text[at->len++] = ' ';
    at->word = at->len;
    return rc;
}

/* A * was read: the text must be one word, and end here. */
static int end_stem(struct walk *w, const struct at *at)
{
    if (at->trail.words || at->len == at->word)
        return refuse(w, FAQD_EINVAL, "* may stand only at the end of a single word");
    if (++w->count > FORM_PHRASES_MAX)
        return refuse(w, FAQD_ELIMIT, "it stands for more than 1024 phrases");
    w->text[at->len] = '\0';
    return w->visitor->phrase(w->visitor->user, &at->trail, w->text, at->len, 1);
}

static int end_phrase(struct walk *w, struct at at)
{
    int rc = end_word(w, &at);
    if (rc != FAQD_OK)
        return rc;
    if (!at.len)
        return refuse(w, FAQD_EINVAL, "one of its alternatives is empty");
    if (++w->count > FORM_PHRASES_MAX)
        return refuse(w, FAQD_ELIMIT, "it stands for more than 1024 phrases");
    w->text[at.len - 1] = '\0'; /* the space behind the last word */
    return w->visitor->phrase(w->visitor->user, &at.trail, w->text, at.len - 1, 0);
}

static int walk(struct walk *w, const char *s, const char *end, const struct rest *rest, struct at at);

static int walk_group(struct walk *w, const char *open, const char *end, const struct rest *rest, struct at at)
{
    const char *close = closing(open, end);
    if (!close)
        return refuse(w, FAQD_EINVAL, "a ( is not closed");
    int optional = close + 1 < end && close[1] == '?';
    struct rest behind = {close + 1 + optional, end, rest};
    int depth = 0;
    const char *from = open + 1;
    for (const char *s = from; s <= close; s++) {
        depth += *s == '(';
        if (s == close || (*s == '|' && depth == 0)) {
            int rc = walk(w, from, s, &behind, at);
            if (rc != FAQD_OK)
                return rc;
            from = s + 1;
        }
        depth -= *s == ')';
    }
    return optional ? walk(w, behind.from, end, rest, at) : FAQD_OK;
}

/* One sign that stands for itself. */
static int take(struct walk *w, char c, struct at *at)
{
    if (c == ' ')
        return end_word(w, at);
    w->text[at->len++] = c;
    return FAQD_OK;
}

/* Read s[0, end) and then the rest. */
static int walk(struct walk *w, const char *s, const char *end, const struct rest *rest, struct at at)
{
    int rc = FAQD_OK;
    for (; rc == FAQD_OK && s < end; s++) {
        if (*s == '(')
            return walk_group(w, s, end, rest, at);
        if (*s == '*') {
            for (const struct rest *r = rest; s + 1 == end && r; r = r->next) /* groups may close behind it */
                s = r->from - 1, end = r->end;
            return s + 1 == end ? end_stem(w, &at)
                                : refuse(w, FAQD_EINVAL, "* may stand only at the end of a single word");
        }
        if (!word_char(*s) && *s != ' ')
            return refuse(w, FAQD_EINVAL, "only a-z, 0-9, space, x?, (a|b), (a|b)? and a * at the end are understood");
        if (s + 1 < end && s[1] == '?') {
            struct at with = at;
            rc = walk(w, s + 2, end, rest, at);
            if (rc == FAQD_OK)
                rc = take(w, *s, &with);
            return rc == FAQD_OK ? walk(w, s + 2, end, rest, with) : rc;
        }
        rc = take(w, *s, &at);
    }
    if (rc != FAQD_OK)
        return rc;
    return rest ? walk(w, rest->from, rest->end, rest->next, at) : end_phrase(w, at);
}

int form_visit(const char *form, const struct form_visitor *visitor, const char **why)
{
    struct walk w;
    struct at start = {{0, 0, {0, 0}}, 0, 0};
    size_t len = strlen(form);
    w.visitor = visitor;
    w.why = NULL;
    w.count = 0;
    int rc = len < FORM_BYTES_MAX ? walk(&w, form, form + len, NULL, start)
                                  : refuse(&w, FAQD_ELIMIT, "it is longer than 511 bytes");
    if (why)
        *why = w.why;
    return rc;
}

struct phrases_only {
    int (*each)(void *user, const char *phrase, size_t len, int stem);
    void *user;
};

static int tell_phrase(void *user, const struct form_trail *trail, const char *phrase, size_t len, int stem)
{
    const struct phrases_only *p = user;
    (void)trail;
    return p->each(p->user, phrase, len, stem);
}

int form_expand(const char *form, int (*each)(void *user, const char *phrase, size_t len, int stem), void *user,
                const char **why)
{
    struct phrases_only phrases = {each, user};
    struct form_visitor visitor = {NULL, tell_phrase, &phrases};
    return form_visit(form, &visitor, why);
}

void form_regex(const char *form, struct str *out)
{
    for (const char *s = form; *s; s++) {
        if (*s == '*')
            str_adds(out, "\\w*");
        else
            str_addc(out, *s);
    }
}

int form_words(const char *fragment, int (*each)(void *user, const char *word, size_t len, int stem), void *user)
{
    for (const char *s = fragment; *s;) {
        if (*s == '\\') {
            s += s[1] ? 2 : 1;
            continue;
        }
        if (!word_char(*s)) {
            s++;
            continue;
        }
        const char *from = s;
        while (word_char(*s))
            s++;
        size_t len = (size_t)(s - from);
        int stem = s[0] == '\\' && s[1] == 'w';
        int rc = each(user, from, len, stem);
        if (rc == FAQD_OK && *s == '?' && len > 1) /* seances? is seance as well */
            rc = each(user, from, len - 1, 0);
        if (rc != FAQD_OK)
            return rc;
    }
    return FAQD_OK;
}
