/* SPDX-License-Identifier: MIT
 *
 * fuzz.c - see fuzz.h. Whatever goes wrong in here is a fault of the setup and ends the program with a message.
 */
#include "fuzz.h"

#include "log.h"

#include <dirent.h>
#include <libgen.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

void fuzz_fail(const char *file, int line, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fprintf(stderr, "%s:%d: ", file, line);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    va_end(args);
    abort();
}

static void setup_failed(const char *what, const char *why)
{
    fprintf(stderr, "fuzz: %s: %s (run it in the project's top folder)\n", what, why);
    exit(2);
}

/* PROGRAM/../../plugins: programs are built in BUILD/fuzz, plugins in BUILD/plugins. */
static const char *plugins_folder(void)
{
    static char path[PATH_MAX + 16];
    char program[PATH_MAX];
    ssize_t len = readlink("/proc/self/exe", program, sizeof(program) - 1);
    program[len > 0 ? len : 0] = '\0';
    snprintf(path, sizeof(path), "%s/../plugins", dirname(program));
    return path;
}

struct host *fuzz_host(void)
{
    static struct host host;
    static int ready;
    struct err err = {0};
    char line[ERR_LINE_MAX];
    if (ready)
        return &host;
    log_open(FAQD_ERROR, LOG_TEXT);
    if (host_start(&host, plugins_folder(), NULL, FUZZ_PACK, &err) != FAQD_OK)
        setup_failed("the shipped pack", err_line(&err, line, sizeof(line)));
    ready = 1;
    return &host;
}

struct snapshot *fuzz_snapshot(void)
{
    return fuzz_host()->packs[0]->snapshots.current;
}

static char folder[PATH_MAX];

static void remove_folder(void)
{
    DIR *dir = opendir(folder);
    for (struct dirent *entry; dir && (entry = readdir(dir));)
        if (entry->d_name[0] != '.')
            unlinkat(dirfd(dir), entry->d_name, 0);
    if (dir)
        closedir(dir);
    rmdir(folder);
}

const char *fuzz_folder(void)
{
    if (folder[0])
        return folder;
    const char *where = getenv("TMPDIR");
    if (!where)
        where = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
    snprintf(folder, sizeof(folder), "%s/faqd-fuzz-XXXXXX", where);
    if (!mkdtemp(folder))
        setup_failed(folder, "cannot make the folder");
    atexit(remove_folder);
    return folder;
}

void fuzz_write(const char *name, const void *bytes, size_t len)
{
    char path[PATH_MAX + 64];
    snprintf(path, sizeof(path), "%s/%s", fuzz_folder(), name);
    FILE *file = fopen(path, "wb");
    if (!file || fwrite(bytes, 1, len, file) != len || fclose(file) != 0)
        setup_failed(path, "cannot write");
}

char *fuzz_read(const char *path, size_t *len)
{
    FILE *file = fopen(path, "rb");
    if (!file || fseek(file, 0, SEEK_END) != 0)
        setup_failed(path, "cannot read");
    long size = ftell(file);
    rewind(file);
    char *bytes = size < 0 ? NULL : malloc((size_t)size + 1);
    if (!bytes || fread(bytes, 1, (size_t)size, file) != (size_t)size)
        setup_failed(path, "cannot read");
    bytes[size] = '\0';
    *len = (size_t)size;
    fclose(file);
    return bytes;
}

double fuzz_cpu_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

int fuzz_line(struct fuzz_part *rest, struct fuzz_part *line)
{
    if (!rest->text)
        return 0;
    const char *end = rest->len ? memchr(rest->text, '\n', rest->len) : NULL;
    *line = (struct fuzz_part){rest->text, end ? (size_t)(end - rest->text) : rest->len};
    *rest = end ? (struct fuzz_part){end + 1, rest->len - line->len - 1} : (struct fuzz_part){NULL, 0};
    return 1;
}

int fuzz_part(struct fuzz_part *rest, struct fuzz_part *part)
{
    const size_t separator = strlen(FUZZ_SEPARATOR);
    struct fuzz_part line;
    if (!rest->text)
        return 0;
    *part = (struct fuzz_part){rest->text, rest->len};
    while (fuzz_line(rest, &line)) {
        if (line.len == separator && memcmp(line.text, FUZZ_SEPARATOR, separator) == 0) {
            part->len = (size_t)(line.text - part->text);
            break;
        }
    }
    if (part->len && part->text[part->len - 1] == '\n')
        part->len--;
    return 1;
}

char *fuzz_string(const struct fuzz_part *part)
{
    char *copy = strndup(part->len ? part->text : "", part->len);
    if (!copy)
        setup_failed("fuzz", "out of memory");
    return copy;
}
