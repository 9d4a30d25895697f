/* SPDX-License-Identifier: MIT
 *
 * program_literals.c - see program.h: what the terms of a pack have in common.
 */
#include "program.h"

#include "array.h"

#include <string.h>

uint32_t literals_stem(struct literals *literals, const char *stem, size_t len)
{
    len = len > 63 ? 63 : len;
    uint64_t hash = table_hash(stem, len);
    uint32_t id = table_get(&literals->stems, hash);
    literals->stem_lengths |= (uint64_t)1 << len;
    if (id != TABLE_NONE)
        return id;
    id = (uint32_t)literals->stems.used;
    return table_put(&literals->stems, hash, id) == FAQD_OK ? id : TABLE_NONE;
}

static int add(struct literals *literals, uint32_t number)
{
    if (array_room((void **)&literals->sets, literals->n_sets, sizeof(*literals->sets)) != FAQD_OK)
        return FAQD_ENOMEM;
    literals->sets[literals->n_sets++] = number;
    return FAQD_OK;
}

/* 0 is no set: it ends lists of them. */
static int begin_sets(struct literals *literals)
{
    return literals->n_sets ? FAQD_OK : add(literals, 0);
}

uint32_t literals_set(struct literals *literals, const uint32_t *needs, size_t n)
{
    uint64_t hash = table_hash((const char *)needs, n * sizeof(*needs));
    uint32_t at = table_get(&literals->set_ids, hash);
    if (at != TABLE_NONE)
        return at;
    if (begin_sets(literals) != FAQD_OK)
        return TABLE_NONE;
    at = (uint32_t)literals->n_sets;
    int rc = add(literals, (uint32_t)n);
    for (size_t i = 0; rc == FAQD_OK && i < n; i++)
        rc = add(literals, needs[i]);
    return rc == FAQD_OK && table_put(&literals->set_ids, hash, at) == FAQD_OK ? at : TABLE_NONE;
}

/* Append the beginnings that a word has to the *n of the list. */
static int list_stems(struct literals *literals, const char *text, size_t len, size_t *n)
{
    uint64_t state = TABLE_HASH_START;
    for (size_t i = 1; i <= len && i < 64 && literals->stem_lengths >> i; i++) {
        state = table_hash_letter(state, text[i - 1]);
        uint32_t stem =
            literals->stem_lengths >> i & 1 ? table_get(&literals->stems, table_hash_end(state)) : TABLE_NONE;
        if (stem == TABLE_NONE)
            continue;
        if (array_room((void **)&literals->stem_lists, *n, sizeof(*literals->stem_lists)) != FAQD_OK)
            return FAQD_ENOMEM;
        literals->stem_lists[(*n)++] = stem;
    }
    return FAQD_OK;
}

int literals_ready(struct literals *literals, const struct lexicon *lexicon)
{
    size_t n_words = lexicon_words(lexicon);
    size_t n = 0;
    int rc = FAQD_OK;
    table_free(&literals->set_ids);
    literals->stem_starts = calloc(n_words + 1, sizeof(*literals->stem_starts));
    if (!literals->stem_starts || begin_sets(literals) != FAQD_OK)
        return FAQD_ENOMEM;
    literals->n_words = n_words;
    for (uint32_t w = 0; rc == FAQD_OK && w < n_words; w++) {
        size_t len = 0;
        const char *text = lexicon_text(lexicon, w, &len);
        rc = list_stems(literals, text, len, &n);
        literals->stem_starts[w + 1] = (uint32_t)n;
    }
    return rc;
}

void literals_free(struct literals *literals)
{
    free(literals->stem_starts);
    free(literals->stem_lists);
    free(literals->sets);
    table_free(&literals->stems);
    table_free(&literals->set_ids);
}
