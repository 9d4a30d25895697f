/* SPDX-License-Identifier: MIT
 *
 * beside.c - see beside.h.
 */
#include "beside.h"

#include <stddef.h>

static void *run(void *user)
{
    struct beside *beside = user;
    beside->rc = beside->work(beside->user);
    return NULL;
}

void beside_start(struct beside *beside, int (*work)(void *user), void *user, int much)
{
    beside->work = work;
    beside->user = user;
    beside->runs = much && pthread_create(&beside->thread, NULL, run, beside) == 0;
    if (!beside->runs)
        run(beside);
}

int beside_end(struct beside *beside)
{
    if (beside->runs)
        pthread_join(beside->thread, NULL);
    return beside->rc;
}
