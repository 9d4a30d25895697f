/* SPDX-License-Identifier: MIT
 *
 * cache.h - loaded packs as files, so that the next start maps one instead of reading JSON.
 *
 * A file holds the block of an image (image.h) as it is. There are two folders of them:
 *
 *     own/NAME-PLACE-SLOT.image   made when a pack had to be read; one a pack's folder (NAME is its name for people,
 *                                 PLACE where it lies) and slot. What was not used for CACHE_DAYS goes when one is
 * made. prebuilt/NAME.image         made by `faqd compile`, installed with the program, shared by all who run it; never
 *                                 written by a start.
 *
 * They are looked at in this order. One is used only if all of this holds: magic, version and build of this program,
 * PCRE2's version, and the bytes and names of all files of the pack are those that it was made of (its key; a file of
 * another key is passed over without a word); its slot is free; its digest is that of its bytes; it is a regular file
 * of this user's or root's, which nobody else may write to, and so is its folder; no link. It holds nothing but what
 * the pack holds: it may be deleted at any time, except by cutting it short under a process that has it mapped (it is
 * made read-only against that).
 *
 * Memory that is mapped from a file is the system's to drop and is shared by all processes that serve the same pack.
 */
#ifndef FAQD_CACHE_H
#define FAQD_CACHE_H

#include "err.h"
#include "image.h"

#include <stddef.h>
#include <stdint.h>

#define CACHE_BYTES_MIN ((size_t)64 * 1024) /* of JSON: less is read in a few milliseconds */

#define CACHE_FILE_MAX (64 * 1024 * 1024) /* no file of a pack is larger */

#define CACHE_DAYS 30

/* The folders; NULL: none. */
struct cache {
    const char *own;
    const char *prebuilt;
};

struct cache_key {
    uint64_t words[2];
};

/* Of the pack in `dir`, as its files are now. FAQD_DECLINED: it is small, or something cannot be read (whoever loads it
 * will say what), or the program does not know its own build. */
int cache_key(const char *dir, struct cache_key *key);

/* Map the file of the pack in `dir` (logged as cache_used, for debugging). FAQD_OK; FAQD_DECLINED: there is none that
 * may be used (logged as cache_refused if there is one of this key; an own one is deleted). */
int cache_open(const struct cache *cache, const char *dir, const struct cache_key *key, struct image *image);

/* Write a filled image to the own folder, and put the file in its memory's place. FAQD_OK, or FAQD_DECLINED: it stays
 * in memory (logged as cache_failed unless there is no folder or slot); FAQD_ENOMEM as image_map. */
int cache_save(const struct cache *cache, const char *dir, const struct cache_key *key, struct image *image);

/* Write a filled image, which must have a slot, as the prebuilt one of the pack in `dir`. FAQD_OK, or an error. */
int cache_prebuild(const char *folder, const char *dir, const struct cache_key *key, const struct image *image,
                   struct err *err);

#endif
