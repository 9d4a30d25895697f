/* SPDX-License-Identifier: MIT
 *
 * chat.c - asking and showing answers, for people and programs; the loop for programs.
 */
#include "chat.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "chat_internal.h"
#include "clean.h"

/* ---------------------------------------------------------------------------------------------------- showing ---- */

static const char no_object[] = "{\"outcome\": \"unavailable\"}";

/* There was no memory to put the text together: say so with what needs none, the next one may fit again. */
static int write_unavailable(struct chat *c, int fd)
{
    const char *words = c->settings->json ? no_object : text(c->talk.ui, TEXT_UNAVAILABLE);
    int rc = wake_write(c->wake, fd, words, strlen(words));
    if (rc == FAQD_OK)
        rc = wake_write(c->wake, fd, "\n\n", c->person || c->settings->json ? 1 : 2);
    return rc;
}

int chat_write(struct chat *c, int fd)
{
    int rc = FAQD_OK;
    if (!c->out.failed)
        rc = wake_write(c->wake, fd, buf_text(&c->out), c->out.len);
    else if (fd == STDOUT_FILENO)
        rc = write_unavailable(c, fd);
    buf_clear(&c->out);
    return rc == FAQD_DECLINED ? FAQD_OK : rc; /* stopped: the next read says so */
}

int chat_show(struct chat *c)
{
    return chat_write(c, c->settings->json ? STDERR_FILENO : STDOUT_FILENO);
}

int chat_hint(struct chat *c)
{
    int rc = chat_write(c, STDERR_FILENO);
    return rc == FAQD_EIO ? FAQD_OK : rc; /* answers go on without a place for hints */
}

struct style chat_style(const struct chat *c, int fd)
{
    return style_detect(fd, c->settings->color, c->plain);
}

int chat_say(struct chat *c, enum text_id id, const char *filling)
{
    struct style style = chat_style(c, STDERR_FILENO);
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
        clean_line(&c->out, rendered ? rendered : no_object, rendered ? len : sizeof(no_object) - 1);
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
    struct style style = chat_style(c, STDOUT_FILENO);
    screen_answer(&c->out, &style, answer);
    rc = chat_write(c, STDOUT_FILENO);
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
    return chat_write(c, STDOUT_FILENO);
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
    struct style style = chat_style(c, c->settings->json ? STDERR_FILENO : STDOUT_FILENO);
    screen_answer(&c->out, &style, &answer);
    buf_puts(&c->out, "\n");
    return chat_show(c);
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
    c.person = isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
    if (conversation_init(&c.talk, host, settings->lang) != FAQD_OK)
        goto done;
    c.aside = host->worker_new(host);
    c.lines = malloc(sizeof(*c.lines));
    if (!c.aside || !c.lines)
        goto done;
    if (settings->pack[0] != '\0') { /* open has seen that it is there */
        host->use_pack(c.talk.worker, settings->pack);
        host->use_pack(c.aside, settings->pack);
    }
    lines_init(c.lines, STDIN_FILENO, c.person, wake);
    rc = c.person ? chat_with_person(&c) : with_program(&c);

done:
    free(c.lines);
    strings_clear(&c.suggestions);
    if (c.aside)
        host->worker_free(c.aside);
    conversation_free(&c.talk);
    buf_free(&c.out);
    return rc;
}
