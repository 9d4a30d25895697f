/* SPDX-License-Identifier: MIT
 *
 * index.c - see index.h.
 */
#include "index.h"

#include "array.h"
#include "form.h"
#include "table.h"

#include <stdlib.h>
#include <string.h>

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
    struct links symbol_terms;
    struct links rules;
};

struct entering {
    struct index *index;
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

/* A required phrase is entered under its longest word: the rarest, as a rule. */
static int enter_phrase(void *user, const char *phrase, size_t len, int stem)
{
    struct entering *e = user;
    const char *best = phrase;
    size_t best_len = 0;
    for (const char *word = phrase; word < phrase + len;) {
        const char *space = memchr(word, ' ', (size_t)(phrase + len - word));
        size_t n = space ? (size_t)(space - word) : (size_t)(phrase + len - word);
        if (n > best_len) {
            best = word;
            best_len = n;
        }
        word += n + 1;
    }
    if (!stem)
        return enter(e->index, &e->index->words[e->lang], table_hash(best, best_len), e->term);
    if (best_len >= 64)
        best_len = 63;
    e->index->stem_lengths[e->lang] |= (uint64_t)1 << best_len;
    return enter(e->index, &e->index->stems[e->lang], table_hash(best, best_len), e->term);
}

static int enter_term(struct index *index, uint32_t id)
{
    const struct term *term = &index->pack->terms[id];
    struct entering e = {index, id, term->lang};
    int rc = form_required(term->expanded, enter_phrase, &e);
    if (rc != FAQD_DECLINED)
        return rc == FAQD_OK ? FAQD_OK : FAQD_ENOMEM;
    size_t *n = &index->n_always[term->lang];
    if (array_room((void **)&index->always[term->lang], *n, sizeof(uint32_t)) != FAQD_OK)
        return FAQD_ENOMEM;
    index->always[term->lang][(*n)++] = id;
    return FAQD_OK;
}

/* Lists from pairs (key(i), i) of n items; key TABLE_NONE: in no list. */
static int link_up(struct links *links, size_t keys, size_t n, uint32_t (*key)(const void *user, size_t i),
                   const void *user)
{
    links->starts = calloc(keys + 2, sizeof(*links->starts));
    links->items = calloc(n + 1, sizeof(*links->items));
    if (!links->starts || !links->items)
        return FAQD_ENOMEM;
    for (size_t i = 0; i < n; i++) {
        uint32_t k = key(user, i);
        if (k != TABLE_NONE)
            links->starts[k + 2]++;
    }
    for (size_t k = 0; k < keys; k++)
        links->starts[k + 2] += links->starts[k + 1];
    for (size_t i = 0; i < n; i++) {
        uint32_t k = key(user, i);
        if (k != TABLE_NONE)
            links->items[links->starts[k + 1]++] = (uint32_t)i;
    }
    return FAQD_OK;
}

struct choosing {
    const struct pack *pack;
    const uint32_t *uses; /* how many rules a term stands in */
    const uint8_t *needed;
    int safety;
};

static uint32_t symbol_of(const void *user, size_t i)
{
    const struct choosing *c = user;
    return c->needed[i] ? c->pack->terms[i].symbol : TABLE_NONE;
}

/* The term that the fewest rules share is the one that says most. */
static uint32_t primary_of(const void *user, size_t i)
{
    const struct choosing *c = user;
    const struct rule *rule = &c->pack->rules[i];
    if (c->pack->intents[rule->intent].safety != c->safety)
        return TABLE_NONE;
    uint32_t best = rule->with[0];
    for (size_t t = 1; t < rule->n_with; t++)
        if (c->uses[rule->with[t]] < c->uses[best])
            best = rule->with[t];
    return best;
}

static void note_terms(const struct rule *rule, uint32_t *uses, uint8_t *needed)
{
    for (size_t t = 0; t < rule->n_with; t++) {
        uses[rule->with[t]]++;
        needed[rule->with[t]] = 1;
    }
    for (size_t t = 0; t < rule->n_without; t++)
        needed[rule->without[t]] = 1;
}

int index_new(const struct pack *pack, int safety, struct index **out)
{
    int rc = FAQD_ENOMEM;
    uint32_t *uses = calloc(pack->n_terms + 1, sizeof(*uses));
    uint8_t *needed = calloc(pack->n_terms + 1, 1);
    struct index *index = calloc(1, sizeof(*index));
    *out = NULL;
    if (!uses || !needed || !index)
        goto done;
    index->pack = pack;
    for (size_t i = 0; i < pack->n_rules; i++)
        if (pack->intents[pack->rules[i].intent].safety == safety)
            note_terms(&pack->rules[i], uses, needed);
    struct choosing choosing = {pack, uses, needed, safety};
    rc = link_up(&index->symbol_terms, lexicon_count(pack->lexicon), pack->n_terms, symbol_of, &choosing);
    if (rc == FAQD_OK)
        rc = link_up(&index->rules, pack->n_terms, pack->n_rules, primary_of, &choosing);
    for (uint32_t i = 0; rc == FAQD_OK && i < pack->n_terms; i++)
        if (needed[i] && pack->terms[i].symbol == SYMBOL_NONE)
            rc = enter_term(index, i);

done:
    free(uses);
    free(needed);
    if (rc != FAQD_OK) {
        index_free(index);
        return rc;
    }
    *out = index;
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

const uint32_t *index_rules(const struct index *index, uint32_t term, size_t *n)
{
    return list_of(&index->rules, term, n);
}

const uint32_t *index_always(const struct index *index, enum lang lang, size_t *n)
{
    *n = index->n_always[lang];
    return index->always[lang];
}
