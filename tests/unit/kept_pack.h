/* SPDX-License-Identifier: MIT
 *
 * kept_pack.h - what the tests of kept images share: a pack that is long enough to be kept, what it answers, and what
 * lies in a folder.
 */
#ifndef TEST_KEPT_PACK_H
#define TEST_KEPT_PACK_H

#include "support.h"

#include <sys/types.h>

/* The small pack in `dir`, made long enough; `version` is the member of pack.json. */
void kept_make(const char *dir, const char *version);

/* What a process answers from the pack with this cache; the caller frees. */
char *kept_answers(const char *dir, const struct cache *cache);
/* They are those of the pack's files. */
void kept_expect_same_answers(const char *dir, const struct cache *cache);

/* Would an image of the cache be used? */
int kept_is_used(const char *dir, const struct cache *cache);

/* Load it, or run out of memory, which is then said. */
void kept_load(const char *dir, const struct cache *cache, struct plugins *plugins, const struct faqd_host *api);

/* The one file in a folder; "": none. */
void kept_find(const char *folder, char out[1024]);
ino_t kept_inode(const char *path);

#endif
