/* SPDX-License-Identifier: MIT
 *
 * wake.c - the waiting of wake.h, over poll(2) and an eventfd.
 */
#include "wake.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "faqd_plugin.h"

/* poll() promises room for no more than PIPE_BUF bytes of a pipe, and for a few hundred of a terminal. */
enum { PIECE = 512 };

int wake_init(struct wake *w)
{
    int fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (fd < 0)
        return FAQD_EIO;
    w->fd = fcntl(fd, F_DUPFD_CLOEXEC, 3); /* if stdin was closed, ours must not take its place */
    close(fd);
    atomic_init(&w->events, 0);
    w->error = 0;
    return w->fd < 0 ? FAQD_EIO : FAQD_OK;
}

void wake_close(struct wake *w)
{
    if (w->fd >= 0)
        close(w->fd);
    w->fd = -1;
}

void wake_post(struct wake *w, unsigned events)
{
    int saved = errno;
    uint64_t one = 1;
    atomic_fetch_or(&w->events, events);
    ssize_t n = write(w->fd, &one, sizeof(one)); /* fails only if it is full, and then it wakes as well */
    (void)n;
    errno = saved;
}

unsigned wake_take(struct wake *w)
{
    return atomic_fetch_and(&w->events, WAKE_STOP);
}

void wake_forget(struct wake *w, unsigned events)
{
    atomic_fetch_and(&w->events, ~events);
}

/* The bits say what happened, the count in the eventfd only ends a poll(): posters set the bit first, so that a count
 * that is taken away here has its bit looked at in the next round. */
static void drain(struct wake *w)
{
    uint64_t count;
    ssize_t n = read(w->fd, &count, sizeof(count));
    (void)n;
}

enum wait wake_wait(struct wake *w, unsigned events, int fd, short poll_events, int timeout_ms)
{
    for (;;) {
        if (atomic_load(&w->events) & (events | WAKE_STOP))
            return WAIT_WOKEN;
        struct pollfd fds[] = {{.fd = w->fd, .events = POLLIN}, {.fd = fd, .events = poll_events}};
        int n = poll(fds, 2, timeout_ms);
        if (n < 0 && errno == EINTR)
            continue;
        if (n == 0)
            return WAIT_TIMEOUT;
        if (n < 0)
            return WAIT_READY; /* no memory in the kernel: better to block than to spin */
        if (fds[0].revents)
            drain(w);
        else
            return WAIT_READY; /* also for a closed or broken one: the read or write that follows says so */
    }
}

int wake_write(struct wake *w, int fd, const char *text, size_t len)
{
    while (len > 0) {
        if (wake_wait(w, WAKE_STOP, fd, POLLOUT, -1) == WAIT_WOKEN)
            return FAQD_DECLINED;
        ssize_t n = write(fd, text, len < PIECE ? len : PIECE);
        if (n < 0) {
            if (errno == EINTR || errno == EAGAIN)
                continue;
            w->error = errno;
            return FAQD_EIO;
        }
        text += n;
        len -= (size_t)n;
    }
    return FAQD_OK;
}
