/* SPDX-License-Identifier: MIT
 *
 * errands.h - joining and leaving rooms: invites by the operator's policy, rooms that were replaced, rooms that are
 * empty.
 *
 * An errand is kept in the store until it is done, because the server tells of an invite only once. It is tried five
 * times over minutes; a refusal by the server (the invite was withdrawn, we are banned) ends it.
 */
#ifndef MATRIX_ERRANDS_H
#define MATRIX_ERRANDS_H

#include <stdbool.h>
#include <stdint.h>

#include "sync_parse.h"

struct bot;
struct room;

/* An invite: accept, refuse or ignore it. */
void errands_invite(struct bot *bot, const struct sync_room *invite);

void errands_join(struct bot *bot, const char *room, const char *via);
void errands_leave(struct bot *bot, const char *room);

void errands_start(struct bot *bot, int64_t now);
int64_t errands_next(const struct bot *bot);
int errands_load(struct bot *bot);
void errands_free(struct bot *bot);

#endif
