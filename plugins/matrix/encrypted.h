/* SPDX-License-Identifier: MIT
 *
 * encrypted.h - rooms that we cannot read: said once, in both languages, then silence; what was to be answered there in
 * clear is dropped.
 */
#ifndef MATRIX_ENCRYPTED_H
#define MATRIX_ENCRYPTED_H

struct bot;
struct room;

/* The room is encrypted (seen at the invite, in the state, or switched on just now). */
void encrypted_room(struct bot *bot, struct room *room);

#endif
