/* SPDX-License-Identifier: MIT
 *
 * pacing.h - how fast the homeserver lets us send, learnt from its refusals.
 *
 * Nothing is known at first, so nothing is held back. A refusal (429) holds the room back that it met; a second one in
 * another room shows that the limit is the account's, and holds everything back. From then on events leave at an even
 * pace, which every further refusal makes slower by what the server asked for and every ten events that went through
 * make a tenth faster: about one refusal in ten events at the edge of what is allowed, and none below it. After a
 * minute of silence the server's allowance has filled up again, and the pace is forgotten.
 *
 * Pure; times are milliseconds of the monotonic clock.
 */
#ifndef MATRIX_PACING_H
#define MATRIX_PACING_H

#include <stdbool.h>
#include <stdint.h>

struct pacing {
    int64_t least_ms;       /* setting: never faster */
    int64_t interval_ms;    /* between two events; 0: not limited */
    int64_t until;          /* nothing is sent before */
    int64_t last;           /* the last event left then */
    int64_t refused_at;     /* the last refusal; 0: none */
    unsigned good;          /* events since the last change of pace */
    unsigned long refusals; /* all of them, for the figures */
};

void pacing_init(struct pacing *p, int64_t least_ms);

/* May an event leave now? If not, *when is the time to ask again. */
bool pacing_allows(const struct pacing *p, int64_t now, int64_t *when);

void pacing_sent(struct pacing *p, int64_t now); /* an event left */
void pacing_taken(struct pacing *p);             /* the server took one */

/* The server refused one and asked for `wait_ms`. Returns how long the room has to wait. */
int64_t pacing_refused(struct pacing *p, int64_t now, int64_t wait_ms);

/* Events that may as well be left out are. */
bool pacing_tight(const struct pacing *p, int64_t now);

#endif
