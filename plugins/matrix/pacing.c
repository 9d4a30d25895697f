/* SPDX-License-Identifier: MIT
 *
 * pacing.c - see pacing.h.
 */
#include "pacing.h"

enum {
    WAIT_DEFAULT_MS = 5000, /* of a refusal that does not say: Synapse's default is one event in 5 s */
    WAIT_MAX_MS = 3600000,
    INTERVAL_MAX_MS = 60000,
    FORGET_MS = 60000,
    GOOD_EVENTS = 10,
    SAME_EPISODE_MS = 10000, /* refusals this near to each other have one cause */
};

void pacing_init(struct pacing *p, int64_t least_ms)
{
    *p = (struct pacing){.least_ms = least_ms, .interval_ms = least_ms};
}

bool pacing_allows(const struct pacing *p, int64_t now, int64_t *when)
{
    int64_t next = p->until;
    if (p->interval_ms && p->last && p->last + p->interval_ms > next)
        next = p->last + p->interval_ms;
    *when = next;
    return now >= next;
}

void pacing_sent(struct pacing *p, int64_t now)
{
    if (p->last && now - p->last > FORGET_MS) {
        p->interval_ms = p->least_ms;
        p->refused_at = 0;
    }
    p->last = now;
}

void pacing_taken(struct pacing *p)
{
    if (p->interval_ms <= p->least_ms || ++p->good < GOOD_EVENTS)
        return;
    p->good = 0;
    p->interval_ms -= p->interval_ms / 10;
    if (p->interval_ms < p->least_ms || p->interval_ms < 20)
        p->interval_ms = p->least_ms;
}

int64_t pacing_refused(struct pacing *p, int64_t now, int64_t wait_ms)
{
    if (wait_ms < 0)
        wait_ms = WAIT_DEFAULT_MS;
    if (wait_ms > WAIT_MAX_MS)
        wait_ms = WAIT_MAX_MS;
    bool again =
        p->refusals && (p->interval_ms > p->least_ms || (p->refused_at && now - p->refused_at < SAME_EPISODE_MS));
    if (again) {
        int64_t slower = p->interval_ms > p->least_ms ? p->interval_ms + wait_ms : wait_ms;
        p->interval_ms = slower > INTERVAL_MAX_MS ? INTERVAL_MAX_MS : slower;
        if (p->interval_ms < p->least_ms)
            p->interval_ms = p->least_ms;
        if (now + wait_ms > p->until)
            p->until = now + wait_ms;
    }
    p->refused_at = now;
    p->refusals++;
    p->good = 0;
    return wait_ms;
}

bool pacing_tight(const struct pacing *p, int64_t now)
{
    return p->interval_ms > p->least_ms || now < p->until || (p->refused_at && now - p->refused_at < SAME_EPISODE_MS);
}
