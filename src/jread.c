/* SPDX-License-Identifier: MIT
 *
 * jread.c - see jread.h.
 */
#include "jread.h"

#include "jparse.h"
#include "near.h"
#include "table.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The whole of an open file, in memory of its own. */
static int read_all(int fd, size_t size, char *buf, size_t *len)
{
    *len = 0;
    while (*len < size) {
        ssize_t got = read(fd, buf + *len, size - *len);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return FAQD_EIO;
        if (got == 0)
            break;
        *len += (size_t)got;
    }
    return FAQD_OK;
}

static char *slurp(struct jread *r, const char *file, size_t max, size_t *len)
{
    char *buf = NULL;
    struct stat st;
    int fd = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* a FIFO must not hang us */
    if (fd < 0) {
        jread_fail(r, FAQD_EIO, "cannot open: %s", strerror(errno));
        return NULL;
    }
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
        jread_fail(r, FAQD_EIO, "not a regular file");
    else if ((size_t)st.st_size > max)
        jread_fail(r, FAQD_ELIMIT, "%lld bytes, more than the %zu that are allowed", (long long)st.st_size, max);
    else if (!(buf = malloc((size_t)st.st_size + 1)))
        jread_fail(r, FAQD_ENOMEM, "out of memory");
    else if (read_all(fd, (size_t)st.st_size, buf, len) != FAQD_OK) {
        jread_fail(r, FAQD_EIO, "cannot read: %s", strerror(errno));
        free(buf);
        buf = NULL;
    }
    close(fd);
    return buf;
}

json_t *jread_file(struct jread *r, const char *file, size_t max)
{
    r->file = file;
    r->path[0] = '\0';
    size_t len = 0;
    char *buf = slurp(r, file, max, &len);
    if (!buf)
        return NULL;
    r->last = table_hash_long(buf, len);
    r->digest = table_hash_next(r->digest, r->last);
    json_error_t at = {0};
    int no_memory = 0;
    json_t *root = r->halves ? jparse_halves(buf, len, r->tree) : NULL;
    if (!root)
        root = jparse(buf, len, r->tree, &at, &no_memory);
    free(buf);
    if (no_memory) {
        jread_fail(r, FAQD_ENOMEM, "out of memory");
    } else if (!root && r->err && !r->err->code) {
        jread_fail(r, FAQD_EINVAL, "column %d: %s", at.column, at.text[0] ? at.text : "not JSON");
        r->err->line = at.line > 0 ? at.line : 1;
    }
    return root;
}

/* The path by hand: it is written for every value of a pack, and read once in a failure. */
size_t jread_enter(struct jread *r, const char *member)
{
    size_t mark = strlen(r->path);
    size_t room = sizeof(r->path) - mark - 1;
    char *end = r->path + mark;
    if (mark && room) {
        *end++ = '.';
        room--;
    }
    size_t len = strnlen(member, room);
    memcpy(end, member, len);
    end[len] = '\0';
    return mark;
}

size_t jread_element(struct jread *r, size_t index)
{
    char digits[24];
    size_t n = 0;
    size_t mark = strlen(r->path);
    do
        digits[n++] = (char)('0' + index % 10);
    while (index /= 10);
    if (mark + n + 3 > sizeof(r->path))
        return mark;
    r->path[mark] = '[';
    for (size_t i = 0; i < n; i++)
        r->path[mark + 1 + i] = digits[n - 1 - i];
    memcpy(r->path + mark + 1 + n, "]", 2);
    return mark;
}

void jread_leave(struct jread *r, size_t mark)
{
    r->path[mark] = '\0';
}

int jread_fail(struct jread *r, int code, const char *format, ...)
{
    if (!r->err || r->err->code)
        return code;
    char text[ERR_TEXT_MAX];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    err_set(r->err, code, "%s", text);
    err_where(r->err, r->file, r->path);
    return code;
}

int jread_object(struct jread *r, const json_t *value)
{
    return json_is_object(value) ? FAQD_OK : jread_fail(r, FAQD_EINVAL, "must be an object {...}");
}

int jread_keys(struct jread *r, const json_t *object, const char *const *known, size_t n)
{
    int rc = jread_object(r, object);
    if (rc != FAQD_OK)
        return rc;
    for (void *it = json_object_iter((json_t *)object); it; it = json_object_iter_next((json_t *)object, it)) {
        const char *key = json_object_iter_key(it);
        size_t i = 0;
        while (i < n && strcmp(key, known[i]) != 0)
            i++;
        if (i < n)
            continue;
        const char *meant = near_name(key, known, n);
        return jread_fail(r, FAQD_EINVAL, "unknown key \"%.60s\"%s%s%s", key, meant ? "; did you mean \"" : "",
                          meant ? meant : "", meant ? "\"?" : "");
    }
    return FAQD_OK;
}

int jread_text(struct jread *r, const json_t *object, const char *member, int needed, const char **out)
{
    const json_t *value = json_object_get(object, member);
    *out = NULL;
    if (!value)
        return needed ? jread_fail(r, FAQD_EINVAL, "\"%s\" is missing", member) : FAQD_OK;
    if (!json_is_string(value))
        return jread_fail(r, FAQD_EINVAL, "\"%s\" must be a text in quotes", member);
    *out = json_string_value(value);
    if (strlen(*out) != json_string_length(value))
        return jread_fail(r, FAQD_EINVAL, "\"%s\" holds a NUL character", member);
    return FAQD_OK;
}

int jread_flag(struct jread *r, const json_t *object, const char *member, int *out)
{
    const json_t *value = json_object_get(object, member);
    *out = json_is_true(value);
    return !value || json_is_boolean(value) ? FAQD_OK
                                            : jread_fail(r, FAQD_EINVAL, "\"%s\" must be true or false", member);
}

int jread_array(struct jread *r, const json_t *object, const char *member, int needed, json_t **out)
{
    *out = json_object_get(object, member);
    if (!*out)
        return needed ? jread_fail(r, FAQD_EINVAL, "\"%s\" is missing", member) : FAQD_OK;
    return json_is_array(*out) ? FAQD_OK : jread_fail(r, FAQD_EINVAL, "\"%s\" must be a list [...]", member);
}
