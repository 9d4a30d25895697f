/* SPDX-License-Identifier: MIT
 *
 * require_letters.c - letters that every match contains, where it is not known which words they are in.
 */
#include "require_private.h"

#include "text.h"

#include <string.h>

#define INFIX_PENALTY 3

const char *require_closing(const char *s, const char *end)
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

const char *require_inside(const char *open, const char *close)
{
    if (open[1] != '?')
        return open + 1;
    if (open[2] == ':')
        return open + 3;
    const char *name_end =
        open[2] == '<' && open[3] != '=' && open[3] != '!' ? memchr(open, '>', (size_t)(close - open)) : NULL;
    return name_end ? name_end + 1 : NULL;
}

/* What stands for one letter of a text or for none, or is about others before it: how long it is at s. 0: who knows. */
static size_t escape(const char *s, const char *end)
{
    size_t len = 2;
    if (end - s < 2)
        return 0;
    if (s[1] == 'k' && end - s > 2 && s[2] == '<') {
        const char *close = memchr(s, '>', (size_t)(end - s));
        return close ? (size_t)(close - s) + 1 : 0;
    }
    if (s[1] >= '0' && s[1] <= '9') {
        while (s + len < end && s[len] >= '0' && s[len] <= '9')
            len++;
        return len;
    }
    return strchr("wWdDsSbBAZzRhHvV", s[1]) ? len : 0;
}

static int is_counted(const char *s, const char *end)
{
    return s + 1 < end && *s == '{' && s[1] >= '0' && s[1] <= '9';
}

/* May the thing before s be absent? */
static int may_be_absent(const char *s, const char *end)
{
    return s < end && (*s == '?' || *s == '*' || (is_counted(s, end) && s[1] == '0'));
}

/* How many letters from s on stand there in every match. */
static size_t letters_at(const char *s, const char *end)
{
    size_t n = text_letters(s, end);
    return n - (n && (may_be_absent(s + n, end) || is_counted(s + n, end)));
}

/* The alternatives of a group: each must have letters; the weakest counts. */
static int read_group(struct reading *r, const char *text, const char *end)
{
    int depth = 0;
    int weakest = 0;
    const char *from = text;
    for (const char *s = text; s <= end; s++) {
        if (s == end || (*s == '|' && depth == 0)) {
            int weight = require_letters(r, from, (size_t)(s - from));
            if (!weight)
                return 0;
            weakest = !weakest || weight < weakest ? weight : weakest;
            from = s + 1;
        }
        depth += s < end && *s == '(';
        depth -= s < end && *s == ')';
    }
    return weakest;
}

/* What is at s, and how long it is; *weight: of its letters, of which it has *letters, or a group's. 0: who knows. */
static size_t weigh_letters(const struct reading *r, const char *s, const char *end, int *weight, size_t *letters)
{
    struct reading weigh = {.lexicon = r->lexicon};
    const char *close = *s == '(' ? require_closing(s, end) : *s == '{' ? memchr(s, '}', (size_t)(end - s)) : NULL;
    *weight = 0;
    *letters = letters_at(s, end);
    if (*letters) {
        *weight = (int)*letters > INFIX_PENALTY ? (int)*letters - INFIX_PENALTY : 1;
        return *letters;
    }
    if (*s == '\\')
        return escape(s, end);
    if (*s != '(' && *s != '{')
        return 1;
    if (!close)
        return 0;
    const char *from = *s == '(' && !may_be_absent(close + 1, end) ? require_inside(s, close) : NULL;
    *weight = from ? read_group(&weigh, from, close) : 0;
    return (size_t)(close - s) + 1;
}

/* Whatever stands around them: letters beside each other, which are somewhere in a word of every match. */
int require_letters(struct reading *r, const char *text, size_t len)
{
    const char *end = text + len;
    const char *best = NULL;
    size_t best_letters = 0;
    int best_weight = 0;
    for (const char *s = text; s < end;) {
        int weight = 0;
        size_t letters = 0;
        size_t n = weigh_letters(r, s, end, &weight, &letters);
        if (!n)
            return 0;
        if (weight > best_weight) {
            best = s;
            best_letters = letters;
            best_weight = weight;
        }
        s += n;
    }
    if (!best || !r->sink)
        return best_weight;
    if (best_letters) {
        int rc = r->sink->part(r->sink->user, PART_INFIX, best, best_letters);
        r->rc = rc == FAQD_OK ? r->rc : rc;
        return best_weight;
    }
    const char *close = require_closing(best, end);
    return read_group(r, require_inside(best, close), close);
}
