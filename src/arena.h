/* SPDX-License-Identifier: MIT
 *
 * arena.h - one pool per lifetime: everything of a loaded pack lives in one arena and is freed with it.
 *
 * Memory is zeroed and aligned for any type. A failed allocation returns NULL and is remembered in `failed`, so a
 * builder may check once. Not for several threads at once; reading what was built is.
 */
#ifndef FAQD_ARENA_H
#define FAQD_ARENA_H

#include <stddef.h>

struct arena_chunk;

struct arena {
    struct arena_chunk *chunks;
    size_t total; /* bytes taken from the system */
    int failed;
};

void *arena_alloc(struct arena *arena, size_t size);
void *arena_array(struct arena *arena, size_t count, size_t size);    /* NULL also when count * size overflows */
char *arena_text(struct arena *arena, const char *bytes, size_t len); /* a terminated copy */
void arena_join(struct arena *arena, struct arena *other); /* it takes over the other's, which is empty then */
void arena_free(struct arena *arena);                      /* takes a zeroed one; usable again */

#endif
