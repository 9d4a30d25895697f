/* SPDX-License-Identifier: MIT
 *
 * host.h - what plugins may call, bound to one process: its packs, its workers, its end.
 *
 * There is one host a process; it is made first and ended last, on the main thread. The table that plugins get is
 * struct faqd_host at the head of struct host. Packs are added on the main thread before connectors run; after that
 * only their content changes, each by its own reload.
 */
#ifndef FAQD_HOST_H
#define FAQD_HOST_H

#include "dispatch.h"
#include "statistics.h"

#include <jansson.h>
#include <pthread.h>
#include <stdatomic.h>

/* Content that is served: one folder, and the loads of it. */
struct host_pack {
    char *dir;
    struct snapshots snapshots;
    /* Under host.status_lock: */
    int64_t loaded;           /* when, in seconds since 1970 */
    int64_t reloads[2];       /* that went well, that failed */
    char error[ERR_LINE_MAX]; /* of the last load; "": none */
};

/* By what name a connector asks for it. The first one is the default. */
struct host_name {
    char *name;
    struct host_pack *pack;
};

/* What a connector said last of how it fares. */
struct host_health {
    char *name;
    int ok;
    char text[256];
    json_t *figures; /* name -> number; NULL: none */
};

struct host {
    struct faqd_host api; /* first: plugins hand back a pointer to it */
    struct plugins plugins;
    struct host_pack **packs;
    size_t n_packs;
    struct host_name *names;
    size_t n_names;
    /* Borrowed from the configuration, set before connectors are opened: */
    const struct cache *cache; /* of images of packs; NULL: none */
    const char *state_dir;     /* of stores and counters; NULL: none. Nothing is made there before it is needed */
    const char *config_dir;    /* where relative names in settings begin; NULL: the working directory */
    struct statistics *statistics;
    atomic_int ready; /* every connector is open */
    atomic_int stopping;
    int64_t started, started_monotonic; /* seconds since 1970, and of the monotonic clock */
    pthread_mutex_t status_lock;        /* held for a few instructions, and while a status is put together */
    struct host_health *health;         /* under status_lock */
    size_t n_health;
};

/* Open the plugins and load the default pack, which is called as its folder; images of packs are those of the
 * cache (borrowed; NULL: none). FAQD_OK, or an error; then nothing is left to end. */
int host_start(struct host *host, const char *plugins_dir, const struct cache *cache, const char *pack_dir,
               struct err *err);
/* Load one more pack, to be asked for by `name`. A folder that is loaded already only gets the name, too. Two packs
 * whose pack.json has the same name are refused: the ids of their answers would be the same. */
int host_add_pack(struct host *host, const char *name, const char *dir, struct err *err);
/* The pack of that name; NULL or "": the default one. NULL: there is none. */
struct host_pack *host_find_pack(const struct host *host, const char *name);
/* Load a pack again, check it, make it the current one. Any error keeps the old one. */
int host_reload(struct host *host, size_t pack, struct err *err);
void host_reap(struct host *host); /* free the retired content that nobody reads; on the main thread */
int host_flush(struct host *host); /* write what was counted; on the main thread */
void host_stop(struct host *host); /* any thread: plugins see it through stopping() */
void host_end(struct host *host);  /* after every worker was freed */

#endif
