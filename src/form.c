/* SPDX-License-Identifier: MIT
 *
 * form.c - see form.h. Expansion rewrites the first choice of a form into each of its alternatives and goes on with
 * the results, which needs no syntax tree: forms are short and have few choices.
 */
#include "form.h"

#include <string.h>

struct expansion {
    int (*each)(void *user, const char *phrase, size_t len, int stem);
    void *user;
    const char *why;
    int count;
};

static int word_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

/* The ')' that closes the '(' at s, or NULL. */
static const char *closing(const char *s)
{
    int depth = 0;
    for (; *s; s++) {
        depth += *s == '(';
        depth -= *s == ')';
        if (!depth)
            return s;
    }
    return NULL;
}

/* A text without choices: tidy its spaces and hand it over. */
static int finish(struct expansion *x, const char *text)
{
    char phrase[FORM_BYTES_MAX];
    size_t len = 0;
    int stem = 0;
    for (const char *s = text; *s; s++) {
        if (*s == '*') {
            stem = 1;
            if (s[1] || !len || memchr(phrase, ' ', len)) {
                x->why = "* may stand only at the end of a single word";
                return FAQD_EINVAL;
            }
        } else if (*s != ' ') {
            if (len && s > text && s[-1] == ' ' && phrase[len - 1] != ' ')
                phrase[len++] = ' ';
            phrase[len++] = *s;
        }
    }
    phrase[len] = '\0';
    if (!len) {
        x->why = "one of its alternatives is empty";
        return FAQD_EINVAL;
    }
    if (++x->count > FORM_PHRASES_MAX) {
        x->why = "it stands for more than 256 phrases";
        return FAQD_ELIMIT;
    }
    return x->each(x->user, phrase, len, stem);
}

static int rewrite(struct expansion *x, const char *form);

/* form = head + middle + tail, joined and expanded further. */
static int with(struct expansion *x, const char *head, size_t head_len, const char *middle, size_t middle_len,
                const char *tail)
{
    char next[FORM_BYTES_MAX];
    size_t tail_len = strlen(tail);
    if (head_len + middle_len + tail_len >= sizeof(next)) {
        x->why = "it is too long";
        return FAQD_ELIMIT;
    }
    memcpy(next, head, head_len);
    memcpy(next + head_len, middle, middle_len);
    memcpy(next + head_len + middle_len, tail, tail_len + 1);
    return rewrite(x, next);
}

static int rewrite_group(struct expansion *x, const char *form, const char *open)
{
    const char *close = closing(open);
    if (!close) {
        x->why = "a ( is not closed";
        return FAQD_EINVAL;
    }
    int optional = close[1] == '?';
    const char *tail = close + 1 + optional;
    size_t head = (size_t)(open - form);
    int depth = 0;
    const char *from = open + 1;
    for (const char *s = from; s <= close; s++) {
        depth += *s == '(';
        if (s == close || (*s == '|' && depth == 0)) {
            int rc = with(x, form, head, from, (size_t)(s - from), tail);
            if (rc != FAQD_OK)
                return rc;
            from = s + 1;
        }
        depth -= *s == ')';
    }
    return optional ? with(x, form, head, "", 0, tail) : FAQD_OK;
}

static int rewrite(struct expansion *x, const char *form)
{
    for (const char *s = form; *s; s++) {
        if (*s == '(')
            return rewrite_group(x, form, s);
        if (*s == '?' && s > form && (word_char(s[-1]) || s[-1] == ' ')) {
            int rc = with(x, form, (size_t)(s - form), "", 0, s + 1);
            return rc != FAQD_OK ? rc : with(x, form, (size_t)(s - form) - 1, "", 0, s + 1);
        }
        if (!word_char(*s) && *s != ' ' && *s != '*') {
            x->why = "only a-z, 0-9, space, x?, (a|b), (a|b)? and a * at the end are understood";
            return FAQD_EINVAL;
        }
    }
    return finish(x, form);
}

int form_expand(const char *form, int (*each)(void *user, const char *phrase, size_t len, int stem), void *user,
                const char **why)
{
    struct expansion x = {.each = each, .user = user};
    int rc = strlen(form) >= FORM_BYTES_MAX ? FAQD_ELIMIT : rewrite(&x, form);
    if (why)
        *why = rc == FAQD_ELIMIT && !x.why ? "it is too long" : x.why;
    return rc;
}

void form_regex(const char *form, struct str *out)
{
    size_t len = strlen(form);
    int stem = len && form[len - 1] == '*';
    str_add(out, form, len - (size_t)stem);
    if (stem)
        str_adds(out, "\\w*");
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
