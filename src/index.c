/* SPDX-License-Identifier: MIT
 *
 * index.c - see index.h: how it is built. Everything is counted first, then written into one block.
 */
#include "index_private.h"

#include <stdlib.h>
#include <string.h>

#define SECOND_MAX 8 /* members of a second set */
#define PAIRS_MAX 64 /* places that one rule is listed at for it */
#define LISTED_NUMBERS (sizeof(struct index_rule) / sizeof(uint32_t))

uint32_t index_bases(const struct pack *pack, uint32_t bases[NEED_KINDS])
{
    uint32_t at = 1;
    const size_t counts[NEED_KINDS] = {[NEED_WORD] = lexicon_words(pack->lexicon),
                                       [NEED_PART] = pack->literals.parts.used,
                                       [NEED_SYMBOL] = lexicon_count(pack->lexicon),
                                       [NEED_NAMED] = lexicon_count(pack->lexicon)};
    for (int kind = 0; kind < NEED_KINDS; kind++) {
        bases[kind] = at;
        at += (uint32_t)counts[kind];
    }
    return at;
}

struct choice { /* of the sets that a rule needs; NULL: none */
    const uint32_t *first, *second, *more[INDEX_MORE];
};

struct posting { /* a rule at one of its pairs */
    uint32_t key, second, listed;
};

struct building {
    const struct pack *pack;
    int safety;
    uint32_t bases[NEED_KINDS];
    uint32_t n_needs;
    size_t n_keys;            /* needs by language */
    uint32_t *frequencies;    /* by key: how many terms of rules may need it */
    struct choice *choices;   /* by rule */
    struct posting *postings; /* of all rules */
    size_t n_rules;           /* ours */
    size_t n_postings;
    size_t n_lists; /* keys with postings */
    size_t n_groups;
    size_t n_always[LANGS];
    struct index *index;
};

static int is_ours(const struct building *b, const struct rule *rule)
{
    return b->pack->intents[rule->intent].safety == b->safety;
}

static uint32_t key_of(const struct building *b, uint32_t need, enum lang lang)
{
    return index_key(b->n_needs, index_number(b->bases, need), lang);
}

/* Call `each` for every set that the terms of a rule need. */
static void each_set(struct building *b, uint32_t rule,
                     void (*each)(struct building *b, uint32_t rule, const uint32_t *set))
{
    const struct pack *pack = b->pack;
    const struct rule *r = &pack->rules[rule];
    for (size_t t = 0; t < r->n_with; t++)
        for (const uint32_t *need = pack->numbers + pack->terms[rule_with(pack, r)[t]].needs; *need; need++)
            each(b, rule, pack->literals.sets + *need);
}

static void count_set(struct building *b, uint32_t rule, const uint32_t *set)
{
    for (uint32_t i = 1; i <= *set; i++)
        b->frequencies[key_of(b, set[i], (enum lang)b->pack->rules[rule].lang)]++;
}

/* How many rules come up when one of the set's members does. */
static uint64_t cost_of(const struct building *b, const uint32_t *set, enum lang lang)
{
    uint64_t cost = 0;
    for (uint32_t i = 1; i <= *set; i++)
        cost += b->frequencies[key_of(b, set[i], lang)];
    return cost;
}

static void choose_first(struct building *b, uint32_t rule, const uint32_t *set)
{
    struct choice *choice = &b->choices[rule];
    enum lang lang = (enum lang)b->pack->rules[rule].lang;
    if (!choice->first || cost_of(b, set, lang) < cost_of(b, choice->first, lang))
        choice->first = set;
}

static void choose_second(struct building *b, uint32_t rule, const uint32_t *set)
{
    struct choice *choice = &b->choices[rule];
    enum lang lang = (enum lang)b->pack->rules[rule].lang;
    if (set == choice->first || *set > SECOND_MAX || *choice->first * *set > PAIRS_MAX)
        return;
    if (!choice->second || cost_of(b, set, lang) < cost_of(b, choice->second, lang))
        choice->second = set;
}

/* Of all others the cheapest ones, the cheapest first. */
static void choose_more(struct building *b, uint32_t rule, const uint32_t *set)
{
    struct choice *choice = &b->choices[rule];
    enum lang lang = (enum lang)b->pack->rules[rule].lang;
    if (set == choice->first || set == choice->second)
        return;
    for (size_t i = 0; i < INDEX_MORE && set != choice->more[i]; i++) {
        const uint32_t *other = choice->more[i];
        if (other && cost_of(b, other, lang) <= cost_of(b, set, lang))
            continue;
        choice->more[i] = set;
        if (!other)
            return;
        set = other;
    }
}

static void choose(struct building *b)
{
    const struct pack *pack = b->pack;
    for (uint32_t i = 0; i < pack->n_rules; i++)
        if (is_ours(b, &pack->rules[i]))
            each_set(b, i, count_set);
    for (uint32_t i = 0; i < pack->n_rules; i++) {
        if (!is_ours(b, &pack->rules[i]))
            continue;
        each_set(b, i, choose_first);
        each_set(b, i, choose_second);
        each_set(b, i, choose_more);
        b->n_rules++;
        const struct choice *choice = &b->choices[i];
        b->n_postings += choice->first ? *choice->first * (size_t)(choice->second ? *choice->second : 1) : 0;
        b->n_always[pack->rules[i].lang] += !choice->first;
    }
}

/* A rule, the `listed`-th of ours, at its pairs. */
static struct posting *post(const struct building *b, uint32_t rule, uint32_t listed, struct posting *out)
{
    static const uint32_t no_second[] = {1, 0};
    const struct choice *choice = &b->choices[rule];
    const uint32_t *second = choice->second ? choice->second : no_second;
    enum lang lang = (enum lang)b->pack->rules[rule].lang;
    for (uint32_t m = 1; choice->first && m <= *choice->first; m++)
        for (uint32_t s = 1; s <= *second; s++)
            *out++ = (struct posting){.key = key_of(b, choice->first[m], lang),
                                      .second = choice->second ? index_number(b->bases, second[s]) : 0,
                                      .listed = listed};
    return out;
}

/* Sort them by their seconds, or by their keys; those of one stay in order. */
static int sort_postings(struct building *b, int by_key)
{
    size_t n = by_key ? b->n_keys : b->n_needs;
    uint32_t *starts = calloc(n + 1, sizeof(*starts));
    struct posting *sorted = calloc(b->n_postings + 1, sizeof(*sorted));
    if (!starts || !sorted) {
        free(starts);
        free(sorted);
        return FAQD_ENOMEM;
    }
    const struct posting *postings = b->postings;
    for (size_t i = 0; i < b->n_postings; i++)
        starts[(by_key ? postings[i].key : postings[i].second) + 1]++;
    for (size_t i = 1; i < n; i++)
        starts[i] += starts[i - 1];
    for (size_t i = 0; i < b->n_postings; i++)
        sorted[starts[by_key ? postings[i].key : postings[i].second]++] = postings[i];
    free(starts);
    free(b->postings);
    b->postings = sorted;
    return FAQD_OK;
}

static int begins_list(const struct posting *postings, size_t i)
{
    return !i || postings[i].key != postings[i - 1].key;
}

static int begins_group(const struct posting *postings, size_t i)
{
    return begins_list(postings, i) || postings[i].second != postings[i - 1].second;
}

static int collect(struct building *b)
{
    uint32_t listed = 0;
    b->postings = calloc(b->n_postings + 1, sizeof(*b->postings));
    struct posting *end = b->postings;
    if (!end)
        return FAQD_ENOMEM;
    for (uint32_t i = 0; i < b->pack->n_rules; i++)
        if (is_ours(b, &b->pack->rules[i]))
            end = post(b, i, listed++, end);
    if (sort_postings(b, 0) != FAQD_OK || sort_postings(b, 1) != FAQD_OK)
        return FAQD_ENOMEM;
    for (size_t i = 0; i < b->n_postings; i++) {
        b->n_lists += (size_t)begins_list(b->postings, i);
        b->n_groups += (size_t)begins_group(b->postings, i);
    }
    return FAQD_OK;
}

/* One block for all; where its lists begin. */
static int lay_out(struct building *b)
{
    size_t n_keys = sparse_blocks(b->n_keys) * SPARSE_BLOCK_NUMBERS;
    size_t n = n_keys + b->n_lists + 1 + (b->n_groups + 1) * INDEX_GROUP_NUMBERS + b->n_postings +
               b->n_always[LANG_FR] + b->n_always[LANG_EN] + b->n_rules * LISTED_NUMBERS + INDEX_RULES_AT_ONCE;
    struct index *index = n < UINT32_MAX ? calloc(1, sizeof(*index) + n * sizeof(uint32_t)) : NULL;
    if (!index)
        return FAQD_ENOMEM;
    uint32_t at = 0;
    index->n_numbers = n;
    index->n_needs = b->n_needs;
    index->keys = at;
    index->starts = at += (uint32_t)n_keys;
    index->groups = at += (uint32_t)b->n_lists + 1;
    index->rules = at += (uint32_t)((b->n_groups + 1) * INDEX_GROUP_NUMBERS);
    at += (uint32_t)b->n_postings;
    for (int lang = 0; lang < LANGS; lang++) {
        index->always[lang] = at;
        at += (uint32_t)b->n_always[lang];
    }
    index->listed = at;
    b->index = index;
    return FAQD_OK;
}

static void fill_groups(struct building *b)
{
    struct index *index = b->index;
    struct sparse_block *keys = (struct sparse_block *)(index->numbers + index->keys);
    uint32_t *start = index->numbers + index->starts;
    struct index_group *groups = (struct index_group *)(index->numbers + index->groups);
    uint32_t n = 0;
    for (uint32_t i = 0; i < b->n_postings; i++) {
        const struct posting *posting = &b->postings[i];
        if (begins_list(b->postings, i)) {
            sparse_add(keys, posting->key);
            *start++ = n;
        }
        if (begins_group(b->postings, i))
            groups[n++] = (struct index_group){.second = posting->second, .first = i};
        index->numbers[index->rules + i] = posting->listed;
    }
    sparse_seal(keys, b->n_keys);
    *start = n;
    groups[n].first = (uint32_t)b->n_postings;
}

/* What can be said of a rule without the pack. */
static void describe(const struct building *b, uint32_t id, struct index_rule *out)
{
    const struct pack *pack = b->pack;
    const struct rule *rule = &pack->rules[id];
    const struct intent *intent = &pack->intents[rule->intent];
    const struct term *term = &pack->terms[rule_with(pack, rule)[0]];
    int simple = rule->n_with == 1 && !rule->n_without && !rule->only && !term->shared && !term->wants_unknown &&
                 term->groups == TERM_NO_GROUPS;
    *out = (struct index_rule){.rule = id,
                               .intent = rule->intent,
                               .at = term->at,
                               .kind = INDEX_ANY,
                               .takes = intent->n_takes > 0,
                               .over = intent->n_over > 0};
    if (simple && term->kind != TERM_PATTERN)
        out->kind = term->kind == TERM_ONE_OF ? INDEX_ONE_OF : INDEX_PROGRAM;
    for (size_t i = 0; i < INDEX_MORE; i++) {
        const uint32_t *set = b->choices[id].more[i];
        out->more[i] = set ? (uint32_t)(set - pack->literals.sets) : 0;
    }
}

/* How many rules of ours have which term. */
static uint32_t *count_uses(const struct building *b)
{
    const struct pack *pack = b->pack;
    uint32_t *uses = calloc(pack->n_terms + 1, sizeof(*uses));
    for (size_t i = 0; uses && i < pack->n_rules; i++)
        for (size_t t = 0; is_ours(b, &pack->rules[i]) && t < pack->rules[i].n_with; t++)
            uses[rule_with(pack, &pack->rules[i])[t]]++;
    return uses;
}

/* Of two the first. */
static uint8_t rarest_of(const struct pack *pack, const struct rule *rule, const uint32_t *uses)
{
    const uint32_t *with = rule_with(pack, rule);
    uint8_t best = 0;
    for (uint8_t t = 1; t < rule->n_with; t++)
        best = uses[with[t]] < uses[with[best]] ? t : best;
    return best;
}

static int fill(struct building *b)
{
    const struct pack *pack = b->pack;
    struct index *index = b->index;
    struct index_rule *listed = (struct index_rule *)(index->numbers + index->listed);
    uint32_t *uses = count_uses(b);
    uint32_t n = 0;
    if (!uses)
        return FAQD_ENOMEM;
    fill_groups(b);
    for (uint32_t i = 0; i < pack->n_rules; i++) {
        enum lang lang = (enum lang)pack->rules[i].lang;
        if (!is_ours(b, &pack->rules[i]))
            continue;
        describe(b, i, &listed[n]);
        listed[n].rarest = rarest_of(pack, &pack->rules[i], uses);
        if (!b->choices[i].first)
            index->numbers[index->always[lang] + index->n_always[lang]++] = n;
        n++;
    }
    free(uses);
    return FAQD_OK;
}

int index_new(const struct pack *pack, int safety, struct index **out)
{
    int rc = FAQD_ENOMEM;
    struct building b = {.pack = pack, .safety = safety};
    b.n_needs = index_bases(pack, b.bases);
    b.n_keys = (size_t)b.n_needs * LANGS;
    b.frequencies = calloc(b.n_keys, sizeof(*b.frequencies));
    b.choices = calloc(pack->n_rules + 1, sizeof(*b.choices));
    if (b.frequencies && b.choices) {
        choose(&b);
        rc = collect(&b);
    }
    if (rc == FAQD_OK)
        rc = lay_out(&b);
    if (rc == FAQD_OK)
        rc = fill(&b);
    free(b.frequencies);
    free(b.choices);
    free(b.postings);
    if (rc != FAQD_OK) {
        index_free(b.index);
        b.index = NULL;
    }
    *out = b.index;
    return rc;
}

void index_free(struct index *index)
{
    free(index);
}

struct index *index_copy(struct image *image, struct index *index)
{
    return image_copy(image, index, sizeof(*index) + index->n_numbers * sizeof(uint32_t));
}
