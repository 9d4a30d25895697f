/* SPDX-License-Identifier: MIT
 *
 * nearest.h - "did you mean": the known name that is most like the one that was written.
 */
#ifndef STDIN_NEAREST_H
#define STDIN_NEAREST_H

#include <stddef.h>

/* The candidate with the fewest single-letter mistakes (a letter too many, too few, wrong, or two swapped), NULL if
 * none is near: at most one mistake for every three letters, and always one. The first of equals wins. */
const char *nearest(const char *word, const char *const *candidates, size_t n);

#endif
