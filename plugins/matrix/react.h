/* SPDX-License-Identifier: MIT
 *
 * react.h - what people do with messages that are there already: click a choice, vote, correct their question, withdraw
 * it.
 */
#ifndef MATRIX_REACT_H
#define MATRIX_REACT_H

#include "event.h"

struct bot;
struct room;

void react_reaction(struct bot *bot, struct room *room, const struct event *event);
void react_edit(struct bot *bot, struct room *room, const struct event *event);
void react_redaction(struct bot *bot, struct room *room, const struct event *event);

/* Note an event as answered, without more. */
void react_note(struct bot *bot, const struct room *room, const char *event);

/* Hand the votes of this turn to the host; once they are on the disk, so that no failure counts one twice. */
void react_votes(struct bot *bot);

#endif
