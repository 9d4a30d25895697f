/* SPDX-License-Identifier: MIT
 *
 * lines.c - the bounded line reader of lines.h.
 */
#include "lines.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

void lines_init(struct lines *l, int fd, bool tty, struct wake *wake)
{
    l->fd = fd;
    l->wake = wake;
    l->tty = tty;
    l->started = l->ended = false;
    l->in_at = l->in_len = l->len = 0;
}

/* Get more input. INPUT_LINE: there is some. */
static enum input refill(struct lines *l)
{
    for (;;) {
        if (wake_wait(l->wake, l->tty ? WAKE_CONTINUE : 0, l->fd, POLLIN, -1) == WAIT_WOKEN)
            return wake_take(l->wake) & WAKE_STOP ? INPUT_STOPPED : INPUT_CONTINUED;
        ssize_t n = read(l->fd, l->in, sizeof(l->in));
        if (n > 0) {
            l->in_at = 0;
            l->in_len = (size_t)n;
            return INPUT_LINE;
        }
        if (n == 0 || errno == EIO || errno == EBADF) /* EIO: the terminal is gone; EBADF: stdin is closed */
            return INPUT_EOF;
        if (errno != EINTR && errno != EAGAIN) {
            l->wake->error = errno;
            return INPUT_ERROR;
        }
    }
}

/* Append what fits; a line that is too long loses its tail. */
static void keep(struct lines *l, const char *text, size_t len)
{
    size_t room = sizeof(l->line) - l->len;
    if (len > room)
        len = room;
    memcpy(l->line + l->len, text, len);
    l->len += len;
}

/* The end of the line that begins in the input buffer; NULL: it goes on. */
static const char *line_end(const struct lines *l)
{
    if (!l->tty)
        return memchr(l->in + l->in_at, '\n', l->in_len - l->in_at);
    for (size_t at = l->in_at; at < l->in_len; at++)
        if (l->in[at] == '\n' || l->in[at] == CTRL_C || l->in[at] == CTRL_Z)
            return l->in + at;
    return NULL;
}

static void finish(struct lines *l, const char **text, size_t *len)
{
    *text = l->line;
    *len = l->len;
    if (*len && l->line[*len - 1] == '\r')
        --*len;
    if (!l->started && *len >= 3 && memcmp(l->line, "\xEF\xBB\xBF", 3) == 0) {
        *text += 3;
        *len -= 3;
    }
    if (*len > MESSAGE_MAX + 1)
        *len = MESSAGE_MAX + 1;
    l->started = true;
    l->len = 0;
}

enum input lines_read(struct lines *l, const char **text, size_t *len)
{
    for (;;) {
        if (l->in_at == l->in_len) {
            enum input got = l->ended ? INPUT_EOF : refill(l);
            l->ended = got == INPUT_EOF;
            if (got == INPUT_EOF && l->len > 0)
                got = INPUT_LINE; /* the last line has no line feed */
            else if (got == INPUT_LINE)
                continue;
            if (got == INPUT_LINE)
                finish(l, text, len);
            return got;
        }
        const char *start = l->in + l->in_at;
        const char *end = line_end(l);
        if (!end) {
            keep(l, start, l->in_len - l->in_at);
            l->in_at = l->in_len;
            continue;
        }
        char key = *end;
        keep(l, start, (size_t)(end - start));
        l->in_at = (size_t)(end - l->in) + 1;
        finish(l, text, len);
        return key == CTRL_C ? INPUT_INTERRUPT : key == CTRL_Z ? INPUT_SUSPEND : INPUT_LINE;
    }
}
