/* SPDX-License-Identifier: MIT
 *
 * jahead.h - JSON files parsed ahead, by a thread of its own, while the caller is busy with what comes before them.
 *
 * It takes as long as without where there is one processor, and more memory at its peak: the trees of all the files.
 */
#ifndef FAQD_JAHEAD_H
#define FAQD_JAHEAD_H

#include "jread.h"

/* A thread costs more than it saves for less than this many bytes. */
#define JAHEAD_BYTES_MIN ((size_t)256 * 1024)

struct jahead;

/* Begin to parse DIR/NAME for each name, in their order. The texts stay the caller's, and where they are. NULL: too
 * little to do, or no memory or thread for it; then nothing is parsed ahead. */
struct jahead *jahead_start(const char *dir, const char *const *names, size_t n, size_t max);

/* As jread_file(r, DIR/names[i], max), for each i once; waits if it is not parsed yet. The tree is the jahead's own: it
 * lasts until the next one is taken. */
json_t *jahead_take(struct jahead *ahead, struct jread *r, size_t i);

void jahead_end(struct jahead *ahead); /* takes NULL; what was not taken is dropped */

#endif
