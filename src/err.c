/* SPDX-License-Identifier: MIT
 *
 * err.c - see err.h.
 */
#include "err.h"

#include <stdarg.h>
#include <stdio.h>

int err_set(struct err *err, int code, const char *format, ...)
{
    if (!err || err->code)
        return code;
    va_list args;
    va_start(args, format);
    vsnprintf(err->text, sizeof(err->text), format, args);
    va_end(args);
    err->code = code;
    return code;
}

void err_where(struct err *err, const char *file, const char *path)
{
    if (!err || !err->code)
        return;
    if (file && !err->file[0])
        snprintf(err->file, sizeof(err->file), "%s", file);
    if (path && !err->path[0])
        snprintf(err->path, sizeof(err->path), "%s", path);
}

const char *err_line(const struct err *err, char *buf, size_t size)
{
    char line[24] = "";
    if (err->line > 0)
        snprintf(line, sizeof(line), ":%d", err->line);
    snprintf(buf, size, "%s%s%s%s%s%s", err->file, line, err->file[0] ? ": " : "", err->path, err->path[0] ? ": " : "",
             err->code ? err->text : "no error");
    for (char *c = buf; *c; c++) /* paths and texts quote content, which may hold anything */
        if ((unsigned char)*c < 0x20 || *c == 0x7f)
            *c = ' ';
    return buf;
}
