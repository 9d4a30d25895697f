/* SPDX-License-Identifier: MIT
 *
 * form.c - see form.h. Expansion walks the form once for each choice, writing one text into one buffer: it needs no
 * syntax tree and copies nothing but the finished phrases.
 */
#include "form.h"

#include <string.h>

struct expansion {
    int (*each)(void *user, const char *phrase, size_t len, int stem);
    void *user;
    const char *why;
    int count;
    char text[FORM_BYTES_MAX]; /* one text of the form, being chosen */
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

/* x->text[0, len) is one of the form's texts: tidy its spaces and hand it over. */
static int finish(struct expansion *x, size_t text_len)
{
    char phrase[FORM_BYTES_MAX];
    size_t len = 0;
    int stem = 0;
    for (size_t i = 0; i < text_len; i++) {
        char c = x->text[i];
        if (c == '*') {
            stem = 1;
            if (i + 1 < text_len || !len || memchr(phrase, ' ', len)) {
                x->why = "* may stand only at the end of a single word";
                return FAQD_EINVAL;
            }
        } else if (c != ' ' || (len && phrase[len - 1] != ' ')) {
            phrase[len++] = c;
        }
    }
    while (len && phrase[len - 1] == ' ')
        len--;
    phrase[len] = '\0';
    if (!len) {
        x->why = "one of its alternatives is empty";
        return FAQD_EINVAL;
    }
    if (++x->count > FORM_PHRASES_MAX) {
        x->why = "it stands for more than 1024 phrases";
        return FAQD_ELIMIT;
    }
    return x->each(x->user, phrase, len, stem);
}

static int walk(struct expansion *x, const char *s, const char *end, const struct rest *rest, size_t len);

static int walk_group(struct expansion *x, const char *open, const char *end, const struct rest *rest, size_t len)
{
    const char *close = closing(open, end);
    if (!close) {
        x->why = "a ( is not closed";
        return FAQD_EINVAL;
    }
    int optional = close + 1 < end && close[1] == '?';
    struct rest behind = {close + 1 + optional, end, rest};
    int depth = 0;
    const char *from = open + 1;
    for (const char *s = from; s <= close; s++) {
        depth += *s == '(';
        if (s == close || (*s == '|' && depth == 0)) {
            int rc = walk(x, from, s, &behind, len);
            if (rc != FAQD_OK)
                return rc;
            from = s + 1;
        }
        depth -= *s == ')';
    }
    return optional ? walk(x, behind.from, end, rest, len) : FAQD_OK;
}

/* Read s[0, end) and then the rest, with len bytes of the text chosen so far. */
static int walk(struct expansion *x, const char *s, const char *end, const struct rest *rest, size_t len)
{
    for (; s < end; s++) {
        if (*s == '(')
            return walk_group(x, s, end, rest, len);
        if (!word_char(*s) && *s != ' ' && *s != '*') {
            x->why = "only a-z, 0-9, space, x?, (a|b), (a|b)? and a * at the end are understood";
            return FAQD_EINVAL;
        }
        if (s + 1 < end && s[1] == '?') {
            if (*s == '*') {
                x->why = "*? is not understood";
                return FAQD_EINVAL;
            }
            int rc = walk(x, s + 2, end, rest, len);
            if (rc != FAQD_OK)
                return rc;
            x->text[len++] = *s++; /* and now with it; the loop skips the sign */
            continue;
        }
        x->text[len++] = *s;
    }
    return rest ? walk(x, rest->from, rest->end, rest->next, len) : finish(x, len);
}

int form_expand(const char *form, int (*each)(void *user, const char *phrase, size_t len, int stem), void *user,
                const char **why)
{
    struct expansion x;
    x.each = each;
    x.user = user;
    x.why = NULL;
    x.count = 0;
    size_t len = strlen(form);
    int rc = len >= FORM_BYTES_MAX ? FAQD_ELIMIT : walk(&x, form, form + len, NULL, 0);
    if (why)
        *why = rc == FAQD_ELIMIT && !x.why ? "it is too long" : x.why;
    return rc;
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
