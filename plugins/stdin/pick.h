/* SPDX-License-Identifier: MIT
 *
 * pick.h - quick replies: which of the offered choices a typed line means. Pure functions.
 */
#ifndef STDIN_PICK_H
#define STDIN_PICK_H

#include <stdbool.h>
#include <stddef.h>

#include "strings.h"

/* Does `text` begin with `prefix`, accents and capitals apart? Not for an empty prefix. */
bool pick_begins(const char *text, const char *prefix, size_t prefix_len);

/* The number (from 1) of the choice that the line names by its number or by its first letters, which must fit just
 * one of them. 0: none. */
size_t pick(const struct strings *labels, const char *line, size_t len);

/* Is the line a number and nothing else? */
bool pick_is_number(const char *line, size_t len);

#endif
