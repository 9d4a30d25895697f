/* SPDX-License-Identifier: MIT
 *
 * loop.h - one thread of the server: a libmicrohttpd daemon without a socket or thread of its own, the connections that
 * this thread accepted, its worker of the host. Nothing in it is shared with another thread but `wake` and `traffic`.
 *
 * Driving libmicrohttpd from a loop of ours (MHD_run) has three reasons. Its own epoll loop sleeps with requests in
 * hand when exactly 128 events come at once (MHD_epoll() asks the kernel again with the full time-out; 0.9.75
 * and 1.0.1); MHD_run() asks with none. Its time-out counts inactivity only; here every thread can cut its own
 * connections at an absolute time without a lock. And a full house can make room by sending away who waits for longest.
 */
#ifndef FAQD_WEB_LOOP_H
#define FAQD_WEB_LOOP_H

#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include "conn.h"
#include "listen.h"
#include "traffic.h"

struct faqd_worker;
struct route;
struct web;
struct MHD_Daemon;

struct loop {
    struct web *web;
    struct faqd_worker *worker;
    struct MHD_Daemon *mhd;
    const struct route *routes; /* the end has no path */
    struct listener *listener;
    int epoll, wake; /* wake: an eventfd, written by loop_wake */
    struct conn *oldest, *newest;
    size_t n_conns;      /* of this loop */
    size_t crowd;        /* the most of them since memory was given back */
    size_t max_conns;    /* of the whole server */
    int64_t now;         /* milliseconds of a clock that does not go back, read once a round */
    int64_t next_sweep;  /* when deadlines are looked at again */
    int64_t drain_since; /* 0: running; else when stopping began */
    struct traffic traffic;
    pthread_t thread;
    int started;
};

/* FAQD_OK, FAQD_ENOMEM, FAQD_EIO. listener NULL: connections come by loop_adopt only. */
int loop_open(struct loop *l, struct web *web, const struct route *routes, struct listener *listener, size_t max_conns);
void loop_close(struct loop *l); /* takes one that was never opened, if it is all zero */

/* Take a connected, non-blocking socket; it belongs to the loop from here on, also on failure. */
struct sockaddr;
void loop_adopt(struct loop *l, int fd, const struct sockaddr *peer, unsigned peer_len);

/* One round: what is ready is served; waits at most `wait_ms` for something to be. 0: stopped, and all are gone. */
int loop_round(struct loop *l, int wait_ms);
void loop_run(struct loop *l);  /* rounds until stopped */
void loop_wake(struct loop *l); /* any thread */

#endif
