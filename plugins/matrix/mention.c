/* SPDX-License-Identifier: MIT
 *
 * mention.c - see mention.h. Names are compared code point by code point in lower case, so that the places of a match
 * are those of the original text.
 */
#include "mention.h"

#include <string.h>
#include <strings.h>

#include <utf8proc.h>

static utf8proc_int32_t next_code(const char *s, size_t *len)
{
    utf8proc_int32_t code = 0;
    utf8proc_ssize_t n = utf8proc_iterate((const utf8proc_uint8_t *)s, -1, &code);
    if (n < 1 || *s == '\0') {
        *len = *s ? 1 : 0;
        return (unsigned char)*s;
    }
    *len = (size_t)n;
    return code;
}

/* Bytes of `text` that are `name` in whatever case; 0: they are not. */
static size_t match_name(const char *text, const char *name)
{
    size_t at = 0;
    while (*name) {
        size_t a = 0;
        size_t b = 0;
        utf8proc_int32_t x = next_code(text + at, &a);
        utf8proc_int32_t y = next_code(name, &b);
        if (!a || utf8proc_tolower(x) != utf8proc_tolower(y))
            return 0;
        at += a;
        name += b;
    }
    return at;
}

/* Can a name end before `s`, or (with the code point before it) begin there? Letters, digits and what glues the parts
 * of addresses together say no; a full stop does unless the sentence ends with it. */
static bool glues(const char *s)
{
    size_t n = 0;
    utf8proc_int32_t code = next_code(s, &n);
    if (!n)
        return false;
    if (code == '.') {
        size_t m = 0;
        utf8proc_int32_t then = next_code(s + 1, &m);
        utf8proc_category_t c = utf8proc_category(then);
        return m && ((c >= UTF8PROC_CATEGORY_LU && c <= UTF8PROC_CATEGORY_LO) || c == UTF8PROC_CATEGORY_ND);
    }
    if (strchr("_/-=#&%+~", (int)code) && code < 128)
        return true;
    utf8proc_category_t c = utf8proc_category(code);
    return (c >= UTF8PROC_CATEGORY_LU && c <= UTF8PROC_CATEGORY_NO);
}

static const char *code_before(const char *text, const char *at)
{
    if (at == text)
        return NULL;
    do
        at--;
    while (at > text && ((unsigned char)*at & 0xc0) == 0x80);
    return at;
}

/* Is this place inside a word with "://" or beginning with "www."? */
static bool in_address(const char *text, const char *at)
{
    const char *start = at;
    while (start > text && !strchr(" \n\t<>()\"", start[-1]))
        start--;
    const char *scheme = strstr(start, "://");
    return (scheme && scheme < at) || strncasecmp(start, "www.", 4) == 0;
}

/* Bytes of a whole mention at `at`: the name, an "@" before it included by the caller. 0: none. */
static size_t whole_name(const char *text, const char *at, const char *name)
{
    size_t n = name[0] ? match_name(at, name) : 0;
    if (!n || glues(at + n) || in_address(text, at))
        return 0;
    const char *before = code_before(text, at);
    if (before && *before == '@')
        before = code_before(text, before);
    if (before && (*before == '.' || *before == ':' || glues(before)) && !(*before == ':' && text[0] == ':'))
        return 0;
    if (at[n] == ':' && at[n + 1] && !strchr(" \n\t", at[n + 1])) {
        size_t m = 0;
        utf8proc_int32_t then = next_code(at + n + 1, &m);
        utf8proc_category_t c = utf8proc_category(then);
        const char *sign = code_before(text, at);
        if (sign && *sign == '@' && c >= UTF8PROC_CATEGORY_LU && c <= UTF8PROC_CATEGORY_NO)
            return 0; /* "@faq:other.example": somebody else's id */
    }
    return n;
}

static const char *find(const char *text, const char *name, size_t *len)
{
    for (const char *s = text; *s; s++) {
        if (((unsigned char)*s & 0xc0) == 0x80)
            continue;
        *len = whole_name(text, s, name);
        if (*len)
            return s;
    }
    return NULL;
}

/* A link https://matrix.to/#/ID, its id percent-encoded or not. */
static bool linked(const char *html, const char *user_id)
{
    static const char place[] = "matrix.to/#/";
    for (const char *s = html ? strstr(html, place) : NULL; s; s = strstr(s, place)) {
        const char *id = user_id;
        s += sizeof(place) - 1;
        for (const char *at = s; *id; id++) {
            if (at[0] == '%' && at[1] && at[2] && (strncasecmp(at, "%40", 3) == 0 || strncasecmp(at, "%3a", 3) == 0)) {
                if (*id != (strncasecmp(at, "%40", 3) == 0 ? '@' : ':'))
                    break;
                at += 3;
            } else if (*at++ != *id) {
                break;
            }
            if (!id[1] && (*at == '"' || *at == '\'' || *at == '?' || *at == '>' || *at == '\0'))
                return true;
        }
    }
    return false;
}

bool mention_found(const char *text, const char *html, const struct identity *us)
{
    size_t n = 0;
    return find(text, us->user_id, &n) || linked(html, us->user_id) || find(text, us->displayname, &n) ||
           find(text, us->localpart, &n);
}

/* Take a name out wherever it stands. Was it there? */
static bool strip_name(char *text, const char *name)
{
    size_t n = 0;
    bool any = false;
    for (char *at = (char *)find(text, name, &n); at; at = (char *)find(text, name, &n)) {
        char *end = at + n;
        if (at > text && at[-1] == '@')
            at--;
        bool first = strspn(text, " \n\t") >= (size_t)(at - text);
        if (*end == ':' || (first && (*end == ',' || *end == ';')))
            end++;
        memmove(at, end, strlen(end) + 1);
        any = true;
    }
    return any;
}

void mention_strip(char *text, const struct identity *us)
{
    bool any = true;
    while (any) { /* what stood around one name may make another; the text gets shorter each time */
        any = strip_name(text, us->user_id);
        any |= strip_name(text, us->displayname);
        any |= strip_name(text, us->localpart);
    }
}

const char *mention_prefix(const char *text, const char *prefix)
{
    size_t n = prefix[0] ? match_name(text, prefix) : 0;
    if (!n || !text[n] || !strchr(" \n\t:,", text[n]))
        return NULL;
    return text + n + strspn(text + n, " \n\t:,");
}
