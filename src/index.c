/* SPDX-License-Identifier: MIT
 *
 * index.c - see index.h.
 */
#include "index.h"

#include "array.h"
#include "require.h"
#include "table.h"

#include <stdlib.h>
#include <string.h>

struct pair { /* an entry of a list while it is built */
    uint32_t key;
    uint32_t item;
};

struct pairs {
    struct pair *list;
    size_t n;
};

struct links { /* lists of numbers, one list a key: list k is items[starts[k]] .. items[starts[k + 1]] */
    uint32_t *starts;
    uint32_t *items;
};

struct chain { /* a term that a word may belong to, and the next one */
    uint32_t term;
    uint32_t next;
};

struct index {
    const struct pack *pack;
    struct table words[LANGS]; /* hash of a word -> chain */
    struct table stems[LANGS]; /* hash of a word's beginning -> chain */
    uint64_t stem_lengths[LANGS];
    struct chain *chains;
    size_t n_chains;
    uint32_t *always[LANGS];
    size_t n_always[LANGS];
    struct links symbol_terms;  /* symbol -> terms that are it */
    struct links symbol_needed; /* symbol -> regular expressions that may match when it is there */
    struct links rules;         /* term -> rules */
};

struct entering {
    struct index *index;
    struct pairs *needed;
    uint32_t term;
    enum lang lang;
};

static int enter(struct index *index, struct table *table, uint64_t hash, uint32_t term)
{
    uint32_t first = table_get(table, hash);
    for (uint32_t at = first; at != TABLE_NONE; at = index->chains[at].next)
        if (index->chains[at].term == term)
            return FAQD_OK;
    if (array_room((void **)&index->chains, index->n_chains, sizeof(*index->chains)) != FAQD_OK)
        return FAQD_ENOMEM;
    index->chains[index->n_chains] = (struct chain){.term = term, .next = first};
    return table_put(table, hash, (uint32_t)index->n_chains++);
}

static int enter_word(void *user, const char *word, size_t len, int stem)
{
    struct entering *e = user;
    if (!stem)
        return enter(e->index, &e->index->words[e->lang], table_hash(word, len), e->term);
    if (len >= 64)
        len = 63;
    e->index->stem_lengths[e->lang] |= (uint64_t)1 << len;
    return enter(e->index, &e->index->stems[e->lang], table_hash(word, len), e->term);
}

static int add_pair(struct pairs *pairs, uint32_t key, uint32_t item)
{
    if (array_room((void **)&pairs->list, pairs->n, sizeof(*pairs->list)) != FAQD_OK)
        return FAQD_ENOMEM;
    pairs->list[pairs->n++] = (struct pair){key, item};
    return FAQD_OK;
}

static int enter_symbol(void *user, uint32_t symbol)
{
    struct entering *e = user;
    return add_pair(e->needed, symbol, e->term);
}

static int enter_term(struct index *index, uint32_t id, struct pairs *needed)
{
    const struct term *term = &index->pack->terms[id];
    struct entering e = {index, needed, id, term->lang};
    struct require_sink sink = {enter_word, enter_symbol, &e};
    int rc = require_read(index->pack->lexicon, term->text, &sink);
    if (rc != FAQD_DECLINED)
        return rc;
    size_t *n = &index->n_always[term->lang];
    if (array_room((void **)&index->always[term->lang], *n, sizeof(uint32_t)) != FAQD_OK)
        return FAQD_ENOMEM;
    index->always[term->lang][(*n)++] = id;
    return FAQD_OK;
}

/* Sort pairs into lists by their keys, each list in the order of the pairs. */
static int link_up(struct links *links, size_t keys, const struct pairs *pairs)
{
    links->starts = calloc(keys + 2, sizeof(*links->starts));
    links->items = calloc(pairs->n + 1, sizeof(*links->items));
    if (!links->starts || !links->items)
        return FAQD_ENOMEM;
    for (size_t i = 0; i < pairs->n; i++)
        links->starts[pairs->list[i].key + 2]++;
    for (size_t k = 0; k < keys; k++)
        links->starts[k + 2] += links->starts[k + 1];
    for (size_t i = 0; i < pairs->n; i++)
        links->items[links->starts[pairs->list[i].key + 1]++] = pairs->list[i].item;
    return FAQD_OK;
}

/* How many rules a term stands in; whether any rule of ours needs it. */
static void note_terms(const struct rule *rule, uint32_t *uses, uint8_t *needed)
{
    for (size_t t = 0; t < rule->n_with; t++) {
        uses[rule->with[t]]++;
        needed[rule->with[t]] = 1;
    }
    for (size_t t = 0; t < rule->n_without; t++)
        needed[rule->without[t]] = 1;
}

/* The term that the fewest rules share is the one that says most. */
static uint32_t primary_of(const struct rule *rule, const uint32_t *uses)
{
    uint32_t best = rule->with[0];
    for (size_t t = 1; t < rule->n_with; t++)
        if (uses[rule->with[t]] < uses[best])
            best = rule->with[t];
    return best;
}

struct building {
    struct index *index;
    int safety;
    uint32_t *uses;
    uint8_t *needed;
    struct pairs are;   /* symbol, term that is it */
    struct pairs need;  /* symbol, regular expression that needs it */
    struct pairs rules; /* primary term, rule */
};

static int collect(struct building *b)
{
    const struct pack *pack = b->index->pack;
    int rc = FAQD_OK;
    for (size_t i = 0; i < pack->n_rules; i++)
        if (pack->intents[pack->rules[i].intent].safety == b->safety)
            note_terms(&pack->rules[i], b->uses, b->needed);
    for (uint32_t i = 0; rc == FAQD_OK && i < pack->n_rules; i++)
        if (pack->intents[pack->rules[i].intent].safety == b->safety)
            rc = add_pair(&b->rules, primary_of(&pack->rules[i], b->uses), i);
    for (uint32_t i = 0; rc == FAQD_OK && i < pack->n_terms; i++) {
        const struct term *term = &pack->terms[i];
        for (size_t s = 0; rc == FAQD_OK && b->needed[i] && s < term->n_symbols; s++)
            rc = add_pair(&b->are, term->symbols[s], i);
        if (rc == FAQD_OK && b->needed[i] && !term->n_symbols)
            rc = enter_term(b->index, i, &b->need);
    }
    return rc;
}

int index_new(const struct pack *pack, int safety, struct index **out)
{
    int rc = FAQD_ENOMEM;
    size_t symbols = lexicon_count(pack->lexicon);
    struct building b = {.safety = safety};
    *out = NULL;
    b.index = calloc(1, sizeof(*b.index));
    b.uses = calloc(pack->n_terms + 1, sizeof(*b.uses));
    b.needed = calloc(pack->n_terms + 1, 1);
    if (!b.index || !b.uses || !b.needed)
        goto done;
    b.index->pack = pack;
    rc = collect(&b);
    if (rc == FAQD_OK)
        rc = link_up(&b.index->symbol_terms, symbols, &b.are);
    if (rc == FAQD_OK)
        rc = link_up(&b.index->symbol_needed, symbols, &b.need);
    if (rc == FAQD_OK)
        rc = link_up(&b.index->rules, pack->n_terms, &b.rules);

done:
    free(b.uses);
    free(b.needed);
    free(b.are.list);
    free(b.need.list);
    free(b.rules.list);
    if (rc != FAQD_OK) {
        index_free(b.index);
        return rc;
    }
    *out = b.index;
    return FAQD_OK;
}

void index_free(struct index *index)
{
    if (!index)
        return;
    for (int lang = 0; lang < LANGS; lang++) {
        table_free(&index->words[lang]);
        table_free(&index->stems[lang]);
        free(index->always[lang]);
    }
    free(index->chains);
    free(index->symbol_terms.starts);
    free(index->symbol_terms.items);
    free(index->symbol_needed.starts);
    free(index->symbol_needed.items);
    free(index->rules.starts);
    free(index->rules.items);
    free(index);
}

static void follow(const struct index *index, uint32_t at, void (*each)(void *user, uint32_t term), void *user)
{
    for (; at != TABLE_NONE; at = index->chains[at].next)
        each(user, index->chains[at].term);
}

void index_terms(const struct index *index, const struct question *q, const struct window *window, enum lang lang,
                 void (*each)(void *user, uint32_t term), void *user)
{
    for (size_t i = 0; i < index->n_always[lang]; i++)
        each(user, index->always[lang][i]);
    for (size_t i = window->first; i < (size_t)window->first + window->count; i++) {
        const struct word *word = &q->words[i];
        follow(index, table_get(&index->words[lang], word->hash), each, user);
        for (size_t len = 1; len <= word->len && len < 64; len++)
            if (index->stem_lengths[lang] >> len & 1)
                follow(index, table_get(&index->stems[lang], table_hash(word->text, len)), each, user);
    }
}

static const uint32_t *list_of(const struct links *links, uint32_t key, size_t *n)
{
    *n = links->starts[key + 1] - links->starts[key];
    return links->items + links->starts[key];
}

const uint32_t *index_symbol_terms(const struct index *index, uint32_t symbol, size_t *n)
{
    return list_of(&index->symbol_terms, symbol, n);
}

const uint32_t *index_symbol_needed(const struct index *index, uint32_t symbol, size_t *n)
{
    return list_of(&index->symbol_needed, symbol, n);
}

const uint32_t *index_rules(const struct index *index, uint32_t term, size_t *n)
{
    return list_of(&index->rules, term, n);
}

const uint32_t *index_always(const struct index *index, enum lang lang, size_t *n)
{
    *n = index->n_always[lang];
    return index->always[lang];
}
