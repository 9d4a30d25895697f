/* SPDX-License-Identifier: MIT
 *
 * cache_private.h - what cache.c and cache_key.c share; the latter is the only file with xxhash.h.
 */
#ifndef FAQD_CACHE_PRIVATE_H
#define FAQD_CACHE_PRIVATE_H

#include "cache.h"

/* Of all that is behind the head, and of its root. */
void cache_digest(const struct image_head *head, uint64_t out[2]);

#endif
