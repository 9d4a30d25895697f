/* SPDX-License-Identifier: MIT
 *
 * text.c - see text.h. utf8proc knows Unicode; this file knows what a question needs of it.
 */
#include "text.h"

#include <string.h>
#include <utf8proc.h>

size_t text_decode(const char *s, size_t len, uint32_t *cp)
{
    unsigned char first = (unsigned char)s[0];
    if (first < 0x80) {
        *cp = first;
        return 1;
    }
    utf8proc_int32_t value = 0;
    size_t most = len < 4 ? len : 4;
    utf8proc_ssize_t took = utf8proc_iterate((const utf8proc_uint8_t *)s, (utf8proc_ssize_t)most, &value);
    if (took <= 0 || value < 0) {
        *cp = 0xfffd;
        return 1;
    }
    *cp = (uint32_t)value;
    return (size_t)took;
}

int text_valid(const char *s, size_t len)
{
    for (size_t at = 0; at < len;) {
        uint32_t cp = 0;
        size_t took = text_decode(s + at, len - at, &cp);
        if (took == 1 && cp == 0xfffd)
            return 0;
        at += took;
    }
    return 1;
}

/* Letters that Unicode does not decompose but people type without. */
static const char *special_fold(uint32_t cp)
{
    switch (cp) {
    case 0x152:
    case 0x153: return "oe";
    case 0xc6:
    case 0xe6: return "ae";
    case 0xd8:
    case 0xf8: return "o";
    case 0x110:
    case 0x111: return "d";
    case 0x141:
    case 0x142: return "l";
    case 0x131: return "i"; /* dotless i */
    default: return NULL;
    }
}

static enum text_kind punctuation(uint32_t cp)
{
    switch (cp) {
    case '\'':
    case 0x2019:
    case 0x2018:
    case 0x201b:
    case 0x2bc:
    case 0x2b9:
    case 0x60:
    case 0xb4:
    case 0x2032:
    case 0xff07: return TEXT_APOSTROPHE;
    case '?':
    case '!':
    case ';':
    case '\n':
    case '\r':
    case 0x2026:
    case 0x2028:
    case 0x2029:
    case 0x203d:
    case 0xff1f:
    case 0xff01:
    case 0x61f:
    case 0x3002: return TEXT_STOP;
    case '.': return TEXT_DOT;
    default: return TEXT_SPACE;
    }
}

/* Encode the [a-z0-9] part of folded code points. */
static enum text_kind collect(const utf8proc_int32_t *cps, size_t n, char out[TEXT_FOLD_MAX])
{
    size_t len = 0;
    int foreign = 0;
    for (size_t i = 0; i < n; i++) {
        utf8proc_int32_t c = cps[i];
        const char *special = special_fold((uint32_t)c);
        if (special && len + 2 < TEXT_FOLD_MAX) {
            memcpy(out + len, special, strlen(special));
            len += strlen(special);
        } else if (((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) && len + 1 < TEXT_FOLD_MAX) {
            out[len++] = (char)c;
        } else {
            utf8proc_category_t category = utf8proc_category(c);
            foreign |= category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO;
            foreign |= category == UTF8PROC_CATEGORY_ND;
        }
    }
    out[len] = '\0';
    if (len)
        return TEXT_WORD;
    return foreign ? TEXT_FOREIGN : TEXT_SPACE;
}

enum text_kind text_fold(uint32_t cp, char out[TEXT_FOLD_MAX])
{
    out[0] = '\0';
    if (cp < 0x80) {
        if (cp >= 'A' && cp <= 'Z')
            cp += 'a' - 'A';
        if ((cp >= 'a' && cp <= 'z') || (cp >= '0' && cp <= '9')) {
            out[0] = (char)cp;
            out[1] = '\0';
            return TEXT_WORD;
        }
        return punctuation(cp);
    }
    enum text_kind kind = punctuation(cp);
    if (kind != TEXT_SPACE)
        return kind;
    if (cp == 0x20ac || cp == 0xa3) { /* a price without a word for it */
        memcpy(out, cp == 0xa3 ? "pound" : "euro", cp == 0xa3 ? 6 : 5);
        return TEXT_WORD;
    }
    utf8proc_int32_t cps[32];
    int boundary = 0;
    utf8proc_ssize_t n = utf8proc_decompose_char(
        (utf8proc_int32_t)cp, cps, sizeof(cps) / sizeof(cps[0]),
        UTF8PROC_COMPAT | UTF8PROC_DECOMPOSE | UTF8PROC_CASEFOLD | UTF8PROC_STRIPMARK | UTF8PROC_IGNORE, &boundary);
    if (n < 0 || cp == 0xfffd)
        return TEXT_SPACE;
    if (n == 0)
        return TEXT_NOTHING;
    size_t count = (size_t)n < sizeof(cps) / sizeof(cps[0]) ? (size_t)n : sizeof(cps) / sizeof(cps[0]);
    kind = collect(cps, count, out);
    return kind;
}

size_t text_fold_words(const char *s, size_t len, char *out, size_t size)
{
    size_t at = 0;
    size_t end = 0; /* of the last whole word */
    int gap = 0;
    char fold[TEXT_FOLD_MAX];
    for (size_t i = 0; i < len;) {
        uint32_t cp = 0;
        i += text_decode(s + i, len - i, &cp);
        enum text_kind kind = text_fold(cp, fold);
        if (kind == TEXT_NOTHING)
            continue;
        if (kind != TEXT_WORD) {
            gap = at > 0;
            end = at;
            continue;
        }
        size_t n = strlen(fold);
        if (at + n + (gap ? 1 : 0) >= size) {
            at = end;
            break;
        }
        if (gap)
            out[at++] = ' ';
        gap = 0;
        memcpy(out + at, fold, n);
        at += n;
    }
    out[at] = '\0';
    return at;
}

int text_printable(const char *s, size_t len)
{
    for (size_t at = 0; at < len;) {
        uint32_t cp = 0;
        size_t took = text_decode(s + at, len - at, &cp);
        if (cp < 0x20 || (cp >= 0x7f && cp < 0xa0) || (cp == 0xfffd && took == 1))
            return 0;
        if ((cp >= 0x202a && cp <= 0x202e) || (cp >= 0x2066 && cp <= 0x2069) || cp == 0x2028 || cp == 0x2029)
            return 0;
        at += took;
    }
    return 1;
}
