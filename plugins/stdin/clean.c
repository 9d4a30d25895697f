/* SPDX-License-Identifier: MIT
 *
 * clean.c - the filter of clean.h. It knows characters, not escape sequences: without ESC and the C1 controls (CSI,
 * OSC and their kind as single characters) no sequence can begin, so there is nothing to parse and nothing to miss.
 */
#include "clean.h"

#include <utf8proc.h>

uint32_t clean_next(const char *text, size_t len, size_t *at)
{
    utf8proc_int32_t c = 0;
    utf8proc_ssize_t n = utf8proc_iterate((const utf8proc_uint8_t *)text + *at, (utf8proc_ssize_t)(len - *at), &c);
    if (n <= 0) {
        *at += 1;
        return CLEAN_REPLACEMENT;
    }
    *at += (size_t)n;
    return (uint32_t)c;
}

static bool in(uint32_t c, uint32_t first, uint32_t last)
{
    return c >= first && c <= last;
}

bool clean_allows(uint32_t c)
{
    if (c < 0x20 || in(c, 0x7F, 0x9F)) /* C0, DEL, C1 */
        return false;
    if (in(c, 0x202A, 0x202E) || in(c, 0x2066, 0x2069)) /* embeddings, overrides, isolates */
        return false;
    if (c == 0x200B || c == 0xFEFF || in(c, 0x2060, 0x2064)) /* invisible; joiners stay, emoji need them */
        return false;
    if (in(c, 0x206A, 0x206F) || in(c, 0xFFF9, 0xFFFB)) /* deprecated and interlinear format characters */
        return false;
    return true;
}

static bool is_space_like(uint32_t c)
{
    return in(c, '\t', '\r') || c == 0x85 || c == 0x2028 || c == 0x2029;
}

static void clean(struct buf *out, const char *text, size_t len, bool keep_breaks)
{
    for (size_t at = 0; at < len;) {
        uint32_t c = clean_next(text, len, &at);
        if (c == '\n' && keep_breaks)
            buf_add(out, "\n", 1);
        else if (c == '\r' && keep_breaks && at < len && text[at] == '\n')
            continue;
        else if (is_space_like(c))
            buf_add(out, " ", 1);
        else if (clean_allows(c))
            buf_char(out, c);
    }
}

void clean_line(struct buf *out, const char *text, size_t len)
{
    clean(out, text, len, false);
}

void clean_lines(struct buf *out, const char *text, size_t len)
{
    clean(out, text, len, true);
}
