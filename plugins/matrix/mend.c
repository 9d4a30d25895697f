/* SPDX-License-Identifier: MIT
 *
 * mend.c - one pass over the bytes with just as much of JSON's grammar as is needed: strings, escapes, numbers, depth.
 */
#include "mend.h"

#include <stdbool.h>
#include <string.h>

#include <utf8proc.h>

struct pass {
    char *s;
    size_t len;
    size_t at;
    size_t depth;
    size_t mended;
};

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The number of the \uXXXX at `at`; -1: there is none. */
static long escape_at(const struct pass *p, size_t at)
{
    long code = 0;
    if (at + 6 > p->len || p->s[at] != '\\' || p->s[at + 1] != 'u')
        return -1;
    for (size_t i = at + 2; i < at + 6; i++) {
        int digit = hex_digit(p->s[i]);
        if (digit < 0)
            return -1;
        code = code * 16 + digit;
    }
    return code;
}

static void mend_escape(struct pass *p)
{
    long code = escape_at(p, p->at);
    if (code < 0) {
        p->at += 2;
        return;
    }
    if (code >= 0xd800 && code <= 0xdbff) {
        long low = escape_at(p, p->at + 6);
        if (low >= 0xdc00 && low <= 0xdfff) {
            p->at += 12;
            return;
        }
    }
    if (code == 0 || (code >= 0xd800 && code <= 0xdfff)) {
        memcpy(p->s + p->at + 2, "fffd", 4);
        p->mended++;
    }
    p->at += 6;
}

/* At the byte behind the opening quote; ends behind the closing one. */
static void mend_string(struct pass *p)
{
    while (p->at < p->len && p->s[p->at] != '"') {
        unsigned char c = (unsigned char)p->s[p->at];
        utf8proc_int32_t code = 0;
        utf8proc_ssize_t n = 1;
        if (c == '\\') {
            mend_escape(p);
            continue;
        }
        if (c >= 0x80)
            n = utf8proc_iterate((const utf8proc_uint8_t *)p->s + p->at, (utf8proc_ssize_t)(p->len - p->at), &code);
        if (c < 0x20 || n < 1) {
            p->s[p->at] = '?';
            p->mended++;
            n = 1;
        }
        p->at += (size_t)n;
    }
    if (p->at < p->len)
        p->at++;
    else
        p->at = p->len; /* an escape may have stepped over the end */
}

static void mend_number(struct pass *p)
{
    size_t start = p->at;
    size_t digits = 0;
    bool exponent = false;
    while (p->at < p->len && strchr("+-.0123456789eE", p->s[p->at]) && p->s[p->at]) {
        digits += p->s[p->at] >= '0' && p->s[p->at] <= '9';
        exponent |= (p->s[p->at] | 0x20) == 'e';
        p->at++;
    }
    size_t n = p->at - start;
    if ((digits <= 18 && !exponent) || n < 3)
        return;
    if (p->s[start] == '0' && p->s[start + 1] == 'e' && strspn(p->s + start + 2, "0") >= n - 2)
        return; /* mended before */
    memset(p->s + start, '0', n);
    p->s[start + 1] = 'e';
    p->mended++;
}

/* Blank out what is too deep: at the byte behind the bracket that opened it; ends at the one that closes it. */
static void mend_depth(struct pass *p)
{
    size_t depth = 1;
    size_t start = p->at;
    size_t before = p->mended;
    while (p->at < p->len) {
        char c = p->s[p->at];
        if (c == '"') {
            p->at++;
            mend_string(p);
            continue;
        }
        depth += c == '{' || c == '[';
        depth -= c == '}' || c == ']';
        if (!depth)
            break;
        p->at++;
    }
    p->mended = before;
    for (size_t i = start; i < p->at; i++) {
        p->mended += p->s[i] != ' ' && p->mended == before;
        p->s[i] = ' ';
    }
}

size_t mend_json(char *bytes, size_t len)
{
    struct pass p = {.s = bytes, .len = len};
    while (p.at < len) {
        char c = bytes[p.at];
        if (c == '"') {
            p.at++;
            mend_string(&p);
        } else if (c == '-' || (c >= '0' && c <= '9')) {
            mend_number(&p);
        } else {
            p.at++;
            if (c == '{' || c == '[') {
                if (++p.depth >= MEND_DEPTH)
                    mend_depth(&p);
            } else if ((c == '}' || c == ']') && p.depth) {
                p.depth--;
            }
        }
    }
    return p.mended;
}

/* The end of the string whose first byte (behind the quote) is at `at`: its closing quote, or len. */
static size_t string_end(const char *s, size_t len, size_t at)
{
    while (at < len && s[at] != '"')
        at += s[at] == '\\' ? 2 : 1;
    return at < len ? at : len;
}

static size_t skip_blanks(const char *s, size_t len, size_t at)
{
    while (at < len && (s[at] == ' ' || s[at] == '\n' || s[at] == '\r' || s[at] == '\t'))
        at++;
    return at;
}

/* Copy the string value behind the name that ends at `at`. */
static int take_value(const char *s, size_t len, size_t at, char *out, size_t size)
{
    at = skip_blanks(s, len, at);
    if (at >= len || s[at] != ':')
        return 0;
    at = skip_blanks(s, len, at + 1);
    if (at >= len || s[at] != '"')
        return 0;
    size_t end = string_end(s, len, at + 1);
    size_t n = end - at - 1;
    if (end >= len || n == 0 || n >= size || memchr(s + at + 1, '\\', n))
        return 0;
    memcpy(out, s + at + 1, n);
    out[n] = '\0';
    return 1;
}

int mend_find(const char *bytes, size_t len, const char *name, char *out, size_t size)
{
    size_t depth = 0;
    for (size_t at = 0; at < len; at++) {
        char c = bytes[at];
        if (c == '"') {
            size_t end = string_end(bytes, len, at + 1);
            if (end < len && depth == 1 && end - at - 1 == strlen(name) &&
                memcmp(bytes + at + 1, name, strlen(name)) == 0 && take_value(bytes, len, end + 1, out, size))
                return 1;
            at = end;
        }
        depth += c == '{' || c == '[';
        depth -= (c == '}' || c == ']') && depth;
    }
    return 0;
}
