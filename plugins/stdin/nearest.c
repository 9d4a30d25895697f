/* SPDX-License-Identifier: MIT
 *
 * nearest.c - optimal string alignment distance over short ASCII names (commands, settings).
 */
#include "nearest.h"

#include <string.h>

enum { NAME_MAX_LEN = 32 }; /* longer words are near to none of ours */

static size_t least(size_t a, size_t b, size_t c)
{
    size_t m = a < b ? a : b;
    return m < c ? m : c;
}

static size_t distance(const char *a, size_t n, const char *b, size_t m)
{
    size_t rows[3][NAME_MAX_LEN + 1];
    size_t *before = rows[0], *above = rows[1], *row = rows[2];

    for (size_t j = 0; j <= m; j++)
        above[j] = j;
    for (size_t i = 1; i <= n; i++) {
        row[0] = i;
        for (size_t j = 1; j <= m; j++) {
            size_t wrong = a[i - 1] != b[j - 1];
            row[j] = least(above[j] + 1, row[j - 1] + 1, above[j - 1] + wrong);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] && before[j - 2] + 1 < row[j])
                row[j] = before[j - 2] + 1;
        }
        size_t *oldest = before;
        before = above;
        above = row;
        row = oldest;
    }
    return above[m];
}

const char *nearest(const char *word, const char *const *candidates, size_t n)
{
    const char *best = NULL;
    size_t best_distance = (size_t)-1;
    size_t len = strlen(word);
    if (len == 0 || len > NAME_MAX_LEN)
        return NULL;
    size_t allowed = len / 3 > 1 ? len / 3 : 1;

    for (size_t i = 0; i < n; i++) {
        size_t m = strlen(candidates[i]);
        if (m > NAME_MAX_LEN)
            continue;
        size_t d = distance(word, len, candidates[i], m);
        if (d <= allowed && d < best_distance) {
            best = candidates[i];
            best_distance = d;
        }
    }
    return best;
}
