/* SPDX-License-Identifier: MIT
 *
 * conn.c - see conn.h.
 */
#include "conn.h"

#include "loop.h"
#include "web.h"

#include <stdlib.h>

#include <linux/tcp.h> /* for tcpi_bytes_received, which netinet/tcp.h does not know */
#include <netinet/in.h>
#include <sys/socket.h>

#define DRAIN_QUIET_MS 300 /* while stopping: how long a connection may still begin a request */

struct conn *conn_new(struct loop *l, int fd, const struct sockaddr *peer)
{
    struct conn *c = calloc(1, sizeof(*c));
    if (!c)
        return NULL;
    c->loop = l;
    c->fd = fd;
    address_of(peer, &c->peer);
    c->proxy = l->listener == &l->web->admin || web_settings_trusts(&l->web->settings, &c->peer);
    if (!c->proxy) {
        c->who = limit_address(l->web->visitors, &c->peer, l->now);
        c->crowded = limit_enter(l->web->visitors, c->who, l->now);
        if (c->crowded > 1) {
            limit_leave(l->web->visitors, c->who);
            traffic_add(&l->traffic.cut[CUT_CROWDED], 1);
            free(c);
            return NULL;
        }
    }
    conn_phase(c, PHASE_HEAD);
    c->prev = l->newest;
    *(l->newest ? &l->newest->next : &l->oldest) = c;
    l->newest = c;
    l->n_conns++;
    atomic_fetch_add(&l->web->open, 1);
    traffic_add(&l->traffic.connections, 1);
    atomic_store_explicit(&l->traffic.open, l->n_conns, memory_order_relaxed);
    return c;
}

void conn_free(struct conn *c)
{
    struct loop *l = c->loop;
    if (c->who)
        limit_leave(l->web->visitors, c->who);
    *(c->prev ? &c->prev->next : &l->oldest) = c->next;
    *(c->next ? &c->next->prev : &l->newest) = c->prev;
    l->n_conns--;
    atomic_fetch_sub(&l->web->open, 1);
    atomic_store_explicit(&l->traffic.open, l->n_conns, memory_order_relaxed);
    request_end_of(&c->request);
    free(c);
}

void conn_phase(struct conn *c, enum phase phase)
{
    static const int64_t allowed[] = {CONN_REQUEST_MS, 0, CONN_REPLY_MS, CONN_IDLE_MS};
    c->phase = phase;
    if (phase == PHASE_BODY && c->deadline >= c->loop->now && c->deadline - c->loop->now <= CONN_REQUEST_MS)
        return; /* head and body share one deadline */
    c->since = c->loop->now;
    c->deadline = c->since + (phase == PHASE_BODY ? CONN_REQUEST_MS : c->crowded ? CONN_CROWDED_MS : allowed[phase]);
}

static void cut(struct conn *c, enum cut why)
{
    c->cut = 1;
    shutdown(c->fd, SHUT_RDWR);
    traffic_add(&c->loop->traffic.cut[why], 1);
}

/* 1 if more came than whole requests. Only TCP tells; who comes by a unix socket is a proxy, which sends whole ones. */
static int has_begun(const struct conn *c)
{
    struct tcp_info info = {0};
    socklen_t len = sizeof(info);
    if (getsockopt(c->fd, IPPROTO_TCP, TCP_INFO, &info, &len) != 0 ||
        len < offsetof(struct tcp_info, tcpi_bytes_received) + sizeof(info.tcpi_bytes_received))
        return 0;
    return info.tcpi_bytes_received > c->consumed;
}

static void sweep_one(struct conn *c)
{
    struct loop *l = c->loop;
    if (c->phase == PHASE_IDLE && has_begun(c))
        conn_phase(c, PHASE_HEAD);
    if (l->now >= c->deadline) {
        cut(c, c->phase == PHASE_IDLE ? CUT_IDLE : CUT_DEADLINE);
        return;
    }
    int quiet = c->phase == PHASE_IDLE || (c->phase == PHASE_HEAD && !has_begun(c));
    int64_t since = c->since > l->drain_since ? c->since : l->drain_since;
    if (l->drain_since && quiet && l->now - since >= DRAIN_QUIET_MS)
        cut(c, CUT_IDLE);
}

void conn_sweep(struct loop *l)
{
    for (struct conn *c = l->oldest; c; c = c->next)
        if (!c->cut)
            sweep_one(c);
}

int conn_evict(struct loop *l)
{
    struct conn *worst = NULL;
    for (struct conn *c = l->oldest; c; c = c->next)
        if (!c->cut && c->phase != PHASE_REPLY && (!worst || c->since < worst->since))
            worst = c;
    if (worst)
        cut(worst, CUT_FULL);
    return worst != NULL;
}
