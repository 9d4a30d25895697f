/* SPDX-License-Identifier: MIT
 *
 * index.h - which patterns can match these words at all.
 *
 * Every rule has a primary term, one that must stand in the window for it to match. Terms that are symbols are known
 * from the question's hits. Of a term that is a regular expression the index knows words (or beginnings of words) of
 * which every match contains at least one, or symbols, read from its text by require.h; a term that is not
 * understood is always tried. The index is conservative: it may name terms that do not match, it never leaves one out.
 *
 * Immutable once built, shared by all threads.
 */
#ifndef FAQD_INDEX_H
#define FAQD_INDEX_H

#include "pack.h"
#include "question.h"

struct index;

/* The index of a pack's rules: those of safety intents, or all others. FAQD_OK or FAQD_ENOMEM. Borrows the pack. */
int index_new(const struct pack *pack, int safety, struct index **out);
void index_free(struct index *index); /* takes NULL */

/* Call `each` for every regular-expression term of `lang` that may match in the window by the words it requires, or
 * because it requires nothing; some more than once. */
void index_terms(const struct index *index, const struct question *q, const struct window *window, enum lang lang,
                 void (*each)(void *user, uint32_t term), void *user);

/* The terms that stand there when this symbol does: those that are it; and those of regular expressions that may match
 * then. */
const uint32_t *index_symbol_terms(const struct index *index, uint32_t symbol, size_t *n);
const uint32_t *index_symbol_needed(const struct index *index, uint32_t symbol, size_t *n);

/* The rules whose primary term this is. */
const uint32_t *index_rules(const struct index *index, uint32_t term, size_t *n);

/* Terms that no required word was found for (for `faqd check`). */
const uint32_t *index_always(const struct index *index, enum lang lang, size_t *n);

#endif
