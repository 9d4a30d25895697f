/* SPDX-License-Identifier: MIT
 *
 * keep.h - the account's durable memory. All that one turn of the loop changes is one transaction: opened by the first
 * change, committed before anything is sent.
 *
 * A disk that does not take it (full, read-only) does not stop the bot: what could not be kept stays in memory and work
 * goes on. Nothing is doubled by that, since a question that is answered again after a crash gets the same transaction
 * id. It is logged once, and once when it works again.
 */
#ifndef MATRIX_KEEP_H
#define MATRIX_KEEP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

struct bot;

enum {
    KEEP_SECONDS = 7 * 24 * 3600
}; /* pairs of question and answer, votes: as long as a redaction is to be expected */

void keep_put(struct bot *bot, const char *kind, const char *key, const void *value, size_t len, int64_t seconds);
void keep_json(struct bot *bot, const char *kind, const char *key, const json_t *value, int64_t seconds);
void keep_delete(struct bot *bot, const char *kind, const char *key);

/* The value, borrowed until the next call; NULL: none. As JSON: owned by the caller. */
const char *keep_get(struct bot *bot, const char *kind, const char *key);
json_t *keep_get_json(struct bot *bot, const char *kind, const char *key);

/* Commit, if a transaction is open. True: all of it is on the disk. */
bool keep_commit(struct bot *bot);

#endif
