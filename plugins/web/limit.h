/* SPDX-License-Identifier: MIT
 *
 * limit.h - how often one may do something: a token bucket, and a number of connections at a time, for each name.
 *
 * Visitors are limited by the name of their address. And a request is counted if its Idempotency-Key, as a name, has a
 * token left; with one token that takes a quarter of an hour to come back, its repetitions have none.
 *
 * A name is a keyed hash (keyed.h) under a key that is renewed each day, in memory only, in a table of fixed size. An
 * entry that has not been used for as long as its bucket takes to fill is as good as a fresh one, so forgetting it
 * changes nothing; under pressure the one unused for longest gives way. May be called from any thread.
 */
#ifndef FAQD_WEB_LIMIT_H
#define FAQD_WEB_LIMIT_H

#include <stddef.h>
#include <stdint.h>

#include "address.h"

#define LIMIT_KEY_MS ((int64_t)24 * 3600 * 1000)

struct limit;

/* How many are remembered (24 bytes each); for each of them tokens an hour in the long run and at once, connections at
 * a time. NULL: out of memory or no random bytes. */
struct limit *limit_new(size_t entries, unsigned per_hour, unsigned burst, unsigned connections);
void limit_free(struct limit *l);

/* The name of some bytes or of an address. `now`: milliseconds of a clock that does not go back. */
uint64_t limit_name(struct limit *l, const void *bytes, size_t len, int64_t now);
uint64_t limit_address(struct limit *l, const struct address *a, int64_t now);

/* A connection came: 0 if the name may have it, 1 if it has too many, 2 if it has more than twice as many as it may.
 * Each is to be taken back by limit_leave. */
int limit_enter(struct limit *l, uint64_t who, int64_t now);
void limit_leave(struct limit *l, uint64_t who);

/* Take a token: 0, or, if there is none, the seconds until there is one. */
unsigned limit_take(struct limit *l, uint64_t who, int64_t now);

#endif
