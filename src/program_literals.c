/* SPDX-License-Identifier: MIT
 *
 * program_literals.c - see program.h: what the terms of a pack have in common.
 */
#include "program.h"

#include "array.h"

#include <string.h>

/* A part's key begins with its kind, where no letter gets by itself: not in the low bits. */
static uint64_t begin_key(enum part_kind kind)
{
    return TABLE_HASH_START ^ (uint64_t)kind << 60;
}

uint32_t literals_part(struct literals *literals, enum part_kind kind, const char *letters, size_t len)
{
    size_t most = part_letters_max(kind);
    uint64_t state = begin_key(kind);
    if (kind == PART_SUFFIX && len > most)
        letters += len - most;
    len = len > most ? most : len;
    for (size_t i = 0; i < len; i++)
        state = table_hash_letter(state, letters[i]);
    uint32_t id = table_get(&literals->parts, table_hash_end(state));
    literals->lengths[kind] |= (uint64_t)1 << len;
    literals->firsts |= kind != PART_STEM ? LITERALS_FIRST(*letters) : 0;
    if (id != TABLE_NONE)
        return id;
    id = (uint32_t)literals->parts.used;
    return table_put(&literals->parts, table_hash_end(state), id) == FAQD_OK ? id : TABLE_NONE;
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
    uint64_t hash = table_hash_long((const char *)needs, n * sizeof(*needs));
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

static void look_up(const struct literals *literals, uint64_t state, uint32_t *parts, size_t *n)
{
    uint32_t part = table_get(&literals->parts, table_hash_end(state));
    if (part != TABLE_NONE)
        parts[(*n)++] = part;
}

/* The parts of a kind that are the first letters of a text: of all lengths that there are, up to its end. */
static void find_from(const struct literals *literals, enum part_kind kind, const char *text, size_t len,
                      uint32_t *parts, size_t *n)
{
    uint64_t lengths = literals->lengths[kind];
    uint64_t state = begin_key(kind);
    for (size_t i = 1; i <= len && i < 64 && lengths >> i; i++) {
        state = table_hash_letter(state, text[i - 1]);
        if ((lengths >> i & 1) && (kind != PART_SUFFIX || i == len))
            look_up(literals, state, parts, n);
    }
}

size_t literals_parts(const struct literals *literals, const char *word, size_t len, int known,
                      uint32_t parts[WORD_PARTS_MAX])
{
    size_t n = 0;
    len = len > PART_STEM_MAX ? PART_STEM_MAX : len;
    if (known)
        find_from(literals, PART_STEM, word, len, parts, &n);
    for (size_t at = 0; at < len && literals_inside(literals); at++) {
        if (!(literals->firsts & LITERALS_FIRST(word[at])))
            continue;
        find_from(literals, PART_INFIX, word + at, len - at, parts, &n);
        if (len - at <= PART_INSIDE_MAX && (literals->lengths[PART_SUFFIX] >> (len - at) & 1))
            find_from(literals, PART_SUFFIX, word + at, len - at, parts, &n);
    }
    return n;
}

/* Behind the lists of all words up to here another may begin. */
static int begin_list(struct literals *literals, size_t n_listed)
{
    if (array_room((void **)&literals->part_starts, literals->n_part_starts, sizeof(*literals->part_starts)) != FAQD_OK)
        return FAQD_ENOMEM;
    literals->part_starts[literals->n_part_starts++] = (uint32_t)n_listed;
    return FAQD_OK;
}

/* Append the parts that a word has to the *n of the lists. */
static int list_parts(struct literals *literals, uint32_t word, const char *text, size_t len, size_t *n)
{
    uint32_t parts[WORD_PARTS_MAX];
    size_t found = literals_parts(literals, text, len, 1, parts);
    for (size_t i = 0; i < found; i++) {
        if (array_room((void **)&literals->part_lists, *n, sizeof(*literals->part_lists)) != FAQD_OK)
            return FAQD_ENOMEM;
        literals->part_lists[(*n)++] = parts[i];
    }
    if (!found)
        return FAQD_OK;
    sparse_add(literals->with_parts, word);
    return begin_list(literals, *n);
}

int literals_ready(struct literals *literals, const struct lexicon *lexicon)
{
    size_t n_words = lexicon_words(lexicon);
    size_t n = 0;
    int rc = FAQD_OK;
    table_free(&literals->set_ids);
    literals->with_parts = calloc(sparse_blocks(n_words), sizeof(*literals->with_parts));
    if (!literals->with_parts || begin_sets(literals) != FAQD_OK || begin_list(literals, 0) != FAQD_OK)
        return FAQD_ENOMEM;
    literals->n_words = n_words;
    for (uint32_t w = 0; rc == FAQD_OK && w < n_words; w++) {
        size_t len = 0;
        const char *text = lexicon_text(lexicon, w, &len);
        rc = list_parts(literals, w, text, len, &n);
    }
    sparse_seal(literals->with_parts, n_words);
    return rc;
}

void literals_free(struct literals *literals)
{
    free(literals->with_parts);
    free(literals->part_starts);
    free(literals->part_lists);
    free(literals->sets);
    table_free(&literals->parts);
    table_free(&literals->set_ids);
}
