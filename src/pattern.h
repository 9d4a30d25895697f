/* SPDX-License-Identifier: MIT
 *
 * pattern.h - PCRE2 behind a small door; no other file includes pcre2.h.
 *
 * Patterns match folded text (ASCII bytes, so neither UTF nor UCP), whole words: the text is compiled as \b(?:...)\b.
 * No JIT: the heap and depth limits hold only without it, it needs writable code memory, and behind an index of
 * required words it gains nothing. A struct pattern is immutable and shared; a scratch belongs to one thread.
 *
 * Bounds: subjects are at most one window of 64 words, and the match limit counts internal calls from each start
 * position. With a window of about 500 bytes and 2,000 calls of some 4 ns, one search takes a few milliseconds at the
 * very worst; match.c looks at the clock between searches.
 */
#ifndef FAQD_PATTERN_H
#define FAQD_PATTERN_H

#include "err.h"

#include <stddef.h>

#define PATTERN_TEXT_MAX ((size_t)60 * 1024) /* PCRE2 with 16-bit links refuses compiled code above 64 KiB */
#define PATTERN_MATCH_LIMIT 2000             /* our patterns need 6 to 300 on ordinary questions */
#define PATTERN_DEPTH_LIMIT 1000
#define PATTERN_HEAP_LIMIT_KIB 512
#define PATTERN_GROUPS_MAX 4 /* named groups that a pattern may have */

struct pattern;
struct pattern_scratch;

struct pattern_span {
    size_t from, to; /* bytes of the subject */
};

enum pattern_result { PATTERN_NO = 0, PATTERN_YES = 1, PATTERN_OVER_LIMIT = -1, PATTERN_NO_MEMORY = -2 };

/* FAQD_OK, FAQD_EINVAL (the error tells the byte), FAQD_ENOMEM. */
int pattern_new(const char *text, struct err *err, struct pattern **out);
void pattern_free(struct pattern *pattern); /* takes NULL */

#define PATTERN_ENGINE_SIZE 64
void pattern_engine(char out[PATTERN_ENGINE_SIZE]); /* PCRE2's version and date, as it says them */

size_t pattern_groups(const struct pattern *pattern);
const char *pattern_group_name(const struct pattern *pattern, size_t group);

struct pattern_scratch *pattern_scratch_new(void); /* NULL: out of memory */
void pattern_scratch_free(struct pattern_scratch *scratch);

/* The first match at or behind `start`. *span and groups (pattern_groups of them; from > to: took no part) are set for
 * PATTERN_YES. groups may be NULL. */
enum pattern_result pattern_find(const struct pattern *pattern, struct pattern_scratch *scratch, const char *subject,
                                 size_t len, size_t start, struct pattern_span *span, struct pattern_span *groups);

#endif
