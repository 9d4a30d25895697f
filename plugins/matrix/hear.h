/* SPDX-License-Identifier: MIT
 *
 * hear.h - what an event of a room means to us: a question, a choice, a vote, an edit, a withdrawal, or nothing.
 *
 * Questions are text messages of people: in direct chats each; in rooms those that mention us, begin with the prefix,
 * reply to us, stand in a thread in which we were asked, or pick one of the choices that we just offered; all in the
 * rooms of the setting "always". Never our own messages, notices, those that carry our mark, what was said before we
 * came, what is too old, and what was answered before.
 */
#ifndef MATRIX_HEAR_H
#define MATRIX_HEAR_H

#include "event.h"

struct bot;
struct room;

/* An event of the timeline of a room that we are in. */
void hear_event(struct bot *bot, struct room *room, const struct event *event);

#endif
