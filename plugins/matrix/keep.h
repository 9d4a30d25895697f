/* SPDX-License-Identifier: MIT
 *
 * keep.h - the account's durable memory. All that one turn of the loop changes is one transaction: opened by the first
 * change, committed before anything is sent, so that it outlives the process; put on the disk while the server works on
 * what was sent, before the turn ends. A power failure in between takes back questions together with their answers:
 * they are read again, and what the server has of the answers already is known by its mark (event.h).
 *
 * A disk that does not take it (full, read-only) does not stop the bot: what could not be kept stays in memory and work
 * goes on; the next transaction begins with the answers that wait. Nothing is doubled by that either, for the same
 * reason. It is logged once, and once when it works again.
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

/* Commit, if a transaction is open. True: all of it is written. */
bool keep_commit(struct bot *bot);

/* Put all that was committed on the disk. True: it is there, and nothing is missing. Tried again in each turn. */
bool keep_flush(struct bot *bot);

#endif
