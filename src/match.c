/* SPDX-License-Identifier: MIT
 *
 * match.c - see match.h: windows -> terms -> rules -> candidates. scope.c judges them, this file finds and ranks.
 *
 * Each term is looked for at most once a window, however many rules share it: terms that are symbols are read off the
 * question's hits, regular expressions are searched for if the index says that they may match. Then the rules whose
 * primary term is there are checked, which is looking at bits.
 */
#include "match.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

const char *const verdict_names[] = {
    [IN_SCOPE] = "in scope",
    [FOREIGN_WORD] = "names another subject",
    [UNKNOWN_WORD] = "holds a word that is nothing of ours",
    [MOSTLY_ELSE] = "says more beside this than it explains",
    [BEATEN] = "beaten",
};

#define TERM_MATCHES_MAX 8 /* places of one term that count in a window */
#define SEARCHES_A_LOOK 4  /* searches between two looks at the clock, which takes as long as most of them */

enum presence { ABSENT, POSSIBLE, PRESENT };

struct seen { /* what is known of a symbol or term in the window of this stamp */
    uint32_t stamp;
    enum presence presence; /* POSSIBLE: a regular expression that was not searched for yet */
    uint64_t words;
};

struct groups {     /* words of the named groups that took part */
    uint32_t there; /* bit a group */
    uint64_t words[PATTERN_GROUPS_MAX];
};

struct match_scratch {
    const struct pack *pack;
    struct pattern_scratch *patterns; /* borrowed */
    struct timespec start;            /* of the message */
    struct timespec start_own;        /* the same by the time that this thread was running */
    uint32_t stamp;
    struct seen *symbols;
    struct seen *terms;
    struct groups *groups; /* of the first match of a term with named groups, by pack.groups */
    uint8_t *mark;         /* borrowed; NULL: none */
    uint32_t *touched;     /* terms that are there or possible, in this window */
    size_t n_touched;
};

/* One window being matched. */
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
    struct search_window words;
    struct match *match;
};

int match_scratch_new(const struct pack *pack, struct pattern_scratch *patterns, struct match_scratch **out)
{
    struct match_scratch *scratch = calloc(1, sizeof(*scratch));
    *out = NULL;
    if (!scratch)
        return FAQD_ENOMEM;
    scratch->pack = pack;
    scratch->patterns = patterns;
    scratch->symbols = calloc(lexicon_count(pack->lexicon) + 1, sizeof(*scratch->symbols));
    scratch->terms = calloc(pack->n_terms + 1, sizeof(*scratch->terms));
    scratch->groups = calloc(pack->n_groups + 1, sizeof(*scratch->groups));
    scratch->touched = calloc(pack->n_terms + 1, sizeof(*scratch->touched));
    if (!scratch->symbols || !scratch->terms || !scratch->groups || !scratch->touched) {
        match_scratch_free(scratch);
        return FAQD_ENOMEM;
    }
    *out = scratch;
    return FAQD_OK;
}

void match_scratch_free(struct match_scratch *scratch)
{
    if (!scratch)
        return;
    free(scratch->symbols);
    free(scratch->terms);
    free(scratch->groups);
    free(scratch->touched);
    free(scratch);
}

void match_scratch_mark(struct match_scratch *scratch, uint8_t *mark)
{
    scratch->mark = mark;
}

void match_begin(struct match_scratch *scratch)
{
    clock_gettime(CLOCK_MONOTONIC, &scratch->start);
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &scratch->start_own);
}

static int64_t since(clockid_t clock, const struct timespec *start)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (int64_t)(now.tv_sec - start->tv_sec) * 1000000000 + (now.tv_nsec - start->tv_nsec);
}

static int budget_left(struct matching *m)
{
    if (m->match->searches % SEARCHES_A_LOOK)
        return !m->match->over_budget;
    /* The thread's own time is what counts, or a busy machine would change answers; but it is slow to ask for. */
    if (since(CLOCK_MONOTONIC, &m->scratch->start) > MATCH_BUDGET_NS &&
        since(CLOCK_THREAD_CPUTIME_ID, &m->scratch->start_own) > MATCH_BUDGET_NS)
        m->match->over_budget = 1;
    return !m->match->over_budget;
}

static uint64_t word_bits(size_t first, size_t count)
{
    uint64_t bits = count >= 64 ? UINT64_MAX : ((uint64_t)1 << count) - 1;
    return first >= 64 ? 0 : bits << first;
}

static struct seen *seen_now(struct seen *seen, uint32_t stamp)
{
    if (seen->stamp != stamp)
        *seen = (struct seen){.stamp = stamp};
    return seen;
}

/* Raise a term to `presence`, remembering it the first time. */
static void touch(struct matching *m, uint32_t id, enum presence presence, uint64_t words)
{
    struct seen *term = seen_now(&m->scratch->terms[id], m->scratch->stamp);
    if (term->presence == ABSENT)
        m->scratch->touched[m->scratch->n_touched++] = id;
    if (term->presence < presence)
        term->presence = presence;
    term->words |= words;
}

static void symbol_there(struct matching *m, uint32_t symbol, uint64_t words)
{
    struct seen *seen = seen_now(&m->scratch->symbols[symbol], m->scratch->stamp);
    size_t n = 0;
    const uint32_t *terms = index_symbol_terms(m->index, symbol, m->lang, &n);
    for (size_t i = 0; i < n; i++)
        touch(m, terms[i], PRESENT, words);
    seen->presence = PRESENT;
    seen->words |= words;
}

static void find_symbols(struct matching *m)
{
    const struct window *w = m->window;
    for (size_t i = m->q->first_hit[w->first]; i < m->q->first_hit[w->first + w->count]; i++) {
        const struct hit *hit = &m->q->hits[i];
        if (!(hit->langs & LANG_BIT(m->lang)))
            continue;
        if (hit->hidden)
            continue; /* not what is meant; only a regular expression may still find its words */
        uint64_t words = word_bits((size_t)hit->word - w->first, hit->count);
        symbol_there(m, hit->symbol, words);
        if (hit->kind == SYMBOL_ENTITY)
            symbol_there(m, hit->type, words);
    }
    if (m->match->in_conversation)
        symbol_there(m, SYMBOL_ID_CONVERSATION, 0);
}

static void term_possible(void *user, uint32_t id)
{
    touch(user, id, POSSIBLE, 0);
}

/* The words of the window that bytes [from, to) of its text touch. */
static uint64_t words_of_span(const struct matching *m, size_t from, size_t to)
{
    uint64_t words = 0;
    for (size_t i = 0; i < m->window->count; i++) {
        size_t begin = m->q->at[m->window->first + i] - m->window->from;
        size_t end = i + 1 < m->window->count ? m->q->at[m->window->first + i + 1] - m->window->from - 1
                                              : m->window->to - m->window->from;
        if (begin >= to)
            break;
        if (end > from)
            words |= (uint64_t)1 << i;
    }
    return words;
}

/* A gap may run over a word that nobody knows; that does not explain it. */
static void explain_words(const struct matching *m, const struct term *term, struct seen *seen, uint64_t words)
{
    seen->presence = PRESENT;
    seen->words |= words & ~(term->wants_unknown ? 0 : m->strange);
}

static void count_failures(struct matching *m, enum pattern_result result)
{
    m->match->limits += result == PATTERN_OVER_LIMIT;
    m->match->no_memory |= result == PATTERN_NO_MEMORY;
}

/* Look for a program in the window. */
static void search_program(struct matching *m, const struct term *term, struct seen *seen)
{
    const uint32_t *steps = term_numbers(m->pack, term);
    struct search_match found;
    enum pattern_result result = PATTERN_YES;
    for (size_t at = 0, n = 0; result == PATTERN_YES && n < TERM_MATCHES_MAX && budget_left(m); n++) {
        m->match->searches++;
        result = search_find(&m->words, steps, at, &found);
        count_failures(m, result);
        if (result != PATTERN_YES)
            break;
        at = found.words.to;
        explain_words(m, term, seen, word_bits(found.words.from, (size_t)(found.words.to - found.words.from)));
        if (n || term->groups == TERM_NO_GROUPS)
            continue;
        struct groups *groups = &m->scratch->groups[term->groups];
        groups->there = 0;
        for (size_t i = 0; i < m->pack->groups[term->groups].n; i++) {
            struct search_span span = found.groups[i];
            groups->there |= (uint32_t)(span.from <= span.to) << i;
            groups->words[i] = word_bits(span.from, span.from <= span.to ? (size_t)(span.to - span.from) : 0);
        }
    }
}

/* Look for a regular expression of PCRE2 in the window. */
static void search_pattern(struct matching *m, const struct term *term, struct seen *seen)
{
    const struct pattern *pattern = m->pack->patterns[term->at].pattern;
    const char *text = m->q->text + m->window->from;
    size_t len = m->window->to - m->window->from;
    struct pattern_span span = {0, 0};
    struct pattern_span spans[PATTERN_GROUPS_MAX];
    for (size_t at = 0, n = 0; at <= len && n < TERM_MATCHES_MAX && budget_left(m); n++) {
        m->match->searches++;
        enum pattern_result result = pattern_find(pattern, m->scratch->patterns, text, len, at, &span, spans);
        count_failures(m, result);
        if (result != PATTERN_YES)
            break;
        explain_words(m, term, seen, words_of_span(m, span.from, span.to));
        at = span.to > at ? span.to : at + 1;
        if (n || term->groups == TERM_NO_GROUPS)
            continue;
        struct groups *groups = &m->scratch->groups[term->groups];
        groups->there = 0;
        for (size_t i = 0; i < m->pack->groups[term->groups].n; i++) {
            groups->there |= (uint32_t)(spans[i].from <= spans[i].to) << i;
            groups->words[i] = spans[i].from <= spans[i].to ? words_of_span(m, spans[i].from, spans[i].to) : 0;
        }
    }
}

/* POSSIBLE becomes PRESENT or ABSENT. */
static void search(struct matching *m, uint32_t id)
{
    const struct term *term = &m->pack->terms[id];
    struct seen *seen = &m->scratch->terms[id];
    seen->presence = ABSENT;
    if (term->kind == TERM_PROGRAM)
        search_program(m, term, seen);
    else
        search_pattern(m, term, seen);
}

static enum presence presence_of(const struct matching *m, uint32_t term)
{
    const struct seen *seen = &m->scratch->terms[term];
    return seen->stamp == m->scratch->stamp ? seen->presence : ABSENT;
}

/* Is the term there? Searches for it if that is not known yet. */
static int is_there(struct matching *m, uint32_t term)
{
    if (presence_of(m, term) == POSSIBLE)
        search(m, term);
    return presence_of(m, term) == PRESENT;
}

static int score_of(const struct matching *m, uint64_t words)
{
    int score = 0;
    for (size_t i = 0; i < m->window->count; i++)
        if (words >> i & 1)
            score += m->match->scope.weight[m->window->first + i];
    return score;
}

static void fill_groups(const struct matching *m, const struct rule *rule, struct candidate *c)
{
    for (size_t t = 0; t < rule->n_with; t++) {
        uint32_t at = m->pack->terms[rule_with(m->pack, rule)[t]].groups;
        size_t n = at != TERM_NO_GROUPS ? m->pack->groups[at].n : 0;
        for (size_t i = 0; i < n && c->n_groups < PATTERN_GROUPS_MAX; i++) {
            if (!(m->scratch->groups[at].there >> i & 1))
                continue;
            c->group_types[c->n_groups] = m->pack->groups[at].types[i];
            c->group_words[c->n_groups++] = m->scratch->groups[at].words[i];
        }
    }
}

/* Is a candidate better than another one of its intent? Of two equal ones the first one found stays. */
static int is_better(const struct candidate *c, const struct candidate *old)
{
    if ((c->verdict == IN_SCOPE) != (old->verdict == IN_SCOPE))
        return c->verdict == IN_SCOPE;
    return c->score > old->score;
}

/* Keep the better of two candidates of an intent. */
static void keep(struct match *match, const struct candidate *c)
{
    for (size_t i = 0; i < match->n; i++) {
        struct candidate *old = &match->candidates[i];
        if (old->intent != c->intent)
            continue;
        if (is_better(c, old))
            *old = *c;
        return;
    }
    if (match->n < MATCH_CANDIDATES_MAX)
        match->candidates[match->n++] = *c;
}

/* Does the rule match? What costs nothing to know is asked first: many rules fall without a search. */
static int rule_holds(struct matching *m, const struct rule *rule, uint64_t *asked)
{
    const uint32_t *with = rule_with(m->pack, rule);
    const uint32_t *without = rule_without(m->pack, rule);
    for (size_t t = 0; t < rule->n_with; t++)
        if (presence_of(m, with[t]) == ABSENT)
            return 0;
    for (size_t t = 0; t < rule->n_without; t++)
        if (presence_of(m, without[t]) == PRESENT)
            return 0;
    for (size_t t = 0; t < rule->n_with; t++)
        if (!is_there(m, with[t]))
            return 0;
    for (size_t t = 0; t < rule->n_without; t++)
        if (is_there(m, without[t]))
            return 0;
    for (size_t t = 0; t < rule->n_with; t++)
        *asked |= m->scratch->terms[with[t]].words;
    return !rule->only || !(m->telling & ~*asked);
}

static void check_rule(struct matching *m, uint32_t id)
{
    const struct rule *rule = &m->pack->rules[id];
    const struct intent *intent = &m->pack->intents[rule->intent];
    const struct match_scratch *scratch = m->scratch;
    struct candidate c = {.intent = rule->intent, .rule = id, .lang = m->lang, .window = *m->window};
    if (!rule_holds(m, rule, &c.asked))
        return;
    if (scratch->mark)
        scratch->mark[id] = 1;
    c.explained = c.asked;
    for (size_t i = 0; i < intent->n_takes; i++) {
        const struct seen *type = &scratch->symbols[intent->takes[i]];
        if (type->stamp == scratch->stamp)
            c.explained |= type->words;
    }
    c.score = score_of(m, c.explained);
    c.asked_words = __builtin_popcountll(c.asked);
    fill_groups(m, rule, &c);
    if (!intent->safety)
        scope_judge(m->pack, &m->match->scope, &m->scope, m->match->in_conversation, &c);
    keep(m->match, &c);
}

static void match_window(struct matching *m, const struct window *window)
{
    struct match_scratch *scratch = m->scratch;
    m->window = window;
    m->scope = scope_window(&m->match->scope, window);
    m->strange = m->telling = 0;
    for (size_t i = 0; i < window->count; i++) {
        uint32_t roles = m->q->words[window->first + i].roles;
        if (!(roles & WORD_KNOWN))
            m->strange |= (uint64_t)1 << i;
        if (!(roles & WORD_IN(WORD_FUNCTION, m->lang)))
            m->telling |= (uint64_t)1 << i;
    }
    if (++scratch->stamp == 0) { /* after 2^32 windows old stamps could be taken for new ones */
        memset(scratch->symbols, 0, lexicon_count(m->pack->lexicon) * sizeof(*scratch->symbols));
        memset(scratch->terms, 0, m->pack->n_terms * sizeof(*scratch->terms));
        scratch->stamp = 1;
    }
    scratch->n_touched = 0;
    find_symbols(m);
    if (m->pack->lite != SYMBOL_NONE && scratch->symbols[m->pack->lite].stamp == scratch->stamp)
        m->telling &= ~scratch->symbols[m->pack->lite].words;
    search_prepare(&m->words, &m->pack->literals, m->q, window, m->lang);
    index_terms(m->index, &m->words, m->lang, term_possible, m);
    for (size_t i = 0; i < scratch->n_touched && !m->match->over_budget; i++) {
        size_t n = 0;
        const uint32_t *rules = index_rules(m->index, scratch->touched[i], &n);
        for (size_t r = 0; r < n; r++)
            check_rule(m, rules[r]);
    }
}

static int by_rank(const void *a, const void *b)
{
    const struct candidate *x = a;
    const struct candidate *y = b;
    if ((x->verdict == IN_SCOPE) != (y->verdict == IN_SCOPE))
        return x->verdict == IN_SCOPE ? -1 : 1;
    if (x->score != y->score)
        return x->score > y->score ? -1 : 1;
    if (x->asked_words != y->asked_words)
        return x->asked_words > y->asked_words ? -1 : 1;
    return x->intent < y->intent ? -1 : 1; /* the order of the content decides what nothing else does */
}

static int beats(const struct intent *winner, uint32_t loser)
{
    for (size_t i = 0; i < winner->n_over; i++)
        if (winner->over[i] == loser)
            return 1;
    return 0;
}

static void apply_over(const struct pack *pack, struct match *match)
{
    for (size_t i = 0; i < match->n; i++) {
        const struct candidate *winner = &match->candidates[i];
        for (size_t j = 0; j < match->n; j++) {
            struct candidate *loser = &match->candidates[j];
            if (winner->verdict == IN_SCOPE && loser->verdict == IN_SCOPE &&
                winner->window.first == loser->window.first && beats(&pack->intents[winner->intent], loser->intent)) {
                loser->verdict = BEATEN;
                loser->beaten_by = winner->intent;
            }
        }
    }
}

static struct matching begin(const struct pack *pack, const struct index *index, struct match_scratch *scratch,
                             const struct question *q, int in_conversation, struct match *match)
{
    struct matching m = {.pack = pack, .index = index, .scratch = scratch, .q = q, .match = match};
    match->n = match->n_in_scope = 0;
    match->searches = match->limits = 0;
    match->over_budget = match->no_memory = 0;
    match->in_conversation = in_conversation;
    return m;
}

static void finish(const struct pack *pack, struct match *match)
{
    apply_over(pack, match);
    qsort(match->candidates, match->n, sizeof(match->candidates[0]), by_rank);
    while (match->n_in_scope < match->n && match->candidates[match->n_in_scope].verdict == IN_SCOPE)
        match->n_in_scope++;
}

void match_question(const struct pack *pack, const struct index *index, struct match_scratch *scratch,
                    const struct question *q, enum lang lang, int in_conversation, struct match *match)
{
    struct matching m = begin(pack, index, scratch, q, in_conversation, match);
    m.lang = lang;
    scope_read(pack, q, lang, &match->scope);
    for (size_t i = 0; i < q->n_windows && !match->over_budget; i++)
        match_window(&m, &q->windows[i]);
    struct window whole = question_whole(q);
    if (!match->n && whole.count) /* what no sentence says alone, several may say together */
        match_window(&m, &whole);
    scope_weigh(&match->scope, match);
    finish(pack, match);
}

void match_safety(const struct pack *pack, const struct index *index, struct match_scratch *scratch,
                  const struct question *q, int in_conversation, struct match *match)
{
    struct matching m = begin(pack, index, scratch, q, in_conversation, match);
    struct window whole = question_whole(q);
    for (int lang = 0; lang < LANGS; lang++) {
        m.lang = (enum lang)lang;
        scope_read(pack, q, m.lang, &match->scope);
        for (size_t i = 0; i < q->n_windows && !match->over_budget; i++)
            match_window(&m, &q->windows[i]);
        if (whole.count)
            match_window(&m, &whole);
    }
    finish(pack, match);
}
