/* SPDX-License-Identifier: MIT
 *
 * lines.h - lines of any length from a pipe, a file or a plain terminal, in memory that does not grow.
 *
 * Of a line that is longer than a message may be, just so much is kept that the host sees that it is too long; the
 * rest is read and dropped. NUL bytes and broken UTF-8 pass: what to make of them is the host's affair.
 */
#ifndef STDIN_LINES_H
#define STDIN_LINES_H

#include <stdbool.h>
#include <stddef.h>

#include "wake.h"

enum {
    MESSAGE_MAX = 4096, /* bytes of a message that the host reads */
    CTRL_C = 3,         /* as characters */
    CTRL_Z = 26,
};

/* What reading a line came to; for lines.h and editor.h alike. */
enum input {
    INPUT_LINE,
    INPUT_EOF,
    INPUT_INTERRUPT, /* Ctrl-C on a terminal; the line's length is what was thrown away */
    INPUT_SUSPEND,   /* Ctrl-Z; lines.h only, the editor sees to it itself */
    INPUT_CONTINUED, /* the process was stopped and goes on; lines.h only */
    INPUT_STOPPED,   /* WAKE_STOP */
    INPUT_ERROR,     /* wake.error says which */
};

struct lines {
    int fd;
    struct wake *wake;
    bool tty;     /* Ctrl-C and Ctrl-Z end a line and throw it away (terminal.h lets them through as characters) */
    bool started; /* the byte order mark that some editors write first was looked for */
    bool ended;
    size_t in_at;
    size_t in_len;
    size_t len;
    char line[MESSAGE_MAX + 3]; /* one byte too many, and room for the CR of a CRLF behind a full line */
    char in[8192];
};

void lines_init(struct lines *l, int fd, bool tty, struct wake *wake);

/* The next line, without its line feed; `*text` is valid until the next call. Its length is at most
 * MESSAGE_MAX + 1. */
enum input lines_read(struct lines *l, const char **text, size_t *len);

#endif
