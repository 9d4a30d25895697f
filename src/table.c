/* SPDX-License-Identifier: MIT
 *
 * table.c - see table.h. Open addressing, linear probing, at most two thirds full.
 */
#include "table.h"

#include "faqd_plugin.h"

#include <endian.h>
#include <stdlib.h>
#include <string.h>

struct table_slot {     /* in three words, not padded to four: the lexicon has some hundred thousand */
    uint32_t low, high; /* of the key; both 0: empty */
    uint32_t value;
};

static uint64_t key_of(const struct table_slot *slot)
{
    return (uint64_t)slot->high << 32 | slot->low;
}

uint64_t table_hash_end(uint64_t h)
{
    h ^= h >> 32;
    h *= 0xd6e8feb86659fd93u; /* multiplier of the rrmxmx mixer: spreads FNV's weak low bits */
    h ^= h >> 32;
    return h ? h : 1;
}

uint64_t table_hash(const char *bytes, size_t len)
{
    uint64_t h = TABLE_HASH_START;
    for (size_t i = 0; i < len; i++)
        h = table_hash_letter(h, bytes[i]);
    return table_hash_end(h);
}

uint64_t table_hash_long(const char *bytes, size_t len)
{
    uint64_t h = TABLE_HASH_START;
    size_t i = 0;
    for (; len - i >= sizeof(uint64_t); i += sizeof(uint64_t)) {
        uint64_t eight;
        memcpy(&eight, bytes + i, sizeof(eight));
        h = (h ^ le64toh(eight)) * TABLE_HASH_PRIME;
        h ^= h >> 29; /* high letters are to reach low bits, too */
    }
    return table_hash_next(h, table_hash(bytes + i, len - i));
}

uint64_t table_hash_next(uint64_t hash, uint64_t word)
{
    return table_hash_end((hash ^ (word + 0x9e3779b97f4a7c15u)) * TABLE_HASH_PRIME);
}

static struct table_slot *find(const struct table *table, uint64_t key)
{
    size_t at = (size_t)key & (table->size - 1);
    while (key_of(&table->slots[at]) && key_of(&table->slots[at]) != key)
        at = (at + 1) & (table->size - 1);
    return &table->slots[at];
}

static int grow(struct table *table)
{
    struct table bigger = {.size = table->size ? table->size * 2 : 64, .used = table->used};
    bigger.slots = calloc(bigger.size, sizeof(*bigger.slots));
    if (!bigger.slots)
        return FAQD_ENOMEM;
    for (size_t i = 0; i < table->size; i++)
        if (key_of(&table->slots[i]))
            *find(&bigger, key_of(&table->slots[i])) = table->slots[i];
    free(table->slots);
    *table = bigger;
    return FAQD_OK;
}

int table_put(struct table *table, uint64_t key, uint32_t value)
{
    if ((table->used + 1) * 3 > table->size * 2 && grow(table) != FAQD_OK)
        return FAQD_ENOMEM;
    struct table_slot *slot = find(table, key);
    table->used += key_of(slot) == 0;
    *slot = (struct table_slot){.low = (uint32_t)key, .high = (uint32_t)(key >> 32), .value = value};
    return FAQD_OK;
}

uint32_t table_get(const struct table *table, uint64_t key)
{
    if (!table->size)
        return TABLE_NONE;
    const struct table_slot *slot = find(table, key);
    return key_of(slot) ? slot->value : TABLE_NONE;
}

size_t table_bytes(const struct table *table)
{
    return table->size * sizeof(*table->slots);
}

void table_free(struct table *table)
{
    free(table->slots);
    *table = (struct table){0};
}
