/* SPDX-License-Identifier: MIT
 *
 * secret.h - passwords and tokens come from files, never from arguments or the settings themselves.
 */
#ifndef MATRIX_SECRET_H
#define MATRIX_SECRET_H

#include <stddef.h>

#include "faqd_plugin.h"

enum { SECRET_MAX = 2048 };

/* The first line of the file that a setting names. Refused are links, files that are not regular ones, that others may
 * read (except in the credentials folder, which the service manager keeps), that are empty or too long. FAQD_OK, or
 * FAQD_EINVAL after a record in the log. The caller wipes `out`. */
int secret_read(const struct faqd_host *host, const char *named, char *out, size_t size);

/* A line from the standard input; on a terminal it asks first and does not echo. FAQD_OK, FAQD_EINVAL (none). */
int secret_ask(const char *prompt, char *out, size_t size);

#endif
