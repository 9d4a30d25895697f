/* SPDX-License-Identifier: MIT
 *
 * read.h - what people see while they wait: that their question was read, and, if the answer takes longer than a
 * second, that we are typing. Both are settings; both give way when the server slows us down.
 */
#ifndef MATRIX_READ_H
#define MATRIX_READ_H

#include <stdint.h>

struct bot;
struct room;

/* This event was read; `thread`: the root of its thread, or NULL. */
void read_mark(struct bot *bot, struct room *room, const char *event, const char *thread);

void read_start(struct bot *bot, int64_t now);
int64_t read_next(const struct bot *bot, int64_t now);
void read_abandon(struct bot *bot, struct room *room); /* the room goes */

/* At the end: no sign of typing stays. */
void read_stop(struct bot *bot);

#endif
