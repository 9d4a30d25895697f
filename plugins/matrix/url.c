/* SPDX-License-Identifier: MIT
 *
 * url.c - see url.h.
 */
#include "url.h"

#include <stdarg.h>
#include <string.h>

#include "http.h"

bool url_make(char *out, size_t size, const char *base, const char *path, ...)
{
    size_t n = strlen(base);
    bool ok = n < size;
    va_list parts;
    va_start(parts, path);
    if (ok)
        memcpy(out, base, n + 1);
    for (const char *s = path; ok && *s;) {
        if (s[0] == '{' && s[1] == '}') {
            ok = http_escape(va_arg(parts, const char *), out + n, size - n);
            n += ok ? strlen(out + n) : 0;
            s += 2;
        } else if (n + 1 < size) {
            out[n++] = *s++;
            out[n] = '\0';
        } else {
            ok = false;
        }
    }
    va_end(parts);
    return ok;
}
