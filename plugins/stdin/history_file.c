/* SPDX-License-Identifier: MIT
 *
 * history_file.c - the history file of history_file.h. Lines are appended in one write each, so that two chats can
 * share the file; it is shortened in place when it is opened.
 */
#include "history_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "buf.h"
#include "faqd_plugin.h"

enum { FILE_MAX = 4 << 20 };

int history_file_init(struct history_file *h)
{
    const char *state = getenv("XDG_STATE_HOME");
    const char *home = getenv("HOME");
    int n;

    *h = (struct history_file){.fd = -1};
    if (state && state[0] == '/') /* a relative one is to be ignored, says the XDG specification */
        n = asprintf(&h->path, "%s/faqd/history", state);
    else if (home && home[0] == '/')
        n = asprintf(&h->path, "%s/.local/state/faqd/history", home);
    else
        return FAQD_EINVAL;
    if (n < 0) {
        h->path = NULL;
        return FAQD_ENOMEM;
    }
    return FAQD_OK;
}

/* Make the folders above the file, for the owner only. What is there already stays as it is. */
static void make_folders(char *path)
{
    for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        mkdir(path, 0700); /* an error shows when the file is opened */
        *slash = '/';
    }
}

static int open_file(struct history_file *h)
{
    struct stat st;
    make_folders(h->path);
    h->fd = open(h->path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
    if (h->fd < 0 || fstat(h->fd, &st) < 0)
        return FAQD_EIO;
    if (!S_ISREG(st.st_mode) || st.st_uid != geteuid())
        return FAQD_EINVAL;
    return fchmod(h->fd, 0600) < 0 ? FAQD_EIO : FAQD_OK;
}

static int read_file(int fd, struct buf *out)
{
    char piece[4096];
    for (;;) {
        ssize_t n = read(fd, piece, sizeof(piece));
        if (n < 0 && errno != EINTR)
            return FAQD_EIO;
        if (n == 0)
            return out->failed ? FAQD_ENOMEM : FAQD_OK;
        if (n > 0)
            buf_add(out, piece, (size_t)n);
    }
}

/* Where the last HISTORY_LINES lines begin. */
static const char *newest(const struct buf *all)
{
    const char *start = buf_text(all);
    const char *at = start + all->len;
    for (size_t lines = 0; at > start; at--)
        if (at[-1] == '\n' && lines++ == HISTORY_LINES)
            break;
    return at;
}

static void hand_out(const char *lines, void (*each)(void *user, const char *line), void *user)
{
    char *copy = strdup(lines);
    char *rest = copy;
    char *line;
    while ((line = strsep(&rest, "\n"))) /* strsep takes NULL when memory was short */
        if (line[0] != '\0')
            each(user, line);
    free(copy);
}

static int shorten(int fd, const char *kept)
{
    size_t len = strlen(kept);
    if (ftruncate(fd, 0) < 0)
        return FAQD_EIO;
    return write(fd, kept, len) == (ssize_t)len ? FAQD_OK : FAQD_EIO;
}

int history_file_open(struct history_file *h, void (*each)(void *user, const char *line), void *user)
{
    struct buf all;
    buf_init(&all, FILE_MAX);

    int rc = open_file(h);
    if (rc == FAQD_OK)
        rc = read_file(h->fd, &all);
    if (rc == FAQD_OK) {
        const char *kept = newest(&all);
        if (kept != buf_text(&all))
            rc = shorten(h->fd, kept);
        hand_out(kept, each, user);
    }
    if (rc != FAQD_OK && h->fd >= 0) {
        int saved = errno;
        close(h->fd);
        h->fd = -1;
        errno = saved;
    }
    buf_free(&all);
    return rc;
}

void history_file_add(struct history_file *h, const char *line, size_t len)
{
    struct buf record;
    if (h->fd < 0)
        return;
    buf_init(&record, FILE_MAX);
    buf_add(&record, line, len);
    buf_puts(&record, "\n");
    if (!record.failed) {
        ssize_t n = write(h->fd, record.text, record.len); /* a full disk costs a line of history, no answer */
        (void)n;
    }
    buf_free(&record);
}

int history_file_wipe(struct history_file *h)
{
    if (h->fd >= 0)
        return ftruncate(h->fd, 0) < 0 ? FAQD_EIO : FAQD_OK;
    if (!h->path)
        return FAQD_OK;
    int fd = open(h->path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0)
        return errno == ENOENT || errno == ENOTDIR ? FAQD_OK : FAQD_EIO;
    struct stat st;
    int rc = FAQD_EIO;
    if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && ftruncate(fd, 0) == 0)
        rc = FAQD_OK;
    close(fd);
    return rc;
}

void history_file_free(struct history_file *h)
{
    if (h->fd >= 0)
        close(h->fd);
    free(h->path);
    *h = (struct history_file){.fd = -1};
}
