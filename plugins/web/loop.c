/* SPDX-License-Identifier: MIT
 *
 * loop.c - see loop.h.
 *
 * The loop waits on one epoll of its own that holds the listening socket, the eventfd, and libmicrohttpd's epoll; a
 * ready one is a reason to go round once. Stopping: whoever is already in the queue of the listening socket is
 * accepted, the socket is left, each reply from then on says "Connection: close", and after DRAIN_MS what is left is
 * closed.
 */
#include "loop.h"

#include "faqd_plugin.h"
#include "route.h"
#include "web.h"

#include <errno.h>
#include <malloc.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <microhttpd.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#define ACCEPT_AT_ONCE 64 /* connections taken before others are served again */
#define DRAIN_MS 2500
#define DRAIN_SWEEP_MS 50
#define EVENTS 4      /* three are watched */
#define CROWD_MIN 128 /* connections whose memory is worth giving back: 14 KiB each */

/* Per connection, all of it touched after a request: a head of REQUEST_HEAD_MAX, and half as much for libmicrohttpd's
 * own lists and the head of the reply. */
#define MEMORY_PER_CONNECTION (12u * 1024)
#define MEMORY_STEP 2048u /* read at once; grows from there */

static int64_t now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static struct conn *conn_of(struct MHD_Connection *mhd)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info ? info->socket_context : NULL;
}

/* A socket came to libmicrohttpd or is about to leave it. */
static void on_connection(void *user, struct MHD_Connection *mhd, void **context,
                          enum MHD_ConnectionNotificationCode code)
{
    struct loop *l = user;
    if (code == MHD_CONNECTION_NOTIFY_CLOSED) {
        if (*context)
            conn_free(*context);
        *context = NULL;
        return;
    }
    int fd = MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
    for (struct conn *c = l->newest; c; c = c->prev)
        if (c->fd == fd && !c->mhd) {
            c->mhd = mhd;
            *context = c;
            return;
        }
}

static enum MHD_Result on_request(void *user, struct MHD_Connection *mhd, const char *url, const char *method,
                                  const char *version, const char *upload, size_t *upload_size, void **context)
{
    (void)user;
    (void)version;
    struct conn *c = conn_of(mhd);
    if (!c)
        return MHD_NO;
    if (!*context) {
        *context = c;
        return request_begin(c, url, method);
    }
    if (*upload_size) {
        size_t size = *upload_size;
        *upload_size = 0;
        return request_body(c, upload, size);
    }
    return request_whole(c);
}

static void on_completed(void *user, struct MHD_Connection *mhd, void **context, enum MHD_RequestTerminationCode code)
{
    (void)user;
    (void)code;
    struct conn *c = *context ? conn_of(mhd) : NULL;
    if (c)
        request_done(c);
    *context = NULL;
}

static struct MHD_Daemon *start(struct loop *l)
{
    return MHD_start_daemon(
        MHD_USE_EPOLL | MHD_USE_NO_LISTEN_SOCKET, 0, NULL, NULL, on_request, l, MHD_OPTION_NOTIFY_CONNECTION,
        on_connection, l, MHD_OPTION_NOTIFY_COMPLETED, on_completed, l, MHD_OPTION_CONNECTION_LIMIT,
        (unsigned)l->max_conns + 1, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)MEMORY_PER_CONNECTION,
        MHD_OPTION_CONNECTION_MEMORY_INCREMENT, (size_t)MEMORY_STEP, MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_END);
}

static int watch(struct loop *l, int fd, uint32_t how)
{
    struct epoll_event event = {.events = EPOLLIN | how, .data = {.fd = fd}};
    return epoll_ctl(l->epoll, EPOLL_CTL_ADD, fd, &event);
}

int loop_open(struct loop *l, struct web *web, const struct route *routes, struct listener *listener, size_t max_conns)
{
    *l = (struct loop){
        .web = web, .routes = routes, .listener = listener, .max_conns = max_conns, .epoll = -1, .wake = -1};
    l->now = now_ms();
    l->worker = web->host->worker_new(web->host);
    l->mhd = start(l);
    l->epoll = epoll_create1(EPOLL_CLOEXEC);
    l->wake = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (!l->worker || !l->mhd)
        return FAQD_ENOMEM;
    int fd = MHD_get_daemon_info(l->mhd, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
    if (l->epoll < 0 || l->wake < 0 || watch(l, fd, 0) != 0 || watch(l, l->wake, 0) != 0)
        return FAQD_EIO;
    /* Several threads wait at one socket: EPOLLEXCLUSIVE wakes one of them for each connection. */
    if (listener && watch(l, listener->fd, EPOLLEXCLUSIVE) != 0)
        return FAQD_EIO;
    return FAQD_OK;
}

void loop_close(struct loop *l)
{
    if (!l->web)
        return;
    if (l->mhd)
        MHD_stop_daemon(l->mhd);
    while (l->oldest)
        conn_free(l->oldest);
    if (l->epoll >= 0)
        close(l->epoll);
    if (l->wake >= 0)
        close(l->wake);
    l->web->host->worker_free(l->worker);
}

void loop_adopt(struct loop *l, int fd, const struct sockaddr *peer, unsigned peer_len)
{
    struct conn *c = conn_new(l, fd, peer);
    if (!c) {
        close(fd);
        return;
    }
    if (l->n_conns > l->crowd)
        l->crowd = l->n_conns; /* here, since a crowd may have come and gone between two sweeps */
    /* libmicrohttpd closes the socket also when it fails; then nobody was told of it. */
    if (MHD_add_connection(l->mhd, fd, peer, (socklen_t)peer_len) != MHD_YES && l->newest == c && !c->mhd)
        conn_free(c);
}

/* Send somebody away, and let libmicrohttpd notice. */
static void make_room(struct loop *l)
{
    if (conn_evict(l))
        MHD_run(l->mhd);
}

static int is_full(const struct loop *l)
{
    return atomic_load(&l->web->open) >= l->max_conns;
}

static void take(struct loop *l)
{
    for (int i = 0; i < ACCEPT_AT_ONCE; i++) {
        struct sockaddr_storage peer = {0};
        socklen_t len = sizeof(peer);
        int fd = accept4(l->listener->fd, (struct sockaddr *)&peer, &len, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd < 0 && (errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == ENOBUFS))
            make_room(l);
        if (fd < 0 && errno != EINTR && errno != ECONNABORTED)
            return;
        if (fd < 0)
            continue;
        if (is_full(l))
            make_room(l);
        if (is_full(l))
            close(fd); /* all are being answered: this one would have to wait for longer than it is worth */
        else
            loop_adopt(l, fd, (struct sockaddr *)&peer, len);
    }
}

static void begin_to_drain(struct loop *l)
{
    l->drain_since = l->now;
    if (!l->listener)
        return;
    if (!l->listener->handed) /* systemd keeps its socket and whoever waits in it for the next process */
        take(l);
    epoll_ctl(l->epoll, EPOLL_CTL_DEL, l->listener->fd, NULL);
}

static int drained(struct loop *l)
{
    if (!l->drain_since)
        begin_to_drain(l);
    return !l->n_conns || l->now - l->drain_since > DRAIN_MS;
}

/* Once most of a crowd have left, what they took goes back to the system: in pieces that small, malloc would keep it.
 */
static void give_back(struct loop *l)
{
    if (4 * l->n_conns > l->crowd)
        return;
    if (l->crowd >= CROWD_MIN)
        malloc_trim(0);
    l->crowd = l->n_conns;
}

/* How long to wait: not at all if libmicrohttpd has something to do, else until the next sweep. */
static int pause_of(struct loop *l, int wait_ms)
{
    MHD_UNSIGNED_LONG_LONG ms = 0;
    if (MHD_get_timeout(l->mhd, &ms) == MHD_YES && ms == 0)
        return 0;
    int64_t left = l->n_conns || l->crowd ? l->next_sweep - l->now : wait_ms;
    return left < 0 ? 0 : left < wait_ms ? (int)left : wait_ms;
}

int loop_round(struct loop *l, int wait_ms)
{
    struct epoll_event events[EVENTS];
    int n = epoll_wait(l->epoll, events, EVENTS, pause_of(l, wait_ms));
    l->now = now_ms();
    for (int i = 0; i < n; i++) {
        uint64_t count = 0;
        if (l->listener && events[i].data.fd == l->listener->fd)
            take(l);
        else if (events[i].data.fd == l->wake && read(l->wake, &count, sizeof(count)) < 0)
            continue; /* woken all the same */
    }
    MHD_run(l->mhd);
    if (l->now >= l->next_sweep) {
        conn_sweep(l);
        give_back(l);
        l->next_sweep = l->now + (l->drain_since ? DRAIN_SWEEP_MS : CONN_SWEEP_MS);
    }
    return !(atomic_load(&l->web->stopping) && drained(l));
}

void loop_run(struct loop *l)
{
    while (loop_round(l, 60000))
        ;
}

void loop_wake(struct loop *l)
{
    uint64_t one = 1;
    ssize_t written = write(l->wake, &one, sizeof(one));
    (void)written; /* full: it is awake already */
}
