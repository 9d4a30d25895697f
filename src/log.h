/* SPDX-License-Identifier: MIT
 *
 * log.h - one line a record on stderr: level, a stable event name, a text; or a JSON object with these and the time.
 *
 * Records never hold what a visitor wrote. Control characters are replaced, so a record cannot forge another. With
 * JOURNAL_STREAM in the environment each line begins with the <N> priority that journald reads. Any thread may call;
 * a record is written by one write(2).
 */
#ifndef FAQD_LOG_H
#define FAQD_LOG_H

#include "faqd_plugin.h"

enum log_format { LOG_TEXT, LOG_JSON };

/* On the main thread, before others start; records above `least` are dropped. */
void log_open(enum faqd_level least, enum log_format format);
void log_event(enum faqd_level level, const char *event, const char *format, ...) FAQD_PRINTF(3, 4);

#endif
