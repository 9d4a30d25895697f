/* SPDX-License-Identifier: MIT
 *
 * sync.h - the long poll: ask, read, take over, ask again.
 */
#ifndef MATRIX_SYNC_H
#define MATRIX_SYNC_H

#include <stdbool.h>
#include <stdint.h>

struct bot;

int sync_load(struct bot *bot);
void sync_free(struct bot *bot);

/* Start a poll if none is under way and it is time. */
void sync_start(struct bot *bot, int64_t now);
int64_t sync_next(const struct bot *bot);

/* Put the place that we have reached into the store. */
void sync_save(struct bot *bot);

/* Take the batch over, if one is there and complete: into the transaction of this turn. True: it was. */
bool sync_take(struct bot *bot);

#endif
