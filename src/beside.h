/* SPDX-License-Identifier: MIT
 *
 * beside.h - some work on a thread of its own, beside what the caller does meanwhile.
 *
 *     struct beside other;
 *     beside_start(&other, sort_names, &names, n > MANY);
 *     rc = sort_numbers(&numbers);
 *     other_rc = beside_end(&other);
 *
 * Nothing that one of the two writes may be touched by the other before the end.
 */
#ifndef FAQD_BESIDE_H
#define FAQD_BESIDE_H

#include <pthread.h>

struct beside { /* its owner's, from start to end */
    pthread_t thread;
    int (*work)(void *user);
    void *user;
    int rc;
    int runs; /* on the thread */
};

/* Begin with `work`. It is done at once, by the caller, if it is not `much` (a thread costs a few dozen microseconds),
 * or if no thread can be had. */
void beside_start(struct beside *beside, int (*work)(void *user), void *user, int much);
/* Wait until it is done: what it returned. */
int beside_end(struct beside *beside);

#endif
