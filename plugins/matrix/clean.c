/* SPDX-License-Identifier: MIT
 *
 * clean.c - see clean.h.
 */
#include "clean.h"

#include <string.h>

#include <utf8proc.h>

char *clean_text(const char *text)
{
    utf8proc_uint8_t *out = NULL;
    size_t len = strlen(text);
    if (len > CLEAN_MAX) {
        len = CLEAN_MAX;
        while (len && ((unsigned char)text[len] & 0xc0) == 0x80)
            len--;
    }
    utf8proc_ssize_t n =
        utf8proc_map((const utf8proc_uint8_t *)text, (utf8proc_ssize_t)len, &out,
                     UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_IGNORE | UTF8PROC_STRIPCC | UTF8PROC_NLF2LF);
    return n < 0 ? NULL : (char *)out;
}

const char *clean_without_quote(const char *text)
{
    const char *s = text;
    if (*s != '>')
        return text;
    while (*s == '>') {
        s = strchr(s, '\n');
        if (!s)
            return text; /* nothing but a quotation: somebody means what he wrote */
        s++;
    }
    return *s == '\n' ? s + 1 : text;
}

char *clean_trim(char *text)
{
    text += strspn(text, " \t\n");
    size_t n = strlen(text);
    while (n && strchr(" \t\n", text[n - 1]))
        n--;
    text[n] = '\0';
    return text;
}
