/* SPDX-License-Identifier: MIT
 *
 * scope.h - is the question about our subject at all? Words that name another subject count against a match.
 */
#ifndef FAQD_SCOPE_H
#define FAQD_SCOPE_H

#include "pack.h"
#include "question.h"

struct candidate;
struct match;

enum scope_status {
    SCOPE_FINE,    /* function or neutral word, or one of our classes and entities */
    SCOPE_RIVAL,   /* an entity of which no source speaks, or of a rival type */
    SCOPE_FOREIGN, /* the lexicon lists it as a word of other subjects */
    SCOPE_ODD,     /* either of them, but harmless as well: it counts in a message that is not about ours */
    SCOPE_UNKNOWN, /* known or not, it is nothing of ours: against a message that is not anchored */
    SCOPE_STATUSES
};

/* What each word of a message is for the scope, read once a message and language. */
struct scope {
    size_t n_words;
    int anchored; /* some word of the message names the pack's subject */
    int hinted;   /* some word makes it likely ("injections", a use), and no word beside it says otherwise */
    uint8_t status[QUESTION_WORDS_MAX]; /* enum scope_status */
    uint8_t weight[QUESTION_WORDS_MAX]; /* in scores: 1 for function words and anchors, 2 neutral words, 3 all others */
    size_t count[SCOPE_STATUSES];       /* words of each status in the whole message */
    int tells;                          /* the weight of all words of the message that carry something */
};

/* The words of one window by status, as masks. */
struct scope_window {
    uint64_t rival;
    uint64_t foreign;
    uint64_t odd;
    uint64_t unknown;
};

void scope_read(const struct question *q, enum lang lang, struct scope *scope);
/* Two words that tell: a hinted message may then hold words that are nothing of ours, and any message more beside what
 * the candidate explains than in it. */
#define SCOPE_TELLING_SCORE 6
/* It may even hold words of other subjects ("after my car accident") if three words tell and two help. */
#define SCOPE_STORY_SCORE 11

struct scope_window scope_window(const struct scope *scope, const struct window *window);

/* Set the candidate's verdict. */
void scope_judge(const struct pack *pack, const struct scope *scope, const struct scope_window *words,
                 int in_conversation, struct candidate *candidate);

/* Which words of the message the candidates in scope explain together. */
void scope_explained(const struct scope *scope, const struct match *match, uint8_t explained[QUESTION_WORDS_MAX]);

/* When all candidates are judged: if the message says more beside what they explain together than in it, none of them
 * is meant (MOSTLY_ELSE). */
void scope_weigh(const struct scope *scope, struct match *match);

/* The word that the verdict is about; (size_t)-1: none. For `explain`. */
size_t scope_culprit(const struct pack *pack, const struct question *q, const struct match *match,
                     const struct candidate *candidate);

#endif
