/* SPDX-License-Identifier: MIT
 *
 * index.c - see index.h.
 */
#include "index.h"

#include "array.h"

#include <stdlib.h>
#include <string.h>

#define NEED_KINDS 3

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

struct posting {
    uint32_t term;
    uint32_t also_low, also_high; /* bits of the members of its second group; all set: it has none */
};

struct postings { /* as links */
    uint32_t *starts;
    struct posting *items;
};

/* index_copy copies each pointer in here. */
struct index {
    const struct pack *pack;
    int in_image;
    struct postings needs[NEED_KINDS]; /* by enum need_kind: number and language -> terms */
    uint32_t *always[LANGS];
    size_t n_always[LANGS];
    struct links symbol_terms; /* symbol and language -> terms that are it */
    struct links rules;        /* term -> rules */
};

/* Of something by language: its lists lie beside each other. */
static uint32_t key_of(uint32_t number, enum lang lang)
{
    return number * LANGS + (uint32_t)lang;
}

/* The bit that stands for a need in masks: of 64, so that several share one. */
static uint64_t bit_of(uint32_t need)
{
    return (uint64_t)1 << (need * 0x9e3779b1u >> 26);
}

static size_t count_of(const struct pack *pack, enum need_kind kind)
{
    return kind == NEED_SYMBOL ? lexicon_count(pack->lexicon)
           : kind == NEED_WORD ? pack->literals.words.used
                               : pack->literals.stems.used;
}

/* ------------------------------------------------------------------------------------------------- build ---- */

struct building {
    struct index *index;
    int safety;
    uint32_t *uses;                    /* how many rules a term stands in */
    uint8_t *needed;                   /* terms of our rules */
    uint32_t *frequencies[NEED_KINDS]; /* how many terms may need it */
    struct pairs are;                  /* symbol, term that is it */
    struct pairs needs[NEED_KINDS];    /* what is needed, term */
    struct pairs rules;                /* primary term, rule */
};

static int add_pair(struct pairs *pairs, uint32_t key, uint32_t item)
{
    if (array_room((void **)&pairs->list, pairs->n, sizeof(*pairs->list)) != FAQD_OK)
        return FAQD_ENOMEM;
    pairs->list[pairs->n++] = (struct pair){key, item};
    return FAQD_OK;
}

static int is_ours(const struct building *b, const struct rule *rule)
{
    return b->index->pack->intents[rule->intent].safety == b->safety;
}

/* How many rules a term stands in; whether any rule of ours needs it. */
static void note_terms(struct building *b, const struct rule *rule)
{
    const struct pack *pack = b->index->pack;
    for (size_t t = 0; t < rule->n_with; t++) {
        b->uses[rule_with(pack, rule)[t]]++;
        b->needed[rule_with(pack, rule)[t]] = 1;
    }
    for (size_t t = 0; t < rule->n_without; t++)
        b->needed[rule_without(pack, rule)[t]] = 1;
}

/* The term that the fewest rules share is the one that says most. */
static uint32_t primary_of(const struct building *b, const struct rule *rule)
{
    const uint32_t *with = rule_with(b->index->pack, rule);
    uint32_t best = with[0];
    for (size_t t = 1; t < rule->n_with; t++)
        if (b->uses[with[t]] < b->uses[best])
            best = with[t];
    return best;
}

/* The groups of needs of a term: each is how many, then they; 0 ends them. */
static const uint32_t *groups_of(const struct building *b, uint32_t term)
{
    return b->index->pack->numbers + b->index->pack->terms[term].needs;
}

static void count_needs(struct building *b, uint32_t term)
{
    for (const uint32_t *group = groups_of(b, term); *group; group += 1 + *group)
        for (uint32_t i = 1; i <= *group; i++)
            b->frequencies[NEED_KIND(group[i])][NEED_ID(group[i])]++;
}

/* How many terms come up when one of the group's members does. */
static uint64_t cost_of(const struct building *b, const uint32_t *group)
{
    uint64_t cost = 0;
    for (uint32_t i = 1; i <= *group; i++)
        cost += b->frequencies[NEED_KIND(group[i])][NEED_ID(group[i])];
    return cost;
}

/* The cheapest group of a term but `not_this`; NULL: there is none. */
static const uint32_t *cheapest(const struct building *b, uint32_t term, const uint32_t *not_this)
{
    const uint32_t *best = NULL;
    for (const uint32_t *group = groups_of(b, term); *group; group += 1 + *group)
        if (group != not_this && (!best || cost_of(b, group) < cost_of(b, best)))
            best = group;
    return best;
}

static int enter_term(struct building *b, uint32_t id)
{
    const struct term *term = &b->index->pack->terms[id];
    enum lang lang = (enum lang)term->lang;
    const uint32_t *group = cheapest(b, id, NULL);
    int rc = FAQD_OK;
    for (uint32_t i = 1; rc == FAQD_OK && group && i <= *group; i++)
        rc = add_pair(&b->needs[NEED_KIND(group[i])], key_of(NEED_ID(group[i]), lang), id);
    if (group)
        return rc;
    size_t *n = &b->index->n_always[lang];
    if (array_room((void **)&b->index->always[lang], *n, sizeof(uint32_t)) != FAQD_OK)
        return FAQD_ENOMEM;
    b->index->always[lang][(*n)++] = id;
    return FAQD_OK;
}

static int collect(struct building *b)
{
    const struct pack *pack = b->index->pack;
    int rc = FAQD_OK;
    for (size_t i = 0; i < pack->n_rules; i++)
        if (is_ours(b, &pack->rules[i]))
            note_terms(b, &pack->rules[i]);
    for (uint32_t i = 0; rc == FAQD_OK && i < pack->n_rules; i++)
        if (is_ours(b, &pack->rules[i]))
            rc = add_pair(&b->rules, primary_of(b, &pack->rules[i]), i);
    for (uint32_t i = 0; i < pack->n_terms; i++)
        if (b->needed[i] && pack->terms[i].kind != TERM_SYMBOLS)
            count_needs(b, i);
    for (uint32_t i = 0; rc == FAQD_OK && i < pack->n_terms; i++) {
        const struct term *term = &pack->terms[i];
        for (size_t s = 0; rc == FAQD_OK && b->needed[i] && s < term->n_symbols; s++)
            rc = add_pair(&b->are, key_of(term_numbers(pack, term)[s], (enum lang)term->lang), i);
        if (rc == FAQD_OK && b->needed[i] && term->kind != TERM_SYMBOLS)
            rc = enter_term(b, i);
    }
    return rc;
}

/* Sort pairs into lists by their keys: where each pair goes, and where the lists start. Lists are in the order of the
 * pairs. */
static uint32_t *starts_of(const struct pairs *pairs, size_t keys)
{
    uint32_t *starts = calloc(keys + 2, sizeof(*starts));
    for (size_t i = 0; starts && i < pairs->n; i++)
        starts[pairs->list[i].key + 2]++;
    for (size_t k = 0; starts && k < keys; k++)
        starts[k + 2] += starts[k + 1];
    return starts;
}

static int link_up(struct links *links, size_t keys, const struct pairs *pairs)
{
    links->starts = starts_of(pairs, keys);
    links->items = calloc(pairs->n + 1, sizeof(*links->items));
    if (!links->starts || !links->items)
        return FAQD_ENOMEM;
    for (size_t i = 0; i < pairs->n; i++)
        links->items[links->starts[pairs->list[i].key + 1]++] = pairs->list[i].item;
    return FAQD_OK;
}

static struct posting posting_of(const struct building *b, uint32_t term)
{
    const uint32_t *second = cheapest(b, term, cheapest(b, term, NULL));
    uint64_t also = second ? 0 : UINT64_MAX;
    for (uint32_t i = 1; second && i <= *second; i++)
        also |= bit_of(second[i]);
    return (struct posting){term, (uint32_t)also, (uint32_t)(also >> 32)};
}

static int post(const struct building *b, struct postings *postings, size_t keys, const struct pairs *pairs)
{
    postings->starts = starts_of(pairs, keys);
    postings->items = calloc(pairs->n + 1, sizeof(*postings->items));
    if (!postings->starts || !postings->items)
        return FAQD_ENOMEM;
    for (size_t i = 0; i < pairs->n; i++)
        postings->items[postings->starts[pairs->list[i].key + 1]++] = posting_of(b, pairs->list[i].item);
    return FAQD_OK;
}

static int build(struct building *b)
{
    const struct pack *pack = b->index->pack;
    int rc = FAQD_OK;
    for (int kind = 0; kind < NEED_KINDS; kind++) {
        b->frequencies[kind] = calloc(count_of(pack, (enum need_kind)kind) + 1, sizeof(uint32_t));
        if (!b->frequencies[kind])
            return FAQD_ENOMEM;
    }
    rc = collect(b);
    for (int kind = 0; rc == FAQD_OK && kind < NEED_KINDS; kind++)
        rc = post(b, &b->index->needs[kind], count_of(pack, (enum need_kind)kind) * LANGS, &b->needs[kind]);
    if (rc == FAQD_OK)
        rc = link_up(&b->index->symbol_terms, lexicon_count(pack->lexicon) * LANGS, &b->are);
    return rc == FAQD_OK ? link_up(&b->index->rules, pack->n_terms, &b->rules) : rc;
}

int index_new(const struct pack *pack, int safety, struct index **out)
{
    int rc = FAQD_ENOMEM;
    struct building b = {.safety = safety};
    *out = NULL;
    b.index = calloc(1, sizeof(*b.index));
    b.uses = calloc(pack->n_terms + 1, sizeof(*b.uses));
    b.needed = calloc(pack->n_terms + 1, 1);
    if (b.index && b.uses && b.needed) {
        b.index->pack = pack;
        rc = build(&b);
    }
    free(b.uses);
    free(b.needed);
    free(b.are.list);
    free(b.rules.list);
    for (int kind = 0; kind < NEED_KINDS; kind++) {
        free(b.needs[kind].list);
        free(b.frequencies[kind]);
    }
    if (rc != FAQD_OK) {
        index_free(b.index);
        return rc;
    }
    *out = b.index;
    return FAQD_OK;
}

static void free_lists(struct index *index)
{
    for (int lang = 0; lang < LANGS; lang++)
        free(index->always[lang]);
    for (int kind = 0; kind < NEED_KINDS; kind++) {
        free(index->needs[kind].starts);
        free(index->needs[kind].items);
    }
    free(index->symbol_terms.starts);
    free(index->symbol_terms.items);
    free(index->rules.starts);
    free(index->rules.items);
}

void index_free(struct index *index)
{
    if (index && !index->in_image)
        free_lists(index);
    free(index);
}

/* Lists: starts has one number more than there are keys, the last of which is where they end. */
static void copy_links(struct image *image, struct links *links, size_t keys)
{
    size_t n = links->starts[keys];
    links->starts = image_copy(image, links->starts, (keys + 1) * sizeof(*links->starts));
    links->items = image_copy(image, links->items, n * sizeof(*links->items));
}

static void copy_postings(struct image *image, struct postings *postings, size_t keys)
{
    size_t n = postings->starts[keys];
    postings->starts = image_copy(image, postings->starts, (keys + 1) * sizeof(*postings->starts));
    postings->items = image_copy(image, postings->items, n * sizeof(*postings->items));
}

struct index *index_copy(struct image *image, struct index *index)
{
    struct index *copy = image_copy(image, index, sizeof(*index));
    const struct pack *pack = index->pack;
    if (copy != index)
        copy->pack = NULL; /* as index_from_image says */
    for (int lang = 0; lang < LANGS; lang++)
        copy->always[lang] = image_copy(image, copy->always[lang], copy->n_always[lang] * sizeof(uint32_t));
    for (int kind = 0; kind < NEED_KINDS; kind++)
        copy_postings(image, &copy->needs[kind], count_of(pack, (enum need_kind)kind) * LANGS);
    copy_links(image, &copy->symbol_terms, lexicon_count(pack->lexicon) * LANGS);
    copy_links(image, &copy->rules, pack->n_terms);
    return copy;
}

int index_from_image(const struct index *kept, const struct pack *pack, struct index **out)
{
    *out = malloc(sizeof(**out));
    if (!*out)
        return FAQD_ENOMEM;
    **out = *kept;
    (*out)->pack = pack;
    (*out)->in_image = 1;
    return FAQD_OK;
}

/* ----------------------------------------------------------------------------------------------- look up ---- */

#define FOUND_MAX 2048 /* needs that a window can meet: words, their beginnings, symbols; more are met at once */

struct meeting {
    const struct index *index;
    enum lang lang;
    void (*each)(void *user, uint32_t term);
    void *user;
    uint64_t bits; /* of all that was found */
    size_t n;
    uint32_t found[FOUND_MAX];
};

/* Call `each` for the terms listed under what was found. */
static void call(struct meeting *m)
{
    for (size_t f = 0; f < m->n; f++) {
        const struct postings *postings = &m->index->needs[NEED_KIND(m->found[f])];
        uint32_t key = key_of(NEED_ID(m->found[f]), m->lang);
        for (uint32_t i = postings->starts[key]; i < postings->starts[key + 1]; i++) {
            const struct posting *posting = &postings->items[i];
            if ((posting->also_low & (uint32_t)m->bits) | (posting->also_high & (uint32_t)(m->bits >> 32)))
                m->each(m->user, posting->term);
        }
    }
    m->n = 0;
}

static void meet(struct meeting *m, uint32_t need)
{
    if (m->n == FOUND_MAX) { /* only hostile words are so many: masks do not count then */
        m->bits = UINT64_MAX;
        call(m);
    }
    m->bits |= bit_of(need);
    m->found[m->n++] = need;
}

static void meet_stems(struct meeting *m, const struct word *word)
{
    const struct literals *literals = &m->index->pack->literals;
    uint64_t lengths = literals->stem_lengths;
    uint64_t state = TABLE_HASH_START;
    for (size_t len = 1; len <= word->len && len < 64 && lengths >> len; len++) {
        state = table_hash_letter(state, word->text[len - 1]);
        if (!(lengths >> len & 1))
            continue;
        uint32_t stem = table_get(&literals->stems, table_hash_end(state));
        if (stem != TABLE_NONE)
            meet(m, NEED(NEED_STEM, stem));
    }
}

void index_terms(const struct index *index, const struct search_window *s, enum lang lang,
                 void (*each)(void *user, uint32_t term), void *user)
{
    struct meeting m;
    m.index = index;
    m.lang = lang;
    m.each = each;
    m.user = user;
    m.bits = m.n = 0;
    for (size_t i = 0; i < index->n_always[lang]; i++)
        each(user, index->always[lang][i]);
    for (size_t i = 0; i < s->count; i++) {
        if (s->words[i] != TABLE_NONE)
            meet(&m, NEED(NEED_WORD, s->words[i]));
        if (s->known >> i & 1)
            meet_stems(&m, &s->q->words[s->first + i]);
    }
    for (size_t i = s->q->first_hit[s->first]; i < s->q->first_hit[s->first + s->count]; i++) {
        const struct hit *hit = &s->q->hits[i];
        if (!(hit->langs & LANG_BIT(s->lang)))
            continue;
        meet(&m, NEED(NEED_SYMBOL, hit->symbol));
        if (hit->type != SYMBOL_NONE)
            meet(&m, NEED(NEED_SYMBOL, hit->type));
    }
    call(&m);
}

static const uint32_t *list_of(const struct links *links, uint32_t key, size_t *n)
{
    *n = links->starts[key + 1] - links->starts[key];
    return links->items + links->starts[key];
}

const uint32_t *index_symbol_terms(const struct index *index, uint32_t symbol, enum lang lang, size_t *n)
{
    return list_of(&index->symbol_terms, key_of(symbol, lang), n);
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
