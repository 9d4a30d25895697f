/* SPDX-License-Identifier: MIT
 *
 * buf.c - the bounded text buffer of buf.h.
 */
#include "buf.h"

#include <stdlib.h>
#include <string.h>

#include <utf8proc.h>

void buf_init(struct buf *b, size_t max)
{
    *b = (struct buf){.max = max};
}

static bool make_room(struct buf *b, size_t more)
{
    if (b->failed || more > b->max - b->len) {
        b->failed = true;
        return false;
    }
    if (b->len + more < b->cap)
        return true;
    size_t cap = b->cap ? b->cap : 256;
    while (cap <= b->len + more)
        cap *= 2; /* max is far below SIZE_MAX / 2 */
    char *text = realloc(b->text, cap);
    if (!text) {
        b->failed = true;
        return false;
    }
    b->text = text;
    b->cap = cap;
    return true;
}

void buf_add(struct buf *b, const char *text, size_t len)
{
    if (!make_room(b, len))
        return;
    if (len)
        memcpy(b->text + b->len, text, len);
    b->len += len;
    b->text[b->len] = '\0';
}

void buf_puts(struct buf *b, const char *text)
{
    buf_add(b, text, strlen(text));
}

void buf_char(struct buf *b, unsigned long code_point)
{
    utf8proc_uint8_t bytes[4];
    utf8proc_ssize_t n = utf8proc_encode_char((utf8proc_int32_t)code_point, bytes);
    buf_add(b, (const char *)bytes, (size_t)n);
}

void buf_clear(struct buf *b)
{
    b->len = 0;
    b->failed = false;
    if (b->text)
        b->text[0] = '\0';
}

void buf_free(struct buf *b)
{
    free(b->text);
    *b = (struct buf){.max = b->max};
}

const char *buf_text(const struct buf *b)
{
    return b->text ? b->text : "";
}
