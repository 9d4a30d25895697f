/* SPDX-License-Identifier: MIT
 *
 * identity.h - by which names people in a room call us, and a message without them.
 */
#ifndef MATRIX_IDENTITY_H
#define MATRIX_IDENTITY_H

#include <stddef.h>

#include "mention.h"

struct bot;
struct room;

enum { IDENTITY_LOCALPART = 256 };

/* Our names there; the local part is put into `localpart`, the rest is borrowed. */
struct identity identity_in(const struct bot *bot, const struct room *room, char *localpart, size_t size);

/* A cleaned text without prefix, names and blanks around, changed in place: its new beginning. */
char *identity_without(const struct bot *bot, const struct identity *us, char *text);

#endif
