/* SPDX-License-Identifier: MIT
 *
 * random_pack.h - packs of random words and patterns, and what a pattern means by its definition: each part searched
 * for as a plain regular expression. What the index and the matcher find faster must be the same.
 */
#ifndef TEST_RANDOM_PACK_H
#define TEST_RANDOM_PACK_H

#include "support.h"

#include "question.h"

/* Write a random pack into the folder. */
void random_pack_write(struct random *r, const char *dir);

/* A random question of one sentence and at most `words` words that such a pack may know. */
void random_question(struct random *r, size_t words, char *out, size_t size);

/* The regular expression of one part of a pattern ("{a} (b )?c"), classes written out. */
struct pattern *plain_pattern(const struct pack *pack, const char *part, enum lang lang);

/* Does the rule match the question's one window, by the definition? -1: a limit was hit, nobody can tell. */
int plain_match(const struct pack *pack, struct pattern_scratch *scratch, const struct rule *rule,
                const struct question *q);

#endif
