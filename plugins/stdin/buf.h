/* SPDX-License-Identifier: MIT
 *
 * buf.h - a text that grows up to a limit given at its start.
 *
 * What the chat shows is put together here before it is written, so that one answer is one piece and nothing can
 * grow without bound. Failure sticks: after an allocation failed or the limit was met every later call does nothing,
 * and `failed` says so once, at the end.
 */
#ifndef STDIN_BUF_H
#define STDIN_BUF_H

#include <stdbool.h>
#include <stddef.h>

struct buf {
    char *text; /* always ends in NUL once something was added; NULL before */
    size_t len;
    size_t cap;
    size_t max; /* bytes, without the NUL */
    bool failed;
};

#define BUF_MAX ((size_t)1 << 20) /* an answer has a few KB; a megabyte is a mistake */

void buf_init(struct buf *b, size_t max);
void buf_add(struct buf *b, const char *text, size_t len);
void buf_puts(struct buf *b, const char *text);
void buf_char(struct buf *b, unsigned long code_point); /* as UTF-8 */
void buf_clear(struct buf *b);                          /* empty again; forgets a failure, keeps the memory */
void buf_free(struct buf *b);

/* The text, "" if there is none. */
const char *buf_text(const struct buf *b);

#endif
