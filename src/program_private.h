/* SPDX-License-Identifier: MIT
 *
 * program_private.h - the compiler of programs: program.c turns the tree into steps, program_sequence.c what stands
 * behind each other in it. What stands for a short list of texts is listed by program_texts.c, and becomes steps and
 * needs in program_words.c.
 */
#ifndef FAQD_PROGRAM_PRIVATE_H
#define FAQD_PROGRAM_PRIVATE_H

#include "program.h"

#define TEXTS_MAX 128
#define LETTERS_MAX 16384
#define SYMBOL_WEIGHT 12 /* a symbol tells about as much as a word of six letters */

/* Beside the signs of program.h texts have this one, which is a word: \d+. Beside \w it becomes a SIGN_DIGIT. */
#define SIGN_NUMBER '#'

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

static inline const struct regex_node *program_node(const struct program_compiler *c, uint16_t id)
{
    return &c->regex.nodes[id];
}

/* program.c */
size_t program_emit(struct program_compiler *c, uint32_t number); /* its place */
void program_land(struct program_compiler *c, size_t at);         /* let the step at `at` lead to what comes next */
void program_decline(struct program_compiler *c);
uint32_t program_word(struct program_compiler *c, const char *word, size_t len); /* its number */
uint32_t program_part_need(struct program_compiler *c, enum part_kind kind, const char *letters, size_t len);
uint32_t program_set(struct program_compiler *c, const uint32_t *needs, size_t n); /* the set of these */
int program_is_space(const struct program_compiler *c, const struct regex_node *n);
int program_is_gap(const struct program_compiler *c, const struct regex_node *repeat); /* (\w+ ){n,m} */
void program_begin_group(struct program_compiler *c);
void program_add_need(struct program_compiler *c, uint32_t need, int weight);
void program_drop_groups(struct program_compiler *c, size_t mark); /* from `mark` on */
/* Steps for a part that begins at `place`; where it ends. */
enum place program_emit_part(struct program_compiler *c, uint16_t id, enum place place);

/* program_sequence.c. `open`: it may end within a word. */
enum place program_emit_sequence(struct program_compiler *c, const struct regex_node *sequence, enum place place,
                                 int open);

/* program_texts.c */
static inline const char *texts_letters(const struct program_compiler *c, struct text text)
{
    return c->letters + text.from;
}
int texts_add(struct program_compiler *c, struct texts *texts, const char *text, size_t len);
/* Every text of a followed by every text of b. 0: too many. */
int texts_join(struct program_compiler *c, const struct texts *a, const struct texts *b, struct texts *out);
/* The texts that a part stands for, in the order in which they are tried. 0: they cannot be listed. */
int texts_list(struct program_compiler *c, uint16_t id, struct texts *out);
/* The word at s: letters and signs. Its length; 0: it is none, or may be nothing. */
size_t texts_word(const char *s, const char *end);
/* Where they lead from a place. */
enum place texts_lead(const struct program_compiler *c, const struct texts *texts, enum place from);
/* Drop those that no window holds from there; with `before_end` those, too, behind which no sentence ends. */
void texts_keep_possible(const struct program_compiler *c, struct texts *texts, enum place from, int before_end);
/* Do all begin with a space? `or_empty`: or are empty. */
int texts_spaced(const struct program_compiler *c, const struct texts *texts, int or_empty);
int texts_are_words(const struct program_compiler *c, const struct texts *texts); /* is each just one word? */
/* Are they best written out? Not if many are of several words: "(a|b|c) (d|e|f)" is nine texts, or two sets. */
int texts_are_few(const struct program_compiler *c, const struct texts *texts);
/* Are their words tried in the order of the list, wherever in a word its letters are looked for? */
int texts_in_order(const struct program_compiler *c, const struct texts *texts);

/* program_words.c */
/* Is each just one word, or a part of one, so that what the texts need is what they are? */
int texts_decided(const struct program_compiler *c, const struct texts *texts);
/* Steps and needs for them; where they lead. */
enum place texts_emit(struct program_compiler *c, const struct texts *texts, enum place from);

#endif
