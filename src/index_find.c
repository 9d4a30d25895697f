/* SPDX-License-Identifier: MIT
 *
 * index_find.c - see index.h: what stands in a window, and which rules may match it.
 */
#include "index_private.h"

#include <stdlib.h>

#define GROUPS_AT_ONCE 256

int index_window_new(const struct pack *pack, struct index_window *w)
{
    *w = (struct index_window){.pack = pack};
    size_t n = index_bases(pack, w->bases);
    w->is_met = calloc(n, sizeof(*w->is_met));
    w->words = calloc(n, sizeof(*w->words));
    w->met = calloc(n, sizeof(*w->met));
    w->lists = calloc(n, sizeof(*w->lists));
    w->up = calloc(pack->n_rules / 64 + 1, sizeof(*w->up));
    w->rules = calloc(pack->n_rules + 1, sizeof(*w->rules));
    if (!w->is_met || !w->words || !w->met || !w->lists || !w->up || !w->rules)
        return FAQD_ENOMEM;
    w->is_met[0] = 1;
    return FAQD_OK;
}

void index_window_free(struct index_window *w)
{
    free(w->is_met);
    free(w->words);
    free(w->met);
    free(w->lists);
    free(w->up);
    free(w->rules);
}

static void forget(struct index_window *w)
{
    uint8_t *is_met = w->is_met;
    uint64_t *words = w->words;
    const uint32_t *met = w->met;
    for (size_t i = 0, n = w->n_met; i < n; i++) {
        is_met[met[i]] = 0;
        words[met[i]] = 0;
    }
}

/* `n` are met before; returns how many then. */
static size_t meet(struct index_window *w, size_t n, uint32_t need, uint64_t words)
{
    w->met[n] = need;
    n += !w->is_met[need];
    w->is_met[need] = 1;
    w->words[need] |= words;
    return n;
}

/* The parts of a word that the lexicon has no number for. What nobody knows may have them, but is not explained. */
static size_t meet_parts(struct index_window *w, size_t n, const struct word *word, uint64_t bit, int known)
{
    uint32_t parts[WORD_PARTS_MAX];
    size_t n_parts = literals_parts(&w->pack->literals, word->text, word->len, known, parts);
    for (size_t i = 0; i < n_parts; i++)
        n = meet(w, n, w->bases[NEED_PART] + parts[i], known ? bit : 0);
    return n;
}

static size_t meet_words(struct index_window *w, const struct search_window *s)
{
    const struct literals *literals = &w->pack->literals;
    const uint32_t *starts = literals->part_starts;
    int inside = literals_inside(literals);
    uint8_t words[WINDOW_WORDS]; /* with parts, left for later: nothing tells which they are */
    size_t n_words = 0;
    size_t n = 0;
    for (size_t i = 0; i < s->count; i++) {
        uint64_t bit = (uint64_t)1 << i;
        uint32_t number = s->words[i];
        if (number != TABLE_NONE) {
            n = meet(w, n, w->bases[NEED_WORD] + number, bit);
            words[n_words] = (uint8_t)i;
            n_words += starts[number] < starts[number + 1];
        } else if ((s->known >> i & 1) || inside) {
            n = meet_parts(w, n, &s->q->words[s->first + i], bit, s->known >> i & 1);
        }
    }
    for (size_t i = 0; i < n_words; i++) {
        uint32_t number = s->words[words[i]];
        for (uint32_t at = starts[number]; at < starts[number + 1]; at++)
            n = meet(w, n, w->bases[NEED_PART] + literals->part_lists[at], (uint64_t)1 << words[i]);
    }
    return n;
}

static size_t meet_symbol(struct index_window *w, size_t n, uint32_t symbol, uint64_t words, int hidden)
{
    n = meet(w, n, w->bases[NEED_SYMBOL] + symbol, words);
    /* else it is not what is meant; only a search may still find its words */
    return hidden ? n : meet(w, n, w->bases[NEED_NAMED] + symbol, words);
}

/* Bits for the words of the window from `first` on; those behind its end are none. */
static uint64_t word_bits(size_t first, size_t count)
{
    return first < 64 ? (count < 64 ? ((uint64_t)1 << count) - 1 : UINT64_MAX) << first : 0;
}

void index_meet(struct index_window *w, const struct search_window *s, int in_conversation)
{
    const struct word *words = &s->q->words[s->first];
    forget(w);
    size_t n = meet_words(w, s);
    for (size_t i = words[0].first_hit; i < words[s->count].first_hit; i++) {
        const struct hit *hit = &s->q->hits[i];
        if (!(hit->langs & LANG_BIT(s->lang)))
            continue;
        uint64_t bits = word_bits(hit->word - s->first, hit->count);
        n = meet_symbol(w, n, hit->symbol, bits, hit->hidden);
        if (hit->type != SYMBOL_NONE)
            n = meet_symbol(w, n, hit->type, bits, hit->hidden);
    }
    w->n_met = in_conversation ? meet(w, n, w->bases[NEED_NAMED] + SYMBOL_ID_CONVERSATION, 0) : n;
}

static size_t come_up(struct index_window *w, size_t n, uint32_t rule)
{
    uint64_t *up = &w->up[rule >> 6];
    w->rules[n] = rule;
    n += !(*up >> (rule & 63) & 1);
    *up |= (uint64_t)1 << (rule & 63);
    return n;
}

/* Fill w->lists: those of the needs that are met, without those that are empty: many are, and nothing tells which. What
 * is in them is fetched meanwhile: waiting for one is waiting for all. Returns where they end. */
static const struct index_list *find_lists(const struct index *index, struct index_window *w, enum lang lang)
{
    const uint32_t *starts = index->numbers + index->starts + index_key(index->n_needs, 0, lang);
    const struct index_group *groups = index_groups(index);
    struct index_list *list = w->lists;
    for (const uint32_t *met = w->met, *end = met + w->n_met; met < end; met++) {
        list->at = groups + starts[met[0]];
        list->end = groups + starts[met[0] + 1];
        __builtin_prefetch(list->at);
        list += list->at < list->end;
    }
    return list;
}

/* Go through the groups of a list. Those whose other need is met are noted without a branch, as nothing tells which
 * they are. Returns how many are noted now. */
static size_t go_through(struct index_list list, const uint8_t *is_met, const struct index_group **found, size_t n)
{
    for (; list.at < list.end; list.at++) {
        found[n] = list.at;
        n += is_met[list.at->second];
    }
    return n;
}

/* The rules of the groups that were found. */
static void come_up_all(const struct index *index, struct index_window *w, const struct index_group **found, size_t n)
{
    const uint32_t *rules = index->numbers + index->rules;
    size_t n_rules = w->n_rules;
    for (size_t i = 0; i < n; i++)
        __builtin_prefetch(&rules[found[i]->first]);
    for (size_t i = 0; i < n; i++)
        for (uint32_t at = found[i][0].first, end = found[i][1].first; at < end; at++)
            n_rules = come_up(w, n_rules, rules[at]);
    w->n_rules = n_rules;
}

void index_find(const struct index *index, struct index_window *w, enum lang lang)
{
    const struct index_group *found[GROUPS_AT_ONCE];
    size_t n = 0;
    for (size_t i = 0; i < w->n_rules; i++)
        w->up[w->rules[i] >> 6] = 0;
    w->n_rules = 0;
    for (size_t i = 0; i < index->n_always[lang]; i++)
        w->n_rules = come_up(w, w->n_rules, index->numbers[index->always[lang] + i]);
    const struct index_list *end = find_lists(index, w, lang);
    for (const struct index_list *next = w->lists; next < end; next++) {
        struct index_list list = *next;
        while ((size_t)(list.end - list.at) > GROUPS_AT_ONCE - n) {
            const struct index_group *some = list.at + (GROUPS_AT_ONCE - n);
            n = go_through((struct index_list){list.at, some}, w->is_met, found, n);
            come_up_all(index, w, found, n);
            list.at = some;
            n = 0;
        }
        n = go_through(list, w->is_met, found, n);
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
