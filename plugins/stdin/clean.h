/* SPDX-License-Identifier: MIT
 *
 * clean.h - nothing but harmless text reaches the terminal.
 *
 * Every text that is not our own goes through here before it is printed: control characters (C0, DEL, C1), and with
 * them every escape sequence, are dropped, and so are the characters that reorder or hide text (bidirectional
 * embeddings, overrides and isolates, zero-width spaces). Bytes that are no UTF-8 become U+FFFD. Pure functions.
 */
#ifndef STDIN_CLEAN_H
#define STDIN_CLEAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buf.h"

#define CLEAN_REPLACEMENT 0xFFFDu

/* The code point at text[*at], *at moved behind it. *at < len. A bad byte is one U+FFFD. */
uint32_t clean_next(const char *text, size_t len, size_t *at);

/* May this code point be printed? (Line breaks and tabs may not: the callers below turn them into spaces.) */
bool clean_allows(uint32_t c);

/* One line: breaks and tabs become spaces. */
void clean_line(struct buf *out, const char *text, size_t len);

/* Several lines: line feeds stay. */
void clean_lines(struct buf *out, const char *text, size_t len);

#endif
