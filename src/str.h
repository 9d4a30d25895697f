/* SPDX-License-Identifier: MIT
 *
 * str.h - a text buffer with a maximum, and sticky errors.
 *
 * Build with any number of str_add calls, look at `error` once at the end: after the first failure (FAQD_ENOMEM, or
 * FAQD_ELIMIT when the text would pass `max`) nothing is added any more. `data` is always terminated, never NULL once
 * something was reserved; str_text() is never NULL. A str belongs to one thread.
 */
#ifndef FAQD_STR_H
#define FAQD_STR_H

#include "faqd_plugin.h"

#include <stddef.h>

struct str {
    char *data;
    size_t len;
    size_t cap;
    size_t max; /* bytes of text at most */
    int error;  /* FAQD_OK, FAQD_ENOMEM, FAQD_ELIMIT */
};

void str_init(struct str *s, size_t max);     /* allocates nothing */
int str_reserve(struct str *s, size_t bytes); /* so that adding that much later cannot run out of memory */
void str_reset(struct str *s);                /* empty again, error forgotten, memory kept */
void str_free(struct str *s);                 /* takes a zeroed one; usable again after str_init */
void str_add(struct str *s, const char *bytes, size_t len);
void str_adds(struct str *s, const char *text);
void str_addc(struct str *s, char c);
void str_addn(struct str *s, size_t number); /* in decimal */
void str_addf(struct str *s, const char *format, ...) FAQD_PRINTF(2, 3);
const char *str_text(const struct str *s); /* "" when nothing was ever added */

#endif
