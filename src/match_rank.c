/* SPDX-License-Identifier: MIT
 *
 * match_rank.c - see match_private.h: the best candidate of each intent, and their order. The result does not depend on
 * the order in which candidates are found.
 */
#include "match_private.h"

#include <string.h>

/* Where one of a term's choices begins: what comes first in the message, of names that begin at one word the shortest
 * first, and of those of one length the last one that the lexicon has; but words of the pattern's own before names. */
static uint64_t place_of(const struct matching *m, uint32_t need)
{
    uint64_t words = index_words(&m->scratch->there, (const uint32_t[]){1, need});
    unsigned at = words ? (unsigned)__builtin_ctzll(words) : 64;
    uint64_t behind = words ? ~(words >> at) : 1;
    unsigned count = behind ? (unsigned)__builtin_ctzll(behind) : 64; /* the whole window may be it */
    uint32_t last_first = NEED_KIND(need) == NEED_NAMED ? UINT32_MAX - NEED_ID(need) : 0;
    return (uint64_t)at << 40 | (uint64_t)count << 32 | last_first;
}

/* Of the rule's terms the one that the fewest rules have. */
static uint32_t rarest(const struct matching *m, const struct index_rule *listed)
{
    return rule_with(m->pack, &m->pack->rules[listed->rule])[listed->rarest];
}

uint64_t rank_place(const struct matching *m, const struct index_rule *listed)
{
    uint64_t first = (uint64_t)127 << 40; /* what is searched for comes behind all that is not */
    uint32_t at = listed->kind == INDEX_ONE_OF ? listed->at : 0;
    if (listed->kind == INDEX_ANY) {
        const struct term *term = &m->pack->terms[rarest(m, listed)];
        at = term->kind == TERM_ONE_OF ? term->at : 0;
    }
    const uint32_t *set = match_set(m, at);
    for (uint32_t i = 1; at && i <= *set; i++) {
        uint64_t place = index_is_met(&m->scratch->there, (const uint32_t[]){1, set[i]}) ? place_of(m, set[i]) : first;
        first = place < first ? place : first;
    }
    return (uint64_t)m->window->first << 48 | first;
}

/* What nothing else decides the order of the content does. */
static uint64_t rank_of(const struct candidate *c)
{
    return (uint64_t)(c->verdict != IN_SCOPE) << 63 | (uint64_t)(uint16_t)(UINT16_MAX - c->score) << 40 |
           (uint64_t)(uint8_t)(UINT8_MAX - c->asked_words) << 32 | c->intent;
}

/* Is a candidate better than another one of its intent? Of two equal ones it is the one whose rarest part comes first.
 */
static int is_better(const struct matching *m, const struct candidate *c, const struct candidate *old)
{
    if ((c->verdict == IN_SCOPE) != (old->verdict == IN_SCOPE))
        return c->verdict == IN_SCOPE;
    if (c->score != old->score)
        return c->score > old->score;
    if (c->place != old->place)
        return c->place < old->place;
    uint32_t term = rarest(m, &index_listed(m->index)[c->listed]);
    uint32_t old_term = rarest(m, &index_listed(m->index)[old->listed]);
    return term < old_term || (term == old_term && c->rule < old->rule);
}

void rank_begin(struct match_scratch *scratch)
{
    if (++scratch->message == 0) { /* after 2^32 messages old stamps could be taken for new ones */
        memset(scratch->kept, 0, scratch->pack->n_intents * sizeof(*scratch->kept));
        scratch->message = 1;
    }
    scratch->last = RANK_UNKNOWN;
}

static void set(struct matching *m, uint32_t at, const struct candidate *c)
{
    struct match_scratch *scratch = m->scratch;
    m->match->candidates[at] = *c;
    scratch->ranks[at] = rank_of(c);
    if (scratch->last == at)
        scratch->last = RANK_UNKNOWN;
    else if (scratch->last != RANK_UNKNOWN && scratch->ranks[at] > scratch->ranks[scratch->last])
        scratch->last = at;
}

static void put(struct matching *m, size_t at, const struct candidate *c)
{
    set(m, (uint32_t)at, c);
    m->scratch->kept[c->intent] = (struct kept){m->scratch->message, (uint32_t)at, c->place};
}

static uint32_t last_of(struct match_scratch *scratch, size_t n)
{
    if (scratch->last == RANK_UNKNOWN) {
        scratch->last = 0;
        for (uint32_t i = 1; i < n; i++)
            scratch->last = scratch->ranks[i] > scratch->ranks[scratch->last] ? i : scratch->last;
    }
    return scratch->last;
}

/* There is no room: it takes the place of the last one in order, if it is before that. */
static void displace(struct matching *m, const struct candidate *c)
{
    uint32_t last = last_of(m->scratch, m->match->n);
    if (rank_of(c) > m->scratch->ranks[last])
        return;
    m->scratch->kept[m->match->candidates[last].intent].stamp = 0;
    put(m, last, c);
}

void rank_keep(struct matching *m, const struct candidate *c)
{
    struct match *match = m->match;
    struct kept *kept = &m->scratch->kept[c->intent];
    if (kept->stamp != m->scratch->message) {
        if (match->n < MATCH_CANDIDATES_MAX)
            put(m, match->n++, c);
        else
            displace(m, c);
        return;
    }
    kept->place = c->place < kept->place ? c->place : kept->place;
    if (is_better(m, c, &match->candidates[kept->at]))
        set(m, kept->at, c);
}

struct order {
    uint64_t rank;
    struct candidate *candidate;
};

/* By rank: there are no more than MATCH_CANDIDATES_MAX. */
static void insert(struct order *order, size_t n, uint64_t rank, struct candidate *candidate)
{
    for (; n > 0 && order[n - 1].rank > rank; n--)
        order[n] = order[n - 1];
    order[n] = (struct order){rank, candidate};
}

static void beat(const struct pack *pack, const struct candidate *winner, struct match *match)
{
    for (size_t i = 0; i < match->n; i++) {
        struct candidate *loser = &match->candidates[i];
        if (loser->verdict == IN_SCOPE && winner->window.first == loser->window.first &&
            intent_is_over(&pack->intents[winner->intent], loser->intent)) {
            loser->verdict = BEATEN;
            loser->beaten_by = winner->intent;
        }
    }
}

/* Intents beat each other in the order in which they come in the message; one that is beaten by then beats no more. */
static void apply_over(struct matching *m)
{
    struct order order[MATCH_CANDIDATES_MAX];
    size_t n = 0;
    for (size_t i = 0; i < m->match->n; i++) {
        struct candidate *c = &m->match->candidates[i];
        if (m->pack->intents[c->intent].n_over && c->verdict == IN_SCOPE)
            insert(order, n++, m->scratch->kept[c->intent].place, c);
    }
    for (size_t i = 0; i < n; i++)
        if (order[i].candidate->verdict == IN_SCOPE)
            beat(m->pack, order[i].candidate, m->match);
}

static void sort(struct match *match)
{
    struct order order[MATCH_CANDIDATES_MAX];
    struct candidate sorted[MATCH_CANDIDATES_MAX];
    for (size_t i = 0; i < match->n; i++)
        insert(order, i, rank_of(&match->candidates[i]), &match->candidates[i]);
    for (size_t i = 0; i < match->n; i++)
        sorted[i] = *order[i].candidate;
    memcpy(match->candidates, sorted, match->n * sizeof(sorted[0]));
}

void rank_finish(struct matching *m)
{
    struct match *match = m->match;
    if (m->over)
        apply_over(m);
    sort(match);
    while (match->n_in_scope < match->n && match->candidates[match->n_in_scope].verdict == IN_SCOPE)
        match->n_in_scope++;
}
