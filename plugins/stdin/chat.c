/* SPDX-License-Identifier: MIT
 *
 * chat.c - reading messages and showing answers; the loops of chat.h.
 */
#include "chat.h"

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

enum { OUT = STDOUT_FILENO, ERR = STDERR_FILENO };

/* ---------------------------------------------------------------------------------------------------- showing ---- */

int chat_write(struct chat *c, int fd)
{
    int rc = FAQD_ENOMEM;
    if (!c->out.failed)
        rc = wake_write(c->wake, fd, buf_text(&c->out), c->out.len);
    buf_clear(&c->out);
    return rc == FAQD_DECLINED ? FAQD_OK : rc; /* stopped: the next read says so */
}

int chat_show(struct chat *c)
{
    return chat_write(c, c->settings->json ? ERR : OUT);
}

int chat_hint(struct chat *c)
{
    int rc = chat_write(c, ERR);
    return rc == FAQD_EIO ? FAQD_OK : rc; /* answers go on without a place for hints */
}

struct style chat_style(const struct chat *c, int fd)
{
    return style_detect(fd, c->settings->color, c->plain);
}

int chat_say(struct chat *c, enum text_id id, const char *filling)
{
    struct style style = chat_style(c, ERR);
    struct buf words;
    buf_init(&words, BUF_MAX);
    text_fill(&words, c->talk.ui, id, filling);
    screen_hint(&c->out, &style, buf_text(&words));
    c->out.failed = c->out.failed || words.failed;
    buf_free(&words);
    return chat_hint(c);
}

/* The host's own rendering, made safe. NULL came back: it was out of memory; a line of ours stands in. */
static void put_rendering(struct chat *c, enum faqd_format format)
{
    size_t len = 0;
    const char *rendered = c->host->render(c->talk.worker, format, &len);
    if (format == FAQD_JSON) {
        static const char unavailable[] = "{\"outcome\": \"unavailable\"}";
        clean_line(&c->out, rendered ? rendered : unavailable,
                   rendered ? len : sizeof(unavailable) - 1);
        buf_puts(&c->out, "\n");
        return;
    }
    if (!rendered) {
        rendered = text(c->talk.ui, TEXT_UNAVAILABLE);
        len = strlen(rendered);
    }
    clean_lines(&c->out, rendered, len);
    while (c->out.len && c->out.text[c->out.len - 1] == '\n')
        c->out.len--;
    buf_puts(&c->out, "\n\n");
}

/* ----------------------------------------------------------------------------------------------------- asking ---- */

static int show_corrections(struct chat *c, const struct faqd_answer_view *answer)
{
    struct buf words;
    int rc = FAQD_OK;
    buf_init(&words, BUF_MAX);
    for (size_t i = 0; i < answer->n_corrections; i++) {
        const struct faqd_correction_view *k = &answer->corrections[i];
        buf_puts(&words, i ? ", " : "");
        clean_line(&words, k->from, strlen(k->from));
        buf_puts(&words, " -> ");
        clean_line(&words, k->to, strlen(k->to));
    }
    if (words.len)
        rc = chat_say(c, TEXT_CORRECTED, buf_text(&words));
    buf_free(&words);
    return rc;
}

/* Helps that stand below an answer, each once. */
static int show_help_below(struct chat *c, enum faqd_outcome outcome)
{
    if (c->offer == OFFER_CHOICES && !c->hinted_pick) {
        c->hinted_pick = true;
        return chat_say(c, TEXT_PICK, "");
    }
    if (outcome == FAQD_UNKNOWN && !c->hinted_lost) {
        c->hinted_lost = true;
        return chat_say(c, TEXT_LOST, "");
    }
    return FAQD_OK;
}

static int show_answer(struct chat *c, const struct faqd_answer_view *answer)
{
    enum faqd_outcome outcome = answer->outcome;
    int rc = show_corrections(c, answer);
    if (rc != FAQD_OK)
        return rc;
    struct style style = chat_style(c, OUT);
    screen_answer(&c->out, &style, answer);
    rc = chat_write(c, OUT);
    if (rc != FAQD_OK)
        return rc;
    rc = show_help_below(c, outcome);
    buf_puts(&c->out, "\n");
    return rc == FAQD_OK ? chat_hint(c) : rc;
}

int chat_ask(struct chat *c, const char *question, size_t len)
{
    struct faqd_answer_view answer;
    conversation_ask(&c->talk, question, len, &answer);
    c->offer = c->talk.choices.n > 0 ? OFFER_CHOICES : OFFER_NONE;
    if (c->person && !c->settings->json)
        return show_answer(c, &answer);
    put_rendering(c, c->settings->json ? FAQD_JSON : FAQD_PLAIN);
    return chat_write(c, OUT);
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

int chat_welcome(struct chat *c, bool greeting)
{
    struct faqd_answer_view answer = {.struct_size = sizeof(answer)};
    c->host->welcome(c->aside, c->talk.ui, &answer);
    strings_clear(&c->suggestions);
    for (size_t i = 0; i < answer.n_choices; i++)
        if (!strings_add(&c->suggestions, answer.choices[i].label))
            break;
    c->offer = c->suggestions.n > 0 ? OFFER_SUGGESTIONS : OFFER_NONE;
    if (!greeting)
        return FAQD_OK;
    struct style style = chat_style(c, c->settings->json ? ERR : OUT);
    screen_answer(&c->out, &style, &answer);
    buf_puts(&c->out, "\n");
    return chat_show(c);
}

/* ---------------------------------------------------------------------------------------------------- a person ---- */

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
        case INPUT_STOPPED:
            return FAQD_OK;
        case INPUT_SUSPEND:
        case INPUT_CONTINUED: /* read_line saw to them */
            break;
        case INPUT_ERROR:
            return FAQD_EIO;
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

static int with_person(struct chat *c)
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
        c->editor = editor_new(c->settings->prompt, isatty(ERR) ? ERR : OUT, c->wake, complete_line, c);
    open_history(c); /* if there is no editor the lines are read plainly */
    if (rc == FAQD_OK)
        rc = converse(c);
    editor_free(c->editor);
    c->editor = NULL;
    history_file_free(&c->history);
    terminal_end();
    return rc;
}

/* --------------------------------------------------------------------------------------------------- a program ---- */

static int with_program(struct chat *c)
{
    for (;;) {
        const char *line = NULL;
        size_t len = 0;
        enum input got = lines_read(c->lines, &line, &len);
        if (got == INPUT_EOF || got == INPUT_STOPPED)
            return FAQD_OK;
        if (got == INPUT_ERROR)
            return FAQD_EIO;
        int rc = chat_ask(c, line, len);
        if (rc != FAQD_OK)
            return rc;
    }
}

int chat_run(const struct faqd_host *host, const struct settings *settings, struct wake *wake)
{
    struct chat c = {.host = host, .settings = settings, .wake = wake, .history = {.fd = -1}};
    int rc = FAQD_ENOMEM;

    buf_init(&c.out, BUF_MAX);
    c.person = isatty(STDIN_FILENO) && isatty(OUT);
    if (conversation_init(&c.talk, host, settings->lang) != FAQD_OK)
        goto done;
    c.aside = host->worker_new(host);
    c.lines = malloc(sizeof(*c.lines));
    if (!c.aside || !c.lines)
        goto done;
    lines_init(c.lines, STDIN_FILENO, c.person, wake);
    rc = c.person ? with_person(&c) : with_program(&c);

done:
    free(c.lines);
    strings_clear(&c.suggestions);
    if (c.aside)
        host->worker_free(c.aside);
    conversation_free(&c.talk);
    buf_free(&c.out);
    return rc;
}
