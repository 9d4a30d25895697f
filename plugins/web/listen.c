/* SPDX-License-Identifier: MIT
 *
 * listen.c - see listen.h. The protocol of socket activation is three environment variables (sd_listen_fds(3)):
 * LISTEN_PID names the process that is meant, LISTEN_FDS how many sockets there are from fd 3 on, LISTEN_FDNAMES what
 * they are called.
 */
#include "listen.h"

#include "faqd_plugin.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#define HANDED_FIRST 3 /* SD_LISTEN_FDS_START */
#define HANDED_MAX 64
#define BACKLOG 1024
#define UNIX_MODE 0660 /* the proxy gets in by its group */

static int is_unix(const char *where)
{
    return strncmp(where, "unix:", 5) == 0;
}

static int is_systemd(const char *where)
{
    return strcmp(where, "systemd") == 0 || strncmp(where, "systemd:", 8) == 0;
}

/* Split "127.0.0.1:8080" or "[::1]:8080"; 1 if it was one. */
static int split(const char *where, char *host, size_t size, const char **port)
{
    const char *colon = strrchr(where, ':');
    size_t len = colon ? (size_t)(colon - where) : 0;
    const char *from = where;
    if (len >= 2 && where[0] == '[' && where[len - 1] == ']') {
        from++;
        len -= 2;
    } else if (colon && memchr(where, ':', len)) {
        return 0;
    }
    if (!colon || !len || len >= size || !colon[1] || strspn(colon + 1, "0123456789") != strlen(colon + 1) ||
        strlen(colon + 1) > 5 || strtoul(colon + 1, NULL, 10) > 65535)
        return 0;
    memcpy(host, from, len);
    host[len] = '\0';
    *port = colon + 1;
    return 1;
}

int listen_check(const char *where, char *error, size_t error_size)
{
    char host[64];
    const char *port = NULL;
    if (is_unix(where)) {
        size_t len = strlen(where + 5);
        if (len && len < sizeof(((struct listener *)0)->path))
            return FAQD_OK;
        snprintf(error, error_size, "\"%.120s\": the path of a unix socket has 1 to 107 bytes", where);
        return FAQD_EINVAL;
    }
    if (is_systemd(where) || split(where, host, sizeof(host), &port))
        return FAQD_OK;
    snprintf(
        error, error_size,
        "\"%.60s\" is no place to listen at: give \"127.0.0.1:8080\", \"[::1]:8080\", \"unix:PATH\", \"systemd\" or "
        "\"systemd:NAME\"",
        where);
    return FAQD_EINVAL;
}

/* Report what errno says. */
static int failed(const char *what, const char *where, char *error, size_t error_size)
{
    snprintf(error, error_size, "%s %.120s: %s", what, where, strerror(errno));
    return FAQD_EINVAL;
}

static void show(struct listener *l)
{
    struct sockaddr_storage at;
    socklen_t len = sizeof(at);
    char host[64], port[8];
    if (l->path[0]) {
        snprintf(l->shown, sizeof(l->shown), "unix:%s", l->path);
        return;
    }
    if (getsockname(l->fd, (struct sockaddr *)&at, &len) != 0 || at.ss_family == AF_UNIX ||
        getnameinfo((struct sockaddr *)&at, len, host, sizeof(host), port, sizeof(port),
                    NI_NUMERICHOST | NI_NUMERICSERV) != 0) {
        snprintf(l->shown, sizeof(l->shown), "a socket handed over");
        return;
    }
    int v6 = strchr(host, ':') != NULL;
    snprintf(l->shown, sizeof(l->shown), "http://%s%s%s:%s", v6 ? "[" : "", host, v6 ? "]" : "", port);
}

static int open_tcp(const char *where, struct listener *l, char *error, size_t error_size)
{
    char host[64];
    const char *port = NULL;
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE | AI_NUMERICSERV};
    struct addrinfo *list = NULL;
    split(where, host, sizeof(host), &port);
    int rc = getaddrinfo(host, port, &hints, &list);
    if (rc != 0) {
        snprintf(error, error_size, "listening at %.120s: %s", where, gai_strerror(rc));
        return FAQD_EINVAL;
    }
    int yes = 1;
    l->tcp = 1;
    l->fd = socket(list->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    int bad = l->fd < 0 || setsockopt(l->fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes)) != 0;
    bad = bad || setsockopt(l->fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes)) != 0; /* accepted ones inherit it */
    bad = bad || bind(l->fd, list->ai_addr, list->ai_addrlen) != 0 || listen(l->fd, BACKLOG) != 0;
    freeaddrinfo(list);
    return bad ? failed("listening at", where, error, error_size) : FAQD_OK;
}

/* 1 if a socket lies there that nobody listens at any more. */
static int abandoned(const struct sockaddr_un *at)
{
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int refused = fd >= 0 && connect(fd, (const struct sockaddr *)at, sizeof(*at)) != 0 && errno == ECONNREFUSED;
    if (fd >= 0)
        close(fd);
    return refused;
}

static int open_unix(const char *where, struct listener *l, char *error, size_t error_size)
{
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    size_t len = strlen(where + 5);
    memcpy(at.sun_path, where + 5, len + 1);
    if (abandoned(&at))
        unlink(at.sun_path);
    l->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (l->fd < 0 || bind(l->fd, (struct sockaddr *)&at, sizeof(at)) != 0)
        return failed("listening at", where, error, error_size);
    memcpy(l->path, at.sun_path, len + 1);
    if (chmod(l->path, UNIX_MODE) != 0 || listen(l->fd, BACKLOG) != 0)
        return failed("listening at", where, error, error_size);
    return FAQD_OK;
}

/* The position of `name` in LISTEN_FDNAMES ("a:b:c"); 0 if no name is asked for; -1: not there. */
static int handed_position(const char *name, long count)
{
    const char *names = getenv("LISTEN_FDNAMES");
    if (!name[0])
        return 0;
    for (int i = 0; names && i < count; i++) {
        size_t len = strcspn(names, ":");
        if (strlen(name) == len && strncmp(names, name, len) == 0)
            return i;
        names += len;
        if (*names)
            names++;
    }
    return -1;
}

static int open_handed(const char *where, struct listener *l, char *error, size_t error_size)
{
    const char *pid = getenv("LISTEN_PID"), *fds = getenv("LISTEN_FDS");
    long count = fds ? strtol(fds, NULL, 10) : 0;
    int mine = pid && strtol(pid, NULL, 10) == (long)getpid() && count > 0 && count <= HANDED_MAX;
    int position = mine ? handed_position(where[7] ? where + 8 : "", count) : -1;
    int listening = 0, domain = 0;
    socklen_t len = sizeof(int), domain_len = sizeof(int);
    if (position < 0) {
        snprintf(error, error_size,
                 "\"%.60s\": no such socket was handed over: start this service by its socket unit (systemd.socket(5), "
                 "FileDescriptorName=)",
                 where);
        return FAQD_EINVAL;
    }
    l->handed = 1;
    l->fd = fcntl(HANDED_FIRST + position, F_DUPFD_CLOEXEC, HANDED_FIRST + HANDED_MAX);
    if (l->fd < 0 || getsockopt(l->fd, SOL_SOCKET, SO_ACCEPTCONN, &listening, &len) != 0 ||
        getsockopt(l->fd, SOL_SOCKET, SO_DOMAIN, &domain, &domain_len) != 0 || fcntl(l->fd, F_SETFL, O_NONBLOCK) != 0)
        return failed("the socket handed over for", where, error, error_size);
    l->tcp = domain != AF_UNIX;
    if (listening)
        return FAQD_OK;
    snprintf(error, error_size, "\"%.60s\": the socket that was handed over does not listen", where);
    return FAQD_EINVAL;
}

int listen_open(const char *where, struct listener *out, char *error, size_t error_size)
{
    *out = (struct listener){.fd = -1};
    int rc = listen_check(where, error, error_size);
    if (rc != FAQD_OK)
        return rc;
    if (is_unix(where))
        rc = open_unix(where, out, error, error_size);
    else if (is_systemd(where))
        rc = open_handed(where, out, error, error_size);
    else
        rc = open_tcp(where, out, error, error_size);
    if (rc == FAQD_OK)
        show(out);
    else
        listen_close(out);
    return rc;
}

void listen_close(struct listener *l)
{
    if (l->fd >= 0)
        close(l->fd);
    if (l->path[0])
        unlink(l->path);
    l->fd = -1;
    l->path[0] = '\0';
}
