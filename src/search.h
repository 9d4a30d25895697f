/* SPDX-License-Identifier: MIT
 *
 * search.h - run a program over the words of a window.
 *
 * A backtracking machine: it tries ways in the order in which PCRE2 would, so that it finds the same words where
 * several would do. It allocates nothing, and its steps are counted, the comparing of letters among them:
 * SEARCH_STEPS_MAX of some 4 ns each bound a search to a tenth of a millisecond, or a few where long words are compared
 * with many parts of words, whatever the program and the words are.
 */
#ifndef FAQD_SEARCH_H
#define FAQD_SEARCH_H

#include "pattern.h"
#include "program.h"
#include "question.h"

#define SEARCH_STEPS_MAX 20000
#define SEARCH_STACK_MAX 1024

/* A window made ready for searches in one language. */
struct search_window {
    const struct question *q;
    const uint32_t *sets;         /* the pack's */
    size_t first, count;          /* of its words */
    enum lang lang;               /* whose names count */
    uint64_t known;               /* words of some vocabulary */
    uint64_t breaks;              /* a sentence begins at these */
    uint32_t words[WINDOW_WORDS]; /* their numbers; TABLE_NONE: in no program */
};

struct search_span { /* words [from, to) of the window; from > to: took no part */
    uint8_t from, to;
};

struct search_match {
    struct search_span words;
    struct search_span groups[PROGRAM_GROUPS_MAX];
    unsigned steps; /* that the search took, match or not */
};

void search_prepare(struct search_window *s, const struct literals *literals, const struct question *q,
                    const struct window *window, enum lang lang);

/* The first match at or behind word `start`. */
enum pattern_result search_find(const struct search_window *s, const uint32_t *steps, size_t start,
                                struct search_match *match);

#endif
