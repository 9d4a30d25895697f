/* SPDX-License-Identifier: MIT
 *
 * index_private.h - an index's block, for index.c (which fills it) and index_find.c (which reads it).
 */
#ifndef FAQD_INDEX_PRIVATE_H
#define FAQD_INDEX_PRIVATE_H

#include "index.h"
#include "sparse.h"

/* All lists are in `numbers`, from the places that follow. Rules are listed in groups: those of one pair of needs, of
 * which the first one's lists are by language and need. Few needs have any: a list of lists has a list of where each
 * that is not empty begins, and where the last one ends. */
struct index_group {
    uint32_t second; /* the other need that must be met; 0: no other */
    uint32_t first;  /* where in `rules` it begins */
};
#define INDEX_GROUP_NUMBERS (sizeof(struct index_group) / sizeof(uint32_t))
#define INDEX_RULES_AT_ONCE 8 /* can be read from where a group's rules begin, also behind the last ones */

struct index {
    size_t n_numbers;
    uint32_t n_needs;       /* numbers of needs, 0 included */
    uint32_t keys;          /* struct sparse_block: those of index_key with groups */
    uint32_t starts;        /* of groups, by place among the keys */
    uint32_t groups;        /* struct index_group; behind the last one another, for where its rules end */
    uint32_t rules;         /* of groups: places in `listed` */
    uint32_t always[LANGS]; /* rules */
    uint32_t n_always[LANGS];
    uint32_t listed; /* struct index_rule, of all rules of the index in the pack's order */
    uint32_t numbers[];
};

/* Needs of all kinds, numbered from 1; how many numbers there are. */
uint32_t index_bases(const struct pack *pack, uint32_t bases[NEED_KINDS]);

/* Of a need in a language: what is looked up for a window lies together. */
static inline uint32_t index_key(uint32_t n_needs, uint32_t number, enum lang lang)
{
    return (uint32_t)lang * n_needs + number;
}

static inline const struct sparse_block *index_keys(const struct index *index)
{
    return (const struct sparse_block *)(index->numbers + index->keys);
}

static inline const struct index_group *index_groups(const struct index *index)
{
    return (const struct index_group *)(index->numbers + index->groups);
}

#endif
