/* SPDX-License-Identifier: MIT
 *
 * limit.c - see limit.h. Sets of WAYS entries, chosen by the hash. An entry with open connections stays unless all of
 * its set have some; then the count of one is lost, and its name gets a little more than its share.
 */
#include "limit.h"

#include "faqd_plugin.h"
#include "keyed.h"

#include <pthread.h>
#include <sys/mman.h>

#define WAYS 8
#define TOKEN 1000u /* tokens are counted in thousandths */
#define MS_PER_HOUR 3600000

struct entry {
    uint64_t who;  /* 0: free */
    int64_t when;  /* of the last refill */
    uint32_t left; /* thousandths of a token */
    uint32_t connections;
};

struct limit {
    pthread_mutex_t lock; /* guards all below but the limits themselves */
    struct keyed keyed;
    int64_t key_until;
    unsigned per_hour, burst, connections;
    size_t sets;
    size_t size;            /* bytes of all this */
    struct entry entries[]; /* WAYS of each set */
};

/* As pages of its own: what nobody has used stays out of memory. */
struct limit *limit_new(size_t entries, unsigned per_hour, unsigned burst, unsigned connections)
{
    size_t sets = (entries + WAYS - 1) / WAYS;
    size_t size = sizeof(struct limit) + sets * WAYS * sizeof(struct entry);
    struct limit *l = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (l == MAP_FAILED)
        return NULL;
    if (keyed_renew(&l->keyed) != FAQD_OK) {
        munmap(l, size);
        return NULL;
    }
    l->sets = sets;
    l->size = size;
    l->per_hour = per_hour;
    l->burst = burst;
    l->connections = connections;
    pthread_mutex_init(&l->lock, NULL);
    return l;
}

void limit_free(struct limit *l)
{
    if (!l)
        return;
    pthread_mutex_destroy(&l->lock);
    munmap(l, l->size);
}

uint64_t limit_name(struct limit *l, const void *bytes, size_t len, int64_t now)
{
    pthread_mutex_lock(&l->lock);
    if (!l->key_until)
        l->key_until = now + LIMIT_KEY_MS;
    if (now >= l->key_until && keyed_renew(&l->keyed) == FAQD_OK)
        l->key_until = now + LIMIT_KEY_MS;
    struct keyed key = l->keyed;
    pthread_mutex_unlock(&l->lock);
    return keyed_hash(&key, bytes, len);
}

uint64_t limit_address(struct limit *l, const struct address *a, int64_t now)
{
    struct address group = *a;
    address_group(&group);
    return limit_name(l, &group, sizeof(group), now);
}

static struct entry *set_of(struct limit *l, uint64_t who)
{
    return &l->entries[who % l->sets * WAYS];
}

/* The entry of a name, made if there is none. Call with the lock held. */
static struct entry *entry_of(struct limit *l, uint64_t who, int64_t now)
{
    struct entry *set = set_of(l, who);
    struct entry *poorest = set; /* the one to give up: without connections, unused for longest */
    for (size_t i = 0; i < WAYS; i++) {
        if (set[i].who == who)
            return &set[i];
        int lighter = set[i].connections == 0 && poorest->connections != 0;
        int same = (set[i].connections == 0) == (poorest->connections == 0);
        if (lighter || (same && set[i].when < poorest->when))
            poorest = &set[i];
    }
    *poorest = (struct entry){.who = who, .when = now, .left = l->burst * TOKEN};
    return poorest;
}

int limit_enter(struct limit *l, uint64_t who, int64_t now)
{
    pthread_mutex_lock(&l->lock);
    struct entry *e = entry_of(l, who, now);
    uint32_t n = ++e->connections;
    pthread_mutex_unlock(&l->lock);
    return n <= l->connections ? 0 : n <= 2 * l->connections ? 1 : 2;
}

void limit_leave(struct limit *l, uint64_t who)
{
    struct entry *set = set_of(l, who);
    pthread_mutex_lock(&l->lock);
    for (size_t i = 0; i < WAYS; i++)
        if (set[i].who == who && set[i].connections)
            set[i].connections--;
    pthread_mutex_unlock(&l->lock);
}

/* Time passes: `per_hour` tokens an hour up to `burst`. */
static void refill(const struct limit *l, struct entry *e, int64_t now)
{
    uint64_t most = (uint64_t)l->burst * TOKEN;
    int64_t passed = now - e->when;
    if (passed <= 0)
        return;
    if (passed > LIMIT_KEY_MS)
        passed = LIMIT_KEY_MS; /* keeps the product small; the name is another one by then */
    uint64_t more = (uint64_t)passed * l->per_hour * TOKEN / MS_PER_HOUR;
    if (!more)
        return; /* less than a thousandth: let it add up */
    e->left = (uint32_t)(e->left + more < most ? e->left + more : most);
    e->when = now;
}

unsigned limit_take(struct limit *l, uint64_t who, int64_t now)
{
    unsigned wait = 0;
    pthread_mutex_lock(&l->lock);
    struct entry *e = entry_of(l, who, now);
    refill(l, e, now);
    if (e->left >= TOKEN)
        e->left -= TOKEN;
    else
        wait = (unsigned)((uint64_t)(TOKEN - e->left) * 3600 / ((uint64_t)l->per_hour * TOKEN)) + 1;
    pthread_mutex_unlock(&l->lock);
    return wait;
}
