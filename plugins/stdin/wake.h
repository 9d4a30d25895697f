/* SPDX-License-Identifier: MIT
 *
 * wake.h - waiting that can be ended from outside.
 *
 * The chat blocks in nothing but wake_wait(): for input, for room in a pipe, for the shell to continue it. stop()
 * (any thread) and the signal handlers post an event; the wait ends at once. Events are bits, so that nothing is lost
 * or queued. All but wake_init and wake_close are async-signal-safe.
 */
#ifndef STDIN_WAKE_H
#define STDIN_WAKE_H

#include <stdatomic.h>
#include <stddef.h>

enum {
    WAKE_STOP = 1,     /* stays set: every wait after it ends at once */
    WAKE_RESIZE = 2,   /* the terminal has another size */
    WAKE_CONTINUE = 4, /* the process was stopped and goes on */
};

struct wake {
    int fd; /* an eventfd */
    atomic_uint events;
    int error; /* errno of the read or write that ended the chat; for the chat's thread */
};

enum wait { WAIT_READY, WAIT_WOKEN, WAIT_TIMEOUT };

int wake_init(struct wake *w); /* FAQD_OK, FAQD_EIO */
void wake_close(struct wake *w);
void wake_post(struct wake *w, unsigned events);

/* The events posted since the last call, and WAKE_STOP if it was ever posted. */
unsigned wake_take(struct wake *w);

/* Take some events back. */
void wake_forget(struct wake *w, unsigned events);

/* Wait for `poll_events` on `fd` (-1: for nothing), for one of `events` (WAKE_STOP is always one), or for the end of
 * the time (-1: for ever). Other events stay posted for a later wait. */
enum wait wake_wait(struct wake *w, unsigned events, int fd, short poll_events, int timeout_ms);

/* Write it all, in pieces that a slow reader cannot block us with. FAQD_OK; FAQD_DECLINED: stopped meanwhile;
 * FAQD_EIO: it failed (w->error says why; EPIPE: nobody reads any more). */
int wake_write(struct wake *w, int fd, const char *text, size_t len);

#endif
