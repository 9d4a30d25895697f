/* SPDX-License-Identifier: MIT
 *
 * tally.c - see tally.h.
 */
#include "tally.h"

const unsigned tally_statuses[TALLY_STATUSES] = {200, 204, 304, 400, 403, 404, 405, 411,
                                                 413, 415, 422, 429, 431, 500, 503, 0};
const double tally_bounds[TALLY_BUCKETS] = {0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1};
const char *const tally_cut_names[CUTS] = {"deadline", "idle", "crowded", "full"};

void tally_answer(struct tally *t, unsigned status)
{
    size_t i = 0;
    while (tally_statuses[i] && tally_statuses[i] != status)
        i++;
    tally_add(&t->answered[i], 1);
}

void tally_time(struct tally *t, int64_t nanoseconds)
{
    double seconds = (double)nanoseconds * 1e-9;
    for (size_t i = 0; i < TALLY_BUCKETS; i++) {
        if (seconds > tally_bounds[i])
            continue;
        tally_add(&t->seconds_in[i], 1);
        break;
    }
    tally_add(&t->seconds_count, 1);
    tally_add(&t->nanoseconds, (uint_fast64_t)nanoseconds);
}
