/* SPDX-License-Identifier: MIT
 *
 * spell.h - which word of a vocabulary a misspelt one is nearest to, without measuring the distance to all of them.
 *
 * Words lie in shelves by first letter and length. A look-up visits the shelves of the word's own first letter (and of
 * its second one, which may have changed places with it or stand there alone), and measures only words that have nearly
 * the same letters: people rarely get the first letter wrong. No index beside the words: eight bytes and the letters a
 * word. Immutable once built.
 */
#ifndef FAQD_SPELL_H
#define FAQD_SPELL_H

#include "image.h"

#include <stddef.h>
#include <stdint.h>

#define SPELL_ONE_FROM 5 /* letters from which one edit is mended: shorter words have too many neighbours */
#define SPELL_TWO_FROM 9 /* letters from which two edits are, towards words that name a subject */

struct spell_word {
    const char *text; /* [a-z0-9]+ */
    uint16_t len;
    uint16_t subject; /* names a subject: wins against words that carry nothing, and alone is worth two edits */
};

struct spell;

/* Copies the words. FAQD_OK or FAQD_ENOMEM. */
int spell_new(const struct spell_word *words, size_t n, struct spell **out);
struct spell *spell_copy(struct image *image, struct spell *spell); /* image.h */
void spell_free(struct spell *spell); /* takes NULL */

/* The nearest word (terminated, the spell's own), NULL if there is none, or several that nothing tells apart. */
const char *spell_nearest(const struct spell *spell, const char *word, size_t len);

#endif
