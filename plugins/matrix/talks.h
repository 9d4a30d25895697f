/* SPDX-License-Identifier: MIT
 *
 * talks.h - conversations: the dialogue's state for each person of a room, or for each thread, so that "et pour la
 * cellulite ?" and "2" mean what they mean to the one who says them. Also what keeps a talk with another program short.
 *
 * A conversation is known by a number made of room and person (or thread): no name of anybody is kept. States are in
 * the store for the half hour that the dialogue remembers, so that a restart does not interrupt anybody.
 */
#ifndef MATRIX_TALKS_H
#define MATRIX_TALKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "faqd_plugin.h"
#include "limits.h"

enum {
    TALK_SECONDS = 30 * 60, /* the dialogue forgets then */
    TALKS_MAX = 20000,      /* in memory; the oldest goes first */
};

struct talk {
    uint64_t key;
    struct talk *next, *before; /* the most recent first */
    char *state;                /* NULL: none */
    unsigned choices;           /* that may be picked by number */
    int64_t last;               /* clock_ms of the last turn */
    struct bucket bucket;
    unsigned fast, unknown; /* turns in a row: right after our answer; not understood */
    bool silent;            /* taken for a program, until it has been quiet for a while */
};

struct talks {
    struct talk *first, *last;
    void *tree;
    size_t n;
};

/* The number of two names together; "" may stand for either. */
uint64_t talk_key(const char *one, const char *other);

struct talk *talks_get(struct talks *talks, uint64_t key); /* made if missing; NULL: no memory. It becomes the first */
struct talk *talks_find(const struct talks *talks, uint64_t key);
void talks_free(struct talks *talks);

/* Remember the state after an answer, also in the store. */
int talk_keep(struct talk *talk, const char *state, unsigned choices, int64_t now, const struct faqd_host *host,
              struct faqd_store *store);
void talk_forget(struct talk *talk, const struct faqd_host *host, struct faqd_store *store);

/* A new turn. True: it looks like a program that answers us; say nothing. `limit` turns in a row (0: never). */
bool talk_loops(struct talk *talk, long limit, int64_t now);

int64_t talk_idle_seconds(const struct talk *talk, int64_t now);

/* Drop what is older than the dialogue remembers. */
void talks_expire(struct talks *talks, int64_t now);

int talks_load(struct talks *talks, const struct faqd_host *host, struct faqd_store *store, int64_t now);

#endif
