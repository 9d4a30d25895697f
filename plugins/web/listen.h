/* SPDX-License-Identifier: MIT
 *
 * listen.h - listening sockets: made for "HOST:PORT" and "unix:PATH", or handed over by systemd ("systemd[:NAME]").
 */
#ifndef FAQD_WEB_LISTEN_H
#define FAQD_WEB_LISTEN_H

#include <stddef.h>

struct listener {
    int fd;          /* non-blocking; -1: none */
    int tcp;         /* 0: a unix socket */
    int handed;      /* systemd's: it stays open there, so nothing waiting in it is lost when we stop */
    char path[108];  /* of a unix socket that we made, to be removed; "" else */
    char shown[160]; /* "http://127.0.0.1:8080", "unix:/run/faqd/web.sock" */
};

/* FAQD_OK if the text is one of the forms above; else a line in `error`. Opens nothing. */
int listen_check(const char *where, char *error, size_t error_size);

/* Open it. An abandoned unix socket (nobody answers there) is replaced. FAQD_OK; FAQD_EINVAL with a line in `error`. */
int listen_open(const char *where, struct listener *out, char *error, size_t error_size);
void listen_close(struct listener *l);

#endif
