/* SPDX-License-Identifier: MIT
 *
 * match.h - question x pack -> ranked candidates, with the reasons for their rank.
 *
 * A candidate is an intent one of whose rules matched a window. It explains words: those that the rule's terms matched
 * ("asked"), and those that name entities of the types that the intent takes. The more it explains, the better.
 *
 * Scope is as important as the match. A message that names the pack's subject (an anchor) may hold words that nobody
 * knows. A message that does not is answered only if all of its words are accounted for. Words that name another
 * subject count against both.
 *
 * Every rule that comes up is confirmed, also when it cannot win. To begin with the best and stop would change answers:
 * a loser may be the message's second question, tie with the winner, beat it by its intent's "over", and what all
 * candidates explain together decides the scope. Only rules whose intent has a better one already could be left out,
 * and those behind MATCH_CANDIDATES_MAX better intents. They are few: a question makes 15 rules of 11 intents come up
 * in a generated pack of 5,000 patterns; in one of 100,000 it is 129 of 117 intents, and of the 79 that match 64 are
 * kept. There are 9 and 45 searches for them, the others are decided without one; a bound of what a search may explain
 * would have to cost less than the search.
 */
#ifndef FAQD_MATCH_H
#define FAQD_MATCH_H

#include "index.h"
#include "scope.h"

#include <stdint.h>

#define MATCH_CANDIDATES_MAX 128

/* What a message may cost. Work is counted in rules that come up and what else takes as long, one or two tenths of a
 * microsecond; in a pack of 100,000 patterns most of it is waiting for memory. The bound is far above what people ask:
 * of the questions that the shipped packs are tested with, joined in pairs, the most is 725; of 20,000 to a generated
 * pack of 100,000 patterns it is 3,604 (half of them stay below 90). What is not known by counting, how long PCRE2
 * searches, the clock ends. It is looked at between searches, each of which is bounded. */
#define MATCH_WORK_MAX 6000
#define MATCH_BUDGET_NS 20000000

enum verdict {
    IN_SCOPE,
    FOREIGN_WORD, /* a word or entity that names another subject, which nothing of the intent accounts for */
    UNKNOWN_WORD, /* a word that is nothing of ours, in a message that does not name our subject */
    MOSTLY_ELSE,  /* such a message says more that the intent does not explain than it explains */
    BEATEN,       /* another candidate's "over" names this intent */
};
extern const char *const verdict_names[];

struct candidate {
    uint32_t intent;
    uint32_t rule;
    enum lang lang;
    struct window window;
    uint64_t asked;     /* words of the window that the rule's terms matched */
    uint64_t explained; /* those and the entities that the intent takes */
    int score;
    int asked_words; /* how many words were asked for: of two equal scores the more definite one wins */
    enum verdict verdict;
    uint32_t beaten_by; /* with BEATEN: the intent */
    uint64_t place;     /* where in the message it begins: see match_rank.c */
    uint32_t listed;    /* the rule, in index_listed */
    uint8_t n_groups;   /* slots that named groups of the rule pinned down: type and words */
    uint32_t group_types[PATTERN_GROUPS_MAX];
    uint64_t group_words[PATTERN_GROUPS_MAX];
};

/* A worker's memory for matching; sized by the pack, reused for each of its messages. */
struct match_scratch;
/* FAQD_OK or FAQD_ENOMEM. match_scratch_free takes NULL. */
int match_scratch_new(const struct pack *pack, struct pattern_scratch *patterns, struct match_scratch **out);
void match_scratch_free(struct match_scratch *scratch);

/* From now on mark[rule] is set to 1 for every rule whose terms matched (for `faqd check`); NULL: no more. */
void match_scratch_mark(struct match_scratch *scratch, uint8_t *mark);

/* Begin a message, which was read and stays as it is: its work is counted, its clock runs, and what was found out about
 * its words is kept for all calls below until the next begin. in_conversation: the pseudo class {in_conversation}
 * holds.
 */
void match_begin(struct match_scratch *scratch, const struct question *q, int in_conversation);

struct match {
    struct candidate candidates[MATCH_CANDIDATES_MAX]; /* best first, those in scope before all others */
    size_t n;
    size_t n_in_scope;
    const struct scope *scope; /* of the last language that was matched: whether the message names the pack's subject.
                                  It is the scratch's, until the next begin */
    int in_conversation;       /* an earlier turn was answered */
    unsigned searches;         /* regular expressions that were tried */
    unsigned limits;           /* of them, ended by a limit */
    int over_budget;           /* MATCH_WORK_MAX or the clock stopped it: the result is not complete */
    int no_memory;
};

/* Find the candidates of one language for every window. `index` is of the pack's ordinary rules. */
void match_question(struct match_scratch *scratch, const struct index *index, enum lang lang, struct match *match);

/* Find red flags: safety rules of both languages over every window, and over the whole of a short message. Scope does
 * not matter here. */
void match_safety(struct match_scratch *scratch, const struct index *index, struct match *match);

#endif
