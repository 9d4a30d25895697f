/* SPDX-License-Identifier: MIT
 *
 * form.c - see form.h. The walk follows the form and branches at each choice, writing one text into one buffer. It
 * needs no syntax tree: a place in the form's text tells all that may follow, once it is known where each group ends.
 */
#include "form.h"

#include "array.h"
#include "text.h"

#include <string.h>

struct walk {
    const char *form;
    size_t len;
    uint16_t next[FORM_BYTES_MAX];   /* of ( and |: the | or ) that ends the alternative behind it */
    uint16_t behind[FORM_BYTES_MAX]; /* of | and ): where reading goes on behind the group */
    char text[FORM_BYTES_MAX + 1];   /* the words being chosen, with single spaces */
    const char *why;

    /* of form_expand */
    int (*each)(void *user, const char *phrase, size_t len, int stem);
    void *user;
    int count;

    /* of form_graph_read */
    struct form_graph *graph; /* NULL: it is form_expand */
    int (*number)(void *user, const char *word, size_t len, int stem, uint32_t *out);
    uint16_t place[FORM_BYTES_MAX]; /* where a word may begin: NOT_SEEN, SEEN, then the place's number */
};

enum { NOT_SEEN = UINT16_MAX, SEEN = UINT16_MAX - 1 };

static const char too_many[] = "it stands for more than 1024 phrases";
static const char stem_inside[] = "* may stand only at the end of a single word";

static int refuse(struct walk *w, int code, const char *why)
{
    w->why = why;
    return code;
}

/* The group from `open` on ends at `close`. */
static void close_group(struct walk *w, size_t open, size_t close)
{
    size_t behind = close + 1 + (w->form[close + 1] == '?');
    for (size_t at = open; at != close;) {
        at = w->next[at];
        w->behind[at] = (uint16_t)behind;
    }
}

/* See that the form is one, and where its groups lead. */
static int prepare(struct walk *w, const char *form)
{
    uint16_t open[FORM_BYTES_MAX]; /* groups */
    uint16_t last[FORM_BYTES_MAX]; /* the ( or | that was last in each */
    size_t depth = 0;
    size_t len = strlen(form);
    w->form = form;
    w->len = len;
    if (len >= FORM_BYTES_MAX)
        return refuse(w, FAQD_ELIMIT, "it is longer than 511 bytes");
    for (size_t i = 0; i < len; i++) {
        char c = form[i];
        if (text_is_letter(c) || c == ' ' || c == '*')
            continue;
        if (c == '(') {
            open[depth] = last[depth] = (uint16_t)i;
            depth++;
        } else if ((c == '|' || c == ')') && depth) {
            w->next[last[depth - 1]] = (uint16_t)i;
            last[depth - 1] = (uint16_t)i;
            if (c == ')')
                close_group(w, open[--depth], i);
        } else if (c != '?' || !i || !(text_is_letter(form[i - 1]) || form[i - 1] == ' ' || form[i - 1] == ')')) {
            return refuse(w, FAQD_EINVAL, "only a-z, 0-9, space, x?, (a|b), (a|b)? and a * at the end are understood");
        }
    }
    return depth ? refuse(w, FAQD_EINVAL, "a ( is not closed") : FAQD_OK;
}

/* Where reading goes on: behind all groups that end here. */
static size_t resume(const struct walk *w, size_t at)
{
    while (w->form[at] == '|' || w->form[at] == ')')
        at = w->behind[at];
    return at;
}

/* A way over the word that was chosen (none: n is 0) to a place in the form. */
static int add_way(struct walk *w, size_t n, size_t to, int stem)
{
    struct form_graph *graph = w->graph;
    struct form_way way = {FORM_NO_WORD, to == w->len ? FORM_END : (uint32_t)to, 0};
    if (array_refill((void **)&graph->ways, &graph->room, graph->n_ways, sizeof(*graph->ways)) != FAQD_OK)
        return FAQD_ENOMEM;
    int rc = n ? w->number(w->user, w->text, n, stem, &way.word) : FAQD_OK;
    graph->ways[graph->n_ways++] = way;
    if (to != w->len && w->place[to] == NOT_SEEN)
        w->place[to] = SEEN;
    if (rc == FAQD_OK && graph->n_ways - graph->firsts[graph->n_places] > FORM_PHRASES_MAX)
        return refuse(w, FAQD_ELIMIT, too_many); /* each way is on the path of a phrase at least */
    return rc;
}

/* The form ends here, or a * was read, which must be the end of a single word. */
static int end(struct walk *w, size_t n, int stem)
{
    int first = !w->graph || w->graph->n_places == 0;
    if (stem && (!n || !first || memchr(w->text, ' ', n)))
        return refuse(w, FAQD_EINVAL, stem_inside);
    if (!n && first)
        return refuse(w, FAQD_EINVAL, "one of its alternatives is empty");
    if (w->graph) {
        w->graph->loose |= !n;
        return add_way(w, n, w->len, stem);
    }
    if (++w->count > FORM_PHRASES_MAX)
        return refuse(w, FAQD_ELIMIT, too_many);
    size_t len = n - (w->text[n - 1] == ' ');
    w->text[len] = '\0';
    int rc = w->each(w->user, w->text, len, stem);
    if (len < n)
        w->text[len] = ' '; /* other ways begin with the same words */
    return rc;
}

static int walk(struct walk *w, size_t at, size_t n);

static int walk_group(struct walk *w, size_t open, size_t n)
{
    int rc = FAQD_OK;
    size_t bar = open;
    for (; rc == FAQD_OK && w->form[bar] != ')'; bar = w->next[bar])
        rc = walk(w, bar + 1, n);
    return rc == FAQD_OK && w->form[bar + 1] == '?' ? walk(w, bar + 2, n) : rc;
}

/* How many letters stand here of which none may be missing. */
static size_t plain_letters(const char *s)
{
    size_t n = 0;
    while (text_is_letter(s[n]))
        n++;
    return n - (n && s[n] == '?');
}

/* Read from a place on; n letters were chosen before it: of the phrase, or for a graph of the word alone, which is
 * where its walk ends. */
static int walk(struct walk *w, size_t at, size_t n)
{
    for (;;) {
        at = resume(w, at);
        size_t letters = plain_letters(w->form + at);
        memcpy(w->text + n, w->form + at, letters);
        n += letters;
        at = resume(w, at + letters);
        char c = w->form[at];
        if (c == '(')
            return walk_group(w, at, n);
        if (c == '*')
            return resume(w, at + 1) == w->len ? end(w, n, 1) : refuse(w, FAQD_EINVAL, stem_inside);
        if (c == '\0')
            return end(w, n, 0);
        int optional = w->form[at + 1] == '?';
        int rc = optional ? walk(w, at + 2, n) : FAQD_OK;
        if (rc != FAQD_OK)
            return rc;
        at += 1 + (size_t)optional;
        size_t on = resume(w, at);
        if (c == ' ' && w->graph)
            w->graph->loose |= !n || on == w->len;
        if (c != ' ')
            w->text[n++] = c;
        else if (n && w->graph)
            return add_way(w, n, on, 0);
        else if (n && w->text[n - 1] != ' ')
            w->text[n++] = ' ';
    }
}

int form_expand(const char *form, int (*each)(void *user, const char *phrase, size_t len, int stem), void *user,
                const char **why)
{
    struct walk w;
    w.why = NULL;
    w.each = each;
    w.user = user;
    w.count = 0;
    w.graph = NULL;
    int rc = prepare(&w, form);
    if (rc == FAQD_OK)
        rc = walk(&w, 0, 0);
    if (why)
        *why = w.why;
    return rc;
}

void form_group(const char *words, size_t len, char *grouped)
{
    grouped[0] = '(';
    memcpy(grouped + 1, words, len);
    memcpy(grouped + 1 + len, ")", 2);
}

/* Number places, and count phrases: from the last place to the first, as ways lead to later ones. */
static int count(struct walk *w)
{
    struct form_graph *graph = w->graph;
    uint32_t phrases[FORM_BYTES_MAX];
    uint32_t words[FORM_BYTES_MAX];
    for (size_t i = graph->n_places; i-- > 0;) {
        phrases[i] = words[i] = 0;
        for (uint32_t at = graph->firsts[i]; at < graph->firsts[i + 1]; at++) {
            struct form_way *way = &graph->ways[at];
            uint32_t on = way->word != FORM_NO_WORD;
            way->before = phrases[i];
            if (way->to != FORM_END) {
                way->to = w->place[way->to];
                on += words[way->to];
            }
            phrases[i] += way->to == FORM_END ? 1 : phrases[way->to];
            words[i] = on > words[i] ? on : words[i];
            if (phrases[i] > FORM_PHRASES_MAX)
                return refuse(w, FAQD_ELIMIT, too_many);
        }
    }
    graph->phrases = phrases[0];
    graph->words = words[0];
    return FAQD_OK;
}

int form_graph_read(struct form_graph *graph, const char *form,
                    int (*number)(void *user, const char *word, size_t len, int stem, uint32_t *out), void *user,
                    const char **why)
{
    struct walk w;
    w.why = NULL;
    w.user = user;
    w.graph = graph;
    w.number = number;
    graph->n_places = graph->n_ways = 0;
    graph->firsts[0] = 0;
    graph->loose = 0;
    int rc = prepare(&w, form);
    if (rc == FAQD_OK) {
        memset(w.place, 0xff, (w.len + 1) * sizeof(w.place[0])); /* NOT_SEEN */
        w.place[0] = SEEN;
    }
    for (size_t at = 0; rc == FAQD_OK && at <= w.len; at++) {
        if (w.place[at] == NOT_SEEN)
            continue;
        rc = walk(&w, at, 0);
        w.place[at] = (uint16_t)graph->n_places++;
        graph->firsts[graph->n_places] = (uint32_t)graph->n_ways;
    }
    if (rc == FAQD_OK)
        rc = count(&w);
    if (why)
        *why = w.why;
    return rc;
}

void form_graph_free(struct form_graph *graph)
{
    free(graph->ways);
    *graph = (struct form_graph){0};
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
        if (!text_is_letter(*s)) {
            s++;
            continue;
        }
        const char *from = s;
        while (text_is_letter(*s))
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
