/* SPDX-License-Identifier: MIT
 *
 * heap.h - the C library's heap while a pack is loaded: megabytes are taken, and most of them freed again.
 *
 * For the thread that loads, one at a time.
 */
#ifndef FAQD_HEAP_H
#define FAQD_HEAP_H

#include <stdint.h>

struct heap_large {
    uintptr_t from, end; /* where large pages were asked for; the same: nowhere */
};

/* From here on the heap keeps what is freed, as loading needs it again at once: given back to the system it would be
 * cleared page by page the next time. It grows by large pages where the system has them. */
void heap_begin_loading(struct heap_large *large);
/* As it was before: heap_set, and no large pages where they were asked for. */
void heap_end_loading(const struct heap_large *large);

/* glibc's defaults, but fixed, as it raises them with each big block that is freed. At the start of the program. */
void heap_set(void);
/* Give back what is free. */
void heap_trim(void);

#endif
