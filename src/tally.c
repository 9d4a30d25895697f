/* SPDX-License-Identifier: MIT
 *
 * tally.c - see tally.h. Open addressing; nothing is ever removed, a tally that got full is emptied as a whole.
 */
#include "tally.h"

#include <stdlib.h>
#include <string.h>

#define FIRST_SIZE 64

/* Eight bytes at a time: ids have thirty to sixty of them, and a web server counts fifty thousand a second. */
static uint64_t mix(uint64_t hash, const char *bytes, size_t len)
{
    for (; len >= 8; bytes += 8, len -= 8) {
        uint64_t word = 0;
        memcpy(&word, bytes, 8);
        hash = (hash ^ word) * 0x9e3779b97f4a7c15u;
        hash ^= hash >> 29;
    }
    uint64_t rest = len;
    memcpy((char *)&rest + 1, bytes, len);
    hash = (hash ^ rest) * 0x9e3779b97f4a7c15u;
    return hash ^ hash >> 32;
}

static uint64_t hash_of(const struct tally_key *key)
{
    uint64_t hash = (uint64_t)key->day * 64 + (uint64_t)(key->what + 8);
    hash = mix(hash, key->connector, strlen(key->connector));
    hash = mix(hash, key->lang, strlen(key->lang));
    return mix(hash, key->id, strlen(key->id));
}

static int same(const struct tally_key *a, const struct tally_key *b)
{
    return a->day == b->day && a->what == b->what && strcmp(a->id, b->id) == 0 && strcmp(a->lang, b->lang) == 0 &&
           strcmp(a->connector, b->connector) == 0;
}

/* The key's slot, or the free one where it belongs. */
static struct tally_entry *find(struct tally_entry *slots, size_t size, const struct tally_key *key, uint64_t hash)
{
    size_t at = (size_t)hash & (size - 1);
    while (slots[at].key.connector && (slots[at].hash != hash || !same(&slots[at].key, key)))
        at = (at + 1) & (size - 1);
    return &slots[at];
}

static int grow(struct tally *tally)
{
    size_t size = tally->size ? tally->size * 2 : FIRST_SIZE;
    struct tally_entry *slots = calloc(size, sizeof(*slots));
    if (!slots)
        return FAQD_ENOMEM;
    for (size_t i = 0; i < tally->size; i++)
        if (tally->slots[i].key.connector)
            *find(slots, size, &tally->slots[i].key, tally->slots[i].hash) = tally->slots[i];
    free(tally->slots);
    tally->slots = slots;
    tally->size = size;
    return FAQD_OK;
}

static int copy_key(const struct tally_key *key, struct tally_key *out)
{
    size_t connector = strlen(key->connector) + 1;
    size_t lang = strlen(key->lang) + 1;
    size_t id = strlen(key->id) + 1;
    char *text = malloc(connector + lang + id);
    if (!text)
        return FAQD_ENOMEM;
    *out = *key;
    out->connector = memcpy(text, key->connector, connector);
    out->lang = memcpy(text + connector, key->lang, lang);
    out->id = memcpy(text + connector + lang, key->id, id);
    return FAQD_OK;
}

int tally_add(struct tally *tally, const struct tally_key *key, int64_t n)
{
    uint64_t hash = hash_of(key);
    struct tally_entry *entry = tally->size ? find(tally->slots, tally->size, key, hash) : NULL;
    if (entry && entry->key.connector) {
        entry->n += n;
        return FAQD_OK;
    }
    if (tally->used == TALLY_MAX)
        return FAQD_ELIMIT;
    if (!entry || (tally->used + 1) * 4 > tally->size * 3) {
        if (grow(tally) != FAQD_OK)
            return FAQD_ENOMEM;
        entry = find(tally->slots, tally->size, key, hash);
    }
    if (copy_key(key, &entry->key) != FAQD_OK) {
        entry->key.connector = NULL;
        return FAQD_ENOMEM;
    }
    entry->hash = hash;
    entry->n = n;
    tally->used++;
    return FAQD_OK;
}

int tally_move(struct tally *from, struct tally *to)
{
    int rc = FAQD_OK;
    for (size_t i = 0; i < from->size; i++) {
        struct tally_entry *entry = &from->slots[i];
        if (!entry->key.connector || !entry->n)
            continue;
        int added = tally_add(to, &entry->key, entry->n);
        if (added == FAQD_OK)
            entry->n = 0;
        else
            rc = added;
    }
    if (rc == FAQD_OK && from->used > TALLY_MAX / 2) /* keys of past days and older content */
        tally_free(from);
    return rc;
}

int64_t tally_sum(const struct tally *tally)
{
    int64_t sum = 0;
    for (size_t i = 0; i < tally->size; i++)
        sum += tally->slots[i].key.connector ? tally->slots[i].n : 0;
    return sum;
}

void tally_free(struct tally *tally)
{
    for (size_t i = 0; i < tally->size; i++)
        free((char *)tally->slots[i].key.connector);
    free(tally->slots);
    *tally = (struct tally){0};
}
