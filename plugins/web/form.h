/* SPDX-License-Identifier: MIT
 *
 * form.h - the fields of a form that a browser sent as application/x-www-form-urlencoded.
 */
#ifndef FAQD_WEB_FORM_H
#define FAQD_WEB_FORM_H

#include <stddef.h>

#define FORM_FIELDS_MAX 16

struct form {
    struct {
        const char *name, *value;
        size_t len; /* of the value, which may hold any byte */
    } fields[FORM_FIELDS_MAX];
    size_t n;
};

/* Read `body` (terminated at body[len]), decoding in place; the fields point into it. 0: more fields than there is
 * room. */
int form_read(char *body, size_t len, struct form *out);

/* The value of a field, "" if it is not there. */
const char *form_value(const struct form *f, const char *name, size_t *len);

#endif
