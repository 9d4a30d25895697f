/* SPDX-License-Identifier: MIT
 *
 * array.h - growing arrays whose capacity follows from their count: 64, then doubled at each power of two.
 */
#ifndef FAQD_ARRAY_H
#define FAQD_ARRAY_H

#include "faqd_plugin.h"

#include <stdint.h>
#include <stdlib.h>

/* Room for one more item behind `count` items of `size` bytes; *items is NULL at first and freed with free().
 * FAQD_OK, or FAQD_ENOMEM with *items as it was. */
static inline int array_room(void **items, size_t count, size_t size)
{
    if (count != 0 && (count < 64 || (count & (count - 1)) != 0))
        return FAQD_OK;
    size_t cap = count ? count * 2 : 64;
    void *moved = cap > SIZE_MAX / size ? NULL : realloc(*items, cap * size);
    if (!moved)
        return FAQD_ENOMEM;
    *items = moved;
    return FAQD_OK;
}

/* Likewise for an array that is emptied and filled again: it has room for *room items, 0 at first. */
static inline int array_refill(void **items, size_t *room, size_t count, size_t size)
{
    if (count < *room)
        return FAQD_OK;
    size_t cap = *room ? *room * 2 : 64;
    void *moved = cap > SIZE_MAX / size ? NULL : realloc(*items, cap * size);
    if (!moved)
        return FAQD_ENOMEM;
    *items = moved;
    *room = cap;
    return FAQD_OK;
}

#endif
