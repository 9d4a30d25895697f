/* SPDX-License-Identifier: MIT
 *
 * program_private.h - the compiler of programs: program.c turns the tree into steps, program_texts.c writes out what
 * stands for a short list of texts.
 */
#ifndef FAQD_PROGRAM_PRIVATE_H
#define FAQD_PROGRAM_PRIVATE_H

#include "program.h"

#define TEXTS_MAX 128
#define LETTERS_MAX 16384
#define SYMBOL_WEIGHT 12 /* a symbol tells about as much as a word of six letters */

/* Signs of texts that stand for more than themselves. They end a word; NUMBER is one. */
#define MORE '*'   /* \w* */
#define LONGER '+' /* \w+ */
#define NUMBER '#' /* \d+ */

enum place { BEFORE, BEHIND, NOWHERE }; /* a word; NOWHERE: not the same in all cases */

struct text {
    uint16_t from, len; /* in letters */
};

struct texts {
    struct text list[TEXTS_MAX];
    size_t n;
};

struct group {
    uint16_t from, n; /* in needs */
    int weight;       /* of its weakest member */
};

struct program_compiler {
    struct lexicon *lexicon;
    struct literals *literals;
    struct regex regex;
    enum lang lang;
    char letters[LETTERS_MAX];
    size_t n_letters;
    struct program out;
    uint32_t needs[PROGRAM_NEEDS_MAX]; /* of the groups */
    size_t n_needs;
    struct group groups[PROGRAM_NEEDS_MAX];
    size_t n_groups;
    struct text names[PROGRAM_GROUPS_MAX]; /* of named groups, in the term's text */
    int edge;                              /* behind the last step \b was asked for */
    int firm;                              /* something was taken: a place before a word is behind a space */
    int ahead;                             /* within a lookahead */
    int rc;
};

/* program.c */
size_t program_emit(struct program_compiler *c, uint32_t number); /* its place */
void program_land(struct program_compiler *c, size_t at);         /* let the step at `at` lead to what comes next */
void program_decline(struct program_compiler *c);
uint32_t program_word(struct program_compiler *c, const char *word, size_t len);       /* its number */
uint32_t program_stem(struct program_compiler *c, const char *stem, size_t len);       /* its number */
uint32_t program_set(struct program_compiler *c, const uint32_t *needs, size_t n);     /* the set of these */
int program_is_gap(const struct program_compiler *c, const struct regex_node *repeat); /* (\w+ ){n,m} */
void program_begin_group(struct program_compiler *c);
void program_add_need(struct program_compiler *c, uint32_t need, int weight);
void program_drop_groups(struct program_compiler *c, size_t mark); /* from `mark` on */

/* program_texts.c */
int texts_add(struct program_compiler *c, struct texts *texts, const char *text, size_t len);
/* Every text of a followed by every text of b. 0: too many. */
int texts_join(struct program_compiler *c, const struct texts *a, const struct texts *b, struct texts *out);
/* The texts that a part stands for, in the order in which they are tried. 0: they cannot be listed. */
int texts_list(struct program_compiler *c, uint16_t id, struct texts *out);
/* Where they lead from a place. */
enum place texts_lead(const struct program_compiler *c, const struct texts *texts, enum place from);
/* Drop those that no window holds from there; with `before_end` those, too, behind which no sentence ends. */
void texts_keep_possible(const struct program_compiler *c, struct texts *texts, enum place from, int before_end);
/* Do all begin with a space? `or_empty`: or are empty. */
int texts_spaced(const struct program_compiler *c, const struct texts *texts, int or_empty);
/* Is each just one word, or a beginning of one, so that what the texts need is what they are? */
int texts_decided(const struct program_compiler *c, const struct texts *texts);
/* Steps and needs for them; where they lead. */
enum place texts_emit(struct program_compiler *c, const struct texts *texts, enum place from);

#endif
