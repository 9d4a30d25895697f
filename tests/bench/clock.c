/* SPDX-License-Identifier: MIT
 *
 * clock.c - what every program of the benchmark needs, see bench.h: the clock, medians, a way out.
 */
#include "bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

void bench_die(const char *what, const char *why)
{
    fprintf(stderr, "bench: %s: %s\n", what, why);
    exit(2);
}

void *bench_array(size_t n, size_t size)
{
    void *array = calloc(n ? n : 1, size);
    if (!array)
        bench_die("bench", "out of memory");
    return array;
}

static double now_us(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

double bench_us(void)
{
    return now_us(CLOCK_MONOTONIC);
}

double bench_cpu_us(void)
{
    return now_us(CLOCK_THREAD_CPUTIME_ID);
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;
    return (x > y) - (x < y);
}

void bench_sort(double *values, size_t n)
{
    qsort(values, n, sizeof(*values), by_value);
}

double bench_median(double *values, size_t n)
{
    bench_sort(values, n);
    return values[n / 2];
}

double bench_share(const double *sorted, size_t n, double share)
{
    size_t at = (size_t)((double)n * share);
    return sorted[at < n ? at : n - 1];
}
