/* SPDX-License-Identifier: MIT
 *
 * index_find.c - see index.h: what stands in a window, and which rules may match it.
 */
#include "index_private.h"

#include <stdlib.h>
#include <string.h>

#define GROUPS_AT_ONCE 256
#define NOTHING 1 /* the place of need 0, which always is met */

int index_window_new(const struct pack *pack, struct index_window *w)
{
    *w = (struct index_window){.pack = pack};
    size_t n = index_bases(pack, w->bases);
    w->places = calloc(n, sizeof(*w->places));
    w->met = calloc(n + 1, sizeof(*w->met));
    w->words = calloc(n + 1, sizeof(*w->words));
    w->keys = calloc(n, sizeof(*w->keys));
    w->lists = calloc(n, sizeof(*w->lists));
    w->up = calloc(pack->n_rules / 64 + 1, sizeof(*w->up));
    w->rules = calloc(pack->n_rules + 1, sizeof(*w->rules));
    if (!w->places || !w->met || !w->words || !w->keys || !w->lists || !w->up || !w->rules)
        return FAQD_ENOMEM;
    w->places[0] = NOTHING;
    w->n_met = NOTHING;
    return FAQD_OK;
}

void index_window_free(struct index_window *w)
{
    free(w->places);
    free(w->met);
    free(w->words);
    free(w->keys);
    free(w->lists);
    free(w->up);
    free(w->rules);
}

/* A window's lists while they are filled: copied, so that no write into them can be one to these pointers, which would
 * have to be read again. */
struct meeting {
    uint32_t *places, *met;
    uint64_t *words;
};

static void forget(struct meeting m, size_t n_met)
{
    for (size_t i = NOTHING + 1; i <= n_met; i++) {
        m.places[m.met[i]] = 0;
        m.words[i] = 0;
    }
}

/* `n` are met before; returns how many then. Whether it is one of them nothing tells: there is no branch. */
static inline size_t meet(struct meeting m, size_t n, uint32_t need, uint64_t words)
{
    uint32_t place = m.places[need];
    n += !place;
    place = place ? place : (uint32_t)n;
    m.places[need] = place;
    m.met[place] = need;
    m.words[place] |= words;
    return n;
}

/* The parts of a word that the lexicon has no number for. What nobody knows may have them, but is not explained. */
static size_t meet_parts(const struct index_window *w, struct meeting m, size_t n, const struct word *word,
                         uint64_t words)
{
    uint32_t parts[WORD_PARTS_MAX];
    size_t n_parts = literals_parts(&w->pack->literals, word->text, word->len, words != 0, parts);
    for (size_t i = 0; i < n_parts; i++)
        n = meet(m, n, w->bases[NEED_PART] + parts[i], words);
    return n;
}

static size_t meet_words(const struct index_window *w, struct meeting m, const struct search_window *s)
{
    const struct literals *literals = &w->pack->literals;
    const struct sparse_block *with_parts = literals->with_parts;
    uint32_t first_word = w->bases[NEED_WORD];
    uint32_t first_part = w->bases[NEED_PART];
    int inside = literals_inside(literals);
    uint8_t words[WINDOW_WORDS]; /* with parts, left for later: nothing tells which they are */
    size_t n_words = 0;
    size_t n = NOTHING;
    for (size_t i = 0, count = s->count; i < count; i++) {
        uint64_t bit = (uint64_t)1 << i;
        uint32_t number = s->words[i];
        if (number != TABLE_NONE) {
            n = meet(m, n, first_word + number, bit);
            words[n_words] = (uint8_t)i;
            n_words += sparse_has(with_parts, number);
        } else if ((s->known & bit) || inside) {
            n = meet_parts(w, m, n, &s->q->words[s->first + i], s->known & bit);
        }
    }
    for (size_t i = 0; i < n_words; i++) {
        const uint32_t *start = literals->part_starts + sparse_place(with_parts, s->words[words[i]]);
        uint64_t bit = (uint64_t)1 << words[i];
        for (const uint32_t *at = literals->part_lists + start[0], *end = literals->part_lists + start[1]; at < end;
             at++)
            n = meet(m, n, first_part + *at, bit);
    }
    return n;
}

static size_t meet_symbol(const struct index_window *w, struct meeting m, size_t n, uint32_t symbol, uint64_t words,
                          int hidden)
{
    n = meet(m, n, w->bases[NEED_SYMBOL] + symbol, words);
    /* else it is not what is meant; only a search may still find its words */
    return hidden ? n : meet(m, n, w->bases[NEED_NAMED] + symbol, words);
}

void index_meet(struct index_window *w, const struct search_window *s, int in_conversation)
{
    const struct word *words = &s->q->words[s->first];
    const struct meeting m = {w->places, w->met, w->words};
    forget(m, w->n_met);
    size_t n = meet_words(w, m, s);
    const struct hit *hit = &s->q->hits[words[0].first_hit];
    for (const struct hit *end = &s->q->hits[words[s->count].first_hit]; hit < end; hit++) {
        if (!(hit->langs & LANG_BIT(s->lang)))
            continue;
        uint64_t bits = (((uint64_t)1 << hit->count) - 1) << (hit->word - s->first);
        n = meet_symbol(w, m, n, hit->symbol, bits, hit->hidden);
        if (hit->type != SYMBOL_NONE)
            n = meet_symbol(w, m, n, hit->type, bits, hit->hidden);
    }
    w->n_met = in_conversation ? meet(m, n, w->bases[NEED_NAMED] + SYMBOL_ID_CONVERSATION, 0) : n;
}

/* Fill w->keys: which needs have lists is noted without a branch, as nothing tells it. How many. */
static size_t find_keys(const struct index *index, struct index_window *w, enum lang lang)
{
    const struct sparse_block *blocks = index_keys(index);
    uint32_t first = index_key(index->n_needs, 0, lang);
    uint32_t *keys = w->keys;
    size_t n = 0;
    for (const uint32_t *met = w->met + NOTHING + 1, *end = w->met + w->n_met; met <= end; met++) {
        keys[n] = first + *met;
        n += sparse_has(blocks, first + *met);
    }
    return n;
}

/* Fill w->lists. What is in them is fetched meanwhile: waiting for one is waiting for all. Returns where they end. */
static const struct index_list *find_lists(const struct index *index, struct index_window *w, enum lang lang)
{
    const struct sparse_block *blocks = index_keys(index);
    const struct index_group *groups = index_groups(index);
    struct index_list *list = w->lists;
    for (const uint32_t *key = w->keys, *end = key + find_keys(index, w, lang); key < end; key++, list++) {
        const uint32_t *start = index->numbers + index->starts + sparse_place(blocks, *key);
        *list = (struct index_list){groups + start[0], groups + start[1]};
        __builtin_prefetch(list->at);
    }
    return list;
}

/* Go through the groups of a list. Those whose other need is met are noted without a branch, as nothing tells which
 * they are. Returns how many are noted now. */
static size_t go_through(struct index_list list, const uint32_t *places, const struct index_group **found, size_t n)
{
    for (const struct index_group *at = list.at, *end = list.end; at < end; at++) {
        found[n] = at;
        n += places[at->second] != 0;
    }
    return n;
}

/* The rules [at, end), those that did not come up before. */
static void come_up(struct index_window *w, const uint32_t *at, const uint32_t *end)
{
    uint64_t *up = w->up;
    uint32_t *rules = w->rules;
    size_t n = w->n_rules;
    for (; at < end; at++) {
        uint64_t word = up[*at >> 6];
        uint64_t bit = (uint64_t)1 << (*at & 63);
        rules[n] = *at;
        n += !(word & bit);
        up[*at >> 6] = word | bit;
    }
    w->n_rules = n;
}

/* The rules of the groups that were found. Nearly all groups are small: those are copied together, whatever their size,
 * so that nothing depends on it but where the next one goes. */
static void come_up_all(const struct index *index, struct index_window *w, const struct index_group **found, size_t n)
{
    const uint32_t *rules = index->numbers + index->rules;
    uint32_t together[GROUPS_AT_ONCE * INDEX_RULES_AT_ONCE];
    uint32_t *end = together;
    for (size_t i = 0; i < n; i++)
        __builtin_prefetch(&rules[found[i]->first]);
    for (size_t i = 0; i < n; i++) {
        const uint32_t *first = rules + found[i][0].first;
        uint32_t size = found[i][1].first - found[i][0].first;
        if (size > INDEX_RULES_AT_ONCE) {
            come_up(w, first, first + size);
            continue;
        }
        memcpy(end, first, INDEX_RULES_AT_ONCE * sizeof(*end));
        end += size;
    }
    come_up(w, together, end);
}

static void forget_rules(struct index_window *w)
{
    uint64_t *up = w->up;
    for (const uint32_t *rule = w->rules, *end = rule + w->n_rules; rule < end; rule++)
        up[*rule >> 6] = 0;
    w->n_rules = 0;
}

void index_find(const struct index *index, struct index_window *w, enum lang lang)
{
    const struct index_group *found[GROUPS_AT_ONCE];
    size_t n = 0;
    const uint32_t *always = index->numbers + index->always[lang];
    forget_rules(w);
    come_up(w, always, always + index->n_always[lang]);
    const struct index_list *end = find_lists(index, w, lang);
    for (const struct index_list *next = w->lists; next < end; next++) {
        struct index_list list = *next;
        while ((size_t)(list.end - list.at) > GROUPS_AT_ONCE - n) {
            const struct index_group *some = list.at + (GROUPS_AT_ONCE - n);
            n = go_through((struct index_list){list.at, some}, w->places, found, n);
            come_up_all(index, w, found, n);
            list.at = some;
            n = 0;
        }
        n = go_through(list, w->places, found, n);
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
