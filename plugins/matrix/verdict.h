/* SPDX-License-Identifier: MIT
 *
 * verdict.h - what an answer of the homeserver means. Decided by the HTTP status and the errcode of a JSON body alone,
 * never by words in a text or an address: a proxy may say anything with any status. Pure function.
 */
#ifndef MATRIX_VERDICT_H
#define MATRIX_VERDICT_H

#include <jansson.h>

#include "http.h"

enum verdict_kind {
    VERDICT_OK = 0,
    VERDICT_DOWN,      /* no answer, or 502, 503, 504: nobody is there */
    VERDICT_RETRY,     /* failed in a way that may pass: other 5xx, and every refusal that no homeserver wrote */
    VERDICT_THROTTLED, /* wait retry_ms */
    VERDICT_SOFT_LOGOUT,
    VERDICT_LOGGED_OUT,
    VERDICT_LOCKED,
    VERDICT_SUSPENDED,
    VERDICT_DEACTIVATED,
    VERDICT_RESOURCES, /* the server's own limits: its operator has to act */
    VERDICT_FORBIDDEN, /* 403 of another kind, 404 */
    VERDICT_TOO_LARGE, /* the event */
    VERDICT_BAD,       /* any other refusal: trying again is no use */
};

struct verdict {
    enum verdict_kind kind;
    long retry_ms;     /* -1: the server did not say */
    char errcode[64];  /* "": none */
    char contact[200]; /* of VERDICT_RESOURCES: whom or where to ask; "" */
    char text[160];    /* for the log: status, errcode or libcurl's words; never the body */
    json_t *json;      /* owned: the body if it is an object, else NULL */
};

void verdict_of(const struct http_answer *answer, struct verdict *out);
void verdict_free(struct verdict *verdict);

#endif
