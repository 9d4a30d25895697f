/* SPDX-License-Identifier: MIT
 *
 * send.h - bring the outbox to the server: one event at a time in each room, several rooms at once, not faster than the
 * server takes them (pacing.h). A try that fails is made again with the same transaction id, unless a sync has brought
 * the event meanwhile: it was no failure then.
 */
#ifndef MATRIX_SEND_H
#define MATRIX_SEND_H

#include <stdint.h>

#include "event.h"

struct bot;
struct room;

/* Start what may be sent now. */
void send_start(struct bot *bot, int64_t now);

/* A sync brought this event of ours: the server has it, whatever it has answered or will. */
void send_seen(struct bot *bot, struct room *room, const struct event *event);

/* When the next entry may be sent; INT64_MAX: there is none, or an answer comes first. */
int64_t send_next(const struct bot *bot, int64_t now);

/* Forget what is under way in a room, and its queue. */
void send_abandon(struct bot *bot, struct room *room);

#endif
