/* SPDX-License-Identifier: MIT
 *
 * conn.h - one connection: who it is, what it is doing, and until when it may.
 *
 * libmicrohttpd's time-out counts inactivity: a byte a second keeps a request alive for hours. Here a request has
 * CONN_REQUEST_MS from its first byte (or from accept) to be whole, however busy it is. A connection that is cut has
 * its socket shut down; libmicrohttpd then sees its end and lets go of it.
 */
#ifndef FAQD_WEB_CONN_H
#define FAQD_WEB_CONN_H

#include <stdint.h>

#include "address.h"
#include "request.h"

#define CONN_REQUEST_MS 9500 /* cut within 10 s, with a sweep every CONN_SWEEP_MS */
#define CONN_CROWDED_MS 2000 /* for a connection over its address's number: time enough to be told so */
#define CONN_REPLY_MS 30000  /* to read a reply */
#define CONN_IDLE_MS 60000   /* between two requests */
#define CONN_SWEEP_MS 250

enum phase {
    PHASE_HEAD,  /* accepted, or the first bytes of a further request came */
    PHASE_BODY,  /* the head is whole, the body not yet */
    PHASE_REPLY, /* the reply is on its way */
    PHASE_IDLE,  /* between two requests */
};

struct loop;
struct MHD_Connection;

struct conn {
    struct conn *prev, *next; /* of the loop, in the order of coming */
    struct loop *loop;
    struct MHD_Connection *mhd; /* NULL until libmicrohttpd has taken it */
    int fd;
    enum phase phase;
    int64_t since;     /* when the phase began */
    int64_t deadline;  /* when it must have ended */
    uint64_t consumed; /* bytes of the whole requests so far */
    struct address peer;
    int proxy;    /* a trusted one, which speaks for many, or the operator: the limits of an address are not its own */
    uint64_t who; /* the peer's name in limit.h; 0 for a proxy */
    int crowded;  /* its address has more connections than it may */
    int cut;      /* its socket is shut down already */
    struct request request;
};

/* Make one and count it. NULL: out of memory, or its address has far too many (the caller closes the socket). */
struct conn *conn_new(struct loop *l, int fd, const struct sockaddr *peer);
void conn_free(struct conn *c);

void conn_phase(struct conn *c, enum phase phase);

/* Cut all whose time is over. While the server stops, also those that nothing came from since. */
void conn_sweep(struct loop *l);

/* Cut the one that has waited for longest without being answered; 0: all are being answered. */
int conn_evict(struct loop *l);

#endif
