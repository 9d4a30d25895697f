/* SPDX-License-Identifier: MIT
 *
 * require.c - see require.h.
 *
 * The text is read twice: once to weigh its parts, once to report the best. A part is what stands between two spaces
 * that every match contains. Its weight is that of its weakest alternative: the letters of the longest word, or
 * SYMBOL_WEIGHT; 0 means that it is not understood. Of a part that is no words there may yet be letters to be read off
 * that are in a word.
 */
#include "require_private.h"

#include "form.h"

#include <string.h>

#define TEXT_MAX 2048
#define SYMBOL_WEIGHT 6 /* a class of the lexicon tells about as much as a word of six letters */
#define STEM_PENALTY 2

static int read_alternatives(struct reading *r, const char *text, size_t len);

/* Do all alternatives of the group begin (or end) with a space? Then what is beside it stands at a word's edge. */
static int spaced(const char *from, const char *close, int at_end)
{
    int depth = 0;
    const char *start = from;
    for (const char *s = from; s <= close; s++) {
        depth += *s == '(';
        if (s == close || (*s == '|' && depth == 0)) {
            if (s == start || (at_end ? s[-1] : *start) != ' ')
                return 0;
            start = s + 1;
        }
        depth -= *s == ')' && s != close;
    }
    return 1;
}

/* How long the quantifier at s is that lets the thing before it be absent; 0: there is none. */
static size_t optional(const char *s, const char *end)
{
    if (s < end && (*s == '?' || *s == '*'))
        return 1;
    if (s + 2 < end && s[0] == '{' && s[1] == '0' && s[2] == ',') {
        const char *close = memchr(s, '}', (size_t)(end - s));
        return close ? (size_t)(close - s) + 1 : 0;
    }
    return 0;
}

/* How long the optional group at s is, its quantifier included, if its alternatives all begin (or end) with a space. */
static size_t spaced_group(const char *s, const char *end, int at_end)
{
    const char *close = s < end && *s == '(' ? require_closing(s, end) : NULL;
    const char *from = close ? require_inside(s, close) : NULL;
    size_t skip = close ? optional(close + 1, end) : 0;
    return from && skip && spaced(from, close, at_end) ? (size_t)(close - s) + 1 + skip : 0;
}

/* Does a word that ends before s end there also when the optional groups that follow are absent? */
static int edge_after(const char *s, const char *end)
{
    for (size_t skip; (skip = spaced_group(s, end, 0)) != 0;)
        s += skip;
    return s == end || *s == '$' || (*s == ' ' && !optional(s + 1, end) && (s + 1 == end || s[1] != '{'));
}

/* How long the thing at s is that may be absent and whose place is a word's edge with and without it; 0: it is none. */
static size_t droppable(const char *s, const char *end, int edge_before)
{
    static const char gap[] = "{gap}";
    size_t skip = spaced_group(s, end, 0);
    if (skip && edge_after(s + skip, end))
        return skip;
    if (!edge_before)
        return 0;
    if ((size_t)(end - s) >= strlen(gap) && memcmp(s, gap, strlen(gap)) == 0)
        return strlen(gap);
    return spaced_group(s, end, 1);
}

/* Copy the text with every optional group that brings its own space, and every {gap}, reduced to a space: what may be
 * absent is not required. "com( le)?post" stays as it is: without the group it is one word. */
static size_t simplify(const char *text, size_t len, char *out)
{
    const char *end = text + len;
    size_t at = 0;
    int depth = 0;
    for (const char *s = text; s < end;) {
        int edge_before = !at || out[at - 1] == ' ' || out[at - 1] == '^';
        size_t skip = depth == 0 ? droppable(s, end, edge_before) : 0;
        if (skip) {
            out[at++] = ' ';
            s += skip;
            continue;
        }
        depth += *s == '(';
        depth -= *s == ')';
        out[at++] = *s++;
    }
    return at;
}

static int longest_word(const char *phrase, size_t len, const char **word)
{
    size_t best = 0;
    for (const char *s = phrase; s < phrase + len;) {
        const char *space = memchr(s, ' ', (size_t)(phrase + len - s));
        size_t n = space ? (size_t)(space - s) : (size_t)(phrase + len - s);
        if (n > best) {
            best = n;
            *word = s;
        }
        s += n + 1;
    }
    return (int)best;
}

struct form_sink {
    const struct require_sink *sink;
    int weight;
};

static int take_phrase(void *user, const char *phrase, size_t len, int stem)
{
    struct form_sink *f = user;
    const char *word = phrase;
    int letters = longest_word(phrase, len, &word);
    int weight = letters - (stem ? STEM_PENALTY : 0);
    if (weight < 1)
        return FAQD_DECLINED;
    if (!f->weight || weight < f->weight)
        f->weight = weight;
    if (!f->sink)
        return FAQD_OK;
    return stem ? f->sink->part(f->sink->user, PART_STEM, word, (size_t)letters)
                : f->sink->word(f->sink->user, word, (size_t)letters);
}

/* A part in the lexicon's own spelling: (?:a|b) is (a|b), \w* is *. */
static int read_form(struct reading *r, const char *text, size_t len)
{
    char form[FORM_BYTES_MAX];
    size_t at = 0;
    if (len >= sizeof(form))
        return 0;
    for (size_t i = 0; i < len; i++) {
        if (text[i] == '*')
            return 0; /* PCRE2's, not the lexicon's */
        if (i + 2 < len && memcmp(text + i, "(?:", 3) == 0) {
            form[at++] = '(';
            i += 2;
        } else if (i + 2 < len && text[i] == '\\' && text[i + 1] == 'w' && (text[i + 2] == '*' || text[i + 2] == '+')) {
            form[at++] = '*';
            i += 2;
        } else {
            form[at++] = text[i];
        }
    }
    form[at] = '\0';
    struct form_sink sink = {r->sink, 0};
    int rc = at ? form_expand(form, take_phrase, &sink, NULL) : FAQD_DECLINED;
    if (rc != FAQD_OK && r->sink)
        r->rc = rc;
    return rc == FAQD_OK ? sink.weight : 0;
}

static int read_symbol(struct reading *r, const char *text, size_t len)
{
    char name[160];
    if (len - 2 >= sizeof(name))
        return 0;
    memcpy(name, text + 1, len - 2);
    name[len - 2] = '\0';
    uint32_t symbol = lexicon_find(r->lexicon, name);
    if (symbol == SYMBOL_NONE || symbol == SYMBOL_ID_CONVERSATION)
        return 0;
    if (r->sink) {
        int rc = r->sink->symbol(r->sink->user, symbol);
        if (rc != FAQD_OK)
            r->rc = rc;
    }
    return SYMBOL_WEIGHT;
}

/* A part without spaces at its top: a symbol, a group, or a form. Its weight. */
static int read_part(struct reading *r, const char *text, size_t len)
{
    const char *end = text + len;
    while (len && (*text == '^' || *text == '$')) /* the ends of a sentence are no word */
        text++, len--;
    while (len && (text[len - 1] == '$' || text[len - 1] == '^'))
        len--;
    end = text + len;
    if (len > 2 && text[0] == '{' && memchr(text, '}', len) == end - 1)
        return read_symbol(r, text, len);
    if (len > 2 && text[0] == '(' && require_closing(text, end) == end - 1) {
        const char *from = require_inside(text, end - 1);
        return from ? read_alternatives(r, from, (size_t)(end - 1 - from)) : 0;
    }
    struct reading weigh = {.lexicon = r->lexicon};
    int weight = read_form(&weigh, text, len);
    if (!weight)
        return require_letters(r, text, len);
    return r->sink ? read_form(r, text, len) : weight;
}

/* The end of the part at s: a space at depth 0 that must be there, or the end. */
static const char *part_end(const char *s, const char *end)
{
    int depth = 0;
    for (; s < end; s++) {
        depth += *s == '(';
        depth -= *s == ')';
        int counted = s + 2 < end && (s[1] == '+' || s[1] == '{') && s[2] <= '9'; /* {name} is a class */
        if (*s == ' ' && depth == 0 && !optional(s + 1, end) && !counted)
            break;
    }
    return s;
}

/* A text without top-level alternatives: its best part. */
static int read_sequence(struct reading *r, const char *text, size_t len)
{
    char simple[TEXT_MAX];
    if (len >= sizeof(simple))
        return 0;
    struct reading weigh = {.lexicon = r->lexicon};
    const char *end = simple + simplify(text, len, simple);
    const char *best = NULL;
    size_t best_len = 0;
    int best_weight = 0;
    for (const char *s = simple; s < end;) {
        const char *stop = part_end(s, end);
        int weight = stop > s ? read_part(&weigh, s, (size_t)(stop - s)) : 0;
        if (weight > best_weight) {
            best_weight = weight;
            best = s;
            best_len = (size_t)(stop - s);
        }
        s = stop + 1;
    }
    if (best && r->sink)
        read_part(r, best, best_len);
    return best_weight;
}

/* Alternatives at the top level: each must require something; the weakest counts. */
static int read_alternatives(struct reading *r, const char *text, size_t len)
{
    int depth = 0;
    int weakest = 0;
    const char *from = text;
    for (const char *s = text; s <= text + len; s++) {
        int last = s == text + len;
        if (last || (*s == '|' && depth == 0)) {
            int weight = read_sequence(r, from, (size_t)(s - from));
            if (!weight)
                return 0;
            weakest = !weakest || weight < weakest ? weight : weakest;
            from = s + 1;
        }
        if (last)
            break;
        depth += *s == '(';
        depth -= *s == ')';
        if (depth < 0)
            return 0;
    }
    return weakest;
}

/* Brackets that are none, options that change what a space means, verbs that end a match early: they would mislead us.
 */
static int misleading(const char *text)
{
    static const char *const signs[] = {"[", "#", "\\(", "\\)", "\\Q", "(*"};
    for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++)
        if (strstr(text, signs[i]))
            return 1;
    for (const char *s = text; (s = strstr(s, "(?")); s += 2)
        if (!s[2] || !strchr(":<=!>|", s[2]))
            return 1;
    return 0;
}

int require_read(const struct lexicon *lexicon, const char *text, const struct require_sink *sink)
{
    struct reading weigh = {.lexicon = lexicon};
    size_t len = strlen(text);
    if (misleading(text))
        return FAQD_DECLINED;
    if (!read_alternatives(&weigh, text, len))
        return FAQD_DECLINED;
    struct reading report = {.lexicon = lexicon, .sink = sink};
    read_alternatives(&report, text, len);
    return report.rc;
}
