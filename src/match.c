/* SPDX-License-Identifier: MIT
 *
 * match.c - see match.h: windows -> rules that come up -> candidates. scope.c judges them, match_rank.c ranks them.
 */
#include "match_private.h"

#include <stdlib.h>
#include <string.h>

const char *const verdict_names[] = {
    [IN_SCOPE] = "in scope",
    [FOREIGN_WORD] = "names another subject",
    [UNKNOWN_WORD] = "holds a word that is nothing of ours",
    [MOSTLY_ELSE] = "says more beside this than it explains",
    [BEATEN] = "beaten",
};

#define WORK_A_LOOK 64       /* work between two looks at the clock, which takes as long as some rules */
#define OWN_CLOCK_NS 1000000 /* most messages end before: only then is the time of the thread itself asked for */
#define FETCH_RULE 8         /* rules ahead: what is listed of them, */
#define FETCH_PROGRAM 4      /* and what that leads to */

int match_scratch_new(const struct pack *pack, struct pattern_scratch *patterns, struct match_scratch **out)
{
    struct match_scratch *scratch = calloc(1, sizeof(*scratch));
    *out = NULL;
    if (!scratch)
        return FAQD_ENOMEM;
    scratch->pack = pack;
    scratch->patterns = patterns;
    scratch->terms = calloc(pack->n_terms + 1, sizeof(*scratch->terms));
    scratch->groups = calloc(pack->n_groups + 1, sizeof(*scratch->groups));
    scratch->kept = calloc(pack->n_intents + 1, sizeof(*scratch->kept));
    if (!scratch->terms || !scratch->groups || !scratch->kept || index_window_new(pack, &scratch->there) != FAQD_OK) {
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
    index_window_free(&scratch->there);
    free(scratch->terms);
    free(scratch->groups);
    free(scratch->kept);
    free(scratch);
}

void match_scratch_mark(struct match_scratch *scratch, uint8_t *mark)
{
    scratch->mark = mark;
}

void match_begin(struct match_scratch *scratch, const struct question *q, int in_conversation)
{
    scratch->q = q;
    scratch->in_conversation = in_conversation;
    scratch->scopes_read = 0;
    scratch->window.count = 0;
    clock_gettime(CLOCK_MONOTONIC, &scratch->start);
    scratch->own_runs = 0;
    scratch->work = scratch->looked = 0;
}

static int64_t since(clockid_t clock, const struct timespec *start)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (int64_t)(now.tv_sec - start->tv_sec) * 1000000000 + (now.tv_nsec - start->tv_nsec);
}

/* The thread's own time is what counts, or a busy machine would change answers. But asking for it is a system call: it
 * is left until a message has taken a while, which is given to it. */
static void look_at_clock(struct matching *m)
{
    struct match_scratch *scratch = m->scratch;
    int64_t ns = since(CLOCK_MONOTONIC, &scratch->start);
    scratch->looked = scratch->work;
    if (ns > OWN_CLOCK_NS && !scratch->own_runs) {
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &scratch->start_own);
        scratch->own_runs = 1;
    } else if (ns > MATCH_BUDGET_NS && since(CLOCK_THREAD_CPUTIME_ID, &scratch->start_own) > MATCH_BUDGET_NS) {
        m->match->over_budget = 1;
    }
}

int budget_left(struct matching *m, unsigned work)
{
    struct match_scratch *scratch = m->scratch;
    scratch->work += work;
    if (scratch->work > MATCH_WORK_MAX)
        m->match->over_budget = 1;
    else if (scratch->work - scratch->looked > WORK_A_LOOK)
        look_at_clock(m);
    return !m->match->over_budget;
}

int time_left(struct matching *m, unsigned work)
{
    m->scratch->looked -= work; /* the clock is looked at the sooner; only differences count */
    return budget_left(m, 0);
}

static int score_of(const struct matching *m, uint64_t words)
{
    const uint8_t *weight = m->match->scope->weight + m->window->first;
    int score = 0;
    for (; words; words &= words - 1)
        score += weight[__builtin_ctzll(words)];
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

/* Does the rule match? What costs nothing to know is asked first: many rules fall without a search. */
static int rule_holds(struct matching *m, const struct rule *rule, uint64_t *asked)
{
    const struct term *terms = m->pack->terms;
    const uint32_t *with = rule_with(m->pack, rule);
    const uint32_t *without = rule_without(m->pack, rule);
    uint64_t ignored = 0;
    for (size_t t = 0; t < rule->n_with; t++)
        if (!term_possible(m, &terms[with[t]]))
            return 0;
    for (size_t t = 0; t < rule->n_without; t++)
        if (terms[without[t]].kind == TERM_ONE_OF && term_possible(m, &terms[without[t]]))
            return 0;
    for (size_t t = 0; t < rule->n_with; t++)
        if (!term_find(m, with[t], asked))
            return 0;
    for (size_t t = 0; t < rule->n_without; t++)
        if (terms[without[t]].kind != TERM_ONE_OF && term_possible(m, &terms[without[t]]) &&
            term_find(m, without[t], &ignored))
            return 0;
    return !rule->only || !(m->telling & ~*asked);
}

/* The words that a symbol names, and is meant by. */
static uint64_t named_words(const struct matching *m, uint32_t symbol)
{
    return index_words(&m->scratch->there, (const uint32_t[]){1, NEED(NEED_NAMED, symbol)});
}

/* Does the rule match, and which words does it ask for? */
static int holds(struct matching *m, const struct index_rule *listed, uint64_t *asked)
{
    for (size_t i = 0; i < INDEX_MORE && listed->more[i]; i++)
        if (!index_is_met(&m->scratch->there, match_set(m, listed->more[i])))
            return 0;
    switch ((enum index_kind)listed->kind) {
    case INDEX_ONE_OF: *asked = index_words(&m->scratch->there, match_set(m, listed->at)); return 1;
    case INDEX_PROGRAM:
        if (!term_search(m, m->pack->numbers + listed->at, TERM_NO_GROUPS, asked))
            return 0;
        *asked &= ~m->strange; /* as term_find has it */
        return 1;
    default: return rule_holds(m, &m->pack->rules[listed->rule], asked);
    }
}

static void check_rule(struct matching *m, const struct index_rule *listed, uint32_t at)
{
    struct candidate c = {
        .intent = listed->intent, .rule = listed->rule, .listed = at, .lang = m->lang, .window = *m->window};
    if (!holds(m, listed, &c.asked))
        return;
    if (m->scratch->mark)
        m->scratch->mark[c.rule] = 1;
    c.explained = c.asked;
    for (size_t i = 0; listed->takes && i < m->pack->intents[c.intent].n_takes; i++)
        c.explained |= named_words(m, m->pack->intents[c.intent].takes[i]);
    c.score = score_of(m, c.explained);
    c.asked_words = __builtin_popcountll(c.asked);
    c.place = rank_place(m, listed);
    m->over |= listed->over;
    if (listed->kind == INDEX_ANY)
        fill_groups(m, &m->pack->rules[c.rule], &c);
    if (!m->safety)
        scope_judge(m->pack, m->match->scope, &m->scope, m->match->in_conversation, &c);
    rank_keep(m, &c);
}

/* Go through the rules that came up. Those ahead are fetched meanwhile: in a large pack they are nowhere near. */
static void check_rules(struct matching *m)
{
    const struct index_window *there = &m->scratch->there;
    const struct index_rule *listed = index_listed(m->index);
    for (size_t i = 0; i < there->n_rules && budget_left(m, 1); i++) {
        if (i + FETCH_RULE < there->n_rules)
            __builtin_prefetch(&listed[there->rules[i + FETCH_RULE]]);
        if (i + FETCH_PROGRAM < there->n_rules) {
            const struct index_rule *next = &listed[there->rules[i + FETCH_PROGRAM]];
            __builtin_prefetch((next->kind == INDEX_ONE_OF ? m->pack->literals.sets : m->pack->numbers) + next->at);
            __builtin_prefetch(&m->scratch->kept[next->intent]);
        }
        check_rule(m, &listed[there->rules[i]], there->rules[i]);
    }
}

static void read_window(struct matching *m)
{
    const struct window *window = m->window;
    m->scope = scope_window(m->match->scope, window);
    m->strange = m->telling = 0;
    for (size_t i = 0; i < window->count; i++) {
        uint32_t roles = m->q->words[window->first + i].roles;
        m->strange |= (uint64_t) !(roles & WORD_KNOWN) << i;
        m->telling |= (uint64_t) !(roles & WORD_IN(WORD_FUNCTION, m->lang)) << i;
    }
}

/* What stands in the window: the last one may have been it, for other rules. */
static void meet(struct matching *m)
{
    struct match_scratch *scratch = m->scratch;
    const struct window *last = &scratch->window;
    if (last->count == m->window->count && last->first == m->window->first && scratch->words.lang == m->lang)
        return;
    if (++scratch->stamp == 0) { /* after 2^32 windows old stamps could be taken for new ones */
        memset(scratch->terms, 0, m->pack->n_terms * sizeof(*scratch->terms));
        scratch->stamp = 1;
    }
    scratch->window = *m->window;
    search_prepare(&scratch->words, &m->pack->literals, m->q, m->window, m->lang);
    index_meet(&scratch->there, &scratch->words, scratch->in_conversation);
}

static void match_window(struct matching *m, const struct window *window)
{
    m->window = window;
    read_window(m);
    meet(m);
    if (m->pack->lite != SYMBOL_NONE)
        m->telling &= ~named_words(m, m->pack->lite);
    index_find(m->index, &m->scratch->there, m->lang);
    check_rules(m);
}

static struct matching begin(struct match_scratch *scratch, const struct index *index, struct match *match)
{
    struct matching m = {.pack = scratch->pack, .index = index, .scratch = scratch, .q = scratch->q, .match = match};
    match->n = match->n_in_scope = 0;
    match->searches = match->limits = 0;
    match->over_budget = match->no_memory = 0;
    match->in_conversation = scratch->in_conversation;
    rank_begin(scratch);
    return m;
}

static void begin_language(struct matching *m, enum lang lang)
{
    struct match_scratch *scratch = m->scratch;
    if (!(scratch->scopes_read & LANG_BIT(lang)))
        scope_read(m->q, lang, &scratch->scopes[lang]);
    scratch->scopes_read |= LANG_BIT(lang);
    m->match->scope = &scratch->scopes[lang];
    m->lang = lang;
}

void match_question(struct match_scratch *scratch, const struct index *index, enum lang lang, struct match *match)
{
    struct matching m = begin(scratch, index, match);
    begin_language(&m, lang);
    for (size_t i = 0; i < m.q->n_windows && !match->over_budget; i++)
        match_window(&m, &m.q->windows[i]);
    struct window whole = question_whole(m.q);
    if (!match->n && whole.count) /* what no sentence says alone, several may say together */
        match_window(&m, &whole);
    scope_weigh(match->scope, match);
    rank_finish(&m);
}

void match_safety(struct match_scratch *scratch, const struct index *index, struct match *match)
{
    struct matching m = begin(scratch, index, match);
    m.safety = 1;
    struct window whole = question_whole(m.q);
    for (int other = 1; other >= 0; other--) { /* the message's own language last: ordinary rules go on with that */
        begin_language(&m, other ? lang_other(m.q->lang) : m.q->lang);
        for (size_t i = 0; i < m.q->n_windows && !match->over_budget; i++)
            match_window(&m, &m.q->windows[i]);
        if (whole.count)
            match_window(&m, &whole);
    }
    rank_finish(&m);
}
