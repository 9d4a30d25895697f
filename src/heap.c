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

static uintptr_t large_from, large_end; /* where large pages were asked for; the same: nowhere */

/* Let the heap grow by a step now, and ask for large pages there: each spares five hundred page faults. */
static void grow(void)
{
    uintptr_t from = (uintptr_t)sbrk(0);
    void *volatile block = malloc(256 * KIB); /* volatile, or it would be left out by the compiler */
    free(block);
    large_end = (uintptr_t)sbrk(0);
    large_from = (from + LARGE_PAGE - 1) / LARGE_PAGE * LARGE_PAGE;
    if (large_from < large_end)
        madvise((void *)large_from, large_end - large_from, MADV_HUGEPAGE);
}

/* No more of them: the system would make one of what little is left there in a while, and it would count as used. */
static void settle(void)
{
    if (large_from < large_end)
        madvise((void *)large_from, large_end - large_from, MADV_NOHUGEPAGE);
    large_from = large_end = 0;
}

void heap_begin_loading(void)
{
    mallopt(M_MMAP_THRESHOLD, MIB);
    mallopt(M_TRIM_THRESHOLD, INT_MAX);
    mallopt(M_TOP_PAD, STEP);
    grow();
}

void heap_end_loading(void)
{
    mallopt(M_MMAP_THRESHOLD, 128 * KIB);
    mallopt(M_TRIM_THRESHOLD, 128 * KIB);
    mallopt(M_TOP_PAD, 128 * KIB);
    settle();
}

void heap_trim(void)
{
    malloc_trim(0);
}
