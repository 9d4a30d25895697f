/* SPDX-License-Identifier: MIT
 *
 * host.h - what plugins may call, bound to one process: its snapshots, its workers, its end.
 *
 * There is one host a process; it is made first and ended last, on the main thread. The table that plugins get is
 * struct faqd_host at the head of struct host.
 */
#ifndef FAQD_HOST_H
#define FAQD_HOST_H

#include "dispatch.h"

#include <stdatomic.h>

struct host {
    struct faqd_host api; /* first: plugins hand back a pointer to it */
    struct snapshots snapshots;
    struct plugins plugins;
    const char *pack_dir;   /* borrowed from the configuration, as are these, set before connectors are opened: */
    const char *state_dir;  /* of stores and counters; NULL: none. Nothing is made there before it is needed */
    const char *config_dir; /* where relative names in settings begin; NULL: the working directory */
    atomic_int stopping;
};

/* Open the plugins and load the pack. FAQD_OK, or an error; then nothing is left to end. */
int host_start(struct host *host, const char *plugins_dir, const char *pack_dir, struct err *err);
/* Load the pack again, check it, make it the current one. Any error keeps the old one. */
int host_reload(struct host *host, struct err *err);
void host_stop(struct host *host); /* any thread: plugins see it through stopping() */
void host_end(struct host *host);  /* after every worker was freed */

#endif
