/* SPDX-License-Identifier: MIT
 *
 * require.h - what the text of a pattern's term requires, so that the index need not try it on every question.
 *
 * A small conservative reader: it splits a term at the spaces and optional parts that it understands, and reports ONE
 * part, the one that says most, as the words, parts of words or symbols of the lexicon of which every match contains at
 * least one. What it does not plainly understand counts as requiring nothing. It never guesses.
 */
#ifndef FAQD_REQUIRE_H
#define FAQD_REQUIRE_H

#include "lexicon.h"
#include "program.h"

struct require_sink {
    int (*word)(void *user, const char *word, size_t len); /* a folded word */
    int (*part)(void *user, enum part_kind kind, const char *letters, size_t len);
    int (*symbol)(void *user, uint32_t symbol);
    void *user;
};

/* `text` is a term as the author wrote it, {classes} not yet written out. FAQD_OK: the sink got every alternative of
 * one part. FAQD_DECLINED: nothing is required that can be read off; the sink got nothing. Or what the sink returned.
 */
int require_read(const struct lexicon *lexicon, const char *text, const struct require_sink *sink);

#endif
