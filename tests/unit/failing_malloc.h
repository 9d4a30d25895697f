/* SPDX-License-Identifier: MIT
 *
 * failing_malloc.h - malloc, mmap and their kin for a whole test program, its libraries and its plugins, so that the
 * n-th allocation fails. To be included by one file of a program. It also counts the blocks that are alive, which finds
 * leaks without a sanitizer's help.
 */
#ifndef TEST_FAILING_MALLOC_H
#define TEST_FAILING_MALLOC_H

#include "support.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>

#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

/* What stands behind the names that are taken over here: the C library's own, or the sanitizer's. */
#ifndef __has_feature
#define __has_feature(x) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || __has_feature(address_sanitizer) ||               \
    __has_feature(thread_sanitizer)
#define REAL(name) __interceptor_##name
#define FAILING_COUNTS 0 /* a sanitizer's own strdup and the like go around this; but it finds leaks itself */
#else
#define REAL(name) __libc_##name
#define FAILING_COUNTS 1
#endif
void *REAL(malloc)(size_t size);
void *REAL(calloc)(size_t count, size_t size);
void *REAL(realloc)(void *block, size_t size);
void REAL(free)(void *block);

#if defined(__SANITIZE_THREAD__) || __has_feature(thread_sanitizer) /* the only one that has to know */
#define SYSTEM(name, ...) __interceptor_##name(__VA_ARGS__)
void *__interceptor_mmap(void *at, size_t size, int protection, int flags, int fd, off_t offset);
int __interceptor_munmap(void *at, size_t size);
#else
#define SYSTEM(name, ...) syscall(SYS_##name, __VA_ARGS__)
#endif

/* Called before a sanitizer is ready for it. */
#define UNCHECKED __attribute__((no_sanitize("address"), no_sanitize("thread"), no_sanitize("undefined")))

static struct {
    atomic_long left; /* allocations until one fails; 0: none ever does */
    atomic_int for_ever;
    atomic_long failed;
    atomic_long live;
} failing;

UNCHECKED static int fails(void)
{
    long left = atomic_load(&failing.left);
    if (left <= 0)
        return 0;
    if (left > 1) {
        atomic_store(&failing.left, left - 1);
        return 0;
    }
    if (!atomic_load(&failing.for_ever))
        atomic_store(&failing.left, 0);
    atomic_fetch_add(&failing.failed, 1);
    errno = ENOMEM;
    return 1;
}

UNCHECKED static void *counted(void *block)
{
    if (block)
        atomic_fetch_add(&failing.live, 1);
    return block;
}

UNCHECKED void *malloc(size_t size)
{
    return fails() ? NULL : counted(REAL(malloc)(size));
}

UNCHECKED void *calloc(size_t count, size_t size)
{
    return fails() ? NULL : counted(REAL(calloc)(count, size));
}

UNCHECKED void *realloc(void *block, size_t size)
{
    if (fails())
        return NULL;
    void *moved = REAL(realloc)(block, size);
    if (!block)
        counted(moved);
    return moved;
}

UNCHECKED void free(void *block)
{
    if (block)
        atomic_fetch_sub(&failing.live, 1);
    REAL(free)(block);
}

/* Memory from mmap counts while it is among `mapped`; files and places that are asked for are not memory. */
UNCHECKED static bool mapping_became(void *block, void *then)
{
    static _Atomic(void *) mapped[64];
    for (size_t i = 0; i < sizeof(mapped) / sizeof(mapped[0]); i++) {
        void *was = block;
        if (atomic_compare_exchange_strong(&mapped[i], &was, then))
            return true;
    }
    return false;
}

UNCHECKED void *mmap(void *at, size_t size, int protection, int flags, int fd, off_t offset)
{
    bool is_memory = !at && (flags & MAP_ANONYMOUS);
    if (is_memory && fails())
        return MAP_FAILED;
    void *block = (void *)SYSTEM(mmap, at, size, protection, flags, fd, offset);
    if (is_memory && block != MAP_FAILED && mapping_became(NULL, block))
        counted(block);
    return block;
}

UNCHECKED int munmap(void *at, size_t size)
{
    int rc = (int)SYSTEM(munmap, at, size);
    if (rc == 0 && mapping_became(at, NULL))
        atomic_fetch_sub(&failing.live, 1);
    return rc;
}

/* From now on the n-th allocation fails (n > 0), and for_ever: all after it. */
static inline void failing_begin(long n, int for_ever)
{
    atomic_store(&failing.failed, 0);
    atomic_store(&failing.for_ever, for_ever);
    atomic_store(&failing.left, n);
}

/* No more. Returns how many failed. */
static inline long failing_end(void)
{
    atomic_store(&failing.left, 0);
    return atomic_load(&failing.failed);
}

/* Run a piece of work with its n-th allocation failing, n = 1, 2, ... until none does. */
static void torture(const char *name, void (*work)(void))
{
    work(); /* whatever is made once is made now */
    for (int for_ever = 0; for_ever < 2; for_ever++) {
        long n = 0;
        long failed = 1;
        while (failed) {
            long live = atomic_load(&failing.live);
            failing_begin(++n, for_ever);
            work();
            failed = failing_end();
            if (FAILING_COUNTS && atomic_load(&failing.live) != live)
                fail_msg("%s: %ld blocks leak when allocation %ld fails%s", name, atomic_load(&failing.live) - live, n,
                         for_ever ? " and all after it" : "");
        }
        print_message("%s: %ld allocations%s\n", name, n - 1, for_ever ? ", and all after the failing one" : "");
        assert_true(n > 1);
    }
}

#endif
