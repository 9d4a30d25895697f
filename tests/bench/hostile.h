/* SPDX-License-Identifier: MIT
 *
 * hostile.h - messages that are meant to take long, made from a pack's own words.
 *
 * Whoever means to stop the program writes what its parts find hardest: as much text as is read, of words that many
 * patterns want, that nearly are a word, that stand for many things. The benchmark times these, the tests hold them to
 * the limit. The same pack gives the same texts.
 */
#ifndef FAQD_HOSTILE_H
#define FAQD_HOSTILE_H

#include "pack.h"

#include <stddef.h>

#define HOSTILE_MAX 48 /* texts that there are at most */

struct hostile_text {
    const char *name; /* what it is made of, for people */
    char *text;       /* terminated, and may hold NULs */
    size_t len;
};

/* Make all texts; how many, 0: out of memory. */
size_t hostile_make(const struct pack *pack, struct hostile_text texts[HOSTILE_MAX]);
void hostile_free(struct hostile_text texts[HOSTILE_MAX]);

#endif
