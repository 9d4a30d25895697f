/* SPDX-License-Identifier: MIT
 *
 * limits.h - how many answers a user, a room and all together get in a minute, so that neither a flood of questions nor
 * another program that answers us can keep us talking. Pure; times are milliseconds of the monotonic clock.
 *
 * A bucket holds a minute's worth and fills evenly. Who empties it is told so once, then there is silence until it is
 * half full again.
 */
#ifndef MATRIX_LIMITS_H
#define MATRIX_LIMITS_H

#include <stdbool.h>
#include <stdint.h>

struct bucket {
    int64_t filled_at; /* 0: full */
    int64_t level;     /* thousandths of an answer */
    bool empty;        /* it was told so */
};

enum limits_say {
    LIMITS_ANSWER = 0,
    LIMITS_TELL,   /* say that it is too much */
    LIMITS_SILENT, /* it was said */
};

/* Take one answer out of a bucket of `per_minute` (0: no limit). */
enum limits_say limits_take(struct bucket *b, long per_minute, int64_t now);

/* Is it full again, so that it need not be kept? */
bool limits_full(const struct bucket *b, long per_minute, int64_t now);

#endif
