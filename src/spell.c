/* SPDX-License-Identifier: MIT
 *
 * spell.c - see spell.h. The variants lie in buckets (counting sort by hash): two arrays, no pointers.
 */
#include "spell.h"

#include "faqd_plugin.h"
#include "near.h"
#include "table.h"

#include <stdlib.h>
#include <string.h>

struct entry {
    uint32_t check; /* the hash bits that the bucket does not tell */
    uint32_t word;
};

struct spell {
    const struct spell_word *words;
    struct entry *entries;
    uint32_t *buckets; /* bucket b is entries[buckets[b]] .. entries[buckets[b + 1]] */
    uint32_t mask;
};

typedef void variant_fn(void *user, uint64_t hash);

/* The word itself, and with one letter left out; from `two` on also with two. */
static void variants(const char *word, size_t len, int two, variant_fn *each, void *user)
{
    char one[NEAR_WORD_MAX];
    char both[NEAR_WORD_MAX];
    each(user, table_hash(word, len));
    for (size_t i = 0; i < len; i++) {
        if (i && word[i] == word[i - 1])
            continue; /* leaving out either of two equal letters gives the same */
        memcpy(one, word, i);
        memcpy(one + i, word + i + 1, len - i - 1);
        each(user, table_hash(one, len - 1));
        for (size_t j = i; two && j < len - 1; j++) {
            memcpy(both, one, j);
            memcpy(both + j, one + j + 1, len - 2 - j);
            each(user, table_hash(both, len - 2));
        }
    }
}

static int takes_two(const struct spell_word *word)
{
    return word->subject && word->len >= SPELL_TWO_FROM - 1;
}

struct filling {
    struct spell *spell;
    uint32_t word;
    int counting;
};

static void fill(void *user, uint64_t hash)
{
    struct filling *f = user;
    uint32_t bucket = (uint32_t)hash & f->spell->mask;
    if (f->counting)
        f->spell->buckets[bucket + 1]++;
    else
        f->spell->entries[f->spell->buckets[bucket]++] = (struct entry){(uint32_t)(hash >> 32), f->word};
}

static void pass(struct spell *spell, size_t n, int counting)
{
    for (size_t i = 0; i < n; i++) {
        const struct spell_word *word = &spell->words[i];
        struct filling f = {spell, (uint32_t)i, counting};
        if (word->len >= SPELL_ONE_FROM - 1 && word->len < NEAR_WORD_MAX)
            variants(word->text, word->len, takes_two(word), fill, &f);
    }
}

int spell_new(const struct spell_word *words, size_t n, struct spell **out)
{
    struct spell *spell = calloc(1, sizeof(*spell));
    if (!spell)
        return FAQD_ENOMEM;
    spell->words = words;
    spell->mask = 1023;
    while (spell->mask < n * 8 && spell->mask < (1u << 20) - 1)
        spell->mask = spell->mask * 2 + 1;
    spell->buckets = calloc((size_t)spell->mask + 2, sizeof(*spell->buckets));
    if (!spell->buckets)
        goto fail;
    pass(spell, n, 1);
    for (uint32_t b = 0; b <= spell->mask; b++)
        spell->buckets[b + 1] += spell->buckets[b];
    spell->entries = calloc((size_t)spell->buckets[spell->mask + 1] + 1, sizeof(*spell->entries));
    if (!spell->entries)
        goto fail;
    pass(spell, n, 0);
    /* Filling moved each start to its bucket's end, which is the next one's start: shift back. */
    memmove(spell->buckets + 1, spell->buckets, ((size_t)spell->mask + 1) * sizeof(*spell->buckets));
    spell->buckets[0] = 0;
    *out = spell;
    return FAQD_OK;

fail:
    spell_free(spell);
    return FAQD_ENOMEM;
}

void spell_free(struct spell *spell)
{
    if (!spell)
        return;
    free(spell->entries);
    free(spell->buckets);
    free(spell);
}

struct search {
    const struct spell *spell;
    const char *word;
    size_t len;
    int limit;
    int cost; /* of the best so far; see cost_of */
    const struct spell_word *best;
    int several;
};

/* Fewer edits first; then the same first letter, which people rarely get wrong; then words that name a subject; then
 * the same length ("seancs" is seance rather than seances). */
static int cost_of(const struct search *s, const struct spell_word *word)
{
    int distance = near_distance(s->word, s->len, word->text, word->len, s->limit);
    if (distance > s->limit || (distance > 1 && !takes_two(word)))
        return 1000;
    return distance * 8 + (s->word[0] != word->text[0]) * 4 + !word->subject * 2 + (s->len != word->len);
}

static void look(void *user, uint64_t hash)
{
    struct search *s = user;
    uint32_t bucket = (uint32_t)hash & s->spell->mask;
    for (uint32_t i = s->spell->buckets[bucket]; i < s->spell->buckets[bucket + 1]; i++) {
        const struct entry *entry = &s->spell->entries[i];
        const struct spell_word *word = &s->spell->words[entry->word];
        if (entry->check != (uint32_t)(hash >> 32) || word == s->best)
            continue;
        int cost = cost_of(s, word);
        if (cost < s->cost) {
            s->best = word;
            s->cost = cost;
            s->several = 0;
        } else if (cost == s->cost && cost < 1000) {
            s->several = 1;
        }
    }
}

const struct spell_word *spell_nearest(const struct spell *spell, const char *word, size_t len)
{
    if (len < SPELL_ONE_FROM || len >= NEAR_WORD_MAX)
        return NULL;
    int two = len >= SPELL_TWO_FROM;
    struct search s = {.spell = spell, .word = word, .len = len, .limit = two ? 2 : 1, .cost = 1000};
    variants(word, len, two, look, &s);
    return s.several ? NULL : s.best;
}
