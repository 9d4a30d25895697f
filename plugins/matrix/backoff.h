/* SPDX-License-Identifier: MIT
 *
 * backoff.h - when to try again after failures: each pause twice the one before up to a limit, with jitter; a higher
 * limit once nothing worked for ten minutes. Pure; times are milliseconds of the monotonic clock.
 */
#ifndef MATRIX_BACKOFF_H
#define MATRIX_BACKOFF_H

#include <stdbool.h>
#include <stdint.h>

struct backoff {
    int64_t first_ms, max_ms; /* settings */
    int64_t pause_ms;         /* of the last failure; 0: all is well */
    int64_t until;            /* not before */
    int64_t since;            /* the first failure of the series */
    unsigned failures;
};

void backoff_init(struct backoff *b, int64_t first_ms, int64_t max_ms);
void backoff_failed(struct backoff *b, int64_t now);
void backoff_worked(struct backoff *b);
bool backoff_waits(const struct backoff *b, int64_t now);

#endif
