/* SPDX-License-Identifier: MIT
 *
 * backoff.c - see backoff.h.
 */
#include "backoff.h"

#include "clock.h"

enum {
    LONG_MS = 10 * 60 * 1000,    /* after this the server is not just being restarted */
    LONG_MAX_MS = 5 * 60 * 1000, /* and then this is often enough */
    JITTER = 20,                 /* percent */
};

void backoff_init(struct backoff *b, int64_t first_ms, int64_t max_ms)
{
    *b = (struct backoff){.first_ms = first_ms, .max_ms = max_ms < first_ms ? first_ms : max_ms};
}

void backoff_failed(struct backoff *b, int64_t now)
{
    if (!b->failures++)
        b->since = now;
    int64_t max = now - b->since > LONG_MS ? LONG_MAX_MS : b->max_ms;
    b->pause_ms = b->pause_ms ? b->pause_ms * 2 : b->first_ms;
    if (b->pause_ms > max)
        b->pause_ms = max;
    b->until = now + clock_jitter(b->pause_ms, JITTER);
}

void backoff_worked(struct backoff *b)
{
    b->failures = 0;
    b->pause_ms = 0;
    b->until = 0;
}

bool backoff_waits(const struct backoff *b, int64_t now)
{
    return b->failures && now < b->until;
}
