/* SPDX-License-Identifier: MIT
 *
 * question_words.h - the first half of reading a question: bytes -> folded and mended words. For question.c alone.
 */
#ifndef FAQD_QUESTION_WORDS_H
#define FAQD_QUESTION_WORDS_H

#include "question.h"

/* Fill words, corrections and spare of an empty question. *foreign_script: words in other scripts.
 * FAQD_OK or FAQD_ELIMIT. */
int question_words(struct question *q, const struct lexicon *lexicon, const char *message, size_t len,
                   size_t *foreign_script);

#endif
