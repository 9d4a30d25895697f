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

/* A pack's patterns by their definition: each part of each compiled for PCRE2, once. */
struct plain;
struct plain *plain_new(const struct pack *pack);
void plain_free(struct plain *plain);

/* Does a rule match the question's one window, by the definition? Does a term that is no symbol? -1: a limit was hit,
 * nobody can tell. */
int plain_match(const struct plain *plain, uint32_t rule, const struct question *q);
int plain_term(const struct plain *plain, uint32_t term, const struct question *q);

/* Where PCRE2 finds a term's matches, one behind the other: the words of all of them as a mask. */
uint64_t plain_words(const struct plain *plain, uint32_t term, const struct question *q);

#endif
