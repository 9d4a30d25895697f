/* SPDX-License-Identifier: MIT
 *
 * stdin_session.h - the whole stdin connector in a process of its own, with the mock host, driven from a test.
 *
 * The process does what faqd's main does: the connector runs in a thread, SIGTERM is waited for in the main thread and
 * becomes stop(). Its exit status tells what run returned: 0 FAQD_OK, 130 FAQD_DECLINED, 74 FAQD_EIO, 71 any other.
 */
#ifndef STDIN_SESSION_H
#define STDIN_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct session {
    pid_t pid;
    int in;     /* write here what the connector reads */
    int out;    /* what it prints; on a terminal the same descriptor as `in` */
    int err;    /* what goes to stderr, and at the end the log; -1 on a terminal */
    size_t len; /* of what was read from out */
    size_t at;  /* how far session_expect has looked */
    char text[1 << 17];
    char err_text[1 << 14];
};

/* Over three pipes. */
void session_pipes(struct session *s, const char *settings);

/* On a pseudo-terminal of that many columns, TERM=`term`. */
void session_terminal(struct session *s, const char *settings, const char *term, unsigned short columns);

void session_type(struct session *s, const char *keys);
void session_send(struct session *s, const void *bytes, size_t len);

/* Read until `expected` was printed, behind what an earlier call of this has found. Fails the test after 5 seconds
 * (or the end) with what was printed instead. */
void session_expect(struct session *s, const char *expected);

/* Was it printed so far? */
bool session_printed(const struct session *s, const char *what);

/* Close the input, read all that comes, wait for the end. Returns the exit status, 128 + n for signal n. */
int session_end(struct session *s);

/* End in the ways of a test: SIGTERM; returns the milliseconds until the end, the status in *status. */
long session_terminate(struct session *s, int *status);

/* The program that this file makes with STDIN_SESSION_MAIN defined: the connector here, for trying it by hand. */
int session_run(const char *settings);

#endif
