/* SPDX-License-Identifier: MIT
 *
 * near.c - see near.h. The optimal string alignment distance, in three rows.
 */
#include "near.h"

#include <string.h>

static int least(int a, int b)
{
    return a < b ? a : b;
}

int near_distance(const char *a, size_t a_len, const char *b, size_t b_len, int limit)
{
    size_t gap = a_len > b_len ? a_len - b_len : b_len - a_len;
    if (a_len > NEAR_WORD_MAX || b_len > NEAR_WORD_MAX || gap > (size_t)limit)
        return limit + 1;
    int rows[3][NEAR_WORD_MAX + 1];
    int *before = rows[0], *last = rows[1], *now = rows[2];
    for (size_t j = 0; j <= b_len; j++)
        last[j] = (int)j;
    for (size_t i = 1; i <= a_len; i++) {
        now[0] = (int)i;
        int best = now[0];
        for (size_t j = 1; j <= b_len; j++) {
            int cost = a[i - 1] != b[j - 1];
            now[j] = least(least(last[j] + 1, now[j - 1] + 1), last[j - 1] + cost);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                now[j] = least(now[j], before[j - 2] + 1);
            best = least(best, now[j]);
        }
        if (best > limit)
            return limit + 1;
        int *spare = before;
        before = last;
        last = now;
        now = spare;
    }
    return last[b_len] <= limit ? last[b_len] : limit + 1;
}

const char *near_name(const char *word, const char *const *names, size_t n)
{
    const char *nearest = NULL;
    size_t len = strlen(word);
    int limit = len < 5 ? 1 : len < 9 ? 2 : 3;
    for (size_t i = 0; i < n; i++) {
        if (!names[i])
            continue;
        int distance = near_distance(word, len, names[i], strlen(names[i]), limit);
        if (distance <= limit) {
            limit = distance - 1; /* only a nearer one can replace it: the first of equals stays */
            nearest = names[i];
        }
        if (limit < 0)
            break;
    }
    return nearest;
}
