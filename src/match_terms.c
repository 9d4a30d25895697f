/* SPDX-License-Identifier: MIT
 *
 * match_terms.c - see match_private.h: whether a term stands in the window, and over which words.
 *
 * Most are decided by what the index noted. A term that is not is searched for, and remembered if other rules may ask
 * for it again.
 */
#include "match_private.h"

#define TERM_MATCHES_MAX 8 /* places of one term that count in a window */
#define SEARCH_WORK 1      /* a search that ends at once takes the time of a rule that falls without one, */
#define WORK_STEPS 32      /* and so do so many steps of it; */
#define PATTERN_WORK 24    /* a search by PCRE2 takes far longer */

int term_possible(const struct matching *m, const struct term *term)
{
    for (const uint32_t *need = m->pack->numbers + term->needs; *need; need++)
        if (!index_is_met(&m->scratch->there, match_set(m, *need)))
            return 0;
    return 1;
}

static uint64_t word_bits(struct search_span span)
{
    size_t count = (size_t)(span.to - span.from);
    return (count >= 64 ? UINT64_MAX : ((uint64_t)1 << count) - 1) << span.from;
}

/* The words of the window that bytes of its text touch. */
static uint64_t words_of_span(const struct matching *m, struct pattern_span span)
{
    uint64_t words = 0;
    for (size_t i = 0; i < m->window->count; i++) {
        const struct word *word = &m->q->words[m->window->first + i];
        size_t begin = word[0].at - m->window->from;
        size_t end = word[1].at - m->window->from - 1;
        if (begin >= span.to)
            break;
        if (end > span.from)
            words |= (uint64_t)1 << i;
    }
    return words;
}

static void count_failures(struct matching *m, enum pattern_result result)
{
    m->match->searches++;
    m->match->limits += result == PATTERN_OVER_LIMIT;
    m->match->no_memory |= result == PATTERN_NO_MEMORY;
}

/* Look for a program in the window; *words: of all its places. */
int term_search(struct matching *m, const uint32_t *steps, uint32_t groups_at, uint64_t *words)
{
    size_t n = 0;
    for (size_t at = 0; n < TERM_MATCHES_MAX && budget_left(m, SEARCH_WORK); n++) {
        struct search_match found;
        enum pattern_result result = search_find(&m->scratch->words, steps, at, &found);
        count_failures(m, result);
        m->scratch->work += found.steps / WORK_STEPS;
        if (result != PATTERN_YES)
            break;
        at = found.words.to;
        *words |= word_bits(found.words);
        if (n || groups_at == TERM_NO_GROUPS)
            continue;
        struct groups *groups = &m->scratch->groups[groups_at];
        groups->there = 0;
        for (size_t i = 0; i < m->pack->groups[groups_at].n; i++) {
            int there = found.groups[i].from <= found.groups[i].to;
            groups->there |= (uint32_t)there << i;
            groups->words[i] = there ? word_bits(found.groups[i]) : 0;
        }
    }
    return n > 0;
}

/* Look for a regular expression of PCRE2 in the window. */
static int search_pattern(struct matching *m, const struct term *term, uint64_t *words)
{
    const struct pattern *pattern = m->pack->patterns[term->at].pattern;
    const char *text = m->q->text + m->window->from;
    size_t len = m->window->to - m->window->from;
    struct pattern_span span = {0, 0};
    struct pattern_span spans[PATTERN_GROUPS_MAX];
    size_t n = 0;
    for (size_t at = 0; at <= len && n < TERM_MATCHES_MAX && time_left(m, PATTERN_WORK); n++) {
        enum pattern_result result = pattern_find(pattern, m->scratch->patterns, text, len, at, &span, spans);
        count_failures(m, result);
        if (result != PATTERN_YES)
            break;
        *words |= words_of_span(m, span);
        at = span.to > at ? span.to : at + 1;
        if (n || term->groups == TERM_NO_GROUPS)
            continue;
        struct groups *groups = &m->scratch->groups[term->groups];
        groups->there = 0;
        for (size_t i = 0; i < m->pack->groups[term->groups].n; i++) {
            int there = spans[i].from <= spans[i].to;
            groups->there |= (uint32_t)there << i;
            groups->words[i] = there ? words_of_span(m, spans[i]) : 0;
        }
    }
    return n > 0;
}

int term_find(struct matching *m, uint32_t id, uint64_t *words)
{
    const struct term *term = &m->pack->terms[id];
    if (term->kind == TERM_ONE_OF) {
        *words |= index_words(&m->scratch->there, match_set(m, term->at));
        return 1;
    }
    struct seen once = {0};
    struct seen *seen = term->shared ? &m->scratch->terms[id] : &once;
    if (seen->stamp != m->scratch->stamp) {
        seen->stamp = m->scratch->stamp;
        seen->words = 0;
        seen->present = term->kind == TERM_PROGRAM
                            ? term_search(m, term_program(m->pack, term), term->groups, &seen->words)
                            : search_pattern(m, term, &seen->words);
        if (!term->wants_unknown) /* a gap may run over a word that nobody knows; that does not explain it */
            seen->words &= ~m->strange;
    }
    *words |= seen->words;
    return seen->present;
}
