/* SPDX-License-Identifier: MIT
 *
 * str.c - see str.h.
 */
#include "str.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void str_init(struct str *s, size_t max)
{
    *s = (struct str){.max = max};
}

static int fail(struct str *s, int code)
{
    if (!s->error)
        s->error = code;
    return s->error;
}

static int grow(struct str *s, size_t more)
{
    if (s->error)
        return s->error;
    if (more > s->max - s->len)
        return fail(s, FAQD_ELIMIT);
    size_t need = s->len + more + 1;
    if (need <= s->cap)
        return FAQD_OK;
    size_t cap = s->cap ? s->cap : 64;
    while (cap < need)
        cap *= 2; /* max is far below SIZE_MAX / 2 */
    char *data = realloc(s->data, cap);
    if (!data)
        return fail(s, FAQD_ENOMEM);
    s->data = data;
    s->cap = cap;
    s->data[s->len] = '\0';
    return FAQD_OK;
}

/* Room for `more` bytes behind the text and its terminator; mostly it is there. */
static inline int make_room(struct str *s, size_t more)
{
    int there = !s->error && more <= s->max - s->len && s->len + more < s->cap;
    return there ? FAQD_OK : grow(s, more);
}

int str_reserve(struct str *s, size_t bytes)
{
    return make_room(s, bytes);
}

void str_reset(struct str *s)
{
    s->len = 0;
    s->error = FAQD_OK;
    if (s->data)
        s->data[0] = '\0';
}

void str_free(struct str *s)
{
    free(s->data);
    *s = (struct str){0};
}

void str_add(struct str *s, const char *bytes, size_t len)
{
    if (make_room(s, len) != FAQD_OK)
        return;
    memcpy(s->data + s->len, bytes, len);
    s->len += len;
    s->data[s->len] = '\0';
}

void str_adds(struct str *s, const char *text)
{
    str_add(s, text, strlen(text));
}

void str_addc(struct str *s, char c)
{
    str_add(s, &c, 1);
}

void str_addn(struct str *s, size_t number)
{
    char digits[24];
    size_t at = sizeof(digits);
    do
        digits[--at] = (char)('0' + number % 10);
    while (number /= 10);
    str_add(s, digits + at, sizeof(digits) - at);
}

void str_addf(struct str *s, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    va_list again;
    va_copy(again, args);
    int need = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (need < 0)
        fail(s, FAQD_EINVAL);
    else if (make_room(s, (size_t)need) == FAQD_OK) {
        vsnprintf(s->data + s->len, (size_t)need + 1, format, again);
        s->len += (size_t)need;
    }
    va_end(again);
}

const char *str_text(const struct str *s)
{
    return s->data ? s->data : "";
}
