/* SPDX-License-Identifier: MIT
 *
 * limits.h - how many answers a user, a room and all together get in a minute, so that neither a flood of questions nor
 * another program that answers us can keep us talking. Pure; times are milliseconds of the monotonic clock.
 *
 * A minute begins with the first answer after the one before has ended. Who uses it up is told so once, then there is
 * silence until it is over.
 */
#ifndef MATRIX_LIMITS_H
#define MATRIX_LIMITS_H

#include <stdbool.h>
#include <stdint.h>

struct bucket {
    int64_t since; /* when its minute began; 0: it has not */
    long taken;
    bool told;
};

enum limits_say {
    LIMITS_ANSWER = 0,
    LIMITS_TELL,   /* say that it is too much */
    LIMITS_SILENT, /* it was said */
};

/* Take one of `most` answers (0: no limit) out of a period of `period_ms`. */
enum limits_say limits_take(struct bucket *b, long most, int64_t period_ms, int64_t now);

#endif
