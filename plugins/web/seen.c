/* SPDX-License-Identifier: MIT
 *
 * seen.c - see seen.h. Sets of WAYS entries, chosen by the hash; within a set the oldest gives way.
 */
#include "seen.h"

#include "faqd_plugin.h"
#include "keyed.h"

#include <pthread.h>
#include <stdlib.h>

#define WAYS 8

struct entry {
    uint64_t hash; /* 0: free */
    int64_t when;
};

struct seen {
    pthread_mutex_t lock; /* guards the entries */
    struct keyed keyed;
    struct entry entries[SEEN_ENTRIES];
};

struct seen *seen_new(void)
{
    struct seen *s = calloc(1, sizeof(*s));
    if (s && keyed_renew(&s->keyed) != FAQD_OK) {
        free(s);
        return NULL;
    }
    if (s)
        pthread_mutex_init(&s->lock, NULL);
    return s;
}

void seen_free(struct seen *s)
{
    if (!s)
        return;
    pthread_mutex_destroy(&s->lock);
    free(s);
}

int seen_before(struct seen *s, const char *key, size_t len, int64_t now)
{
    uint64_t hash = keyed_hash(&s->keyed, key, len);
    pthread_mutex_lock(&s->lock);
    struct entry *set = &s->entries[hash % (SEEN_ENTRIES / WAYS) * WAYS];
    struct entry *oldest = set;
    int found = 0;
    for (size_t i = 0; i < WAYS; i++) {
        if (set[i].hash == hash && now - set[i].when < SEEN_SECONDS)
            found = 1;
        if (!set[i].hash || set[i].when < oldest->when)
            oldest = &set[i];
        if (!oldest->hash)
            break;
    }
    if (!found)
        *oldest = (struct entry){hash, now};
    pthread_mutex_unlock(&s->lock);
    return found;
}
