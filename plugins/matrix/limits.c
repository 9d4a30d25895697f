/* SPDX-License-Identifier: MIT
 *
 * limits.c - see limits.h.
 */
#include "limits.h"

enum limits_say limits_take(struct bucket *b, long most, int64_t period_ms, int64_t now)
{
    if (!most)
        return LIMITS_ANSWER;
    if (!b->since || now - b->since >= period_ms)
        *b = (struct bucket){.since = now};
    if (b->taken < most) {
        b->taken++;
        return LIMITS_ANSWER;
    }
    if (b->told)
        return LIMITS_SILENT;
    b->told = true;
    return LIMITS_TELL;
}
