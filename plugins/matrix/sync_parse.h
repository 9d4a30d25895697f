/* SPDX-License-Identifier: MIT
 *
 * sync_parse.h - the answer of /sync: bytes in, rooms and their events out. Pure functions, no network, no clock.
 *
 * Any member may be missing, have the wrong type or be unknown; that is no error. An error is a body that is not a JSON
 * object with a next_batch.
 */
#ifndef MATRIX_SYNC_PARSE_H
#define MATRIX_SYNC_PARSE_H

#include <stdbool.h>
#include <stddef.h>

#include <jansson.h>

#include "event.h"

enum sync_section { SYNC_JOINED = 0, SYNC_INVITED, SYNC_LEFT };

struct sync_room {
    const char *id;
    enum sync_section section;
    const json_t *state;    /* array of events before the timeline, or stripped ones of an invite; or NULL */
    const json_t *after;    /* the same after the timeline (state_after); or NULL */
    const json_t *timeline; /* array, or NULL */
    const json_t *older;    /* array that was fetched to fill the gap before the timeline, newest first; owned; NULL */
    bool limited;
    const char *prev_batch; /* NULL */
    long joined, invited;   /* members, -1: not told */
    bool has_tags, server_notice;
};

struct sync_batch {
    json_t *root; /* owns everything but `older` */
    char *next_batch;
    struct sync_room *rooms; /* joined, then invited, then left ones */
    size_t n_rooms;
    const json_t *direct; /* content of m.direct, or NULL */
    size_t mended;        /* places that had to be rewritten first */
};

/* `bytes` are mended in place (mend.h). FAQD_OK; FAQD_EINVAL: unreadable, `error` says why; FAQD_ENOMEM. */
int sync_parse(char *bytes, size_t len, struct sync_batch *out, char *error, size_t error_size);
void sync_batch_free(struct sync_batch *batch); /* takes what is zeroed */

/* Call `each` with every event of an array that can be read, in order; backwards if `reverse`. */
void sync_events(const json_t *array, bool reverse, const char *own,
                 void (*each)(void *user, const struct event *event), void *user);

#endif
