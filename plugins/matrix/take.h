/* SPDX-License-Identifier: MIT
 *
 * take.h - what a batch of /sync means: rooms joined, left, invited to, encrypted, replaced; messages for hear.h.
 */
#ifndef MATRIX_TAKE_H
#define MATRIX_TAKE_H

#include <stdbool.h>
#include <stdint.h>

#include "sync_parse.h"

struct bot;

/* `first`: a sync without a past: its messages are not questions. */
void take_batch(struct bot *bot, const struct sync_batch *batch, bool first);

/* Is this the event with which we came into a room (not a change of our name there)? */
bool take_is_join(const struct event *event, const char *own);

/* Leave rooms in which nobody else has been for a while; look now and then. */
void take_empty_rooms(struct bot *bot, int64_t now);

#endif
