/* SPDX-License-Identifier: MIT
 *
 * match_private.h - one window being matched: match.c goes through the rules that come up, match_terms.c knows whether
 * their terms stand there, match_rank.c keeps the best of what they find.
 */
#ifndef FAQD_MATCH_PRIVATE_H
#define FAQD_MATCH_PRIVATE_H

#include "match.h"

#include <time.h>

struct seen { /* what was found of a term in the window of this stamp */
    uint32_t stamp;
    int present;
    uint64_t words;
};

struct groups {     /* words of the named groups that took part */
    uint32_t there; /* bit a group */
    uint64_t words[PATTERN_GROUPS_MAX];
};

struct kept { /* an intent's candidate, in the message of this stamp */
    uint32_t stamp;
    uint32_t at;
    uint64_t place; /* of the first rule of the intent that matched */
};

#define RANK_UNKNOWN UINT32_MAX
struct match_scratch {
    const struct pack *pack;
    struct pattern_scratch *patterns; /* borrowed */
    struct timespec start;            /* of the message */
    struct timespec start_own;        /* some time later, by the time that this thread was running; see budget_left */
    int own_runs;                     /* that clock was asked */
    unsigned work;                    /* of the message so far */
    unsigned looked;                  /* how much it was when the clock was asked */
    const struct question *q;         /* the message; borrowed */
    int in_conversation;
    struct scope scopes[LANGS]; /* of the message, where scopes_read has the language's bit */
    unsigned scopes_read;
    struct window window;       /* the one that was met last, in words.lang; count 0: none of the message yet */
    struct search_window words; /* its words */
    struct index_window there;  /* what stands in it */
    uint32_t stamp;             /* of the window */
    struct seen *terms;         /* that several rules share */
    struct groups *groups;      /* of the first match of a term with named groups, by pack.groups */
    uint32_t message;           /* stamp of the message */
    struct kept *kept;          /* by intent */
    uint8_t *mark;              /* borrowed; NULL: none */
    uint64_t ranks[MATCH_CANDIDATES_MAX]; /* of the candidates; match_rank.c */
    uint32_t last;                        /* the last one in order; RANK_UNKNOWN */
};

struct matching {
    const struct pack *pack;
    const struct index *index;
    struct match_scratch *scratch;
    const struct question *q;
    const struct window *window;
    struct scope_window scope; /* its words */
    uint64_t strange;          /* those of no vocabulary */
    uint64_t telling;          /* those that are neither function words nor of the class "lite" */
    enum lang lang;
    struct match *match;
    int safety; /* scope does not matter */
    int over;   /* a candidate's intent is over others */
};

/* match.c: may the message go on? `work` is what was done since the last call, in units of MATCH_WORK_MAX. */
int budget_left(struct matching *m, unsigned work);
/* Likewise for work that the clock alone ends: a pack of which each pattern is PCRE2's must be answered from, too. */
int time_left(struct matching *m, unsigned work);

/* match_terms.c */
static inline const uint32_t *match_set(const struct matching *m, uint32_t set)
{
    return m->pack->literals.sets + set;
}
/* Does all that the term needs stand there? Of a TERM_ONE_OF that is all there is to know. */
int term_possible(const struct matching *m, const struct term *term);
/* Is the program there, and which words is it? `groups`: the term's. */
int term_search(struct matching *m, const uint32_t *steps, uint32_t groups, uint64_t *words);
/* Is it there, and which words is it? Searches if need be. It is possible. */
int term_find(struct matching *m, uint32_t id, uint64_t *words);

/* match_rank.c: where a rule that matches begins, for `place` of its candidate. */
uint64_t rank_place(const struct matching *m, const struct index_rule *listed);
/* Begin a message. */
void rank_begin(struct match_scratch *scratch);
/* Keep a candidate if it is the best one of its intent so far, and among the MATCH_CANDIDATES_MAX best intents. */
void rank_keep(struct matching *m, const struct candidate *candidate);
/* When all are judged: let intents beat those that they are "over", and put the best first. */
void rank_finish(struct matching *m);

#endif
