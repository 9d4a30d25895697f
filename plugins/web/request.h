/* SPDX-License-Identifier: MIT
 *
 * request.h - one request from its head to its end: what of the head matters, the body, and what is wrong with it.
 *
 * What is wrong is noted when it is seen and answered when the body has been read, so that the client, which sends its
 * body first, can read the answer. Only a body that is too long to be swallowed is answered at once.
 */
#ifndef FAQD_WEB_REQUEST_H
#define FAQD_WEB_REQUEST_H

#include <stddef.h>
#include <stdint.h>

#include <microhttpd.h>

#include "problem.h"

#define REQUEST_HEAD_MAX 8192
#define REQUEST_BODY_MAX 8192
#define REQUEST_SWALLOW_MAX ((size_t)256 * 1024) /* of a body that is refused */

enum method { METHOD_GET, METHOD_HEAD, METHOD_POST, METHOD_OPTIONS, METHOD_OTHER };

struct route;
struct site;
struct conn;

struct request {
    enum method method;
    const char *url;           /* whole path */
    const char *path;          /* behind the site's */
    const struct route *route; /* NULL: none */
    const struct site *site;   /* NULL: the default one */
    enum problem problem;      /* the first one found */
    const char *detail;        /* of the problem; NULL: its usual one */
    unsigned retry_after;      /* seconds; 0: no such header */
    uint64_t who;              /* of the visitor, in limit.h */
    int64_t started;           /* ns */

    /* headers, NULL: none; they live as long as the request */
    const char *accept_encoding, *content_length, *content_type, *forwarded, *host, *if_none_match, *key, *origin,
        *transfer_encoding, *x_forwarded_for;
    const char *allowed_origin; /* the origin, if a page of it may read the answer */

    char *body; /* NUL-terminated once it is whole */
    size_t len, expected;
};

void request_clear(struct request *r);  /* a new one */
void request_end_of(struct request *r); /* frees what it holds */

/* Note what is wrong; the first problem counts. `detail`: constant text, NULL for the usual one. */
void request_refuse(struct request *r, enum problem problem, const char *detail);

/* The four steps, as libmicrohttpd's callbacks come. */
enum MHD_Result request_begin(struct conn *c, const char *url, const char *method);
enum MHD_Result request_body(struct conn *c, const char *bytes, size_t len);
enum MHD_Result request_whole(struct conn *c);
void request_done(struct conn *c);

/* An argument of the query string; NULL: none. */
const char *request_argument(const struct conn *c, const char *name);

#endif
