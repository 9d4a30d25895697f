/* SPDX-License-Identifier: MIT
 *
 * terminal.c - termios and signal handlers of terminal.h.
 *
 * There is one terminal in a process and handlers have no argument, so this state is the one piece of the connector
 * that lives at file scope.
 */
#include "terminal.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "faqd_plugin.h"
#include "lines.h"

enum { TERMINAL = 0, SCREEN = 1, CONTINUE_TIMEOUT_MS = 200 };

static const int watched[] = {SIGWINCH, SIGCONT, SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGQUIT};
enum { N_WATCHED = sizeof(watched) / sizeof(*watched) };

static struct {
    atomic_bool taken;
    struct wake *wake;
    struct termios theirs; /* how the shell left it */
    struct termios ours;
    volatile sig_atomic_t brackets;
    struct sigaction former[N_WATCHED];
    sigset_t former_mask;
} term;

static const char brackets_on[] = "\033[?2004h";
static const char brackets_off[] = "\033[?2004l";

static void put(const char *text, size_t len)
{
    ssize_t n = write(SCREEN, text, len); /* a few bytes; nothing can be done if they do not get through */
    (void)n;
}

static const struct sigaction *former_of(int number)
{
    size_t i = 0;
    while (i + 1 < N_WATCHED && watched[i] != number) /* handlers get no other numbers */
        i++;
    return &term.former[i];
}

static void on_event(int number, siginfo_t *info, void *context)
{
    const struct sigaction *former = former_of(number);
    wake_post(term.wake, number == SIGCONT ? WAKE_CONTINUE : WAKE_RESIZE);
    if (former->sa_flags & SA_SIGINFO)
        former->sa_sigaction(number, info, context);
    else if (former->sa_handler != SIG_DFL && former->sa_handler != SIG_IGN)
        former->sa_handler(number);
}

/* After the former action is back, a fault happens again when we return, and meets it; a signal that was sent (by
 * abort, kill or the terminal) is sent again. */
static void on_crash(int number, siginfo_t *info, void *context)
{
    (void)context;
    if (term.brackets)
        put(brackets_off, sizeof(brackets_off) - 1);
    tcsetattr(TERMINAL, TCSANOW, &term.theirs);
    sigaction(number, former_of(number), NULL);
    if (info->si_code <= 0 || number == SIGQUIT)
        raise(number);
}

static void install_handlers(void)
{
    sigset_t seen;
    sigemptyset(&seen);
    for (size_t i = 0; i < N_WATCHED; i++) {
        bool event = watched[i] == SIGWINCH || watched[i] == SIGCONT;
        struct sigaction action = {.sa_flags = SA_SIGINFO | SA_RESTART};
        action.sa_sigaction = event ? on_event : on_crash;
        sigemptyset(&action.sa_mask);
        sigaction(watched[i], &action, &term.former[i]);
        if (event)
            sigaddset(&seen, watched[i]);
    }
    pthread_sigmask(SIG_UNBLOCK, &seen, &term.former_mask);
}

static void remove_handlers(void)
{
    for (size_t i = 0; i < N_WATCHED; i++)
        sigaction(watched[i], &term.former[i], NULL);
    pthread_sigmask(SIG_SETMASK, &term.former_mask, NULL);
}

static void set_modes(const struct termios *modes)
{
    while (tcsetattr(TERMINAL, TCSADRAIN, modes) < 0 && errno == EINTR)
        continue;
}

/* Their modes, but Ctrl-C and Ctrl-Z characters that end a line, and the erase key deleting whole characters. */
static int read_modes(void)
{
    if (tcgetattr(TERMINAL, &term.theirs) < 0)
        return FAQD_EIO;
    term.ours = term.theirs;
    term.ours.c_cc[VINTR] = _POSIX_VDISABLE;
    term.ours.c_cc[VSUSP] = _POSIX_VDISABLE;
    term.ours.c_cc[VEOL] = CTRL_C;
    term.ours.c_cc[VEOL2] = CTRL_Z;
    term.ours.c_iflag |= ICRNL | IUTF8;
    term.ours.c_lflag |= ICANON | ECHO | ISIG | IEXTEN;
    return FAQD_OK;
}

int terminal_begin(struct wake *wake)
{
    if (atomic_exchange(&term.taken, true))
        return FAQD_EINVAL;
    if (read_modes() != FAQD_OK) {
        atomic_store(&term.taken, false);
        return FAQD_EIO;
    }
    term.wake = wake;
    term.brackets = 0;
    install_handlers();
    set_modes(&term.ours);
    return FAQD_OK;
}

void terminal_end(void)
{
    if (!atomic_load(&term.taken))
        return;
    terminal_brackets(false);
    set_modes(&term.theirs);
    remove_handlers();
    atomic_store(&term.taken, false);
}

void terminal_retake(void)
{
    set_modes(&term.ours);
    if (term.brackets)
        put(brackets_on, sizeof(brackets_on) - 1);
}

void terminal_give_way(int signal_number)
{
    if (term.brackets)
        put(brackets_off, sizeof(brackets_off) - 1);
    set_modes(&term.theirs);
    kill(0, signal_number);

    /* The stop may reach us a moment after kill() returned. The time only passes if nobody can stop us (a process
     * group without a shell that would continue it). */
    wake_wait(term.wake, WAKE_CONTINUE, -1, 0, CONTINUE_TIMEOUT_MS);
    wake_forget(term.wake, WAKE_CONTINUE);
    read_modes(); /* the shell or its user may have changed them */
    terminal_retake();
}

void terminal_brackets(bool on)
{
    if (on == (term.brackets != 0))
        return;
    term.brackets = on;
    put(on ? brackets_on : brackets_off, sizeof(brackets_on) - 1);
}

size_t terminal_columns(int fd)
{
    struct winsize size;
    if (ioctl(fd, TIOCGWINSZ, &size) < 0 || size.ws_col == 0)
        return 80;
    return size.ws_col;
}
