/* SPDX-License-Identifier: MIT
 *
 * direct.h - which rooms are direct chats: the account data m.direct, read and written. Clients of the same account and
 * we ourselves after a loss of memory know it from there.
 */
#ifndef MATRIX_DIRECT_H
#define MATRIX_DIRECT_H

#include <jansson.h>

struct bot;

/* m.direct has come with a sync. */
void direct_take(struct bot *bot, const json_t *direct);

/* Enter a room for a user; in the background, given up if it fails: the room's own mark counts, too. */
void direct_mark(struct bot *bot, const char *room, const char *user);

#endif
