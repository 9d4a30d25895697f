/* SPDX-License-Identifier: MIT
 *
 * index.h - which patterns can match these words at all.
 *
 * Every rule has a primary term, one that must stand in the window for it to match. Terms that are symbols are known
 * from the question's hits. Of any other term the pack knows what each match needs: groups of words, beginnings of
 * words and symbols, one of each group at least. The term is listed under every member of the group that the fewest
 * patterns share; the next best group goes with it as a mask, so that most terms fall without a look at them. A term
 * that needs nothing that can be read off it is always tried. The index is conservative: it may name terms that do not
 * match, it never leaves one out.
 *
 * Immutable once built, shared by all threads.
 */
#ifndef FAQD_INDEX_H
#define FAQD_INDEX_H

#include "pack.h"
#include "search.h"

struct index;

/* The index of a pack's rules: those of safety intents, or all others. FAQD_OK or FAQD_ENOMEM. Borrows the pack. */
int index_new(const struct pack *pack, int safety, struct index **out);
void index_free(struct index *index); /* takes NULL */

/* An index into an image (image.h); and one of `pack` that uses it. FAQD_OK or FAQD_ENOMEM. */
struct index *index_copy(struct image *image, struct index *index);
int index_from_image(const struct index *kept, const struct pack *pack, struct index **out);

/* Call `each` for every term that is no symbol and may match in the window, in the window's language; for some more
 * than once. */
void index_terms(const struct index *index, const struct search_window *window, enum lang lang,
                 void (*each)(void *user, uint32_t term), void *user);

/* The terms of a language that stand there when this symbol does: those that are it. */
const uint32_t *index_symbol_terms(const struct index *index, uint32_t symbol, enum lang lang, size_t *n);

/* The rules whose primary term this is. */
const uint32_t *index_rules(const struct index *index, uint32_t term, size_t *n);

/* Terms of which nothing is known that they need (for `faqd check`). */
const uint32_t *index_always(const struct index *index, enum lang lang, size_t *n);

#endif
