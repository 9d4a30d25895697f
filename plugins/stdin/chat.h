/* SPDX-License-Identifier: MIT
 *
 * chat.h - the two ways in which this connector talks: with a person at a terminal, or with a program over a pipe.
 *
 * A person has a prompt, line editing, commands, a layout that fits the screen. A program has nothing but answers: a
 * question each line in; out, with "json", one object each line, else the answer as the host renders it and an empty
 * line. Commands, numbers and first letters mean something at the terminal only; in a pipe each line goes to the host
 * as it is. Both are one conversation.
 */
#ifndef STDIN_CHAT_H
#define STDIN_CHAT_H

#include "faqd_plugin.h"
#include "settings.h"
#include "wake.h"

/* Talk until the input ends, the user quits or WAKE_STOP is posted: FAQD_OK. FAQD_DECLINED: the user quit with Ctrl-C
 * (the program's status is 130 then). FAQD_EIO: reading or writing failed; FAQD_ENOMEM. */
int chat_run(const struct faqd_host *host, const struct settings *settings, struct wake *wake);

#endif
