/* SPDX-License-Identifier: MIT
 *
 * err.h - what went wrong while something was loaded, and where.
 *
 * A caller owns a struct err (zeroed at first) and passes it down; NULL is allowed everywhere. The FIRST error wins:
 * what is reported on the way out of a failure never hides its cause. Result codes are those of faqd_plugin.h.
 */
#ifndef FAQD_ERR_H
#define FAQD_ERR_H

#include "faqd_plugin.h"

#include <stddef.h>

#define ERR_FILE_MAX 256
#define ERR_PATH_MAX 160
#define ERR_TEXT_MAX 480

struct err {
    int code;                /* 0: no error yet */
    int line;                /* 0: unknown */
    char file[ERR_FILE_MAX]; /* "": none */
    char path[ERR_PATH_MAX]; /* JSON path such as intents[3].fr.patterns[0], "": none */
    char text[ERR_TEXT_MAX];
};

/* Set code and text unless an error is already there. Returns `code`, so that `return err_set(...)` works. */
int err_set(struct err *err, int code, const char *format, ...) FAQD_PRINTF(3, 4);

/* Say where the error is, in what is still unsaid. Does nothing without an error. NULL leaves a part alone. */
void err_where(struct err *err, const char *file, const char *path);

/* "file:line: path: text" into buf, always terminated, without control characters. Returns buf. */
const char *err_line(const struct err *err, char *buf, size_t size);
#define ERR_LINE_MAX (ERR_FILE_MAX + ERR_PATH_MAX + ERR_TEXT_MAX + 32)

#endif
