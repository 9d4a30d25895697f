/* SPDX-License-Identifier: MIT
 *
 * reply.h - sending a reply: the body with the headers that every reply, a page or a file must have.
 */
#ifndef FAQD_WEB_REPLY_H
#define FAQD_WEB_REPLY_H

#include <stddef.h>

#include <jansson.h>

struct conn;

struct reply {
    unsigned status;
    const char *type;     /* NULL: no body */
    const void *body;     /* copied, unless `constant` */
    size_t len;           /* of the body */
    const char *policy;   /* Content-Security-Policy of a page; NULL: none */
    const char *etag;     /* NULL: none */
    const char *cache;    /* Cache-Control; NULL: no-store */
    const char *encoding; /* Content-Encoding; NULL: none */
    unsigned retry_after; /* seconds; 0: no such header */
    unsigned constant : 1;
    unsigned file : 1; /* any page may load it; the body depends on Accept-Encoding */
};

/* Queue it: 0, or -1 if memory ran out (the connection is then ended). */
int reply_send(struct conn *c, const struct reply *r);

/* JSON text of a value, which it takes (NULL: memory ran out while it was made). The caller frees; NULL: no memory. */
char *reply_json(json_t *value, size_t *len);

/* 204 without a body, with the headers that allow another origin's page to ask. */
int reply_preflight(struct conn *c);

#endif
