/* SPDX-License-Identifier: MIT
 *
 * snapshot.h - everything of one load: pack, indexes, classifier, an instance of every module; and which load is
 * current.
 *
 * A snapshot is immutable. Readers acquire the current one, use it without locks and release it. A reload builds the
 * next one aside and publishes it; the old one is retired and freed by snapshots_reap, on the main thread, once its
 * last reader has let go (modules are closed on the thread that opened them).
 *
 * Locking: `lock` guards current, retired and every snapshot's readers and next. It is held for a few instructions,
 * never while anything is loaded, freed or called.
 */
#ifndef FAQD_SNAPSHOT_H
#define FAQD_SNAPSHOT_H

#include "cache.h"
#include "classifier.h"
#include "index.h"
#include "pack.h"
#include "plugin.h"

#include <pthread.h>

struct module_instance {
    const struct faqd_module *ops;
    void *instance;
};

struct snapshot {
    struct image *image;  /* of pack, indexes and classifier */
    struct cache_key key; /* of the files that it was made of, if has_key */
    int has_key;
    struct pack *pack;
    struct index *ordinary;
    struct index *safety;
    struct classifier *classifier;   /* NULL: the pack has too few examples */
    struct module_instance *modules; /* by pack.contents */
    const struct faqd_host *host;
    unsigned readers;
    struct snapshot *next; /* in the list of retired ones */
};

struct snapshots {
    pthread_mutex_t lock;
    struct snapshot *current;
    struct snapshot *retired;
};

/* Load the pack in `dir` with its modules, by way of an image of the cache (NULL: there is none, and no key either).
 * FAQD_OK, or an error that names file and place. */
int snapshot_load(const char *dir, const struct cache *cache, struct plugins *plugins, const struct faqd_host *host,
                  struct err *err, struct snapshot **out);
void snapshot_free(struct snapshot *snapshot); /* takes NULL and half-made ones; nobody may be reading it */

int snapshots_init(struct snapshots *snapshots);
void snapshots_publish(struct snapshots *snapshots, struct snapshot *snapshot); /* takes it over */
struct snapshot *snapshots_acquire(struct snapshots *snapshots);                /* NULL: none was published */
void snapshots_release(struct snapshots *snapshots, struct snapshot *snapshot); /* takes NULL */
size_t snapshots_reap(struct snapshots *snapshots); /* frees what nobody reads; how many retired ones are left */
void snapshots_end(struct snapshots *snapshots);    /* frees all; nobody may be reading */

#endif
