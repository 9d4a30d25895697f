/* SPDX-License-Identifier: MIT
 *
 * index.h - which patterns can match these words at all.
 *
 * Of every term the pack knows what each match needs: sets of words, parts of words and symbols, one member at least of
 * each. Of the sets that the terms of a rule need, the index takes the two that the fewest rules share, and
 * lists the rule under every pair of a member of the one and a member of the other. What stands in a window is a number
 * a need, so that going through the lists of its words is looking at numbers: a rule comes up only where both sets are
 * met. A rule that needs nothing that can be read off it always comes up. The index is conservative: it may name rules
 * that do not match, it never leaves one out.
 *
 * An index is one block of memory without pointers into itself; immutable once built, shared by all threads.
 */
#ifndef FAQD_INDEX_H
#define FAQD_INDEX_H

#include "pack.h"
#include "search.h"

struct index;

/* A rule as the index lists it, with what checking it needs first: in a large pack every look elsewhere is a wait for
 * memory. What stands here of a rule that is just one term of its own is all there is to it. */
enum index_kind {
    INDEX_ONE_OF,  /* a TERM_ONE_OF */
    INDEX_PROGRAM, /* a TERM_PROGRAM without named groups */
    INDEX_ANY      /* whatever the pack says */
};
#define INDEX_MORE 2
struct index_rule {
    uint32_t rule;
    uint32_t intent;
    uint32_t at;               /* the term's set; the term's program, in pack.numbers */
    uint32_t more[INDEX_MORE]; /* further sets that must be met; 0: none */
    uint8_t kind;              /* enum index_kind */
    uint8_t rarest;            /* of its terms the one that the fewest rules have, as its place among them */
    uint8_t takes;             /* the intent takes entities */
    uint8_t over;              /* the intent is over others */
};
const struct index_rule *index_listed(const struct index *index);

/* The index of a pack's rules: those of safety intents, or all others. FAQD_OK or FAQD_ENOMEM. Borrows the pack, which
 * must be complete. */
int index_new(const struct pack *pack, int safety, struct index **out);
void index_free(struct index *index);                               /* takes NULL */
struct index *index_copy(struct image *image, struct index *index); /* into an image, see image.h */

struct index_list { /* [at, end) of what is listed under a need: index_private.h */
    const struct index_group *at, *end;
};

/* What stands in a window. A worker's memory, sized by the pack. */
struct index_window {
    const struct pack *pack;
    uint32_t *places; /* of needs: which of those that are met, from 1 on; 0: not met. Need 0 always is */
    uint32_t *met;    /* those, the last one at n_met */
    uint64_t *words;  /* that they are, a bit a word of the window; none at 0 */
    size_t n_met;
    uint32_t *keys;           /* while it is looked through: those of them that the index lists anything under */
    struct index_list *lists; /* that */
    uint64_t *up;    /* a bit a rule that came up, as they are listed: for the next window to start with none */
    uint32_t *rules; /* those rules, each once: places in index_listed */
    size_t n_rules;
    uint32_t bases[NEED_KINDS]; /* the first number of each kind of needs among all; 0 is none */
};
/* FAQD_OK or FAQD_ENOMEM; index_window_free takes a zeroed one. */
int index_window_new(const struct pack *pack, struct index_window *w);
void index_window_free(struct index_window *w);

/* Note what stands in the window, in the window's language. in_conversation: the pseudo class {in_conversation} does.
 */
void index_meet(struct index_window *w, const struct search_window *s, int in_conversation);
/* Fill w->rules: those of the window's language that may match. */
void index_find(const struct index *index, struct index_window *w, enum lang lang);

/* A need's number among all. */
static inline uint32_t index_number(const uint32_t bases[NEED_KINDS], uint32_t need)
{
    return bases[NEED_KIND(need)] + NEED_ID(need);
}

/* Does a member of the set stand there? */
static inline int index_is_met(const struct index_window *w, const uint32_t *set)
{
    for (uint32_t i = 1; i <= *set; i++)
        if (w->places[index_number(w->bases, set[i])])
            return 1;
    return 0;
}

/* The words of the window that members of the set are. */
static inline uint64_t index_words(const struct index_window *w, const uint32_t *set)
{
    uint64_t words = 0;
    for (uint32_t i = 1; i <= *set; i++)
        words |= w->words[w->places[index_number(w->bases, set[i])]];
    return words;
}

/* Rules of which nothing is known that they need, as they are listed (for `faqd check`). */
const uint32_t *index_always(const struct index *index, enum lang lang, size_t *n);

#endif
