/* SPDX-License-Identifier: MIT
 *
 * index_find.c - see index.h: what stands in a window, and which rules may match it.
 */
#include "index_private.h"

#include <stdlib.h>

#define GROUPS_AT_ONCE 1024

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

/* Go through the groups [at, end). Those whose other need is met are noted without a branch, as nothing tells which
 * they are. Returns how many are noted now. */
static size_t go_through(const uint32_t *seconds, const uint8_t *is_met, uint32_t at, uint32_t end, uint32_t *found,
                         size_t n)
{
    for (; at < end; at++) {
        found[n] = at;
        n += is_met[seconds[at]];
    }
    return n;
}

/* The rules of the groups that were found. */
static void come_up_all(const struct index *index, struct index_window *w, const uint32_t *found, size_t n)
{
    const uint32_t *firsts = index->numbers + index->firsts;
    const uint32_t *rules = index->numbers + index->rules;
    for (size_t i = 0; i < n; i++)
        for (uint32_t at = firsts[found[i]]; at < firsts[found[i] + 1]; at++)
            come_up(w, rules[at]);
}

void index_find(const struct index *index, struct index_window *w, enum lang lang)
{
    const uint32_t *starts = index->numbers + index_key(index, 0, lang);
    const uint32_t *seconds = index->numbers + index->seconds;
    uint32_t found[GROUPS_AT_ONCE];
    size_t n = 0;
    for (size_t i = 0; i < w->n_rules; i++)
        w->up[w->rules[i] >> 6] = 0;
    w->n_rules = 0;
    for (size_t i = 0; i < index->n_always[lang]; i++)
        come_up(w, index->numbers[index->always[lang] + i]);
    for (size_t i = 0; i < w->n_met; i++) {
        uint32_t at = starts[w->met[i]];
        uint32_t end = starts[w->met[i] + 1];
        for (; end - at > GROUPS_AT_ONCE - n; n = 0) {
            uint32_t some = (uint32_t)(GROUPS_AT_ONCE - n);
            n = go_through(seconds, w->is_met, at, at + some, found, n);
            at += some;
            come_up_all(index, w, found, n);
        }
        n = go_through(seconds, w->is_met, at, end, found, n);
    }
    come_up_all(index, w, found, n);
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
