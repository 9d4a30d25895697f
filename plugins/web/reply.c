/* SPDX-License-Identifier: MIT
 *
 * reply.c - see reply.h.
 */
#include "reply.h"

#include "conn.h"
#include "loop.h"
#include "route.h"
#include "web.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PREFLIGHT_SECONDS "86400"

/* A header; 0 once one could not be added. */
static int add(int ok, struct MHD_Response *response, const char *name, const char *value)
{
    return ok && MHD_add_response_header(response, name, value) == MHD_YES;
}

/* Who may read it: a file anybody, an answer the pages of listed origins. */
static int add_sharing(int ok, struct MHD_Response *response, const struct conn *c, const struct reply *r)
{
    const struct request *q = &c->request;
    if (r->file) {
        ok = add(ok, response, "Access-Control-Allow-Origin", "*");
        ok = add(ok, response, "Cross-Origin-Resource-Policy", "cross-origin");
        return add(ok, response, "Vary", "Accept-Encoding");
    }
    if (!q->route || !q->route->guarded)
        return ok;
    if (c->loop->web->settings.n_origins || q->origin)
        ok = add(ok, response, "Vary", "Origin");
    if (q->allowed_origin) {
        ok = add(ok, response, "Access-Control-Allow-Origin", q->allowed_origin);
        ok = add(ok, response, "Access-Control-Expose-Headers", "Retry-After");
    }
    return ok;
}

static int add_allow(int ok, struct MHD_Response *response, unsigned methods)
{
    static const char *const names[] = {"GET", "HEAD", "POST", "OPTIONS"};
    char list[32];
    size_t at = 0;
    for (size_t i = 0; i < METHOD_OTHER; i++)
        if (methods & (1u << i))
            at += (size_t)snprintf(list + at, sizeof(list) - at, "%s%s", at ? ", " : "", names[i]);
    return add(ok, response, "Allow", list);
}

static int add_headers(struct MHD_Response *response, const struct conn *c, const struct reply *r)
{
    int ok = 1;
    char seconds[16];
    if (r->type)
        ok = add(ok, response, "Content-Type", r->type);
    ok = add(ok, response, "Cache-Control", r->cache ? r->cache : "no-store");
    ok = add(ok, response, "X-Content-Type-Options", "nosniff");
    ok = add(ok, response, "Referrer-Policy", "no-referrer");
    ok = add_sharing(ok, response, c, r);
    if (r->policy)
        ok = add(ok, response, "Content-Security-Policy", r->policy);
    if (r->etag)
        ok = add(ok, response, "ETag", r->etag);
    if (r->encoding)
        ok = add(ok, response, "Content-Encoding", r->encoding);
    if (r->retry_after) {
        snprintf(seconds, sizeof(seconds), "%u", r->retry_after);
        ok = add(ok, response, "Retry-After", seconds);
    }
    if (r->status == 405 && c->request.route)
        ok = add_allow(ok, response, c->request.route->methods);
    if (c->loop->drain_since || c->crowded)
        ok = add(ok, response, "Connection", "close");
    return ok;
}

static int queue(struct conn *c, unsigned status, struct MHD_Response *response, int ok)
{
    if (ok)
        ok = MHD_queue_response(c->mhd, status, response) == MHD_YES;
    if (response)
        MHD_destroy_response(response);
    if (!ok)
        return -1;
    traffic_answer(&c->loop->traffic, status);
    conn_phase(c, PHASE_REPLY);
    return 0;
}

int reply_send(struct conn *c, const struct reply *r)
{
    enum MHD_ResponseMemoryMode mode = r->constant ? MHD_RESPMEM_PERSISTENT : MHD_RESPMEM_MUST_COPY;
    /* libmicrohttpd does not write to a body; it only takes it without const. */
    struct MHD_Response *response = MHD_create_response_from_buffer(r->len, (void *)(size_t)r->body, mode);
    return queue(c, r->status, response, response && add_headers(response, c, r));
}

char *reply_json(json_t *value, size_t *len)
{
    /* Measured, then written: json_dumps() of jansson 2.14 leaves a key out when its buffer cannot grow. */
    *len = value ? json_dumpb(value, NULL, 0, JSON_COMPACT | JSON_ENSURE_ASCII) : 0;
    char *text = *len ? malloc(*len) : NULL;
    if (text && json_dumpb(value, text, *len, JSON_COMPACT | JSON_ENSURE_ASCII) != *len) {
        free(text);
        text = NULL;
    }
    json_decref(value);
    return text;
}

int reply_preflight(struct conn *c)
{
    const struct reply r = {.status = 204};
    struct MHD_Response *response = MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);
    int ok = response && add_headers(response, c, &r);
    ok = ok && add_allow(ok, response, c->request.route->methods);
    if (c->request.allowed_origin) {
        ok = add(ok, response, "Access-Control-Allow-Methods", "GET, HEAD, POST");
        ok = add(ok, response, "Access-Control-Allow-Headers", "Content-Type, Idempotency-Key");
        ok = add(ok, response, "Access-Control-Max-Age", PREFLIGHT_SECONDS);
    }
    return queue(c, 204, response, ok);
}
