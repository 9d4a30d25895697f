/* SPDX-License-Identifier: MIT
 *
 * seen.h - which Idempotency-Keys came lately, so that a request that is sent again is not counted again. It is
 * answered again all the same: an answer is a pure function of its input.
 *
 * Of a key only a keyed hash is kept, in a table of fixed size: under pressure the oldest is forgotten first, and
 * nothing is remembered longer than SEEN_SECONDS. May be called from any thread.
 */
#ifndef FAQD_WEB_SEEN_H
#define FAQD_WEB_SEEN_H

#include <stddef.h>
#include <stdint.h>

#define SEEN_ENTRIES 8192 /* 128 KiB; a busy site has that many questions in some minutes */
#define SEEN_SECONDS (15 * 60)

struct seen;

struct seen *seen_new(void); /* NULL: out of memory, or no random bytes */
void seen_free(struct seen *s);

/* 1 if the key came before; else it is remembered from now (seconds, any clock that does not go back) on. */
int seen_before(struct seen *s, const char *key, size_t len, int64_t now);

#endif
