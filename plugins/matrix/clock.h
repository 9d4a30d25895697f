/* SPDX-License-Identifier: MIT
 *
 * clock.h - time. Everything that waits goes by the monotonic clock, which nobody can set; the wall clock only says
 * when an entry of the store may be forgotten.
 */
#ifndef MATRIX_CLOCK_H
#define MATRIX_CLOCK_H

#include <stdint.h>

int64_t clock_ms(void); /* monotonic milliseconds */
/* Seconds since 1970: as it was at the first call, and what has really passed since, so that a clock that is set while
 * we run neither forgets early nor keeps for ever. */
int64_t clock_wall(void);

/* n, some percent more or less, so that programs that failed together do not try again together. */
int64_t clock_jitter(int64_t n, unsigned percent);

#endif
