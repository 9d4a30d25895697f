/* SPDX-License-Identifier: MIT
 *
 * stdin_session.c - the driver of stdin_session.h. With STDIN_SESSION_MAIN it is a program to try by hand:
 *
 *     cc -DSTDIN_SESSION_MAIN ... stdin_session.c mock_host.c -ledit -lutf8proc -ljansson -o chat
 *     ./chat '{"lang": "fr"}'
 */
#include "stdin_session.h"

#include "../../plugins/stdin/buf.c"
#include "../../plugins/stdin/chat.c"
#include "../../plugins/stdin/chat_commands.c"
#include "../../plugins/stdin/chat_person.c"
#include "../../plugins/stdin/clean.c"
#include "../../plugins/stdin/commands.c"
#include "../../plugins/stdin/conversation.c"
#include "../../plugins/stdin/editor.c"
#include "../../plugins/stdin/editor_input.c"
#include "../../plugins/stdin/editor_keys.c"
#include "../../plugins/stdin/history_file.c"
#include "../../plugins/stdin/lines.c"
#include "../../plugins/stdin/pick.c"
#include "../../plugins/stdin/screen.c"
#include "../../plugins/stdin/settings.c"
#include "../../plugins/stdin/stdin.c"
#include "../../plugins/stdin/strings.c"
#include "../../plugins/stdin/terminal.c"
#include "../../plugins/stdin/texts.c"
#include "../../plugins/stdin/wake.c"
#include "../../plugins/stdin/wrap.c"

#include <pty.h>
#include <sys/wait.h>

#include "mock_host.h"

struct running {
    void *instance;
    int rc;
    atomic_bool done;
};

static void *run_thread(void *user)
{
    struct running *r = user;
    r->rc = ops.run(r->instance);
    atomic_store(&r->done, true);
    return NULL;
}

int session_run(const char *settings)
{
    struct running r = {.rc = FAQD_EINVAL};
    struct timespec tick = {.tv_nsec = 5000000};
    pthread_t thread;
    sigset_t term_signal;

    sigemptyset(&term_signal);
    sigaddset(&term_signal, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &term_signal, NULL);
    if (ops.open(mock_host(), settings, &r.instance) == FAQD_OK) {
        pthread_create(&thread, NULL, run_thread, &r);
        while (!atomic_load(&r.done))
            if (sigtimedwait(&term_signal, NULL, &tick) == SIGTERM)
                ops.stop(r.instance);
        pthread_join(thread, NULL);
        ops.close(r.instance);
    }
    if (mock_workers() != 0)
        dprintf(STDERR_FILENO, "%d workers leaked\n", mock_workers());
    dprintf(STDERR_FILENO, "%s", mock_log());
    return r.rc == FAQD_OK ? 0 : r.rc == FAQD_DECLINED ? 130 : r.rc == FAQD_EIO ? 74 : 71;
}

#ifdef STDIN_SESSION_MAIN

int main(int argc, char **argv)
{
    return session_run(argc > 1 ? argv[1] : "");
}

#else

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void start(struct session *s)
{
    s->len = s->at = 0;
    s->text[0] = s->err_text[0] = '\0';
    s->err = -1;
}

void session_pipes(struct session *s, const char *settings)
{
    int in_pipe[2], out_pipe[2], err_pipe[2];
    start(s);
    assert_int_equal(pipe2(in_pipe, O_CLOEXEC), 0);
    assert_int_equal(pipe2(out_pipe, O_CLOEXEC), 0);
    assert_int_equal(pipe2(err_pipe, O_CLOEXEC), 0);
    s->pid = fork();
    assert_true(s->pid >= 0);
    if (s->pid == 0) {
        dup2(in_pipe[0], 0);
        dup2(out_pipe[1], 1);
        dup2(err_pipe[1], 2);
        close_range(3, ~0U, 0);
        exit(session_run(settings));
    }
    close(in_pipe[0]);
    close(out_pipe[1]);
    close(err_pipe[1]);
    s->in = in_pipe[1];
    s->out = out_pipe[0];
    s->err = err_pipe[0];
}

void session_terminal(struct session *s, const char *settings, const char *term_name, unsigned short columns)
{
    struct winsize size = {.ws_row = 24, .ws_col = columns};
    start(s);
    s->pid = forkpty(&s->in, NULL, NULL, &size);
    assert_true(s->pid >= 0);
    if (s->pid == 0) {
        setenv("TERM", term_name, 1);
        exit(session_run(settings));
    }
    s->out = s->in;
}

void session_send(struct session *s, const void *bytes, size_t len)
{
    for (const char *at = bytes; len > 0;) {
        ssize_t n = write(s->in, at, len);
        assert_true(n > 0);
        at += n;
        len -= (size_t)n;
    }
}

void session_type(struct session *s, const char *keys)
{
    session_send(s, keys, strlen(keys));
}

/* Read once, waiting for at most `ms`. False: the end, or nothing came. */
static bool read_more(struct session *s, int ms)
{
    struct pollfd p = {.fd = s->out, .events = POLLIN};
    if (poll(&p, 1, ms) <= 0 || s->len + 1 >= sizeof(s->text))
        return false;
    ssize_t n = read(s->out, s->text + s->len, sizeof(s->text) - 1 - s->len);
    if (n <= 0)
        return false;
    for (ssize_t i = 0; i < n; i++) /* tests look for strings */
        if (s->text[s->len + (size_t)i] == '\0')
            s->text[s->len + (size_t)i] = '0';
    s->len += (size_t)n;
    s->text[s->len] = '\0';
    return true;
}

void session_expect(struct session *s, const char *expected)
{
    char *found = NULL;
    while (!(found = strstr(s->text + s->at, expected)) && read_more(s, 5000))
        continue;
    if (!found)
        fail_msg("expected \"%s\" in \"%s\"", expected, s->text + s->at);
    s->at = (size_t)(found - s->text) + strlen(expected);
}

bool session_printed(const struct session *s, const char *what)
{
    return strstr(s->text, what) != NULL;
}

static int wait_for_end(struct session *s)
{
    int status = 0;
    while (waitpid(s->pid, &status, 0) < 0 && errno == EINTR)
        continue;
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

static void collect(struct session *s)
{
    while (read_more(s, 5000))
        continue;
    if (s->err >= 0) {
        size_t len = 0;
        ssize_t n;
        while ((n = read(s->err, s->err_text + len, sizeof(s->err_text) - 1 - len)) > 0)
            len += (size_t)n;
        s->err_text[len] = '\0';
        close(s->err);
    }
}

int session_end(struct session *s)
{
    if (s->in != s->out)
        close(s->in);
    collect(s);
    int status = wait_for_end(s);
    close(s->out);
    return status;
}

long session_terminate(struct session *s, int *status)
{
    struct timespec a, b;
    clock_gettime(CLOCK_MONOTONIC, &a);
    kill(s->pid, SIGTERM);
    *status = wait_for_end(s);
    clock_gettime(CLOCK_MONOTONIC, &b);
    collect(s);
    if (s->in != s->out)
        close(s->in);
    close(s->out);
    return (b.tv_sec - a.tv_sec) * 1000 + (b.tv_nsec - a.tv_nsec) / 1000000;
}

#endif
