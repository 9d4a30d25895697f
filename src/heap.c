/* SPDX-License-Identifier: MIT
 *
 * heap.c - see heap.h.
 */
#include "heap.h"

#include <limits.h>
#include <malloc.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

#define KIB 1024
#define MIB (1024 * KIB)
#define STEP (16 * MIB) /* by which the heap grows: more than a shipped pack needs */
#define LARGE_PAGE ((uintptr_t)2 * MIB)

/* Let the heap grow by a step now, and ask for large pages there: each spares five hundred page faults. */
static void grow(struct heap_large *large)
{
    uintptr_t from = (uintptr_t)sbrk(0);
    void *volatile block = malloc(256 * KIB); /* volatile, or it would be left out by the compiler */
    free(block);
    large->end = (uintptr_t)sbrk(0);
    large->from = (from + LARGE_PAGE - 1) / LARGE_PAGE * LARGE_PAGE;
    if (large->from < large->end)
        madvise((void *)large->from, large->end - large->from, MADV_HUGEPAGE);
}

/* No more of them: the system would make one of what little is left there in a while, and it would count as used. */
static void settle(const struct heap_large *large)
{
    if (large->from < large->end)
        madvise((void *)large->from, large->end - large->from, MADV_NOHUGEPAGE);
}

void heap_begin_loading(struct heap_large *large)
{
    mallopt(M_MMAP_THRESHOLD, MIB);
    mallopt(M_TRIM_THRESHOLD, INT_MAX);
    mallopt(M_TOP_PAD, STEP);
    grow(large);
}

void heap_set(void)
{
    mallopt(M_MMAP_THRESHOLD, 128 * KIB);
    mallopt(M_TRIM_THRESHOLD, 128 * KIB);
    mallopt(M_TOP_PAD, 128 * KIB);
}

void heap_end_loading(const struct heap_large *large)
{
    heap_set();
    settle(large);
}

void heap_trim(void)
{
    malloc_trim(0);
}
