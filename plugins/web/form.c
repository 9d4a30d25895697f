/* SPDX-License-Identifier: MIT
 *
 * form.c - see form.h. Our own and not libmicrohttpd's post processor, which hands out values in pieces.
 */
#include "form.h"

#include <string.h>

static int hex(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Decode in place: + is a blank, %41 is A, a lone % is itself. The new length. */
static size_t decode(char *text, size_t len)
{
    size_t to = 0;
    for (size_t at = 0; at < len; at++) {
        int high = text[at] == '%' && at + 2 < len ? hex(text[at + 1]) : -1;
        int low = high >= 0 ? hex(text[at + 2]) : -1;
        if (low >= 0) {
            text[to++] = (char)(high * 16 + low);
            at += 2;
        } else {
            text[to++] = text[at] == '+' ? ' ' : text[at];
        }
    }
    text[to] = '\0';
    return to;
}

int form_read(char *body, size_t len, struct form *out)
{
    char *end = body + len;
    out->n = 0;
    for (char *at = body; at < end;) {
        char *stop = memchr(at, '&', (size_t)(end - at));
        if (!stop)
            stop = end;
        char *equals = memchr(at, '=', (size_t)(stop - at));
        if (equals && out->n == FORM_FIELDS_MAX)
            return 0;
        *stop = '\0';
        if (equals) {
            *equals = '\0';
            decode(at, (size_t)(equals - at));
            out->fields[out->n].name = at;
            out->fields[out->n].value = equals + 1;
            out->fields[out->n++].len = decode(equals + 1, (size_t)(stop - equals - 1));
        }
        at = stop + 1;
    }
    return 1;
}

const char *form_value(const struct form *f, const char *name, size_t *len)
{
    for (size_t i = 0; i < f->n; i++)
        if (strcmp(f->fields[i].name, name) == 0) {
            if (len)
                *len = f->fields[i].len;
            return f->fields[i].value;
        }
    if (len)
        *len = 0;
    return "";
}
