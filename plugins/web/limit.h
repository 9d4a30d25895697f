/* SPDX-License-Identifier: MIT
 *
 * limit.h - how much one address may ask: a token bucket of requests, and a number of connections, an address.
 *
 * An address is remembered as a keyed hash (keyed.h) under a key that is renewed each day, in memory only, in a table
 * of fixed size. An entry that has not been used for as long as its bucket takes to fill is as good as a fresh one, so
 * forgetting it changes nothing; under pressure the one unused for longest gives way. May be called from any thread.
 */
#ifndef FAQD_WEB_LIMIT_H
#define FAQD_WEB_LIMIT_H

#include <stdint.h>

#include "address.h"

#define LIMIT_ENTRIES 16384 /* 384 KiB */
#define LIMIT_KEY_MS ((int64_t)24 * 3600 * 1000)

struct limit;

/* Requests a minute in the long run and at once, connections at a time. NULL: out of memory or no random bytes. */
struct limit *limit_new(unsigned rate_per_minute, unsigned burst, unsigned connections);
void limit_free(struct limit *l);

/* The name of an address, as the other functions want it. `now`: milliseconds of a clock that does not go back. */
uint64_t limit_name(struct limit *l, const struct address *a, int64_t now);

/* A connection came: 0 if the address may have it, 1 if it has too many, 2 if it has more than twice as many as it may.
 * Each is to be taken back by limit_leave. */
int limit_enter(struct limit *l, uint64_t who, int64_t now);
void limit_leave(struct limit *l, uint64_t who);

/* A request came: 0 if the address may have it, else the seconds until it may. */
unsigned limit_take(struct limit *l, uint64_t who, int64_t now);

#endif
