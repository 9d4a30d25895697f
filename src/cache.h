/* SPDX-License-Identifier: MIT
 *
 * cache.h - loaded packs as files, so that the next start maps one instead of reading JSON.
 *
 * FOLDER/NAME-PLACE-SLOT.image, one a pack's folder and slot (image.h), holds the block as it is. It is used only if
 * all of this holds, else it is made anew: magic, version and build of this program, PCRE2's version, and the bytes and
 * names of all files of the pack are those that it was made of (its key); its address is the slot's; its digest is that
 * of its bytes; it is a regular file of this user alone, in a folder that nobody else may write to; no link. It holds
 * nothing but what the pack holds: it may be deleted at any time, except by cutting it short under a process that has
 * it mapped (it is made read-only against that).
 *
 * Memory that is mapped from a file is the system's to drop and is shared by all processes that serve the same pack.
 */
#ifndef FAQD_CACHE_H
#define FAQD_CACHE_H

#include "image.h"

#include <stddef.h>
#include <stdint.h>

#define CACHE_BYTES_MIN ((size_t)64 * 1024) /* of JSON: less is read in a few milliseconds */

#define CACHE_FILE_MAX (64 * 1024 * 1024) /* no file of a pack is larger */

struct cache_key {
    uint64_t words[2];
};

/* Of the pack in `dir`, as its files are now. FAQD_DECLINED: it is small, or something cannot be read (whoever loads it
 * will say what), or the program does not know its own build. */
int cache_key(const char *dir, struct cache_key *key);

/* Map the file of the pack in `dir`. FAQD_OK; FAQD_DECLINED: there is none that may be used (logged as cache_refused
 * if there is one). */
int cache_open(const char *folder, const char *dir, const struct cache_key *key, struct image *image);

/* Write a filled image, and put the file in its memory's place. FAQD_OK, or FAQD_DECLINED: it stays in memory (logged
 * as cache_failed unless it has no slot); FAQD_ENOMEM as image_map. */
int cache_save(const char *folder, const char *dir, const struct cache_key *key, struct image *image);

#endif
