/* SPDX-License-Identifier: MIT
 *
 * heap.h - the C library's heap while a pack is loaded: megabytes are taken, and most of them freed again.
 *
 * For the thread that loads, one at a time.
 */
#ifndef FAQD_HEAP_H
#define FAQD_HEAP_H

/* From here on the heap keeps what is freed, as loading needs it again at once: given back to the system it would be
 * cleared page by page the next time. It grows by large pages where the system has them. */
void heap_begin_loading(void);
/* As it was before: glibc's defaults, but fixed, as it raises them with each big block that is freed. To be called at
 * the start of the program, too. What is free by now is given back by heap_trim. */
void heap_end_loading(void);
void heap_trim(void);

#endif
