/* SPDX-License-Identifier: MIT
 *
 * index_find.c - see index.h: what stands in a window, and which rules may match it.
 */
#include "index_private.h"

#include <stdlib.h>

#define POSTINGS_AT_ONCE 256

int index_window_new(const struct pack *pack, struct index_window *w)
{
    *w = (struct index_window){.pack = pack};
    size_t n = index_bases(pack, w->bases);
    w->is_met = calloc(n, sizeof(*w->is_met));
    w->words = calloc(n, sizeof(*w->words));
    w->met = calloc(n, sizeof(*w->met));
    w->up = calloc(pack->n_rules / 64 + 1, sizeof(*w->up));
    w->rules = calloc(pack->n_rules + 1, sizeof(*w->rules));
    if (!w->is_met || !w->words || !w->met || !w->up || !w->rules)
        return FAQD_ENOMEM;
    w->is_met[0] = 1;
    return FAQD_OK;
}

void index_window_free(struct index_window *w)
{
    free(w->is_met);
    free(w->words);
    free(w->met);
    free(w->up);
    free(w->rules);
}

static void forget(struct index_window *w)
{
    for (size_t i = 0; i < w->n_met; i++) {
        w->is_met[w->met[i]] = 0;
        w->words[w->met[i]] = 0;
    }
    w->n_met = 0;
}

static void meet(struct index_window *w, uint32_t need, uint64_t words)
{
    w->met[w->n_met] = need;
    w->n_met += !w->is_met[need];
    w->is_met[need] = 1;
    w->words[need] |= words;
}

/* The parts of a word that the lexicon has no number for. What nobody knows may have them, but is not explained. */
static void meet_parts(struct index_window *w, const struct word *word, uint64_t bit, int known)
{
    uint32_t parts[WORD_PARTS_MAX];
    size_t n = literals_parts(&w->pack->literals, word->text, word->len, known, parts);
    for (size_t i = 0; i < n; i++)
        meet(w, w->bases[NEED_PART] + parts[i], known ? bit : 0);
}

static void meet_words(struct index_window *w, const struct search_window *s)
{
    const struct literals *literals = &w->pack->literals;
    const uint32_t *starts = literals->part_starts;
    int inside = literals_inside(literals);
    for (size_t i = 0; i < s->count; i++) {
        uint64_t bit = (uint64_t)1 << i;
        uint32_t number = s->words[i];
        if (number != TABLE_NONE) {
            meet(w, w->bases[NEED_WORD] + number, bit);
            for (uint32_t at = starts[number]; at < starts[number + 1]; at++)
                meet(w, w->bases[NEED_PART] + literals->part_lists[at], bit);
        } else if ((s->known >> i & 1) || inside) {
            meet_parts(w, &s->q->words[s->first + i], bit, s->known >> i & 1);
        }
    }
}

static void meet_symbol(struct index_window *w, uint32_t symbol, uint64_t words, int hidden)
{
    meet(w, w->bases[NEED_SYMBOL] + symbol, words);
    if (!hidden) /* else it is not what is meant; only a search may still find its words */
        meet(w, w->bases[NEED_NAMED] + symbol, words);
}

/* Bits for the words of the window from `first` on; those behind its end are none. */
static uint64_t word_bits(size_t first, size_t count)
{
    return first < 64 ? (count < 64 ? ((uint64_t)1 << count) - 1 : UINT64_MAX) << first : 0;
}

void index_meet(struct index_window *w, const struct search_window *s, int in_conversation)
{
    const struct question *q = s->q;
    forget(w);
    meet_words(w, s);
    for (size_t i = q->first_hit[s->first]; i < q->first_hit[s->first + s->count]; i++) {
        const struct hit *hit = &q->hits[i];
        if (!(hit->langs & LANG_BIT(s->lang)))
            continue;
        uint64_t words = word_bits(hit->word - s->first, hit->count);
        meet_symbol(w, hit->symbol, words, hit->hidden);
        if (hit->type != SYMBOL_NONE)
            meet_symbol(w, hit->type, words, hit->hidden);
    }
    if (in_conversation)
        meet(w, w->bases[NEED_NAMED] + SYMBOL_ID_CONVERSATION, 0);
}

static void come_up(struct index_window *w, uint32_t rule)
{
    uint64_t *up = &w->up[rule >> 6];
    w->rules[w->n_rules] = rule;
    w->n_rules += !(*up >> (rule & 63) & 1);
    *up |= (uint64_t)1 << (rule & 63);
}

struct found { /* postings whose other need is met */
    size_t n;
    uint32_t at[POSTINGS_AT_ONCE];
};

static void come_up_all(const struct index *index, struct index_window *w, struct found *found)
{
    const uint32_t *rules = index->numbers + index->rules;
    for (size_t i = 0; i < found->n; i++)
        come_up(w, rules[found->at[i]]);
    found->n = 0;
}

/* Go through the postings [at, end). Those found are noted without a branch, as nothing tells which they are, and their
 * rules are looked up together: so that waiting for one is waiting for all. */
static void go_through(const struct index *index, struct index_window *w, uint32_t at, uint32_t end,
                       struct found *found)
{
    const uint32_t *seconds = index->numbers + index->seconds;
    const uint8_t *is_met = w->is_met;
    while (at < end) {
        size_t room = POSTINGS_AT_ONCE - found->n;
        uint32_t stop = end - at > room ? at + (uint32_t)room : end;
        size_t n = found->n;
        for (; at < stop; at++) {
            found->at[n] = at;
            n += is_met[seconds[at]];
        }
        found->n = n;
        if (n == POSTINGS_AT_ONCE || at < end)
            come_up_all(index, w, found);
    }
}

void index_find(const struct index *index, struct index_window *w, enum lang lang)
{
    const uint32_t *starts = index->numbers + index->starts;
    const uint32_t *seconds = index->numbers + index->seconds;
    struct found found;
    found.n = 0;
    for (size_t i = 0; i < w->n_rules; i++)
        w->up[w->rules[i] >> 6] = 0;
    w->n_rules = 0;
    for (size_t i = 0; i < index->n_always[lang]; i++)
        come_up(w, index->numbers[index->always[lang] + i]);
    for (size_t i = 0; i < w->n_met; i++)
        __builtin_prefetch(&starts[index_key(w->met[i], lang)]);
    for (size_t i = 0; i < w->n_met; i++)
        __builtin_prefetch(&seconds[starts[index_key(w->met[i], lang)]]);
    for (size_t i = 0; i < w->n_met; i++) {
        uint32_t key = index_key(w->met[i], lang);
        go_through(index, w, starts[key], starts[key + 1], &found);
    }
    come_up_all(index, w, &found);
}

const struct index_rule *index_listed(const struct index *index)
{
    return (const struct index_rule *)(index->numbers + index->listed);
}

const uint32_t *index_always(const struct index *index, enum lang lang, size_t *n)
{
    *n = index->n_always[lang];
    return index->numbers + index->always[lang];
}
