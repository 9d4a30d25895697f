/* SPDX-License-Identifier: MIT
 *
 * sparse.h - a set of numbers that knows the place of each among its members: for lists by number of which most would
 * be empty. A list is kept for the members alone, by their places; the set itself takes two bits a number.
 *
 *     struct sparse_block *blocks = calloc(sparse_blocks(n), sizeof(*blocks));     numbers below n
 *     sparse_add(blocks, 7); ...
 *     size_t members = sparse_seal(blocks, n);
 *     if (sparse_has(blocks, 7))
 *         list = lists[sparse_place(blocks, 7)];
 *
 * The blocks are plain memory, for images and for lists of 32-bit numbers; once sealed they are only read.
 */
#ifndef FAQD_SPARSE_H
#define FAQD_SPARSE_H

#include <stddef.h>
#include <stdint.h>

struct sparse_block {
    uint32_t members; /* a bit each of 32 numbers */
    uint32_t before;  /* members of the blocks before it */
};
#define SPARSE_BLOCK_NUMBERS (sizeof(struct sparse_block) / sizeof(uint32_t))

static inline size_t sparse_blocks(size_t n)
{
    return n / 32 + 1;
}

static inline void sparse_add(struct sparse_block *blocks, uint32_t number)
{
    blocks[number >> 5].members |= (uint32_t)1 << (number & 31);
}

/* How many members there are. */
static inline uint32_t sparse_seal(struct sparse_block *blocks, size_t n)
{
    uint32_t members = 0;
    for (size_t i = 0; i < sparse_blocks(n); i++) {
        blocks[i].before = members;
        members += (uint32_t)__builtin_popcount(blocks[i].members);
    }
    return members;
}

static inline uint32_t sparse_has(const struct sparse_block *blocks, uint32_t number)
{
    return blocks[number >> 5].members >> (number & 31) & 1;
}

/* How many members are below a number: of a member, its place. */
static inline uint32_t sparse_place(const struct sparse_block *blocks, uint32_t number)
{
    const struct sparse_block *block = &blocks[number >> 5];
    uint32_t below = ((uint32_t)1 << (number & 31)) - 1;
    return block->before + (uint32_t)__builtin_popcount(block->members & below);
}

#endif
