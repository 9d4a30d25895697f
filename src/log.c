/* SPDX-License-Identifier: MIT
 *
 * log.c - see log.h. The sink is the only state of the process at file scope.
 */
#include "log.h"

#include "text.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define TEXT_MAX 1000
#define RECORD_MAX 8192 /* a text of which every byte is escaped, and what stands around it */

static struct {
    enum faqd_level least;
    enum log_format format;
    int journal;
} sink = {.least = FAQD_INFO};

static const char *const names[] = {"error", "warning", "info", "debug"};

void log_open(enum faqd_level least, enum log_format format)
{
    sink.least = least;
    sink.format = format;
    sink.journal = getenv("JOURNAL_STREAM") != NULL;
}

/* Both return the length of the record, without its line feed; there is always room for it. */
static size_t write_text(char *record, size_t at, enum faqd_level level, const char *event, const char *text)
{
    at += (size_t)snprintf(record + at, RECORD_MAX - at, "faqd: %s: %.100s: %s", names[level], event, text);
    for (size_t i = 0; i < at; i++)
        if ((unsigned char)record[i] < 0x20 || record[i] == 0x7f)
            record[i] = ' ';
    return at;
}

/* ASCII only; a byte that is no UTF-8 becomes U+FFFD. */
static size_t write_json(char *record, size_t at, enum faqd_level level, const char *event, const char *text)
{
    char when[40] = "";
    struct timespec now;
    struct tm tm;
    clock_gettime(CLOCK_REALTIME, &now);
    if (gmtime_r(&now.tv_sec, &tm))
        strftime(when, sizeof(when), "%Y-%m-%dT%H:%M:%S", &tm);
    at += (size_t)snprintf(record + at, RECORD_MAX - at,
                           "{\"time\":\"%s.%03ldZ\",\"level\":\"%s\",\"event\":\"%.100s\",\"text\":\"", when,
                           now.tv_nsec / 1000000, names[level], event);
    size_t len = strlen(text);
    for (size_t i = 0; i < len;) {
        uint32_t cp = 0;
        i += text_decode(text + i, len - i, &cp);
        if (cp == '"' || cp == '\\')
            at += (size_t)snprintf(record + at, RECORD_MAX - at, "\\%c", (char)cp);
        else if (cp >= 0x20 && cp < 0x7f)
            record[at++] = (char)cp;
        else if (cp < 0x10000)
            at += (size_t)snprintf(record + at, RECORD_MAX - at, "\\u%04x", cp);
        else
            at += (size_t)snprintf(record + at, RECORD_MAX - at, "\\u%04x\\u%04x", 0xd7c0 + (cp >> 10),
                                   0xdc00 + (cp & 0x3ff));
    }
    return at + (size_t)snprintf(record + at, RECORD_MAX - at, "\"}");
}

void log_event(enum faqd_level level, const char *event, const char *format, ...)
{
    static const char *const priorities[] = {"<3>", "<4>", "<6>", "<7>"};
    if (level > sink.least)
        return;
    int saved = errno;
    char text[TEXT_MAX];
    char record[RECORD_MAX];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    size_t at = (size_t)snprintf(record, sizeof(record), "%s", sink.journal ? priorities[level] : "");
    at = sink.format == LOG_JSON ? write_json(record, at, level, event, text)
                                 : write_text(record, at, level, event, text);
    record[at++] = '\n';
    ssize_t written = write(STDERR_FILENO, record, at);
    (void)written; /* nowhere left to report to */
    errno = saved;
}
