/* SPDX-License-Identifier: MIT
 *
 * regex.c - see regex.h. A recursive descent over the text; the first thing that is not understood ends it.
 */
#include "regex.h"

#include "faqd_plugin.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define LETTERS "abcdefghijklmnopqrstuvwxyz0123456789_" /* of names */

struct parsing {
    struct regex *regex;
    const char *s;
    int failed;
};

static uint16_t fail(struct parsing *p)
{
    p->failed = 1;
    return REGEX_NONE;
}

static uint16_t make(struct parsing *p, enum regex_kind kind)
{
    if (p->regex->n == REGEX_NODES_MAX)
        return fail(p);
    p->regex->nodes[p->regex->n] =
        (struct regex_node){.kind = (uint8_t)kind, .first = REGEX_NONE, .next = REGEX_NONE, .min = 1, .max = 1};
    return (uint16_t)p->regex->n++;
}

static struct regex_node *node(const struct parsing *p, uint16_t id)
{
    return &p->regex->nodes[id];
}

static int is_sign(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == ' ';
}

static uint16_t read_alternatives(struct parsing *p);

/* Note the text [from, s) in a node. */
static void note_text(struct parsing *p, uint16_t id, const char *from)
{
    node(p, id)->from = (uint16_t)(from - p->regex->text);
    node(p, id)->len = (uint16_t)(p->s - from);
}

/* Behind "[". A class of all that words are made of is \w: subjects hold nothing else but separators. */
static uint16_t read_class(struct parsing *p)
{
    static const char all[] = "a-z0-9_]";
    if (strncmp(p->s, all, sizeof(all) - 1) == 0) {
        p->s += sizeof(all) - 1;
        return make(p, REGEX_WORD_SIGN);
    }
    const char *from = p->s;
    while (is_sign(*p->s) || (*p->s == '-' && p->s > from && is_sign(p->s[1]) && p->s[1] >= p->s[-1]))
        p->s++;
    if (*p->s != ']' || p->s == from)
        return fail(p);
    uint16_t id = make(p, REGEX_CLASS);
    if (id != REGEX_NONE)
        note_text(p, id, from);
    p->s++;
    return id;
}

static uint16_t read_escape(struct parsing *p)
{
    switch (*p->s++) {
    case 'w': return make(p, REGEX_WORD_SIGN);
    case 'd': return make(p, REGEX_DIGIT);
    case 'b': return make(p, REGEX_BOUNDARY);
    default: return fail(p);
    }
}

/* Behind "{" or "(?<": a name of these signs, at most `most` of them, and what closes it. */
static uint16_t read_name(struct parsing *p, enum regex_kind kind, const char *signs, ptrdiff_t most, char close)
{
    const char *from = p->s;
    p->s += strspn(p->s, signs);
    if (*p->s != close || *from < 'a' || *from > 'z' || p->s - from > most)
        return fail(p);
    uint16_t id = make(p, kind);
    if (id != REGEX_NONE)
        note_text(p, id, from);
    p->s++;
    return id;
}

/* Behind "(". Plain groups do not capture: they are their content. */
static uint16_t read_group(struct parsing *p)
{
    uint16_t id = REGEX_NONE;
    if (strncmp(p->s, "?:", 2) == 0) {
        p->s += 2;
    } else if (strncmp(p->s, "?=", 2) == 0 || strncmp(p->s, "?!", 2) == 0) {
        id = make(p, p->s[1] == '=' ? REGEX_AHEAD : REGEX_NOT_AHEAD);
        p->s += 2;
    } else if (strncmp(p->s, "?<", 2) == 0) {
        p->s += 2;
        id = read_name(p, REGEX_GROUP, LETTERS, 32, '>');
    } else if (*p->s == '?' || *p->s == '*') {
        return fail(p);
    }
    if (p->failed || ++p->regex->depth > REGEX_DEPTH_MAX)
        return fail(p);
    uint16_t content = read_alternatives(p);
    p->regex->depth--;
    if (p->failed || *p->s++ != ')')
        return fail(p);
    if (id == REGEX_NONE)
        return content;
    node(p, id)->first = content;
    return id;
}

static uint16_t read_atom(struct parsing *p)
{
    char c = *p->s++;
    uint16_t id = REGEX_NONE;
    switch (c) {
    case '(': return read_group(p);
    case '[': return read_class(p);
    case '{': return read_name(p, REGEX_NAME, LETTERS ":", PTRDIFF_MAX, '}');
    case '\\': return read_escape(p);
    case '.': return make(p, REGEX_ANY);
    case '^': return make(p, REGEX_BEGIN);
    case '$': return make(p, REGEX_END);
    default:
        id = is_sign(c) ? make(p, REGEX_SIGNS) : fail(p);
        if (id != REGEX_NONE)
            note_text(p, id, p->s - 1);
        return id;
    }
}

static uint16_t read_number(struct parsing *p)
{
    unsigned n = 0;
    while (*p->s >= '0' && *p->s <= '9' && n < 1000)
        n = n * 10 + (unsigned)(*p->s++ - '0');
    return (uint16_t)n;
}

/* The quantifier at s, if there is one. */
static int read_quantifier(struct parsing *p, uint16_t *min, uint16_t *max)
{
    *min = *p->s == '+';
    *max = *p->s == '?' ? 1 : REGEX_UNBOUNDED;
    if (*p->s == '*' || *p->s == '+' || *p->s == '?') {
        p->s++;
        return 1;
    }
    if (*p->s != '{' || p->s[1] < '0' || p->s[1] > '9')
        return 0;
    p->s++;
    *max = *min = read_number(p);
    if (*p->s == ',') {
        p->s++;
        *max = *p->s == '}' ? REGEX_UNBOUNDED : read_number(p);
    }
    if (*p->s++ != '}' || *max < *min || *min >= 1000)
        fail(p);
    return 1;
}

static uint16_t read_repeated(struct parsing *p)
{
    uint16_t atom = read_atom(p);
    uint16_t min = 1;
    uint16_t max = 1;
    if (p->failed || !read_quantifier(p, &min, &max))
        return atom;
    enum regex_kind kind = (enum regex_kind)node(p, atom)->kind;
    if (kind == REGEX_BOUNDARY || kind == REGEX_BEGIN || kind == REGEX_END || kind == REGEX_AHEAD ||
        kind == REGEX_NOT_AHEAD)
        return fail(p);
    uint16_t id = make(p, REGEX_REPEAT);
    if (p->failed)
        return id;
    node(p, id)->min = min;
    node(p, id)->max = max;
    node(p, id)->first = atom;
    node(p, id)->lazy = *p->s == '?';
    node(p, id)->possessive = *p->s == '+';
    p->s += *p->s == '?' || *p->s == '+';
    /* a quantifier of a quantifier */
    return *p->s == '+' || *p->s == '*' || *p->s == '?' || (*p->s == '{' && p->s[1] >= '0' && p->s[1] <= '9') ? fail(p)
                                                                                                              : id;
}

static int is_letters(const struct parsing *p, uint16_t id)
{
    return id != REGEX_NONE && node(p, id)->kind == REGEX_SIGNS && p->regex->text[node(p, id)->from] != ' ';
}

/* A letter behind the letters that were last is one of them. */
static int join_letters(struct parsing *p, uint16_t last, uint16_t part)
{
    if (!is_letters(p, last) || !is_letters(p, part) || node(p, last)->from + node(p, last)->len != node(p, part)->from)
        return 0;
    node(p, last)->len++;
    p->regex->n--;
    return 1;
}

/* A sequence within it is no part of its own: its parts are. */
static uint16_t read_sequence(struct parsing *p)
{
    uint16_t id = make(p, REGEX_SEQUENCE);
    uint16_t last = REGEX_NONE;
    while (!p->failed && *p->s && *p->s != '|' && *p->s != ')') {
        uint16_t part = read_repeated(p);
        if (p->failed)
            break;
        if (node(p, part)->kind == REGEX_SEQUENCE && (part = node(p, part)->first) == REGEX_NONE)
            continue;
        if (join_letters(p, last, part))
            continue;
        if (last == REGEX_NONE)
            node(p, id)->first = part;
        else
            node(p, last)->next = part;
        for (last = part; node(p, last)->next != REGEX_NONE;)
            last = node(p, last)->next;
    }
    return id;
}

static uint16_t read_alternatives(struct parsing *p)
{
    uint16_t first = read_sequence(p);
    if (p->failed || *p->s != '|')
        return first;
    uint16_t id = make(p, REGEX_ALTERNATIVES);
    if (!p->failed)
        node(p, id)->first = first;
    for (uint16_t last = first; !p->failed && *p->s == '|';) {
        p->s++;
        uint16_t other = read_sequence(p);
        if (!p->failed)
            node(p, last)->next = other;
        last = other;
    }
    return id;
}

int regex_read(struct regex *regex, const char *text, uint16_t *root)
{
    struct parsing p = {.regex = regex, .s = text};
    if (strlen(text) >= UINT16_MAX)
        return FAQD_DECLINED;
    regex->text = text;
    regex->n = regex->depth = 0;
    *root = read_alternatives(&p);
    return p.failed || *p.s ? FAQD_DECLINED : FAQD_OK;
}
