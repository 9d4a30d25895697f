/* SPDX-License-Identifier: MIT
 *
 * wrap.h - breaking text into lines that fit the terminal.
 *
 * Counted in columns, cut between grapheme clusters (an accent stays on its letter, a family of emoji stays whole).
 * A line breaks at plain spaces only, and not at those of French punctuation (before ? ! : ; and the closing
 * guillemet, behind the opening one), before % and EUR, or before the [1] of a source. Pure functions over text that
 * clean.h has been through.
 */
#ifndef STDIN_WRAP_H
#define STDIN_WRAP_H

#include <stddef.h>

#include "buf.h"

struct wrap {
    size_t width;      /* columns; 0: one line, however long */
    const char *first; /* put before the first line; NULL: nothing */
    const char *next;  /* put before every other line */
    const char *on;    /* control sequence put before the words of every line; takes no column; NULL: none */
    const char *off;   /* and behind them */
};

/* Append `text`, broken into lines, with a line feed behind each. Nothing for a text without words. */
void wrap_text(struct buf *out, const struct wrap *how, const char *text);

/* The columns that `text` takes. */
size_t wrap_columns(const char *text, size_t len);

#endif
