/* SPDX-License-Identifier: MIT
 *
 * traffic.h - what a thread of the server counts for /metrics. Written by its own thread, read by any.
 */
#ifndef FAQD_WEB_TRAFFIC_H
#define FAQD_WEB_TRAFFIC_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

/* Why a connection was ended by us. */
enum cut { CUT_DEADLINE, CUT_IDLE, CUT_CROWDED, CUT_FULL, CUTS };

#define TRAFFIC_STATUSES 16
#define TRAFFIC_BUCKETS 10
extern const unsigned traffic_statuses[TRAFFIC_STATUSES]; /* HTTP statuses that we send; the last, 0: any other */
extern const double traffic_bounds[TRAFFIC_BUCKETS];      /* seconds; what took longer is in the count only */
extern const char *const traffic_cut_names[CUTS];

struct traffic {
    atomic_uint_fast64_t answered[TRAFFIC_STATUSES];
    atomic_uint_fast64_t cut[CUTS];
    atomic_uint_fast64_t connections; /* accepted */
    atomic_uint_fast64_t open;        /* now */
    atomic_uint_fast64_t
        seconds_in[TRAFFIC_BUCKETS]; /* requests that took at most so long, and longer than the one before */
    atomic_uint_fast64_t seconds_count, nanoseconds; /* of all */
};

void traffic_answer(struct traffic *t, unsigned status);
void traffic_time(struct traffic *t, int64_t nanoseconds);

/* One more; the writer is one thread, so no locked instruction is needed. */
static inline void traffic_add(atomic_uint_fast64_t *n, uint_fast64_t more)
{
    atomic_store_explicit(n, atomic_load_explicit(n, memory_order_relaxed) + more, memory_order_relaxed);
}

#endif
