/* SPDX-License-Identifier: MIT
 *
 * secret.c - see secret.h.
 */
#include "secret.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

/* Why an open file is no place for a secret; NULL: it is one. */
static const char *objection(int fd, bool credential)
{
    struct stat st;
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
        return "is not a regular file";
    if (!credential && (st.st_mode & 077))
        return "may be read by others: chmod 600 it";
    if (!credential && st.st_uid != geteuid() && st.st_uid != 0)
        return "belongs to somebody else";
    return NULL;
}

/* The first line, without its end. False: there is none, or it does not fit. */
static bool read_line(int fd, char *out, size_t size)
{
    size_t n = 0;
    while (n < size) {
        ssize_t got = read(fd, out + n, size - n);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            break;
        n += (size_t)got;
        if (memchr(out + n - (size_t)got, '\n', (size_t)got))
            break;
    }
    if (n == size && !memchr(out, '\n', n))
        return false;
    out[n < size ? n : size - 1] = '\0';
    out[strcspn(out, "\r\n")] = '\0';
    return out[0] != '\0';
}

int secret_read(const struct faqd_host *host, const char *named, char *out, size_t size)
{
    char path[4096];
    bool credential = strncmp(named, "credential:", 11) == 0;
    if (host->path(host, named, path, sizeof(path)) != FAQD_OK) {
        host->log(FAQD_ERROR, "matrix_settings", "there is no file \"%.200s\"%s", named,
                  credential ? ": the service manager gave no credentials folder" : "");
        return FAQD_EINVAL;
    }
    int fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    const char *wrong = fd < 0 ? (errno == ELOOP ? "is a link" : strerror(errno)) : objection(fd, credential);
    if (!wrong && !read_line(fd, out, size))
        wrong = "has no line of a fitting length";
    if (fd >= 0)
        close(fd);
    if (!wrong)
        return FAQD_OK;
    explicit_bzero(out, size);
    host->log(FAQD_ERROR, "matrix_settings", "%s: %s", path, wrong);
    return FAQD_EINVAL;
}

int secret_ask(const char *prompt, char *out, size_t size)
{
    struct termios former;
    bool terminal = isatty(STDIN_FILENO) && tcgetattr(STDIN_FILENO, &former) == 0;
    if (terminal) {
        struct termios silent = former;
        silent.c_lflag &= ~(tcflag_t)ECHO;
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
        (void)!write(STDERR_FILENO, prompt, strlen(prompt));
    }
    bool got = read_line(STDIN_FILENO, out, size);
    if (terminal) {
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &former);
        (void)!write(STDERR_FILENO, "\n", 1);
    }
    return got ? FAQD_OK : FAQD_EINVAL;
}
