/* SPDX-License-Identifier: MIT
 *
 * chat_commands.c - carries out the commands of the chat. What was asked for goes to stdout, remarks to stderr.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "chat_internal.h"
#include "clean.h"

static struct style show_style(const struct chat *c)
{
    return chat_style(c, c->settings->json ? STDERR_FILENO : STDOUT_FILENO);
}

static void put_title(struct chat *c, const struct style *style, enum text_id id)
{
    screen_paragraph(&c->out, style, NULL, NULL, text(c->talk.ui, id));
}

/* ------------------------------------------------------------------------------------------------------- /help ---- */

enum { HELP_COLUMN = 22 };

static void help_line(struct chat *c, const struct style *style, const char *name, const char *arguments,
                      enum text_id help)
{
    char head[64], indent[HELP_COLUMN + 1];
    snprintf(head, sizeof(head), "  %s %s", name, arguments);
    snprintf(indent, sizeof(indent), "%*s", HELP_COLUMN, "");
    char padded[80];
    snprintf(padded, sizeof(padded), "%-*s", HELP_COLUMN, head);
    screen_paragraph(&c->out, style, padded, indent, text(c->talk.ui, help));
}

static int help(struct chat *c)
{
    struct style style = show_style(c);
    struct command_help h;
    put_title(c, &style, TEXT_HELP);
    for (size_t i = 0; command_help(i, &h); i++)
        help_line(c, &style, h.name, h.arguments, h.help);
    help_line(c, &style, "?", "", TEXT_HELP_SUGGEST);
    help_line(c, &style, "//...", "", TEXT_HELP_SLASH);
    put_title(c, &style, TEXT_HELP_PICK);
    put_title(c, &style, TEXT_HELP_KEYS);
    buf_puts(&c->out, "\n");
    return chat_show(c);
}

/* ------------------------------------------------------------------------------------------- lists and answers ---- */

struct topic_list {
    struct chat *chat;
    struct style style;
    size_t n;
};

static void put_topic(void *user, const char *topic, const char *label)
{
    struct topic_list *list = user;
    struct buf words;
    (void)topic;
    buf_init(&words, BUF_MAX);
    clean_line(&words, label, strlen(label));
    screen_paragraph(&list->chat->out, &list->style, "- ", "  ", buf_text(&words));
    list->chat->out.failed = list->chat->out.failed || words.failed;
    buf_free(&words);
    list->n++;
}

static int topics(struct chat *c)
{
    struct topic_list list = {.chat = c, .style = show_style(c)};
    put_title(c, &list.style, TEXT_TOPICS);
    c->host->topics(c->aside, c->talk.ui, put_topic, &list);
    if (list.n == 0) {
        buf_clear(&c->out);
        return chat_say(c, TEXT_NO_TOPICS, "");
    }
    buf_puts(&c->out, "\n");
    return chat_show(c);
}

static int sources(struct chat *c)
{
    struct style style = show_style(c);
    if (!c->talk.answered)
        return chat_say(c, TEXT_NO_ANSWER, "");
    if (c->talk.sources.n == 0)
        return chat_say(c, TEXT_NO_SOURCES, "");
    put_title(c, &style, TEXT_SOURCES);
    screen_sources(&c->out, &style, &c->talk.sources);
    buf_puts(&c->out, "\n");
    return chat_show(c);
}

static int suggest(struct chat *c)
{
    struct style style = show_style(c);
    int rc = chat_welcome(c, false);
    if (rc != FAQD_OK)
        return rc;
    if (c->suggestions.n == 0)
        return chat_say(c, TEXT_NO_SUGGESTIONS, "");
    put_title(c, &style, TEXT_SUGGESTIONS);
    screen_choices(&c->out, &style, &c->suggestions);
    buf_puts(&c->out, "\n");
    return chat_show(c);
}

/* The host's lines are a table: they are not wrapped. */
static int why(struct chat *c)
{
    size_t len = 0;
    if (!c->talk.answered)
        return chat_say(c, TEXT_NO_ANSWER, "");
    const char *reasons = c->host->explain(c->talk.worker, &len);
    if (!reasons)
        return chat_say(c, TEXT_UNAVAILABLE, "");
    clean_lines(&c->out, reasons, len);
    if (c->out.len && c->out.text[c->out.len - 1] != '\n')
        buf_puts(&c->out, "\n");
    buf_puts(&c->out, "\n");
    return chat_show(c);
}

/* --------------------------------------------------------------------------------------------------- the others ----
 */

static bool is(const struct command_line *line, const char *word)
{
    return line->rest_len == strlen(word) && memcmp(line->rest, word, line->rest_len) == 0;
}

static int lang(struct chat *c, const struct command_line *line)
{
    if (is(line, "fr") || is(line, "en")) {
        conversation_set_lang(&c->talk, is(line, "fr") ? "fr" : "en");
        return chat_say(c, TEXT_LANG_IS, "");
    }
    if (is(line, "auto")) {
        conversation_set_lang(&c->talk, "");
        return chat_say(c, TEXT_LANG_AUTO, "");
    }
    if (line->rest_len == 0) {
        int rc = chat_say(c, c->talk.lang[0] ? TEXT_LANG_IS : TEXT_LANG_AUTO, "");
        if (rc != FAQD_OK)
            return rc;
    }
    return chat_say(c, TEXT_LANG_USAGE, "");
}

/* The vote is counted, and goes to the log, with the answer's name; nothing of what was typed does. */
static int feedback(struct chat *c, const struct command_line *line)
{
    if (!is(line, "+") && !is(line, "-"))
        return chat_say(c, TEXT_FEEDBACK_USAGE, "");
    if (!c->talk.answered || !c->talk.answer_id)
        return chat_say(c, TEXT_NO_ANSWER, "");
    if (c->talk.rated)
        return chat_say(c, TEXT_FEEDBACK_TWICE, "");
    c->talk.rated = true;
    c->host->vote(c->host, "stdin", c->talk.answer_id, c->talk.ui, line->rest[0] == '+' ? 1 : -1);
    c->host->log(FAQD_INFO, "feedback", "%c %s", line->rest[0], c->talk.answer_id);
    return chat_say(c, TEXT_FEEDBACK_THANKS, "");
}

/* Conversation, history and screen, with what has scrolled out of it: the next person at this terminal shall not read
 * what was asked. */
static int clear(struct chat *c)
{
    conversation_forget(&c->talk);
    c->offer = OFFER_NONE;
    if (c->editor)
        editor_forget(c->editor);
    if (history_file_wipe(&c->history) != FAQD_OK)
        return chat_say(c, TEXT_CLEAR_FAILED, "");
    if (!c->plain) {
        buf_puts(&c->out, "\033[H\033[2J\033[3J");
        int rc = chat_show(c);
        if (rc != FAQD_OK)
            return rc;
    }
    return chat_say(c, TEXT_CLEARED, "");
}

static int unknown(struct chat *c, const struct command_line *line)
{
    struct style style = chat_style(c, STDERR_FILENO);
    struct buf words;
    buf_init(&words, BUF_MAX);
    text_fill(&words, c->talk.ui, TEXT_UNKNOWN_COMMAND, line->word);
    if (line->near)
        text_fill(&words, c->talk.ui, TEXT_DID_YOU_MEAN, line->near);
    else
        text_fill(&words, c->talk.ui, TEXT_SEE_HELP, "");
    screen_hint(&c->out, &style, buf_text(&words));
    c->out.failed = c->out.failed || words.failed;
    buf_free(&words);
    return chat_hint(c);
}

int chat_command(struct chat *c, const struct command_line *line, bool *quit)
{
    switch (line->command) {
    case COMMAND_HELP: return help(c);
    case COMMAND_LANG: return lang(c, line);
    case COMMAND_TOPICS: return topics(c);
    case COMMAND_SOURCES: return sources(c);
    case COMMAND_WHY: return why(c);
    case COMMAND_FEEDBACK: return feedback(c, line);
    case COMMAND_CLEAR: return clear(c);
    case COMMAND_SUGGEST: return suggest(c);
    case COMMAND_UNKNOWN: return unknown(c, line);
    case COMMAND_QUIT: *quit = true; return FAQD_OK;
    case COMMAND_NONE:
    case COMMAND_EMPTY: break;
    }
    return FAQD_OK;
}
