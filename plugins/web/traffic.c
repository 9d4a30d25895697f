/* SPDX-License-Identifier: MIT
 *
 * traffic.c - see traffic.h.
 */
#include "traffic.h"

const unsigned traffic_statuses[TRAFFIC_STATUSES] = {200, 204, 304, 400, 403, 404, 405, 411,
                                                     413, 415, 422, 429, 431, 500, 503, 0};
const double traffic_bounds[TRAFFIC_BUCKETS] = {0.00005, 0.0001, 0.00025, 0.0005, 0.001,
                                                0.0025,  0.005,  0.01,    0.025,  0.1};
const char *const traffic_cut_names[CUTS] = {"deadline", "idle", "crowded", "full"};

void traffic_answer(struct traffic *t, unsigned status)
{
    size_t i = 0;
    while (traffic_statuses[i] && traffic_statuses[i] != status)
        i++;
    traffic_add(&t->answered[i], 1);
}

void traffic_time(struct traffic *t, int64_t nanoseconds)
{
    double seconds = (double)nanoseconds * 1e-9;
    for (size_t i = 0; i < TRAFFIC_BUCKETS; i++) {
        if (seconds > traffic_bounds[i])
            continue;
        traffic_add(&t->seconds_in[i], 1);
        break;
    }
    traffic_add(&t->seconds_count, 1);
    traffic_add(&t->nanoseconds, (uint_fast64_t)nanoseconds);
}
