/* SPDX-License-Identifier: MIT
 *
 * pick.c - compares what was typed with the labels of the choices, both folded by utf8proc.
 */
#include "pick.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <utf8proc.h>

enum { NUMBER_DIGITS = 3 };

/* Folded copy, NULL if it is no UTF-8 or memory is short; free() it. */
static char *fold(const char *text, size_t len)
{
    utf8proc_uint8_t *out = NULL;
    utf8proc_option_t how =
        UTF8PROC_COMPAT | UTF8PROC_DECOMPOSE | UTF8PROC_CASEFOLD | UTF8PROC_STRIPMARK | UTF8PROC_IGNORE;
    utf8proc_ssize_t n = utf8proc_map((const utf8proc_uint8_t *)text, (utf8proc_ssize_t)len, &out, how);
    if (n < 0)
        return NULL;
    return (char *)out;
}

/* The typographic apostrophe is typed as the plain one. */
static void plain_apostrophes(char *text)
{
    char *to = text;
    for (const char *from = text; *from; to++) {
        if (strncmp(from, "’", 3) == 0) {
            *to = '\'';
            from += 3;
        } else {
            *to = *from++;
        }
    }
    *to = '\0';
}

bool pick_begins(const char *text, const char *prefix, size_t prefix_len)
{
    char *a = fold(text, strlen(text));
    char *b = fold(prefix, prefix_len);
    bool begins = false;
    if (a && b && *b) {
        plain_apostrophes(a);
        plain_apostrophes(b);
        begins = strncmp(a, b, strlen(b)) == 0;
    }
    free(a);
    free(b);
    return begins;
}

bool pick_is_number(const char *line, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (line[i] < '0' || line[i] > '9')
            return false;
    return len > 0;
}

static size_t by_number(const struct strings *labels, const char *line, size_t len)
{
    size_t number = 0;
    if (len > NUMBER_DIGITS)
        return 0;
    for (size_t i = 0; i < len; i++)
        number = number * 10 + (size_t)(line[i] - '0');
    return number <= labels->n ? number : 0;
}

size_t pick(const struct strings *labels, const char *line, size_t len)
{
    if (pick_is_number(line, len))
        return by_number(labels, line, len);
    size_t found = 0;
    for (size_t i = 0; i < labels->n; i++) {
        if (!pick_begins(labels->items[i], line, len))
            continue;
        if (found)
            return 0;
        found = i + 1;
    }
    return found;
}
