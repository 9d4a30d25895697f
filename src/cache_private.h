/* SPDX-License-Identifier: MIT
 *
 * cache_private.h - what the files of the cache share. cache_key.c is the only one with xxhash.h.
 */
#ifndef FAQD_CACHE_PRIVATE_H
#define FAQD_CACHE_PRIVATE_H

#include "cache.h"

#define CACHE_MAGIC "faqdimg" /* the first 8 bytes of a file, with the 0 */

/* Of all that is behind the head, and of its root. */
void cache_digest(const struct image_head *head, uint64_t out[2]);

/* Note that a file was used: its time changes, at most once a day. */
void cache_touch(const char *path);

/* Delete the files of ours in the folder that were not used for CACHE_DAYS: of packs that are gone, of writing that was
 * cut off. */
void cache_expire(const char *folder);

#endif
