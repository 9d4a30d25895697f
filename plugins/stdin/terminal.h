/* SPDX-License-Identifier: MIT
 *
 * terminal.h - the modes of the terminal, and the few signals that the chat must see.
 *
 * Between terminal_begin and terminal_end Ctrl-C and Ctrl-Z send no signals: they arrive as characters (ending a line
 * where the kernel edits lines). So no handlers are needed for them, a Ctrl-C can never hit another thread's work, and
 * the terminal is put back before the shell gets it.
 *
 * Handlers, process-wide, and all that this connector installs; the former ones are put back by terminal_end:
 *   SIGWINCH, SIGCONT                         post an event to the chat, then call the former handler
 *   SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGQUIT
 *                                             put the terminal back and leave the rest to the former handler
 * SIGTERM, SIGINT, SIGHUP are main's: it calls stop(). SIGWINCH and SIGCONT are unblocked in the chat's thread.
 */
#ifndef STDIN_TERMINAL_H
#define STDIN_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>

#include "wake.h"

/* Take the terminal on fd 0. Only one chat of a process can have it. FAQD_OK, FAQD_EIO, FAQD_EINVAL (taken). */
int terminal_begin(struct wake *wake);

/* Put everything back as it was. Harmless if it was never taken. */
void terminal_end(void);

/* Hand the terminal to the shell and stop the process group, as Ctrl-Z (SIGTSTP) or Ctrl-\ (SIGQUIT) would; returns
 * when the process goes on, the terminal taken again. */
void terminal_give_way(int signal_number);

/* Take it again after somebody else stopped and continued us. */
void terminal_retake(void);

/* Tell that pasted text is being bracketed, so that this is switched off too, even in a crash. */
void terminal_brackets(bool on);

/* The columns of the terminal on `fd`, 80 if it does not say. */
size_t terminal_columns(int fd);

#endif
