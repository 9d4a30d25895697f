/* SPDX-License-Identifier: MIT
 *
 * regex.h - the text of a pattern's term as a tree.
 *
 * Only what program.c can turn into steps over whole words is understood: letters, digits and spaces, [classes] of
 * them, \w \d \b . ^ $, groups (named ones capture), alternatives, quantifiers (greedy, lazy, possessive), lookaheads,
 * and the {names} of the lexicon. Anything else, also what PCRE2 would refuse, is FAQD_DECLINED: then PCRE2 has the
 * last word.
 */
#ifndef FAQD_REGEX_H
#define FAQD_REGEX_H

#include <stddef.h>
#include <stdint.h>

#define REGEX_NODES_MAX 2048
#define REGEX_DEPTH_MAX 24
#define REGEX_UNBOUNDED UINT16_MAX
#define REGEX_NONE UINT16_MAX

enum regex_kind {
    REGEX_SIGNS,        /* text[from, from + len): a-z and 0-9 beside each other, or one space */
    REGEX_CLASS,        /* one of text[from, from + len) of them; ranges are written out by the reader of the node */
    REGEX_WORD_SIGN,    /* \w */
    REGEX_DIGIT,        /* \d */
    REGEX_ANY,          /* . */
    REGEX_BOUNDARY,     /* \b */
    REGEX_BEGIN,        /* ^ */
    REGEX_END,          /* $ */
    REGEX_NAME,         /* {name}: text[from, from + len) is the name */
    REGEX_SEQUENCE,     /* of its children, of which none is a sequence */
    REGEX_ALTERNATIVES, /* its children */
    REGEX_REPEAT,       /* its child, min to max times */
    REGEX_GROUP,        /* its child, captured; text[from, from + len) is the name */
    REGEX_AHEAD,        /* (?=child) */
    REGEX_NOT_AHEAD,    /* (?!child) */
};

struct regex_node {
    uint8_t kind;
    uint8_t lazy;
    uint8_t possessive;
    uint16_t first; /* child; REGEX_NONE: none */
    uint16_t next;  /* sibling; REGEX_NONE: the last one */
    uint16_t min, max;
    uint16_t from, len;
};

struct regex {
    const char *text;
    struct regex_node nodes[REGEX_NODES_MAX];
    size_t n;
    size_t depth;
};

/* Read `text` (borrowed, below 64 KiB) into *regex, whose root is *root. FAQD_OK or FAQD_DECLINED. */
int regex_read(struct regex *regex, const char *text, uint16_t *root);

#endif
