/* SPDX-License-Identifier: MIT
 *
 * mend.h - JSON as strangers write it, made readable for a strict parser, in place.
 *
 * A server passes on what anybody wrote into an event. Some of that is JSON that jansson refuses, and one refused event
 * would make the whole answer of /sync unreadable, again and again: a bot switched off by one message. So the bytes are
 * gone over once before they are parsed. What is rewritten keeps its length:
 *
 *   \u0000, in keys and values      the escape of U+FFFD
 *   a surrogate without its pair    the escape of U+FFFD
 *   bytes that are no UTF-8, controls inside a string       "?"
 *   numbers of more than 18 digits, or with an exponent     0e0...0 (a real; no member that we read is one)
 *   what lies deeper than MEND_DEPTH                        blanks
 *
 * Pure functions, also on bytes that are no JSON at all.
 */
#ifndef MATRIX_MEND_H
#define MATRIX_MEND_H

#include <stddef.h>

enum { MEND_DEPTH = 256 }; /* jansson's own limit is 2048; nothing in Matrix nests deeper than about 10 */

/* The number of places that were rewritten. */
size_t mend_json(char *bytes, size_t len);

/* The string that the member `name` of the outermost object has, for a body that cannot be parsed whatever we do:
 * copied without unescaping; names and values with a backslash are not found. 1: found, and it fits. */
int mend_find(const char *bytes, size_t len, const char *name, char *out, size_t size);

#endif
