/* SPDX-License-Identifier: MIT
 *
 * request.c - see request.h.
 */
#include "request.h"

#include "conn.h"
#include "forwarded.h"
#include "loop.h"
#include "reply.h"
#include "route.h"
#include "web.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#define KEY_MAX 64

void request_clear(struct request *r)
{
    *r = (struct request){0};
}

void request_end_of(struct request *r)
{
    free(r->body);
    r->body = NULL;
}

void request_refuse(struct request *r, enum problem problem, const char *detail)
{
    if (r->problem != PROBLEM_NONE)
        return;
    r->problem = problem;
    r->detail = detail;
}

static int64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

/* The headers that matter, and where the request keeps them. */
static const struct {
    const char *name;
    size_t place;
} known[] = {
    {"Accept-Encoding", offsetof(struct request, accept_encoding)},
    {"Content-Length", offsetof(struct request, content_length)},
    {"Content-Type", offsetof(struct request, content_type)},
    {"Forwarded", offsetof(struct request, forwarded)},
    {"Host", offsetof(struct request, host)},
    {"Idempotency-Key", offsetof(struct request, key)},
    {"If-None-Match", offsetof(struct request, if_none_match)},
    {"Origin", offsetof(struct request, origin)},
    {"Transfer-Encoding", offsetof(struct request, transfer_encoding)},
    {"X-Forwarded-For", offsetof(struct request, x_forwarded_for)},
};

/* One header: of several with one name the last, which the nearest proxy added. */
static enum MHD_Result take_header(void *user, enum MHD_ValueKind kind, const char *name, const char *value)
{
    (void)kind;
    for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
        if ((name[0] | 0x20) == (known[i].name[0] | 0x20) && strcasecmp(name, known[i].name) == 0) {
            const char **place = (const char **)(void *)((char *)user + known[i].place);
            *place = value ? value : "";
            break;
        }
    return MHD_YES;
}

static enum method method_of(const char *name)
{
    static const char *const names[] = {"GET", "HEAD", "POST", "OPTIONS"};
    for (size_t i = 0; i < METHOD_OTHER; i++)
        if (strcmp(name, names[i]) == 0)
            return (enum method)i;
    return METHOD_OTHER;
}

/* "https://example.org" came to the Host "example.org": a page of ours. */
static int is_own_origin(const char *origin, const char *host)
{
    const char *behind = strstr(origin, "://");
    return behind && host && host[0] && strcasecmp(behind + 3, host) == 0;
}

static void check_origin(struct conn *c)
{
    struct request *r = &c->request;
    if (!r->origin)
        return;
    if (web_settings_origin(&c->loop->web->settings, r->origin) || is_own_origin(r->origin, r->host))
        r->allowed_origin = r->origin;
    else if (r->route && r->route->guarded && r->method != METHOD_GET && r->method != METHOD_HEAD)
        request_refuse(r, PROBLEM_ORIGIN, NULL);
}

static void check_key(struct request *r)
{
    static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
    if (!r->key)
        return;
    size_t len = strlen(r->key);
    if (len < 1 || len > KEY_MAX || strspn(r->key, allowed) != len)
        request_refuse(r, PROBLEM_KEY, NULL);
}

static void check_length(struct request *r)
{
    if (r->transfer_encoding)
        request_refuse(r, PROBLEM_LENGTH, NULL);
    unsigned long long length = r->content_length ? strtoull(r->content_length, NULL, 10) : 0;
    r->expected = length > REQUEST_SWALLOW_MAX ? REQUEST_SWALLOW_MAX + 1 : (size_t)length;
    if (r->expected > REQUEST_BODY_MAX)
        request_refuse(r, PROBLEM_TOO_LONG, NULL);
}

/* One request more of this visitor. */
static void check_rate(struct conn *c)
{
    struct request *r = &c->request;
    struct limit *visitors = c->loop->web->visitors;
    struct address visitor;
    r->who = c->who;
    if (c->proxy && forwarded_visitor(&c->loop->web->settings, &c->peer, r, &visitor))
        r->who = limit_address(visitors, &visitor, c->loop->now);
    if (!r->route || !r->route->limited || r->method == METHOD_OPTIONS || !r->who)
        return;
    unsigned wait = limit_take(visitors, r->who, c->loop->now);
    if (!wait)
        return;
    request_refuse(r, PROBLEM_RATE, NULL);
    r->retry_after = wait;
}

static void check(struct conn *c)
{
    struct request *r = &c->request;
    const union MHD_ConnectionInfo *size = MHD_get_connection_info(c->mhd, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
    if (size && size->header_size > REQUEST_HEAD_MAX)
        request_refuse(r, PROBLEM_HEADER, NULL);
    if (c->crowded) {
        request_refuse(r, PROBLEM_CONNECTIONS, NULL);
        r->retry_after = 1;
    }
    if (!r->route)
        request_refuse(r, PROBLEM_NOT_FOUND, NULL);
    else if (!(r->route->methods & (1u << r->method)))
        request_refuse(r, PROBLEM_METHOD, NULL);
    check_length(r);
    check_origin(c);
    check_key(r);
    check_rate(c);
}

enum MHD_Result request_begin(struct conn *c, const char *url, const char *method)
{
    struct request *r = &c->request;
    request_end_of(r);
    request_clear(r);
    conn_phase(c, PHASE_BODY);
    r->started = now_ns();
    r->url = url;
    r->method = method_of(method);
    MHD_get_connection_values(c->mhd, MHD_HEADER_KIND, take_header, r);
    route_find(c);
    check(c);
    if (r->problem == PROBLEM_LENGTH || r->expected > REQUEST_SWALLOW_MAX)
        return route_refuse(c) == 0 ? MHD_YES : MHD_NO;
    return MHD_YES;
}

/* Room for the whole body, or else the request is refused. (Whoever gives two lengths is held to both.) */
static int make_room(struct request *r)
{
    if (!r->body)
        r->body = malloc(r->expected + 1);
    if (r->body && r->len <= r->expected)
        return 1;
    request_refuse(r, PROBLEM_UNAVAILABLE, NULL);
    r->retry_after = 1;
    return 0;
}

enum MHD_Result request_body(struct conn *c, const char *bytes, size_t len)
{
    struct request *r = &c->request;
    size_t at = r->len;
    r->len += len;
    if (r->problem == PROBLEM_NONE && make_room(r))
        memcpy(r->body + at, bytes, len);
    return MHD_YES;
}

enum MHD_Result request_whole(struct conn *c)
{
    struct request *r = &c->request;
    if (r->problem == PROBLEM_NONE && make_room(r))
        r->body[r->len] = '\0';
    int rc = r->problem != PROBLEM_NONE    ? route_refuse(c)
             : r->method == METHOD_OPTIONS ? reply_preflight(c)
                                           : r->route->handle(c);
    traffic_time(&c->loop->traffic, now_ns() - r->started);
    return rc == 0 ? MHD_YES : MHD_NO;
}

void request_done(struct conn *c)
{
    const union MHD_ConnectionInfo *size = MHD_get_connection_info(c->mhd, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
    c->consumed += (size ? size->header_size : 0) + c->request.len;
    request_end_of(&c->request);
    conn_phase(c, PHASE_IDLE);
}

const char *request_argument(const struct conn *c, const char *name)
{
    return MHD_lookup_connection_value(c->mhd, MHD_GET_ARGUMENT_KIND, name);
}
