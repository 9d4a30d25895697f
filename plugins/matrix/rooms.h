/* SPDX-License-Identifier: MIT
 *
 * rooms.h - the rooms that the account is in, as far as they matter: is it a direct chat, encrypted, replaced, muted,
 * how do we call ourselves there. Kept in the store, since the server tells it only once.
 */
#ifndef MATRIX_ROOMS_H
#define MATRIX_ROOMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "backoff.h"
#include "event.h"
#include "faqd_plugin.h"
#include "limits.h"

struct item; /* outbox.h */
struct send_call;

struct room {
    struct room *next, *before;
    char *id;

    /* kept */
    bool joined;
    bool direct_invite, direct_data; /* by the invite, by m.direct */
    bool encrypted, told;            /* told: it was said that we do not read there */
    bool closed;                     /* replaced by another room */
    bool leaving;                    /* once its queue is empty */
    bool muted;                      /* the server does not let us write */
    bool server_notice;
    bool announced;           /* a tombstone named it: its invite is welcome */
    char *origin;             /* the first of a chain of replaced rooms: its settings count; NULL: this one */
    char *former;             /* the room that has to be its predecessor; NULL */
    char *name;               /* our display name there; "" */
    char *inviter;            /* who invited us; "" */
    long n_joined, n_invited; /* -1: not known */
    bool changed;

    /* not kept */
    int64_t alone_since; /* 0: somebody is here */
    int64_t media_told;
    int64_t muted_at; /* clock_ms; 0: in an earlier run */
    struct bucket bucket;
    struct item *first, *last; /* what waits to be sent */
    int64_t waiting_since;     /* clock_ms; of the oldest entry, about */
    bool sending;
    struct send_call *call; /* under way (send.c) */
    struct backoff retry;
    int64_t not_before;             /* throttled */
    char *read_event, *read_thread; /* the receipt that is due; NULL */
    bool reading;                   /* a receipt is under way */
    bool typing;
    int64_t typing_at;
};

struct rooms {
    struct room *list;
    void *tree; /* of tsearch(3), by id */
    size_t n;
};

struct room *rooms_find(const struct rooms *rooms, const char *id); /* NULL */
struct room *rooms_add(struct rooms *rooms, const char *id); /* the one that is there, or a new one; NULL: no memory */
void rooms_remove(struct rooms *rooms, struct room *room);   /* its queue must be empty */
void rooms_free(struct rooms *rooms);

bool room_is_direct(const struct room *room);

/* Set a kept string. FAQD_OK, FAQD_ENOMEM. */
int room_set(struct room *room, char **member, const char *value);
void room_flag(struct room *room, bool *member, bool value);

/* Take over what a state event says. */
int room_state(struct room *room, const struct event *event, const char *own);

/* Between memory and the store. */
int rooms_load(struct rooms *rooms, const struct faqd_host *host, struct faqd_store *store);
int rooms_save(struct rooms *rooms, const struct faqd_host *host, struct faqd_store *store); /* those that changed */

#endif
