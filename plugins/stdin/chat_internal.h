/* SPDX-License-Identifier: MIT
 *
 * chat_internal.h - what chat.c (asking and showing), chat_person.c (the loop at a terminal) and chat_commands.c share.
 */
#ifndef STDIN_CHAT_INTERNAL_H
#define STDIN_CHAT_INTERNAL_H

#include "buf.h"
#include "commands.h"
#include "conversation.h"
#include "editor.h"
#include "history_file.h"
#include "lines.h"
#include "screen.h"
#include "settings.h"
#include "wake.h"

/* Which numbered list on the screen an answer like "2" speaks of. */
enum offer { OFFER_NONE, OFFER_CHOICES, OFFER_SUGGESTIONS };

struct chat {
    const struct faqd_host *host;
    const struct settings *settings;
    struct wake *wake;
    struct conversation talk;
    struct faqd_worker *aside; /* for welcome and topics, so that the last answer stays with the other worker */
    bool person;               /* a terminal at both ends */
    bool plain;                /* without redrawing: by setting, or because the terminal can do no more */
    struct lines *lines;       /* pipe, or plain terminal */
    struct editor *editor;     /* else */
    struct history_file history;
    enum offer offer;
    struct strings suggestions;
    bool hinted_pick; /* hints are given once */
    bool hinted_lost;
    struct buf out;
};

/* Write what `out` holds, to stdout (answers, what a command shows) or stderr (hints), and empty it. With "json"
 * stdout is for objects only, so all else goes to stderr. What there was no memory for is "unavailable", a hint is left
 * out. FAQD_OK, FAQD_EIO. */
int chat_show(struct chat *c);
int chat_hint(struct chat *c);
int chat_write(struct chat *c, int fd);

/* A hint of one of our own texts. */
int chat_say(struct chat *c, enum text_id id, const char *filling);

/* How text on `fd` looks now; the window may have changed. */
struct style chat_style(const struct chat *c, int fd);

/* Ask the host and show the answer. */
int chat_ask(struct chat *c, const char *question, size_t len);

/* Fetch the suggested questions in the chat's language; with `greeting`, show the whole welcome. */
int chat_welcome(struct chat *c, bool greeting);

/* Talk until the person has enough. FAQD_OK, FAQD_DECLINED (Ctrl-C), FAQD_EIO, FAQD_EINVAL (the terminal is taken). */
int chat_with_person(struct chat *c);

/* Carry out a command. FAQD_OK, or an error of showing it; *quit is set by /quit. */
int chat_command(struct chat *c, const struct command_line *line, bool *quit);

#endif
