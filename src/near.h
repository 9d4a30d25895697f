/* SPDX-License-Identifier: MIT
 *
 * near.h - how far apart two words are, and which of some names is nearest to a mistyped one.
 */
#ifndef FAQD_NEAR_H
#define FAQD_NEAR_H

#include <stddef.h>

#define NEAR_WORD_MAX 32 /* longer words are never near */

/* A word that many others are measured against. */
struct near {
    size_t len;
    unsigned places[256]; /* of each byte, a bit a place in the word: NEAR_WORD_MAX */
};
void near_begin(struct near *near, const char *word, size_t len);
/* As near_distance, from the word to a text. */
int near_to(const struct near *near, const char *text, size_t len, int limit);

/* Edits (insert, delete, replace, swap of neighbours) between two words, or limit + 1 if there are more. */
int near_distance(const char *a, size_t a_len, const char *b, size_t b_len, int limit);

/* The one of `names` (n of them; NULL entries are skipped) that is nearest to `word`, at most 1 edit away for short
 * words and 3 for long ones; NULL: none. For "did you mean". */
const char *near_name(const char *word, const char *const *names, size_t n);

#endif
