/* SPDX-License-Identifier: MIT
 *
 * table.h - a hash table from 64-bit keys to 32-bit values, for hashed words, phrases and ids.
 *
 * The key is the hash (two texts with one 64-bit hash are taken for one: 2^-64 for each pair, and the loader refuses a
 * pack in which two known words collide). Filled by one thread, then read by many. Not a general map: no removal.
 */
#ifndef FAQD_TABLE_H
#define FAQD_TABLE_H

#include <stddef.h>
#include <stdint.h>

#define TABLE_NONE UINT32_MAX

struct table {
    struct table_slot *slots;
    size_t size; /* a power of two, or 0 */
    size_t used;
};

uint64_t table_hash(const char *bytes, size_t len);      /* FNV-1a, finished so that low bits are good; never 0 */
uint64_t table_hash_long(const char *bytes, size_t len); /* another one, ten times as fast: for long texts */
/* The same letter by letter: table_hash_end(state) is the hash of what was read so far. */
#define TABLE_HASH_START 0xcbf29ce484222325u /* FNV-1a: offset basis, prime */
#define TABLE_HASH_PRIME 0x100000001b3u
static inline uint64_t table_hash_letter(uint64_t state, char letter)
{
    return (state ^ (unsigned char)letter) * TABLE_HASH_PRIME;
}
uint64_t table_hash_end(uint64_t state);
uint64_t table_hash_next(uint64_t hash, uint64_t word); /* of a phrase: fold the next word's hash in */

int table_put(struct table *table, uint64_t key, uint32_t value); /* replaces; FAQD_OK or FAQD_ENOMEM */
uint32_t table_get(const struct table *table, uint64_t key);      /* TABLE_NONE: not there */
size_t table_bytes(const struct table *table);                    /* of its slots */
void table_free(struct table *table);

#endif
