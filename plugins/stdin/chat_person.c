/* SPDX-License-Identifier: MIT
 *
 * chat_person.c - the chat's loop at a terminal: reading lines, picks, keys, completion, history.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "chat_internal.h"
#include "clean.h"
#include "pick.h"
#include "terminal.h"

static enum input read_line(struct chat *c, const char **line, size_t *len)
{
    if (c->editor)
        return editor_read(c->editor, line, len);
    for (;;) {
        buf_puts(&c->out, c->settings->prompt);
        chat_hint(c);
        enum input got = lines_read(c->lines, line, len);
        if (got == INPUT_SUSPEND)
            terminal_give_way(SIGTSTP);
        else if (got == INPUT_CONTINUED)
            terminal_retake();
        else
            return got;
    }
}

/* A typed line that is no command: a pick of what stands on the screen, or a question. A number that answers a
 * question of the dialogue is the dialogue's to read; first letters are translated to it. */
static int message(struct chat *c, const char *line, size_t len)
{
    char number[24];
    size_t n = 0;
    if (c->offer == OFFER_CHOICES && !pick_is_number(line, len))
        n = pick(&c->talk.choices, line, len);
    else if (c->offer == OFFER_SUGGESTIONS)
        n = pick(&c->suggestions, line, len);
    if (n == 0)
        return chat_ask(c, line, len);
    if (c->offer == OFFER_SUGGESTIONS) {
        const char *question = c->suggestions.items[n - 1];
        return chat_ask(c, question, strlen(question));
    }
    int digits = snprintf(number, sizeof(number), "%zu", n);
    return chat_ask(c, number, (size_t)digits);
}

static void keep_in_history(struct chat *c, const char *line, size_t len)
{
    if (!c->editor || len == 0 || line[0] == ' ' || len > MESSAGE_MAX)
        return;
    editor_remember(c->editor, line);
    history_file_add(&c->history, line, len);
}

static int one_line(struct chat *c, const char *line, size_t len, bool *quit)
{
    struct command_line command;
    keep_in_history(c, line, len);
    command_parse(line, len, &command);
    if (command.command == COMMAND_EMPTY)
        return FAQD_OK;
    if (command.command != COMMAND_NONE)
        return chat_command(c, &command, quit);
    return message(c, command.rest, command.rest_len);
}

/* Ctrl-C throws away what was typed; on an empty line, after another one, it quits. */
static bool quits(struct chat *c, size_t thrown_away, bool *armed)
{
    if (!c->editor) {
        buf_puts(&c->out, "\n"); /* the kernel echoed ^C and stayed on the line */
        chat_hint(c);
    }
    if (*armed && thrown_away == 0)
        return true;
    *armed = true;
    chat_say(c, TEXT_INTERRUPT, "");
    return false;
}

static int converse(struct chat *c)
{
    const char *line = NULL;
    size_t len = 0;
    bool armed = false, quit = false;
    int rc = FAQD_OK;

    while (rc == FAQD_OK && !quit) {
        switch (read_line(c, &line, &len)) {
        case INPUT_LINE:
            armed = false;
            rc = one_line(c, line, len, &quit);
            break;
        case INPUT_INTERRUPT:
            if (quits(c, len, &armed))
                return FAQD_DECLINED;
            break;
        case INPUT_EOF:
            if (!c->editor) {
                buf_puts(&c->out, "\n");
                chat_hint(c);
            }
            return FAQD_OK;
        case INPUT_STOPPED: return FAQD_OK;
        case INPUT_SUSPEND:
        case INPUT_CONTINUED: /* read_line saw to them */ break;
        case INPUT_ERROR: return FAQD_EIO;
        }
    }
    return rc;
}

struct completion {
    const char *typed;
    struct strings *out;
};

static void complete_topic(void *user, const char *topic, const char *label)
{
    struct completion *k = user;
    (void)topic;
    if (pick_begins(label, k->typed, strlen(k->typed))) {
        struct buf clean;
        buf_init(&clean, BUF_MAX);
        clean_line(&clean, label, strlen(label));
        if (!clean.failed)
            strings_add(k->out, buf_text(&clean));
        buf_free(&clean);
    }
}

static void complete_line(void *user, const char *typed, struct strings *out)
{
    struct chat *c = user;
    struct completion k = {typed, out};
    if (typed[0] == '/')
        command_complete(typed, out);
    else
        c->host->topics(c->aside, c->talk.ui, complete_topic, &k);
}

static void remember_line(void *user, const char *line)
{
    editor_remember(user, line);
}

static void open_history(struct chat *c)
{
    if (!c->settings->history || !c->editor || !c->history.path)
        return;
    int rc = history_file_open(&c->history, remember_line, c->editor);
    chat_say(c, rc == FAQD_OK ? TEXT_HISTORY_ON : TEXT_HISTORY_FAILED, c->history.path);
}

int chat_with_person(struct chat *c)
{
    const char *term = getenv("TERM");
    c->plain = c->settings->plain || !term || term[0] == '\0' || strcmp(term, "dumb") == 0;

    int rc = terminal_begin(c->wake);
    if (rc != FAQD_OK) {
        c->wake->error = errno;
        return rc;
    }
    history_file_init(&c->history); /* without a home there is no path, and no history */
    rc = chat_welcome(c, true);
    if (rc == FAQD_OK)
        rc = chat_say(c, TEXT_START_HINT, "");
    if (rc == FAQD_OK && !c->plain)
        c->editor = editor_new(c->settings->prompt, isatty(STDERR_FILENO) ? STDERR_FILENO : STDOUT_FILENO, c->wake,
                               complete_line, c);
    open_history(c); /* if there is no editor the lines are read plainly */
    if (rc == FAQD_OK)
        rc = converse(c);
    editor_free(c->editor);
    c->editor = NULL;
    history_file_free(&c->history);
    terminal_end();
    return rc;
}
