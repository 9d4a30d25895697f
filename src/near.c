/* SPDX-License-Identifier: MIT
 *
 * near.c - see near.h. The optimal string alignment distance, a column of the table of distances at a time: between two
 * neighbours in it the difference is 1, 0 or -1, so that a column is two masks with a bit a letter. (H. Hyyro, "A
 * bit-vector algorithm for computing Levenshtein and Damerau edit distances", 2003.)
 */
#include "near.h"

#include <string.h>

void near_begin(struct near *near, const char *word, size_t len)
{
    memset(near->places, 0, sizeof(near->places));
    near->len = len;
    for (size_t i = 0; i < len && len <= NEAR_WORD_MAX; i++)
        near->places[(unsigned char)word[i]] |= 1u << i;
}

int near_to(const struct near *near, const char *text, size_t len, int limit)
{
    size_t gap = near->len > len ? near->len - len : len - near->len;
    if (near->len > NEAR_WORD_MAX || len > NEAR_WORD_MAX || gap > (size_t)limit)
        return limit + 1;
    unsigned more = ~0u; /* a letter of the word further down, the distance is one more; one less */
    unsigned less = 0;
    unsigned same = 0;   /* no more than the distance before both letters */
    unsigned before = 0; /* where the letter before this one stands in the word */
    unsigned last = near->len ? 1u << (near->len - 1) : 0;
    int distance = (int)(near->len ? near->len : len);
    for (size_t i = 0; i < len; i++) {
        unsigned places = near->places[(unsigned char)text[i]];
        unsigned swapped = ((~same & places) << 1) & before;
        same = (((places & more) + more) ^ more) | places | less | swapped;
        unsigned right_more = less | ~(same | more); /* the same from column to column */
        unsigned right_less = same & more;
        distance += (right_more & last) != 0;
        distance -= (right_less & last) != 0;
        right_more = right_more << 1 | 1;
        right_less <<= 1;
        more = right_less | ~(same | right_more);
        less = right_more & same;
        before = places;
        if (distance > limit + (int)(len - i - 1)) /* it falls by one a letter at most */
            return limit + 1;
    }
    return distance <= limit ? distance : limit + 1;
}

int near_distance(const char *a, size_t a_len, const char *b, size_t b_len, int limit)
{
    struct near near;
    near_begin(&near, a, a_len);
    return near_to(&near, b, b_len, limit);
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
