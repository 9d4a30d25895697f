/* SPDX-License-Identifier: MIT
 *
 * talks.c - see talks.h.
 */
#include "talks.h"

#include <inttypes.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"

enum {
    FAST_MS = 3000,       /* nobody reads an answer and types another question in that time, again and again */
    QUIET_MS = 2 * 60000, /* after so much silence a talk counts as a new one */
    UNKNOWN_LESS = 3,     /* what is not understood ends a talk so many turns earlier */
};

/* FNV-1a, 64 bits. */
static uint64_t mix(uint64_t hash, const char *text)
{
    for (const unsigned char *s = (const unsigned char *)text; *s; s++)
        hash = (hash ^ *s) * 0x100000001b3u;
    return (hash ^ 0xff) * 0x100000001b3u;
}

uint64_t talk_key(const char *one, const char *other)
{
    return mix(mix(0xcbf29ce484222325u, one), other);
}

static int by_key(const void *a, const void *b)
{
    uint64_t x = ((const struct talk *)a)->key;
    uint64_t y = ((const struct talk *)b)->key;
    return (x > y) - (x < y);
}

static void detach(struct talks *talks, struct talk *talk)
{
    *(talk->before ? &talk->before->next : &talks->first) = talk->next;
    *(talk->next ? &talk->next->before : &talks->last) = talk->before;
}

static void to_front(struct talks *talks, struct talk *talk)
{
    talk->before = NULL;
    talk->next = talks->first;
    *(talk->next ? &talk->next->before : &talks->last) = talk;
    talks->first = talk;
}

static void drop(struct talks *talks, struct talk *talk)
{
    tdelete(talk, &talks->tree, by_key);
    detach(talks, talk);
    talks->n--;
    free(talk->state);
    free(talk);
}

struct talk *talks_find(const struct talks *talks, uint64_t key)
{
    struct talk wanted = {.key = key};
    struct talk **found = tfind(&wanted, &talks->tree, by_key);
    return found ? *found : NULL;
}

struct talk *talks_get(struct talks *talks, uint64_t key)
{
    struct talk *talk = talks_find(talks, key);
    if (talk) {
        detach(talks, talk);
        to_front(talks, talk);
        return talk;
    }
    if (talks->n >= TALKS_MAX)
        drop(talks, talks->last);
    talk = calloc(1, sizeof(*talk));
    if (!talk)
        return NULL;
    talk->key = key;
    if (!tsearch(talk, &talks->tree, by_key)) {
        free(talk);
        return NULL;
    }
    to_front(talks, talk);
    talks->n++;
    return talk;
}

void talks_free(struct talks *talks)
{
    while (talks->first)
        drop(talks, talks->first);
}

static void name_of(uint64_t key, char out[static 17])
{
    snprintf(out, 17, "%016" PRIx64, key);
}

/* Value: "WALL CHOICES STATE". */
int talk_keep(struct talk *talk, const char *state, unsigned choices, int64_t now, const struct faqd_host *host,
              struct faqd_store *store)
{
    char name[17];
    char value[640];
    int64_t wall = clock_wall();
    char *copy = strdup(state);
    if (!copy)
        return FAQD_ENOMEM;
    free(talk->state);
    talk->state = copy;
    talk->choices = choices;
    talk->last = now;
    name_of(talk->key, name);
    int n = snprintf(value, sizeof(value), "%" PRId64 " %u %s", wall, choices, state);
    if (n < 0 || (size_t)n >= sizeof(value))
        return FAQD_OK; /* longer than the host promises: forgotten at a restart */
    return host->store_put(store, "talk", name, value, (size_t)n, wall + TALK_SECONDS);
}

void talk_forget(struct talk *talk, const struct faqd_host *host, struct faqd_store *store)
{
    char name[17];
    name_of(talk->key, name);
    free(talk->state);
    talk->state = NULL;
    talk->choices = 0;
    host->store_delete(store, "talk", name);
}

bool talk_loops(struct talk *talk, long limit, int64_t now)
{
    if (!talk->last || now - talk->last > QUIET_MS) {
        talk->fast = talk->unknown = 0;
        talk->silent = false;
    }
    talk->fast = talk->last && now - talk->last < FAST_MS ? talk->fast + 1 : 0;
    if (limit &&
        ((long)talk->fast >= limit || (long)talk->unknown >= (limit > UNKNOWN_LESS ? limit - UNKNOWN_LESS : 1)))
        talk->silent = true;
    if (talk->silent)
        talk->last = now; /* it has to be quiet from now on */
    return talk->silent;
}

int64_t talk_idle_seconds(const struct talk *talk, int64_t now)
{
    return talk->last ? (now - talk->last) / 1000 : 0;
}

void talks_expire(struct talks *talks, int64_t now)
{
    while (talks->last && now - talks->last->last > (int64_t)TALK_SECONDS * 1000)
        drop(talks, talks->last);
}

struct loading {
    struct talks *talks;
    int64_t now, wall;
};

static int load_one(void *user, const char *key, const void *value, size_t len)
{
    struct loading *l = user;
    int64_t wall = 0;
    unsigned choices = 0;
    int at = 0;
    (void)len;
    if (sscanf(value, "%" SCNd64 " %u %n", &wall, &choices, &at) != 2 || !at)
        return 0;
    int64_t idle = l->wall - wall;
    if (idle < 0)
        idle = 0;
    if (idle > TALK_SECONDS)
        return 0;
    struct talk *talk = talks_get(l->talks, strtoull(key, NULL, 16));
    if (!talk)
        return FAQD_ENOMEM;
    free(talk->state);
    talk->state = strdup((const char *)value + at);
    talk->choices = choices;
    talk->last = l->now - idle * 1000;
    return talk->state ? 0 : FAQD_ENOMEM;
}

int talks_load(struct talks *talks, const struct faqd_host *host, struct faqd_store *store, int64_t now)
{
    struct loading l = {talks, now, clock_wall()};
    return host->store_each(store, "talk", load_one, &l);
}
