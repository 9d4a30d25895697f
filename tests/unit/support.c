/* SPDX-License-Identifier: MIT
 *
 * support.c - see support.h.
 */
#include "support.h"

#include <dirent.h>
#include <errno.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static void die(const char *what, const char *which)
{
    fprintf(stderr, "test support: %s %s: %s\n", what, which, strerror(errno));
    exit(1);
}

static char temp[256];
static pid_t owner; /* children that end must not remove what their parent uses */

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
    (void)st;
    (void)at;
    if (type == FTW_DNR)
        chmod(path, 0700);
    return remove(path);
}

static void remove_temp(void)
{
    if (getpid() == owner)
        nftw(temp, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

const char *temp_dir(void)
{
    const char *base = getenv("TMPDIR");
    if (temp[0])
        return temp;
    snprintf(temp, sizeof(temp), "%s/faqd-unit-XXXXXX", base && base[0] ? base : "/tmp");
    if (!mkdtemp(temp))
        die("cannot make", temp);
    owner = getpid();
    atexit(remove_temp);
    return temp;
}

const char *temp_path(const char *format, ...)
{
    static char paths[4][512];
    static unsigned turn;
    char name[200];
    char *path = paths[turn++ % 4];
    va_list args;
    va_start(args, format);
    vsnprintf(name, sizeof(name), format, args);
    va_end(args);
    snprintf(path, sizeof(paths[0]), "%s/%s", temp_dir(), name);
    return path;
}

static void link_plugins(const char *from, const char *to)
{
    char target[PATH_MAX];
    char path[PATH_MAX];
    char link[PATH_MAX];
    DIR *folder = opendir(from);
    if (!folder)
        die("cannot open", from);
    for (struct dirent *entry; (entry = readdir(folder));) {
        if (!strstr(entry->d_name, ".so"))
            continue;
        snprintf(path, sizeof(path), "%.2000s/%.250s", from, entry->d_name);
        snprintf(link, sizeof(link), "%.2000s/%.250s", to, entry->d_name);
        if (!realpath(path, target) || symlink(target, link) != 0)
            die("cannot link", path);
    }
    closedir(folder);
}

const char *plugins_folder(void)
{
    static char folder[512];
    char from[PATH_MAX];
    const char *build = getenv("BUILD");
    if (folder[0])
        return folder;
    build = build && build[0] ? build : "build";
    snprintf(folder, sizeof(folder), "%s/plugins", temp_dir());
    if (mkdir(folder, 0700) != 0)
        die("cannot make", folder);
    snprintf(from, sizeof(from), "%s/plugins", build);
    link_plugins(from, folder);
    snprintf(from, sizeof(from), "%s/tests/plugins", build);
    link_plugins(from, folder);
    return folder;
}

int open_plugins(const char *dir, struct plugins *plugins, struct err *err)
{
    int rc = plugins_list(dir, plugins, err);
    if (rc == FAQD_OK)
        rc = plugins_open_all(plugins, err);
    if (rc != FAQD_OK)
        plugins_free(plugins);
    return rc;
}

char *read_file(const char *path, size_t *len)
{
    FILE *file = fopen(path, "rb");
    struct stat st;
    if (!file || fstat(fileno(file), &st) != 0)
        die("cannot open", path);
    char *bytes = malloc((size_t)st.st_size + 1);
    if (!bytes || fread(bytes, 1, (size_t)st.st_size, file) != (size_t)st.st_size)
        die("cannot read", path);
    fclose(file);
    bytes[st.st_size] = '\0';
    if (len)
        *len = (size_t)st.st_size;
    return bytes;
}

void write_file(const char *path, const char *bytes, size_t len)
{
    FILE *file = fopen(path, "wb");
    if (!file || fwrite(bytes, 1, len, file) != len || fclose(file) != 0)
        die("cannot write", path);
}

void write_text(const char *path, const char *text)
{
    write_file(path, text, strlen(text));
}

void copy_folder(const char *from, const char *to)
{
    char path[PATH_MAX];
    DIR *folder = opendir(from);
    if (!folder || (mkdir(to, 0700) != 0 && errno != EEXIST))
        die("cannot copy", from);
    for (struct dirent *entry; (entry = readdir(folder));) {
        size_t len = 0;
        if (entry->d_name[0] == '.')
            continue;
        snprintf(path, sizeof(path), "%.2000s/%.250s", from, entry->d_name);
        char *bytes = read_file(path, &len);
        snprintf(path, sizeof(path), "%.2000s/%.250s", to, entry->d_name);
        write_file(path, bytes, len);
        free(bytes);
    }
    closedir(folder);
}

char *replaced(const char *text, const char *from, const char *to)
{
    size_t count = 0;
    size_t from_len = strlen(from);
    size_t to_len = strlen(to);
    for (const char *s = text; (s = strstr(s, from)); s += from_len)
        count++;
    char *out = malloc(strlen(text) + count * to_len + 1);
    if (!out)
        die("out of memory for", from);
    char *at = out;
    for (const char *s = text; *s;) {
        if (strncmp(s, from, from_len) == 0) {
            memcpy(at, to, to_len);
            at += to_len;
            s += from_len;
        } else {
            *at++ = *s++;
        }
    }
    *at = '\0';
    return out;
}

void start_host(struct host *host, const char *pack_dir)
{
    struct err err = {0};
    char line[ERR_LINE_MAX];
    if (host_start(host, plugins_folder(), NULL, pack_dir, &err) == FAQD_OK)
        return;
    fprintf(stderr, "test support: cannot start with %s: %s\n", pack_dir, err_line(&err, line, sizeof(line)));
    exit(1);
}

int load_lexicon(const char *dir, struct arena *arena, struct err *err, struct lexicon **out)
{
    char file[PATH_MAX];
    struct arena tree = {0};
    struct jread r = {.err = err, .tree = &tree};
    snprintf(file, sizeof(file), "%s/lexicon.json", dir);
    const json_t *root = jread_file(&r, file, LEXICON_BYTES_MAX);
    int rc = root ? lexicon_read(&r, root, arena, out) : err->code;
    *out = rc == FAQD_OK ? *out : NULL;
    arena_free(&tree);
    return rc;
}

struct pack *load_pack(const char *dir)
{
    struct err err = {0};
    char line[ERR_LINE_MAX];
    struct pack *pack = NULL;
    if (pack_load(dir, &err, &pack) == FAQD_OK)
        return pack;
    fprintf(stderr, "test support: cannot load %s: %s\n", dir, err_line(&err, line, sizeof(line)));
    exit(1);
}

struct faqd_answer_view ask_text(struct host *host, struct faqd_worker *worker, const char *text)
{
    struct faqd_message message = {.struct_size = sizeof(message), .text = text, .text_len = strlen(text)};
    struct faqd_answer_view view;
    host->api.ask(worker, &message, &view);
    return view;
}

const char *first_intent(const struct faqd_answer_view *view)
{
    return view->n_intents ? view->intents[0] : "";
}

uint64_t random_next(struct random *r)
{
    r->state ^= r->state >> 12;
    r->state ^= r->state << 25;
    r->state ^= r->state >> 27;
    return r->state * 0x2545f4914f6cdd1du;
}

size_t random_below(struct random *r, size_t limit)
{
    return (size_t)(random_next(r) >> 11) % limit;
}

int64_t now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

int sanitized(void)
{
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    return 1;
#else
    const char *san = getenv("SAN");
    return san && san[0];
#endif
}
