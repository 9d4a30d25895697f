/* SPDX-License-Identifier: MIT
 *
 * jparse.h - jansson's parser, with what it does not tell: that memory ran out; and on two processors.
 */
#ifndef FAQD_JPARSE_H
#define FAQD_JPARSE_H

#include "arena.h"

#include <jansson.h>

/* Parse a text; duplicate keys are refused. With an arena all of the tree is there and is never json_decref'd. NULL:
 * *no_memory, or *at says what is wrong. */
json_t *jparse(const char *text, size_t len, struct arena *tree, json_error_t *at, int *no_memory);

/* The same for a large object, whose first members are parsed beside its last ones. NULL: it cannot be halved, or
 * something is wrong with it, and jparse knows what. The text is as it was afterwards. */
json_t *jparse_halves(char *text, size_t len, struct arena *tree);

#endif
