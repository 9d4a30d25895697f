/* SPDX-License-Identifier: MIT
 *
 * http.h - requests to the homeserver, many at a time from one thread: the only file with libcurl.
 *
 * A request is started and answered later by a call of its `done` from within http_step(). Every request has a limit of
 * time and one of bytes. The access token goes into the Authorization header, never into the address; redirects are not
 * followed; certificates are always checked; without TLS only where the settings allow it. Connections are kept alive
 * and, where the server offers HTTP/2, shared.
 *
 * All of it belongs to one thread, except http_wake().
 */
#ifndef MATRIX_HTTP_H
#define MATRIX_HTTP_H

#include <stdbool.h>
#include <stddef.h>

struct http;

struct http_answer {
    const char *error; /* libcurl's words if there was no answer; NULL: there is one */
    bool refused;      /* no connection came about */
    bool too_large;    /* over the cap; `error` is set */
    long status;
    char *body; /* the callee may write to it; "" if there is none; terminated beyond len */
    size_t len;
    long retry_after_ms;  /* -1: not told */
    const char *location; /* of a redirect; NULL */
};

typedef void http_done(void *user, const struct http_answer *answer);

struct http_request {
    const char *method;
    const char *url;   /* complete */
    const char *token; /* NULL: without */
    const char *body;  /* JSON; NULL: none */
    bool packed;       /* the answer may come compressed, which pays if it is large */
    long timeout_ms;
    size_t cap; /* bytes of the answer, unpacked */
    http_done *done;
    void (*begins)(void *user); /* the first line of the answer is there; NULL */
    void (*drop)(void *user);   /* instead of `done`: at the end, or cancelled; NULL */
    void *user;
};

struct http_settings {
    const char *agent;   /* User-Agent */
    const char *ca_file; /* "": the system's */
    bool plain;          /* http:// is allowed */
    long connections;    /* at a time to one server */
};

/* Once before the first thread, by open() on the main thread. FAQD_OK, FAQD_ENOMEM. */
int http_global(void);

struct http *http_new(const struct http_settings *settings); /* NULL: out of memory; strings are copied */
void http_free(struct http *http);                           /* takes NULL; drops what is under way */

/* FAQD_OK: `done` will be called; FAQD_ENOMEM: it will not. Everything is copied. */
int http_start(struct http *http, const struct http_request *request);

/* Wait for at most `wait_ms` until something happens, and answer what is through. */
void http_step(struct http *http, int wait_ms);

void http_wake(struct http *http); /* any thread: end the waiting */
size_t http_under_way(const struct http *http);
void http_cancel(struct http *http, void *user); /* drop the requests of this user */

/* Put `part` into an address, percent-encoded as one segment or value; false: no room. */
bool http_escape(const char *part, char *out, size_t size);

#endif
