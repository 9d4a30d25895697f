/* SPDX-License-Identifier: MIT
 *
 * conversation.c - asking the host and keeping what conversation.h lists. If memory for a copy is short the answer is
 * shown all the same, only /sources and the choices' first letters know less.
 */
#include "conversation.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

static int64_t now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t); /* the wall clock may jump */
    return (int64_t)t.tv_sec;
}

static const char *lang_of_environment(void)
{
    static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
        const char *value = getenv(names[i]);
        if (value && value[0] != '\0')
            return strncmp(value, "fr", 2) == 0 ? "fr" : "en";
    }
    return "en";
}

static void set(char out[3], const char *lang)
{
    memcpy(out, strcmp(lang, "fr") == 0 ? "fr" : "en", 3);
}

int conversation_init(struct conversation *c, const struct faqd_host *host, const char *lang)
{
    *c = (struct conversation){.host = host, .last_turn = -1};
    set(c->ui, lang_of_environment());
    conversation_set_lang(c, lang);
    c->worker = host->worker_new(host);
    return c->worker ? FAQD_OK : FAQD_ENOMEM;
}

void conversation_set_lang(struct conversation *c, const char *lang)
{
    c->lang[0] = '\0';
    if (lang[0] != '\0') {
        set(c->lang, lang);
        set(c->ui, lang);
    }
}

static void forget_answer(struct conversation *c)
{
    free(c->answer_id);
    c->answer_id = NULL;
    strings_clear(&c->choices);
    strings_clear(&c->sources);
    c->answered = c->rated = false;
}

static void remember(struct conversation *c, const struct faqd_answer_view *a)
{
    forget_answer(c);
    c->answered = true;
    c->outcome = a->outcome;
    c->answer_id = strdup(a->id ? a->id : "");
    for (size_t i = 0; i < a->n_choices; i++)
        if (!strings_add(&c->choices, a->choices[i].label))
            break;
    for (size_t i = 0; i < a->n_sources; i++)
        if (!strings_add(&c->sources, a->sources[i].title) ||
            !strings_add(&c->sources, a->sources[i].url ? a->sources[i].url : ""))
            break;

    size_t len = a->state ? strlen(a->state) : 0;
    if (len > STATE_MAX)
        len = 0; /* not what was promised: better no state than half of one */
    if (len)
        memcpy(c->state, a->state, len);
    c->state[len] = '\0';
    if (c->lang[0] == '\0' && a->lang && a->lang[0] != '\0')
        set(c->ui, a->lang);
}

void conversation_ask(struct conversation *c, const char *text, size_t len, struct faqd_answer_view *out)
{
    int64_t started = now();
    struct faqd_message message = {
        .struct_size = sizeof(message),
        .text = text,
        .text_len = len,
        .lang = c->lang,
        .state = c->state,
        .idle_seconds = c->last_turn < 0 ? 0 : started - c->last_turn,
    };
    *out = (struct faqd_answer_view){.struct_size = sizeof(*out)};
    c->host->ask(c->worker, &message, out); /* whatever it returns, there is an answer */
    c->host->count(c->worker, "stdin");
    c->last_turn = started;
    remember(c, out);
}

void conversation_forget(struct conversation *c)
{
    forget_answer(c);
    memset(c->state, 0, sizeof(c->state));
    c->last_turn = -1;
}

void conversation_free(struct conversation *c)
{
    forget_answer(c);
    if (c->worker)
        c->host->worker_free(c->worker);
    c->worker = NULL;
}
