/* SPDX-License-Identifier: MIT
 *
 * image.h - finished content as one block of memory that is never written again: it can be kept in a file as it is, and
 * be mapped from there (cache.h) without reading, moving or allocating anything.
 *
 * Whoever has structures in memory of their own copies them over, pointer by pointer:
 *
 *     struct shelf *copy = image_copy(image, shelf, sizeof(*shelf));
 *     copy->label = image_text(image, copy->label);
 *     copy->books = image_copy(image, copy->books, copy->n_books * sizeof(*copy->books));
 *
 * This is done twice in the same order. The first pass measures: image_copy and image_text return what they are given,
 * so that each assignment above changes nothing. The second pass copies into memory of just that size.
 *
 * Addresses: pointers within the block are plain ones, so a kept block is only good at the address at which it was
 * made. The process has IMAGE_SLOTS places for that, far from where the system puts anything by itself; an image takes
 * the first that is free. Without one (or on a machine whose addresses are shorter) it lies anywhere and is not kept.
 *
 * Structures for images have no padding where they are made one by one: it would hold whatever was on the stack, and a
 * kept image would be another one each time.
 *
 * One thread makes an image, all may read it.
 */
#ifndef FAQD_IMAGE_H
#define FAQD_IMAGE_H

#include "table.h"

#include <stddef.h>
#include <stdint.h>

#define IMAGE_SLOTS 16

/* The beginning of each block. All but size and root is cache.c's. */
struct image_head {
    char magic[8];
    uint64_t key[2];
    uint64_t digest[2];
    uint64_t base; /* the address of this head */
    uint64_t size; /* of the block, with the head */
    const void *root;
};

struct image;

/* An empty one, with a slot if there is one. FAQD_OK or FAQD_ENOMEM. */
int image_new(struct image **out);
void image_free(struct image *image); /* takes NULL; whatever was in the block is gone */

/* Fill it: `copy` is called twice, and returns what was copied of `user`. FAQD_OK or FAQD_ENOMEM. */
int image_fill(struct image *image, void *(*copy)(struct image *image, void *user), void *user);
/* Bytes, aligned for any type; NULL for none. A text, of which equal ones are kept once; NULL for NULL. */
void *image_copy(struct image *image, const void *bytes, size_t size);
char *image_text(struct image *image, const char *text);
void image_table(struct image *image, struct table *table); /* its slots */
const void *image_root(const struct image *image);          /* what `copy` returned, the second time */

/* For cache.c: where the image lies or would lie (slot -1: nowhere that can be told in advance); the head of one that
 * was filled (read-only), NULL before; the file behind `fd` mapped there, in place of what was filled if it was.
 * FAQD_OK; FAQD_DECLINED: not there; FAQD_ENOMEM: the system failed on the way, and a filled one is lost. */
int image_slot(const struct image *image);
uint64_t image_base(const struct image *image);
struct image_head *image_head(const struct image *image);
int image_map(struct image *image, int fd, size_t size);
/* An empty one leaves its slot for the one that lies at `base`. FAQD_OK; FAQD_DECLINED: something is there;
 * FAQD_EINVAL: no slot lies there. Then it stays where it was. */
int image_move(struct image *image, uint64_t base);
void image_drop(struct image *image); /* as image_new made it: empty, with the first slot that is free */

#endif
