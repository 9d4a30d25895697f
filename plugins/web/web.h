/* SPDX-License-Identifier: MIT
 *
 * web.h - one instance of the connector web: what its threads share. All of it is constant while they run, but for what
 * guards itself (visitors, keys, stopping).
 *
 * The way of one request: loop.c accepts a connection and gives it to libmicrohttpd, conn.c keeps its deadlines,
 * request.c reads head and body and refuses what is wrong, route.c says who handles it (api.c, page.c, assets.c,
 * health.c), reply.c sends what comes of it.
 */
#ifndef FAQD_WEB_WEB_H
#define FAQD_WEB_WEB_H

#include <stdatomic.h>
#include <stddef.h>

#include "assets.h"
#include "faqd_plugin.h"
#include "limit.h"
#include "listen.h"
#include "loop.h"
#include "page.h"
#include "settings.h"

#define WEB_NAME "web" /* of the connector, in counters and health */

struct web {
    const struct faqd_host *host;
    struct settings settings;
    struct assets assets;
    struct pages pages;
    struct limit *visitors; /* by address */
    struct limit *keys;     /* by Idempotency-Key: which came lately */
    struct listener listener, admin;
    struct loop *loops; /* one a thread; the admin listener's is the last */
    size_t n_loops;
    atomic_size_t open; /* connections of all threads */
    atomic_int stopping;
};

/* What an older host does not have counts as not there. */
#define WEB_HOST_HAS(host, member)                                                                                     \
    ((host)->struct_size >= offsetof(struct faqd_host, member) + sizeof((host)->member) && (host)->member != NULL)

#endif
