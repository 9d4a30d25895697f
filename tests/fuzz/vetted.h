/* SPDX-License-Identifier: MIT
 *
 * vetted.h - is this text one that the pack says? Written from the rule and not from answer.c: a statement whose gaps
 * hold names of entities or numbers, a fixed sentence, or the label of a choice.
 */
#ifndef FAQD_VETTED_H
#define FAQD_VETTED_H

#include "pack.h"

int vetted_text(const struct pack *pack, enum lang lang, enum faqd_block_kind kind, const char *text);

/* NULL, or what is wrong with an answer as it leaves: a block that is not vetted, or that cannot be printed, an index
 * out of range, a state that is none ... The text lives until the next call. */
const char *vetted_answer(const struct pack *pack, const struct faqd_answer_view *view);

#endif
