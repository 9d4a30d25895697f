/* SPDX-License-Identifier: MIT
 *
 * log.c - see log.h. The sink is the only state of the process at file scope.
 */
#include "log.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define RECORD_MAX 1024

static struct {
    enum faqd_level least;
    int journal;
} sink = {.least = FAQD_INFO};

void log_open(enum faqd_level least)
{
    sink.least = least;
    sink.journal = getenv("JOURNAL_STREAM") != NULL;
}

void log_event(enum faqd_level level, const char *event, const char *format, ...)
{
    static const char *const names[] = {"error", "warning", "info", "debug"};
    static const char *const priorities[] = {"<3>", "<4>", "<6>", "<7>"};
    if (level > sink.least)
        return;
    int saved = errno;
    char record[RECORD_MAX];
    int head = snprintf(record, sizeof(record) - 1, "%sfaqd: %s: %s: ", sink.journal ? priorities[level] : "",
                        names[level], event);
    size_t at = head > 0 ? (size_t)head : 0;
    if (at > sizeof(record) - 2)
        at = sizeof(record) - 2;
    va_list args;
    va_start(args, format);
    int body = vsnprintf(record + at, sizeof(record) - 1 - at, format, args);
    va_end(args);
    size_t len = at + (body > 0 ? (size_t)body : 0);
    if (len > sizeof(record) - 2)
        len = sizeof(record) - 2;
    for (size_t i = 0; i < len; i++)
        if ((unsigned char)record[i] < 0x20 || record[i] == 0x7f)
            record[i] = ' ';
    record[len++] = '\n';
    ssize_t written = write(STDERR_FILENO, record, len);
    (void)written; /* nowhere left to report to */
    errno = saved;
}
