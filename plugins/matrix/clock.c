/* SPDX-License-Identifier: MIT
 *
 * clock.c - see clock.h.
 */
#include "clock.h"

#include <pthread.h>
#include <time.h>

/* When the clocks were compared: written once. */
static pthread_once_t compared = PTHREAD_ONCE_INIT;
static int64_t wall_then, ms_then;

static void compare(void)
{
    wall_then = (int64_t)time(NULL);
    ms_then = clock_ms();
}

int64_t clock_ms(void)
{
    struct timespec now = {0};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t clock_wall(void)
{
    pthread_once(&compared, compare);
    return wall_then + (clock_ms() - ms_then) / 1000;
}

int64_t clock_jitter(int64_t n, unsigned percent)
{
    struct timespec now = {0};
    clock_gettime(CLOCK_MONOTONIC, &now);
    int64_t range = n * percent / 100;
    uint64_t mixed = (uint64_t)now.tv_nsec * 0x9E3779B97F4A7C15u; /* no secret hangs on it: any scatter will do */
    return range ? n - range + (int64_t)((mixed >> 33) % (uint64_t)(2 * range + 1)) : n;
}
