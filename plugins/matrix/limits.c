/* SPDX-License-Identifier: MIT
 *
 * limits.c - see limits.h.
 */
#include "limits.h"

enum { ONE = 1000, MINUTE_MS = 60000 };

static int64_t level_at(const struct bucket *b, long per_minute, int64_t now)
{
    int64_t full = (int64_t)per_minute * ONE;
    if (!b->filled_at)
        return full;
    int64_t passed = now - b->filled_at;
    if (passed >= MINUTE_MS)
        return full;
    int64_t level = b->level + passed * full / MINUTE_MS;
    return level > full ? full : level;
}

enum limits_say limits_take(struct bucket *b, long per_minute, int64_t now)
{
    if (!per_minute)
        return LIMITS_ANSWER;
    int64_t level = level_at(b, per_minute, now);
    bool was_empty = b->empty;
    b->filled_at = now;
    b->level = level;
    if (was_empty && level < (int64_t)per_minute * ONE / 2)
        return LIMITS_SILENT;
    b->empty = level < ONE;
    if (b->empty)
        return LIMITS_TELL;
    b->level -= ONE;
    return LIMITS_ANSWER;
}

bool limits_full(const struct bucket *b, long per_minute, int64_t now)
{
    return level_at(b, per_minute, now) >= (int64_t)per_minute * ONE;
}
